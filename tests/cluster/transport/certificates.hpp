// Certificates as ./dev certs makes them, in a directory of the test's own.
#pragma once

#include <filesystem>
#include <string>

#include "cluster/transport/tls.hpp"

namespace stoa::test {

class Certificates {
 public:
  // `names` as the command takes them: "n1 n2 n3=10.0.0.1".
  explicit Certificates(const std::string& names);
  ~Certificates();
  Certificates(const Certificates&) = delete;
  Certificates& operator=(const Certificates&) = delete;

  TlsFiles of(const std::string& node) const;
  const std::filesystem::path& directory() const { return directory_; }

 private:
  std::filesystem::path directory_;
};

// A certificate for `node` that holds its name and nothing else.
TlsFiles certificate_of_name_only(const Certificates& authority, const std::string& node);

}  // namespace stoa::test
