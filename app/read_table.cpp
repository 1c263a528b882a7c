#include "app/read_table.hpp"

#include <utility>

#include "actors/runtime/shard.hpp"
#include "storage/key.hpp"

namespace stoa {
namespace {

constexpr size_t kIdBytes = 16;
constexpr size_t kPlaceBytes = 160;  // of a place and its entry in the index, beside the text

}  // namespace

ReadTable::ReadTable(const std::vector<Service>& services, const ShardCounts& counts, size_t max_bytes)
    : counts_(counts), max_bytes_(max_bytes) {
  for (const Service& service : services) {
    for (const HotResource& hot : service.hot) {
      resources_.push_back({hot, service.number, std::vector<const Shard*>(counts_[service.number], nullptr),
                            std::string(hot.path) + std::string(hot.id_prefix)});
    }
  }
}

void ReadTable::serve(const Shard& shard) {
  for (Resource& resource : resources_) {
    if (resource.service == shard.group().service) resource.shards[shard.group().shard] = &shard;
  }
}

void ReadTable::applying(GroupId group, const WriteSet& writes) {
  if (places_.empty()) return;
  for (const Resource& resource : resources_) {
    if (resource.service != group.service) continue;
    for (const Table table : resource.what.tables) {
      const std::string from = table_prefix(group.shard, table);
      for (auto it = writes.lower_bound(from); it != writes.end(); ++it) {
        const std::string_view key = (*it).key;
        if (key.substr(0, from.size()) != from) break;
        const auto id = Uuid::from_bytes(key.substr(from.size(), kIdBytes));
        const auto place = id ? places_.find(*id) : places_.end();
        if (place != places_.end()) kept_[place->second].current = false;
      }
    }
  }
}

bool ReadTable::find(std::string_view path, CachedBody& out) {
  for (const Resource& resource : resources_) {
    if (path.substr(0, resource.path.size()) != resource.path) continue;
    const auto id = Uuid::from_hex(path.substr(resource.path.size()));
    if (!id) return false;
    const Shard* const shard = resource.shards[shard_of(counts_, resource.service, id->slot())];
    if (shard == nullptr || !shard->fresh()) return false;
    const size_t place = place_of(*id);
    Kept& kept = kept_[place];
    // What was read in an earlier lead says nothing: a snapshot may have come in between.
    const bool current = kept.current && kept.term == shard->replica().term();
    if (!current && !read(resource, *shard, kept)) return forget(place), false;
    kept.asked = true;
    out = {kept.body, kept.etag};
    return true;
  }
  return false;
}

size_t ReadTable::place_of(const Uuid& id) {
  if (const auto found = places_.find(id); found != places_.end()) return found->second;
  while (bytes_ >= max_bytes_) {
    hand_ = hand_ < kept_.size() ? hand_ : 0;
    if (std::exchange(kept_[hand_].asked, false))
      ++hand_;
    else
      forget(hand_);
  }
  places_.emplace(id, kept_.size());
  kept_.emplace_back().id = id;
  return kept_.size() - 1;
}

// The last one takes the free place.
void ReadTable::forget(size_t place) {
  Kept& kept = kept_[place];
  bytes_ -= kept.bytes;
  places_.erase(kept.id);
  if (place + 1 < kept_.size()) {
    kept = std::move(kept_.back());
    places_[kept.id] = place;
  }
  kept_.pop_back();
}

// False where the shard would refuse: that is for its actor to say.
bool ReadTable::read(const Resource& resource, const Shard& shard, Kept& kept) {
  const auto reader = shard.committed();
  if (!reader) return false;
  Answer answer = resource.what.read(kept.id, *reader);
  if (answer.refused()) return false;
  kept.body = std::move(answer.body);
  kept.body.shrink_to_fit();
  kept.etag = std::move(answer.tag);
  kept.current = true;
  kept.term = shard.replica().term();
  bytes_ -= kept.bytes;
  kept.bytes = kept.body.capacity() + kept.etag.capacity() + kPlaceBytes;
  bytes_ += kept.bytes;
  return true;
}

}  // namespace stoa
