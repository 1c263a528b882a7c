#include "storage/shard_state.hpp"

#include <algorithm>
#include <utility>

#include "base/check.hpp"
#include "storage/flusher_seat.hpp"
#include "storage/key.hpp"
#include "storage/layered_view.hpp"

namespace stoa {
namespace {

constexpr size_t kCachePlaces = 4096;
constexpr size_t kPrefixBytes = 3;  // shard and table

class NothingView final : public View {
 public:
  bool get(std::string_view, std::string&) const override { return false; }
  void scan(std::string_view, std::string_view, bool, const Each&) const override {}
};

bool in_shard(std::string_view key, uint16_t shard) {
  return static_cast<unsigned char>(key[0]) == shard >> 8 && static_cast<unsigned char>(key[1]) == (shard & 0xff);
}

ShardMark mark_in(const Database& database, uint16_t shard, ReplicaId replica) {
  auto found = database.durable_mark(shard);
  STOA_CHECK(found.ok(), found.error().what);
  return *found ? **found : ShardMark{replica, 0, 0, {}};
}

}  // namespace

ShardState::ShardState(Database& database, StateFlusher& flusher, GroupId group, ReplicaId replica, Executor& executor,
                       std::function<void()> on_progress)
    : database_(database),
      flusher_(flusher),
      group_(group),
      replica_(replica),
      on_progress_(std::move(on_progress)),
      dirty_(std::make_unique<StateLayer>()),
      cache_(kCachePlaces),
      heights_(database),
      seat_(flusher.join(database, group, replica, executor, this)) {
  found_ = mark_in(database, group.shard, replica);
  applied_ = found_.applied;
  term_ = found_.term;
  members_ = found_.members;
  durable_ = seat_->durable;
}

ShardState::~ShardState() {
  flusher_.add_dirty(seat_, -static_cast<int64_t>(dirty_->set.bytes()));
  flusher_.leave(seat_);
}

size_t ShardState::dirty_bytes() const { return seat_->dirty_bytes; }

void ShardState::apply(Index index, Term term, const WriteSet& set) {
  STOA_CHECK(index > applied_ && term >= term_ && !installing_, "entries are applied in order, each once");
  const auto before = static_cast<int64_t>(dirty_->set.bytes());
  for (auto at = set.begin(), end = set.end(); at != end;) {
    taken_.clear();
    for (; at != end && taken_.size() < WriteSet::kPrefetched; ++at) taken_.push_back(*at);
    dirty_->set.prefetch(taken_);
    cache_.prefetch(taken_);
    for (const StateWrite& write : taken_) apply_one(write);
  }
  applied_ = index;
  term_ = term;
  if (next_members_) members_ = *std::exchange(next_members_, std::nullopt);
  if (dirty_->first_write_ns == 0) {
    dirty_->first_write_ns = std::max<int64_t>(flusher_.clock_.monotonic_ns(), 1);
    seat_->dirty_since_ns = dirty_->first_write_ns;
  }
  flusher_.add_dirty(seat_, static_cast<int64_t>(dirty_->set.bytes()) - before);
  if (dirty_->set.bytes() >= flusher_.options().layer_bytes) hand_over(false);
}

void ShardState::apply_one(const StateWrite& write) {
  STOA_CHECK(write.key.size() > 2 && write.key[2] != 0 && in_shard(write.key, group_.shard),
             "a write lies in its shard");
  if (!heights_.above(write.key)) cache_.follow(write.key, write.value);
  WriteSet& dirty = dirty_->set;
  if (!write.value) {
    const auto now = dirty.find(write.key);
    if (now && now->value && absent_below(write.key)) return dirty.forget(write.key);
  }
  dirty.put(write.key, write.value);
}

// Whether a key that is live in the dirty layer was born there. Above all that ever lay below needs no look.
bool ShardState::absent_below(std::string_view key) const {
  if (heights_.above(key)) return true;
  for (auto layer = handed_over_.rbegin(); layer != handed_over_.rend(); ++layer) {
    const auto found = (*layer)->set.find(key);
    if (found) return !found->value;
  }
  std::string value;
  return !database_.get(key, value);
}

bool ShardState::get(std::string_view key, std::string& value) const {
  // The cache holds what was read from below.
  const bool may_lie_below = !heights_.above(key);
  if (may_lie_below) {
    if (const std::string* kept = cache_.find(key)) return value = *kept, true;
  }
  const auto take = [&](const StateWrite& found) {
    if (found.value) value = *found.value;
    return found.value.has_value();
  };
  if (const auto found = dirty_->set.find(key)) return take(*found);
  if (!may_lie_below) return false;
  for (auto layer = handed_over_.rbegin(); layer != handed_over_.rend(); ++layer) {
    if (const auto found = (*layer)->set.find(key)) return take(*found);
  }
  if (!database_.get(key, value)) return false;
  cache_.keep(key, value);
  return true;
}

void ShardState::scan(std::string_view from, std::string_view to, bool backwards, const Each& each) const {
  static const NothingView kNothing;
  const bool in_one_table =
      from.size() >= kPrefixBytes && !to.empty() && to <= after_prefix(std::string(from.substr(0, kPrefixBytes)));
  if (in_one_table && heights_.above(from))
    LayeredView(kNothing, dirty_->set).scan(from, to, backwards, each);
  else
    scan_over(database_, 0, from, to, backwards, each);
}

void ShardState::scan_over(const View& lower, size_t layer, std::string_view from, std::string_view to, bool backwards,
                           const Each& each) const {
  if (layer == handed_over_.size()) return LayeredView(lower, dirty_->set).scan(from, to, backwards, each);
  scan_over(LayeredView(lower, handed_over_[layer]->set), layer + 1, from, to, backwards, each);
}

void ShardState::hand_over(bool durable) {
  if (dirty_->first_write_ns == 0) {
    if (durable && durable_ < applied_) flusher_.submit(seat_, nullptr, true);
    return;
  }
  dirty_->mark = {replica_, applied_, term_, members_};
  heights_.raise(dirty_->set);  // brings it into key order too: from here on two threads read it
  handed_over_.push_back(dirty_.get());
  seat_->dirty_since_ns = 0;
  flusher_.submit(seat_, std::exchange(dirty_, std::make_unique<StateLayer>()), durable);
}

void ShardState::hand_over_as_asked() {
  seat_->asked = false;
  hand_over(false);
}

// The last thing it does is to tell the owner, who may destroy this.
void ShardState::take_stock() {
  const size_t written = flusher_.take_written(seat_);
  handed_over_.erase(handed_over_.begin(), handed_over_.begin() + static_cast<ptrdiff_t>(written));
  durable_ = seat_->durable;
  if (!on_progress_) return;
  const std::function<void()> tell = on_progress_;
  tell();
}

}  // namespace stoa
