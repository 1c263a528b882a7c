// A blocking client that writes the bytes it is given and reads whole responses. A read ends after 20 s.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace stoa::test {

class Wire {
 public:
  explicit Wire(uint16_t port);
  ~Wire();
  Wire(const Wire&) = delete;
  Wire& operator=(const Wire&) = delete;

  struct Reply {
    int status = 0;                             // 0: the connection ended first
    std::map<std::string, std::string> fields;  // names lowered
    std::string body;
  };
  void write(std::string_view bytes);
  Reply read(bool head_only = false);
  // Reads until the server has closed; whether nothing more had come.
  bool ended();

 private:
  bool more();
  int socket_ = -1;
  std::string in_;
};

// The bytes of a request. `fields` are whole lines; Host, and Content-Type and -Length of a body, are added.
std::string request(std::string_view method, std::string_view target, std::string_view fields = "",
                    std::string_view body = "");

}  // namespace stoa::test
