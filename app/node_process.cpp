#include "app/node_process.hpp"

#include <iostream>
#include <unistd.h>

#include "app/command_line.hpp"
#include "app/demo_shop.hpp"
#include "app/dev_cluster.hpp"
#include "app/first_admin.hpp"
#include "app/logging.hpp"
#include "app/node_server.hpp"

namespace stoa {
namespace {

int failed(const char* command, const std::string& what) {
  std::cerr << "stoa " << command << ": " << what << "\n";
  return kExitFailure;
}

// Redraws one line on a terminal; elsewhere a line now and then.
void show_progress(const char* what, int64_t done, int64_t total) {
  const bool terminal = isatty(STDOUT_FILENO) != 0;
  const int64_t step = terminal ? 16 : std::max<int64_t>(1, total / 10);
  if (done % step != 0 && done != total) return;
  std::cout << (terminal ? "\r" : "") << "  seeding " << what << ": " << done << "/" << total
            << (terminal && done != total ? "" : "\n") << std::flush;
}

void print_welcome(const NodeServer& server, bool demo) {
  const std::string http = "http://127.0.0.1:" + std::to_string(server.http_port());
  const std::string admin = "http://127.0.0.1:" + std::to_string(server.admin_port());
  std::cout << "\nStoa is ready.\n"
            << "  API        " << http << "\n"
            << "  Try it     " << http << "/docs\n"
            << "  Admin      " << admin << "/readyz?verbose\n";
  if (demo) {
    std::cout
        << "\nDEMO LOGINS, for this machine only; all with the password " << kDemoPassword << "\n"
        << "  customer@demo.stoa  merchant@demo.stoa  carrier@demo.stoa  admin@demo.stoa\n"
        << "\nBuy something:\n"
        << "  PRODUCT=$(curl -s '" << http
        << "/v1/products?category=home&limit=1' | grep -o 'prd_[0-9a-f]*' | head -1); echo $PRODUCT\n"
        << "  TOKEN=$(curl -s " << http << "/v1/sessions -H 'Content-Type: application/json' -d "
        << "'{\"email\":\"customer@demo.stoa\",\"password\":\"" << kDemoPassword
        << "\"}' | grep -o '\"access_token\":\"[^\"]*' | cut -d'\"' -f4); echo logged in\n"
        << "  curl -s " << http
        << "/v1/orders -H \"Authorization: Bearer $TOKEN\" -H \"Idempotency-Key: $(date +%s%N)\""
        << " -H 'Content-Type: application/json' -d '{\"lines\":[{\"product_id\":\"'$PRODUCT'\",\"quantity\":1}],"
        << "\"shipping_address\":{\"name\":\"A B\",\"line1\":\"Street 1\",\"city\":\"Town\",\"postal_code\":\"1000\","
        << "\"country\":\"DE\"},\"payment\":{\"method\":\"tok_visa\"}}'\n";
  }
  std::cout << "\nCtrl-C stops it.\n" << std::flush;
}

// Opens the data and the node, or says why not.
std::unique_ptr<NodeServer> open_server(const char* command, const Config& config, const NodeConfig& node,
                                        NodeServer::Links links, int& exit_code) {
  SystemRandom random;
  // Where there are other nodes, all of them together decide which replica is where.
  const std::vector<GroupId> groups = config.nodes.size() == 1 ? all_groups(config) : std::vector<GroupId>();
  auto data = open_node_data(config, node.name, groups, random, std::cerr, exit_code);
  if (!data) return nullptr;
  auto server = NodeServer::open(config, node, std::move(*data), links);
  if (server) return std::move(*server);
  exit_code = failed(command, server.error().what);
  return nullptr;
}

}  // namespace

int run_dev(const DevOptions& options) {
  if (options.nodes > 1) return run_dev_cluster(options);
  const Config config = dev_config(options);
  start_logging(log_level(config.log.level), log_format_of_stderr());
  int exit_code = kExitFailure;
  const auto server = open_server("dev", config, config.nodes.front(), {}, exit_code);
  if (!server) return stop_logging(), exit_code;
  DemoShop shop(*server, config.nodes.front().data, {options.seed_products, options.seed_users}, show_progress);
  exit_code = kExitSuccess;
  const auto ready = [&](const std::string& fault) {
    if (!fault.empty()) {
      exit_code = failed("dev", fault);
      return server->stop();
    }
    server->ready();
    print_welcome(*server, !options.empty);
  };
  const auto ran = server->run([&] { options.empty ? ready({}) : shop.open(ready); });
  stop_logging();
  return ran ? exit_code : failed("dev", ran.error().what);
}

int run_node(const NodeOptions& options) {
  const auto config = load_node_config(options, std::cerr);
  if (!config) return kExitUsage;
  FirstAdminResult admin = read_first_admin(stoa_environment());
  if (const auto* fault = std::get_if<ConfigFault>(&admin)) {
    std::cerr << "stoa node: " << fault->pointer << ": " << fault->what << "\n";
    return kExitUsage;
  }
  const NodeConfig* node = config->node(options.name);
  start_logging(log_level(config->log.level), config->log.format == "text" ? LogFormat::kText : LogFormat::kJson);
  int exit_code = kExitFailure;
  const auto server = open_server("node", *config, *node, {true, options.insecure_cluster}, exit_code);
  if (!server) return stop_logging(), exit_code;
  if (config->master_key_file.empty())
    log_warn("no secrets.master_key_file: the master key is made in the data directory", {{"data", node->data}});
  exit_code = kExitSuccess;
  const auto ready = [&](const std::string& fault) {
    if (!fault.empty()) {
      exit_code = failed("node", fault);
      return server->stop();
    }
    server->ready();
    log_info("ready", {{"node", node->name}, {"http_port", server->http_port()}, {"admin_port", server->admin_port()}});
  };
  std::optional<FirstAdminSeed> seed;
  if (auto& wanted = std::get<std::optional<FirstAdmin>>(admin)) {
    Backend& backend = server->backend();
    seed.emplace(std::move(*wanted), backend.router(), backend.clock(), backend.random(),
                 [&](const std::string& password, std::function<void(std::string)> done) {
                   server->effects().hash_password(password, std::move(done));
                 });
  }
  std::optional<DemoShop> shop;
  if (options.demo_shop) shop.emplace(*server, node->data, *options.demo_shop, show_progress);
  const auto open_shop = [&](const std::string& fault) {
    if (shop && fault.empty()) return shop->open(ready);
    ready(fault);
  };
  const auto ran = server->run([&] { seed ? seed->start(open_shop) : open_shop({}); });
  stop_logging();
  return ran ? exit_code : failed("node", ran.error().what);
}

}  // namespace stoa
