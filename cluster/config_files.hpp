// The files that a configuration names: where they are, and whether they can be read.
#pragma once

#include <string>
#include <vector>

#include "cluster/config.hpp"

namespace stoa {

class ConfigFiles {
 public:
  // Both outlive this object.
  ConfigFiles(const ConfigInput& input, std::vector<ConfigFault>& faults) : input_(input), faults_(faults) {}

  // The path from the configuration's directory, with {name} replaced by `node`.
  std::string resolved(std::string path, const std::string& node) const;

  // `path` again; a fault when it is no file that can be read.
  std::string existing(const std::string& pointer, const std::string& path);

  // A fault when the file holds anything but 32 bytes in base64. Says nothing about a file that is missing.
  void check_master_key(const std::string& pointer, const std::string& path);

 private:
  const ConfigInput& input_;
  std::vector<ConfigFault>& faults_;
};

}  // namespace stoa
