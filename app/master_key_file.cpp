#include "app/master_key_file.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>

namespace stoa {
namespace {

constexpr const char* kName = "master.key";
constexpr const char* kNewName = "master.key.new";
constexpr const char* kView = "catalog.view";  // there once the catalog was heard

Result<MasterKey> parsed(const std::string& file, Secret line) {
  if (auto key = MasterKey::parse(line)) return std::move(*key);
  return Error{file + ": must hold 32 bytes in base64"};
}

Result<MasterKey> read_configured(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  if (!in) return Error{file + ": the master key cannot be read"};
  return parsed(file, Secret(text.str()));
}

Result<void> write_whole(Disk& data, const Secret& line) {
  const auto file = data.create(kNewName, line.reveal().size());
  if (!file) return file.error();
  if (auto written = (*file)->write(0, line.reveal()); !written) return written;
  if (auto synced = (*file)->sync(); !synced) return synced;
  if (auto renamed = data.rename(kNewName, kName); !renamed) return renamed;
  return data.sync_names();
}

}  // namespace

Result<MasterKey> load_master_key(const std::string& file, Disk& data) {
  if (!file.empty()) return read_configured(file);
  const auto names = data.list();
  if (!names) return names.error();
  const auto has = [&](const char* name) { return std::find(names->begin(), names->end(), name) != names->end(); };
  if (!has(kName)) {
    // A new one would open nothing of what the catalog holds.
    if (has(kView)) {
      return Error{std::string(kName) + " is missing from the data directory, and the cluster's keys are sealed with " +
                   "it: restore it, or name its file in secrets.master_key_file"};
    }
    const Secret line = MasterKey::new_line();
    if (auto written = write_whole(data, line); !written) return written.error();
    return parsed(kName, line);
  }
  const auto there = data.open(kName);
  if (!there) return there.error();
  auto line = (*there)->read(0, (*there)->size());
  if (!line) return line.error();
  return parsed(kName, Secret(std::move(*line)));
}

}  // namespace stoa
