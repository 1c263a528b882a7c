// What a shard's state asks of the flusher, on the shard's thread.
#include "storage/flusher_seat.hpp"

#include <utility>

#include "storage/shard_state.hpp"
#include "storage/state_flusher.hpp"

namespace stoa {

FlusherSeat* StateFlusher::join(Database& database, GroupId group, ReplicaId replica, Executor& executor,
                                ShardState* state) {
  const std::lock_guard<std::mutex> working(work_);
  drop_layers_of_former(database, group);
  const auto stored = database.mark(group.shard);
  STOA_CHECK(stored.ok(), stored.error().what);
  const auto marker = database.install_marker(group.shard);
  STOA_CHECK(marker.ok(), marker.error().what);
  // A marker that nobody has acted on is that of a replica which is gone.
  if ((*stored && (*stored)->replica != replica) || !marker->empty()) {
    const Result<void> wiped = database.wipe(group.shard);
    STOA_CHECK(wiped.ok(), wiped.error().what);
  }
  if (store_of(database).undurable_bytes > 0) {
    // Written for a former state of this process: what a boot finds must be durable, since it may trim the journal.
    const Result<void> flushed = database.flush();
    STOA_CHECK(flushed.ok(), flushed.error().what);
  }
  const auto durable = database.durable_mark(group.shard);
  STOA_CHECK(durable.ok(), durable.error().what);

  auto seat = std::make_unique<FlusherSeat>();
  seat->database = &database;
  seat->group = group;
  seat->executor = &executor;
  seat->state = state;
  seat->durable = *durable ? (*durable)->applied : 0;
  seat->written_applied = seat->durable;
  const std::lock_guard<std::mutex> lock(mutex_);
  return seats_.emplace_back(std::move(seat)).get();
}

// What a former state of the shard handed over and is not written yet: the journal still has it.
void StateFlusher::drop_layers_of_former(Database& database, GroupId group) {
  const std::lock_guard<std::mutex> lock(mutex_);
  for (const std::unique_ptr<FlusherSeat>& seat : seats_) {
    if (seat->database != &database || seat->group != group) continue;
    STOA_CHECK(seat->left, "a shard has one state at a time");
    for (; seat->layers.size() > seat->written; seat->layers.pop_back()) {
      add_dirty(seat.get(), -static_cast<int64_t>(seat->layers.back()->set.bytes()));
    }
  }
}

void StateFlusher::leave(FlusherSeat* seat) {
  seat->state = nullptr;
  const std::lock_guard<std::mutex> lock(mutex_);
  seat->dirty_since_ns = 0;
  seat->left = true;
}

void StateFlusher::submit(FlusherSeat* seat, std::unique_ptr<StateLayer> layer, bool durable) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (layer) seat->layers.push_back(std::move(layer));
  for (const std::unique_ptr<Store>& store : stores_) {
    if (store->database == seat->database) store->flush_wanted |= durable;
  }
  submitted_ = true;
  wake_.notify_one();
}

void StateFlusher::submit(std::unique_ptr<FlusherTask> task) {
  const std::lock_guard<std::mutex> lock(mutex_);
  tasks_.push_back(std::move(task));
  submitted_ = true;
  wake_.notify_one();
}

size_t StateFlusher::take_written(FlusherSeat* seat) {
  const std::lock_guard<std::mutex> lock(mutex_);
  return seat->written - std::exchange(seat->forgotten, seat->written);
}

void StateFlusher::add_dirty(FlusherSeat* seat, int64_t bytes) {
  seat->dirty_bytes.fetch_add(static_cast<size_t>(bytes), std::memory_order_relaxed);
  const size_t before = dirty_bytes_.fetch_add(static_cast<size_t>(bytes), std::memory_order_relaxed);
  if (bytes < 0 && before > options_.dirty_bound_bytes) was_over_ = true;
}

}  // namespace stoa
