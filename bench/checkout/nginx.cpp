#include "bench/checkout/nginx.hpp"

#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "bench/checkout/http_call.hpp"
#include "bench/checkout/http_load.hpp"
#include "bench/checkout/workplace.hpp"

namespace stoa::bench {
namespace {

// Keep-alive as nginx has it by default, 1000 requests a connection: the same as Stoa.
std::string configuration(const std::string& directory, uint16_t port, std::string body) {
  for (char& c : body) {
    if (c == '\'' || c == '$' || c == '\\') c = '_';  // nginx would read them; the size stays
  }
  std::string text = "daemon off;\nworker_processes 2;\npid " + directory + "/nginx.pid;\nerror_log stderr;\n";
  text += "events { worker_connections 512; }\nhttp {\n  access_log off;\n  default_type application/json;\n";
  for (const char* part : {"client_body", "proxy", "fastcgi", "uwsgi", "scgi"}) {
    text += std::string("  ") + part + "_temp_path " + directory + "/" + part + ";\n";
  }
  text += "  server {\n    listen 127.0.0.1:" + std::to_string(port) + " reuseport;\n";
  return text + "    location / { return 200 '" + body + "'; }\n  }\n}\n";
}

}  // namespace

Nginx::Nginx(const std::string& directory, const std::string& body) : port_(free_port()) {
  std::filesystem::create_directories(directory);
  const std::string config = directory + "/nginx.conf";
  std::ofstream(config) << configuration(directory, port_, body);
  process_ = std::make_unique<Process>(ProcessOptions{
      {"/usr/sbin/nginx", "-c", config, "-p", directory, "-e", "stderr"}, directory + "/log", "", SIGTERM});
  HttpAnswer answer;
  wait_until(
      [&] {
        return process_->check_running(), (answer = http_call(port_, http_request("GET", "/", "", ""))).status != 0;
      },
      10, "an answer of nginx");
  if (answer.status != 200 || answer.body.size() != body.size()) throw std::runtime_error("nginx answers otherwise");
}

Measured Nginx::measure(int connections, double seconds) {
  const std::string request = http_request("GET", "/v1/products/prd_0190a1b2c3d47e5f8091a2b3c4d5e6f7", "", "");
  HttpLoad load{{port_}, connections, 200, seconds, {}};
  load.requests = [&](int) { return [&](std::string& out) { out = request; }; };
  const double cpu = cpu_seconds(process_->pid());
  Measured measured = run_load(load);
  measured.server_cpu_s = cpu_seconds(process_->pid()) - cpu;
  return measured;
}

}  // namespace stoa::bench
