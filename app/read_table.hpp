// Answers of hot resources, kept encoded: the gateway's body cache on one loop. What is not here is read from the
// shard's committed records at once, without its actor.
//
// Promises: a body is what the shard has committed, so it is never older than an acknowledged write; nothing is
// answered of a shard that does not lead here; at most `max_bytes` and one body are kept, what was not asked for lately
// goes first. One thread: the loop's.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "actors/runtime/service.hpp"
#include "base/group.hpp"
#include "gateway/body_cache.hpp"
#include "storage/saga_row.hpp"
#include "storage/write_set.hpp"

namespace stoa {

class Shard;

class ReadTable final : public BodyCache {
 public:
  static constexpr size_t kMaxBytes = 64 << 20;

  // `services` outlives it.
  ReadTable(const std::vector<Service>& services, const ShardCounts& counts, size_t max_bytes = kMaxBytes);

  // The shard's hot resources are answered from here on; it outlives all calls of find().
  void serve(const Shard& shard);
  // These writes are about to be applied: what is made of them is read anew by the next who asks.
  void applying(GroupId group, const WriteSet& writes);

  bool find(std::string_view path, CachedBody& out) override;

  size_t bytes() const { return bytes_; }
  size_t size() const { return places_.size(); }

 private:
  struct Kept {
    Uuid id;
    std::string body, etag;
    size_t bytes = 0;
    Term term = 0;         // of the lead in which it was read
    bool current = false;  // nothing was written to it since it was read
    bool asked = false;    // since the hand came by
  };
  struct Resource {
    HotResource what;
    uint16_t service = 0;
    std::vector<const Shard*> shards;  // nullptr: not here
    std::string path;                  // with the id's prefix
  };

  size_t place_of(const Uuid& id);
  bool read(const Resource& resource, const Shard& shard, Kept& kept);
  void forget(size_t place);

  const ShardCounts counts_;
  const size_t max_bytes_;
  std::vector<Resource> resources_;
  std::unordered_map<Uuid, size_t> places_;  // ids differ over all kinds: they are random
  std::vector<Kept> kept_;
  size_t hand_ = 0;
  size_t bytes_ = 0;
};

}  // namespace stoa
