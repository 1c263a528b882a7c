#include "app/catalog_watch.hpp"

#include <algorithm>

#include "base/crc32c.hpp"
#include "base/log.hpp"

namespace stoa {
namespace {

constexpr int64_t kAskEveryMs = 250;
constexpr const char* kName = "catalog.view";
constexpr const char* kNewName = "catalog.view.new";

// Four bytes of checksum, big endian, and the view.
std::string framed(const CatalogView& view) {
  const std::string body = encode(view);
  const uint32_t crc = crc32c(body);
  std::string out;
  for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(crc >> shift & 0xff);
  return out + body;
}

std::optional<CatalogView> unframed(const std::string& file) {
  if (file.size() < 4) return std::nullopt;
  uint32_t crc = 0;
  for (int i = 0; i < 4; ++i) crc = crc << 8 | static_cast<unsigned char>(file[i]);
  const std::string_view body = std::string_view(file).substr(4);
  return crc32c(body) == crc ? decode<CatalogView>(body) : std::nullopt;
}

Result<void> write_whole(Disk& data, const std::string& text) {
  const auto file = data.create(kNewName, text.size());
  if (!file) return file.error();
  if (auto written = (*file)->write(0, text); !written) return written;
  if (auto synced = (*file)->sync(); !synced) return synced;
  if (auto renamed = data.rename(kNewName, kName); !renamed) return renamed;
  return data.sync_names();
}

}  // namespace

Result<void> CatalogWatch::restore() {
  const auto names = data_.list();
  if (!names) return names.error();
  if (std::find(names->begin(), names->end(), kName) == names->end()) return {};
  const auto file = data_.open(kName);
  if (!file) return file.error();
  const auto text = (*file)->read(0, (*file)->size());
  if (!text) return text.error();
  auto view = unframed(*text);
  if (!view) {
    log_warn("the last view of the catalog is damaged; waiting for the catalog", {{"file", kName}});
    return {};
  }
  view_ = std::move(*view);
  tell(view_);
  return {};
}

void CatalogWatch::tick() {
  const Time now = catalog_.clock().now();
  if (asking_ || now < ask_at_) return;
  asking_ = true;
  ask_at_ = after(now, kAskEveryMs);
  WatchCatalog query;
  if (view_.directory) query.directory_version = view_.directory->version;
  if (view_.settings) query.settings_version = view_.settings->version;
  if (view_.keys) query.keys_version = view_.keys->version;
  catalog_.query(UserRole::kService, query, [this](const Answer& answer) {
    asking_ = false;
    auto news = answer.refused() ? std::nullopt : decode<CatalogView>(answer.body);
    if (news) learn(std::move(*news));
  });
}

void CatalogWatch::learn(CatalogView news) {
  heard_ = true;
  if (!news.directory && !news.settings && !news.keys) return;
  if (news.directory) view_.directory = news.directory;
  if (news.settings) view_.settings = news.settings;
  if (news.keys) view_.keys = news.keys;
  aside_([this, text = framed(view_)] {
    const auto kept = write_whole(data_, text);
    STOA_CHECK(kept.ok(), kept.error().what);
  });
  tell(news);
}

void CatalogWatch::tell(const CatalogView& news) const {
  if (news.directory) listeners_.on_directory(*news.directory);
  if (news.settings) listeners_.on_settings(*news.settings);
  if (news.keys) listeners_.on_keys(*news.keys);
}

}  // namespace stoa
