// What the commands share that ask a node's admin port: --attach, --token-file, --json; calls and their errors; tables.
#pragma once

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "inspector/admin_client.hpp"

namespace stoa {

struct AdminToolOptions {
  std::string attach = "127.0.0.1:9090";
  std::string token_file;  // empty: STOA_ADMIN_TOKEN_FILE, or none
  bool json = false;       // the node's document instead of a table
};

void add_admin_options(CLI::App& command, AdminToolOptions& options);

// One command's conversation with a node. What goes wrong becomes one line on stderr for each fault.
class AdminTool {
 public:
  // `command` as it was typed: "stoa config set".
  AdminTool(std::string command, const AdminToolOptions& options) : command_(std::move(command)), options_(options) {}

  // The document of a 2xx answer, null where it has none. nullopt: said on stderr, and exit_code() says which.
  std::optional<nlohmann::json> get(const std::string& path);
  std::optional<nlohmann::json> send(const std::string& method, const std::string& path, const nlohmann::json& body,
                                     const std::string& if_match = "");
  // Of the last answer, without quotes.
  const std::string& etag() const { return etag_; }

  int exit_code() const { return exit_code_; }
  int fail(const std::string& what, int exit_code);
  bool json() const { return options_.json; }

 private:
  std::optional<nlohmann::json> call(AdminCall call);
  std::optional<std::string> token();
  void tell_problem(const AdminReply& reply);

  const std::string command_;
  const AdminToolOptions& options_;
  std::string etag_;
  int exit_code_ = 0;
};

// Columns as wide as their widest cell; the first row holds the titles.
std::string table_text(const std::vector<std::vector<std::string>>& rows);

}  // namespace stoa
