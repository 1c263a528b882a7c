#include "cluster/config_files.hpp"

#include <filesystem>
#include <fstream>

namespace stoa {
namespace {

constexpr size_t kMasterKeyChars = 44;  // 32 bytes in base64, with its padding

bool is_base64_key(const std::string& text) {
  constexpr const char* kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  return text.size() == kMasterKeyChars && text.back() == '=' &&
         text.find_first_not_of(kAlphabet) == kMasterKeyChars - 1;
}

}  // namespace

std::string ConfigFiles::resolved(std::string path, const std::string& node) const {
  const std::string mark = "{name}";
  for (size_t at = path.find(mark); at != std::string::npos; at = path.find(mark, at + node.size())) {
    path.replace(at, mark.size(), node);
  }
  return (std::filesystem::path(input_.directory) / path).lexically_normal().string();
}

std::string ConfigFiles::existing(const std::string& pointer, const std::string& path) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error) || !std::ifstream(path)) {
    faults_.push_back({pointer, "there is no file " + path + " that can be read"});
  }
  return path;
}

void ConfigFiles::check_master_key(const std::string& pointer, const std::string& path) {
  std::ifstream in(path);
  std::string line;
  if (!in || (std::getline(in, line) && is_base64_key(line))) return;
  faults_.push_back({pointer, path + " must hold 32 bytes in base64: head -c 32 /dev/urandom | base64"});
}

}  // namespace stoa
