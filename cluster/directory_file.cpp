#include "cluster/directory_file.hpp"

#include <algorithm>

#include "base/crc32c.hpp"
#include "storage/little_endian.hpp"

namespace stoa {
namespace {

constexpr std::string_view kMagic = "stoa directory 1";

}  // namespace

Result<void> write_directory(Disk& data, const std::string& name, const Directory& directory) {
  const std::string body = encode(directory);
  std::string text(kMagic);
  put_number(text, crc32c(body));
  text += body;
  const std::string fresh = name + ".new";
  const auto file = data.create(fresh, text.size());
  if (!file) return file.error();
  if (auto written = (*file)->write(0, text); !written) return written;
  if (auto synced = (*file)->sync(); !synced) return synced;
  if (auto renamed = data.rename(fresh, name); !renamed) return renamed;
  return data.sync_names();
}

Result<std::optional<Directory>> read_directory(Disk& data, const std::string& name) {
  const auto names = data.list();
  if (!names) return names.error();
  if (std::find(names->begin(), names->end(), name) == names->end()) return std::optional<Directory>();
  const auto file = data.open(name);
  if (!file) return file.error();
  const auto text = (*file)->read(0, (*file)->size());
  if (!text) return text.error();
  const Error damaged{"the file " + name + " in the data directory is damaged; restore it from a backup"};
  NumberReader in(*text);
  if (in.bytes(kMagic.size()) != kMagic) return damaged;
  const auto sum = in.number<uint32_t>();
  const std::string_view body = in.bytes(in.left());
  if (!in.ok() || sum != crc32c(body)) return damaged;
  auto directory = decode<Directory>(body);
  if (!directory) return damaged;
  return std::optional<Directory>(std::move(*directory));
}

}  // namespace stoa
