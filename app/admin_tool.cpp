#include "app/admin_tool.hpp"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iostream>

#include "app/command_line.hpp"

namespace stoa {
namespace {

constexpr int kTimeoutMs = 15'000;
constexpr const char* kTokenFile = "STOA_ADMIN_TOKEN_FILE";

std::string member(const nlohmann::json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

}  // namespace

void add_admin_options(CLI::App& command, AdminToolOptions& options) {
  command.add_option("--attach", options.attach, "HOST:ADMIN_PORT of any node")->capture_default_str();
  command.add_option("--token-file", options.token_file,
                     std::string("The file admin.token in the node's data directory (or name it in ") + kTokenFile +
                         "); needed for changes");
  command.add_flag("--json", options.json, "As JSON, for programs");
}

int AdminTool::fail(const std::string& what, int exit_code) {
  std::cerr << command_ << ": " << what << "\n";
  return exit_code_ = exit_code;
}

std::optional<std::string> AdminTool::token() {
  std::string file = options_.token_file;
  if (const char* named = std::getenv(kTokenFile); file.empty() && named != nullptr) file = named;
  if (file.empty()) return std::string();
  std::ifstream in(file);
  std::string token;
  if (in && std::getline(in, token) && !token.empty()) return token;
  fail("--token-file: there is no token in " + file + " that can be read", kExitUsage);
  return std::nullopt;
}

std::optional<nlohmann::json> AdminTool::get(const std::string& path) { return call({"GET", path, "", "", ""}); }

std::optional<nlohmann::json> AdminTool::send(const std::string& method, const std::string& path,
                                              const nlohmann::json& body, const std::string& if_match) {
  return call({method, path, body.is_null() ? "" : body.dump(), "", if_match});
}

std::optional<nlohmann::json> AdminTool::call(AdminCall call) {
  const auto address = parse_admin_address(options_.attach);
  if (!address) return fail("--attach: " + address.error().what, kExitUsage), std::nullopt;
  auto secret = token();
  if (!secret) return std::nullopt;
  call.token = std::move(*secret);
  const auto reply = admin_call(*address, call, kTimeoutMs);
  if (!reply) return fail(reply.error().what, kExitFailure), std::nullopt;
  etag_ = reply->etag;
  if (reply->status >= 300) return tell_problem(*reply), std::nullopt;
  if (reply->body.empty()) return nlohmann::json();
  auto document = nlohmann::json::parse(reply->body, nullptr, false);
  if (document.is_discarded()) return fail("the node's answer is not JSON", kExitFailure), std::nullopt;
  return document;
}

void AdminTool::tell_problem(const AdminReply& reply) {
  const auto problem = nlohmann::json::parse(reply.body, nullptr, false);
  const bool known = problem.is_object() && problem.contains("code");
  if (reply.status == 401) {
    fail(
        "this needs the token in the file admin.token of the node's data directory: --token-file <data>/admin.token "
        "(under `stoa dev`: .stoa/dev/admin.token), or its name in " +
            std::string(kTokenFile),
        kExitUsage);
    return;
  }
  const int exit_code = reply.status == 400 ? kExitUsage : kExitFailure;
  if (!known) {
    fail("the node answered " + std::to_string(reply.status), exit_code);
    return;
  }
  if (reply.status == 404 && member(problem, "detail") == "there is nothing at this path") {
    fail("what answers at " + options_.attach + " is no admin port of a node", kExitFailure);
    return;
  }
  const auto errors = problem.value("errors", nlohmann::json::array());
  for (const auto& e : errors) fail(member(e, "pointer") + ": " + member(e, "detail"), exit_code);
  if (errors.empty()) fail(member(problem, "detail") + " (" + member(problem, "code") + ")", exit_code);
}

std::string table_text(const std::vector<std::vector<std::string>>& rows) {
  std::vector<size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  std::string out;
  for (const auto& row : rows) {
    std::string line;
    for (size_t i = 0; i < row.size(); ++i) line += row[i] + std::string(widths[i] - row[i].size() + 2, ' ');
    out += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
  }
  return out;
}

}  // namespace stoa
