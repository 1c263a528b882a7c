#include "tests/cluster/transport/certificates.hpp"

#include <cstdlib>
#include <gtest/gtest.h>

namespace stoa::test {

Certificates::Certificates(const std::string& names) {
  std::string made = (std::filesystem::temp_directory_path() / "stoa-certs-XXXXXX").string();
  if (mkdtemp(made.data()) == nullptr) ADD_FAILURE() << "no directory " << made;
  directory_ = made;
  const std::string command = STOA_SOURCE_DIR "/dev certs " + made + " " + names + " >/dev/null </dev/null";
  EXPECT_EQ(std::system(command.c_str()), 0) << command;
}

Certificates::~Certificates() {
  std::error_code ignored;
  std::filesystem::remove_all(directory_, ignored);
}

TlsFiles Certificates::of(const std::string& node) const {
  const std::string d = directory_.string() + "/";
  return {d + "ca.pem", d + node + ".pem", d + node + ".key"};
}

TlsFiles certificate_of_name_only(const Certificates& authority, const std::string& node) {
  const std::string d = authority.directory().string() + "/";
  const std::string command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=" + node +
                              " -keyout " + d + node + "-only.key -out " + d + node + "-only.pem -CA " + d +
                              "ca.pem -CAkey " + d + "ca.key -addext subjectAltName=DNS:" + node + " 2>/dev/null";
  EXPECT_EQ(std::system(command.c_str()), 0) << command;
  return {d + "ca.pem", d + node + "-only.pem", d + node + "-only.key"};
}

}  // namespace stoa::test
