// An answer on its way out. The session adds Date, Content-Length and Connection.
#pragma once

#include <string>
#include <string_view>

namespace stoa {

inline constexpr std::string_view kJson = "application/json";
inline constexpr std::string_view kProblemJson = "application/problem+json";

struct Response {
  int status = 200;
  std::string_view content_type = kJson;  // of a body, static; empty: among the fields
  std::string fields;                     // whole lines, "Name: value\r\n"
  std::string body;
  std::string_view lent;  // instead of body: bytes of another, good until the caller returns to its loop
  std::string code;       // of a problem; for logs and metrics
  bool close = false;

  // REQUIRES a value without CR, LF and NUL.
  void add(std::string_view name, std::string_view value) {
    fields.append(name).append(": ").append(value).append("\r\n");
  }
  std::string_view payload() const { return lent.empty() ? std::string_view(body) : lent; }
  // Keeps the capacity of what it held.
  void clear();
};

// "Not Found"; empty for a status that is not answered here.
std::string_view reason_of(int status);

// The bytes of a response without its body, appended. 204 and 304 carry no Content-Length.
void write_head(const Response& response, std::string_view date, bool keep_alive, std::string& out);

}  // namespace stoa
