#include "storage/state_flusher.hpp"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <utility>

#include "storage/flusher_seat.hpp"
#include "storage/shard_state.hpp"

namespace stoa {
namespace {

constexpr auto kTick = std::chrono::milliseconds(250);  // how late an age may be noticed
constexpr size_t kMarkBytes = 64;                       // what a batch costs beside its records, about

// Both in key order; of a key that is in both, the newer write.
std::vector<StateWrite> merged(const std::vector<StateWrite>& older, const WriteSet& newer) {
  std::vector<StateWrite> out;
  out.reserve(older.size() + newer.size());
  auto old = older.begin();
  for (const StateWrite& write : newer) {
    while (old != older.end() && old->key < write.key) out.push_back(*old++);
    if (old != older.end() && old->key == write.key) ++old;
    out.push_back(write);
  }
  out.insert(out.end(), old, older.end());
  return out;
}

// The newest write of each key over several layers, in key order.
std::vector<StateWrite> coalesced(const std::vector<const StateLayer*>& layers) {
  const WriteSet& oldest = layers.front()->set;
  std::vector<StateWrite> out;
  out.reserve(oldest.size());
  for (const StateWrite& write : oldest) out.push_back(write);
  for (size_t i = 1; i < layers.size(); ++i) out = merged(out, layers[i]->set);
  return out;
}

}  // namespace

StateFlusher::StateFlusher(const Clock& clock, FlusherOptions options, Observer observer)
    : clock_(clock), options_(options), observer_(std::move(observer)) {}

StateFlusher::~StateFlusher() = default;

Result<bool> StateFlusher::step() {
  bool all = false;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    all = closed_;
  }
  return work(all);
}

Result<void> StateFlusher::finish() {
  const Result<bool> worked = work(true);
  return worked ? Result<void>{} : worked.error();
}

bool StateFlusher::wait() {
  std::unique_lock<std::mutex> lock(mutex_);
  wake_.wait_for(lock, kTick, [this] { return submitted_ || closed_; });
  if (!closed_) return true;
  const bool unwritten =
      std::any_of(seats_.begin(), seats_.end(), [](const auto& seat) { return seat->layers.size() > seat->written; });
  return unwritten ||
         std::any_of(stores_.begin(), stores_.end(), [](const auto& store) { return store->undurable_bytes > 0; });
}

void StateFlusher::close() {
  const std::lock_guard<std::mutex> lock(mutex_);
  closed_ = true;
  wake_.notify_one();
}

Result<bool> StateFlusher::work(bool all) {
  const std::lock_guard<std::mutex> working(work_);
  const int64_t began_ns = clock_.monotonic_ns();
  FlusherStep done;
  clear_away();
  for (const Job& job : take_jobs()) {
    const Result<void> written = write(job, done);
    if (!written) return written.error();
  }
  const Result<void> flushed = flush_what_is_due(all, done);
  if (!flushed) return flushed.error();
  const Result<void> stepped = step_tasks();
  if (!stepped) return stepped.error();
  ask_for_layers();
  const bool worked = done.layers > 0 || done.flushes > 0;
  done.busy_ns = clock_.monotonic_ns() - began_ns;
  if (worked && observer_) observer_(done);
  return worked;
}

// Layers are freed here, not on the shard's thread: it may not stop for so long.
void StateFlusher::clear_away() {
  std::vector<std::unique_ptr<StateLayer>> layers;
  std::vector<std::unique_ptr<FlusherSeat>> seats;
  const std::lock_guard<std::mutex> lock(mutex_);
  for (std::unique_ptr<FlusherSeat>& seat : seats_) {
    if (seat->left) seat->forgotten = seat->written;
    for (; seat->forgotten > 0; --seat->forgotten, --seat->written) {
      layers.push_back(std::move(seat->layers.front()));
      seat->layers.pop_front();
    }
    if (seat->left && seat->layers.empty() && seat->posts.load() == 0) seats.push_back(std::move(seat));
  }
  seats_.erase(std::remove(seats_.begin(), seats_.end(), nullptr), seats_.end());
}

std::vector<StateFlusher::Job> StateFlusher::take_jobs() {
  const std::lock_guard<std::mutex> lock(mutex_);
  submitted_ = false;
  std::vector<Job> out;
  for (const std::unique_ptr<FlusherSeat>& seat : seats_) {
    if (seat->layers.size() == seat->written) continue;
    Job& job = out.emplace_back(Job{seat.get(), {}});
    for (size_t i = seat->written; i < seat->layers.size(); ++i) job.layers.push_back(seat->layers[i].get());
  }
  std::move(tasks_.begin(), tasks_.end(), std::back_inserter(running_));
  tasks_.clear();
  for (const std::unique_ptr<Store>& store : stores_) {
    store->flush_now = store->flush_now || std::exchange(store->flush_wanted, false);
  }
  return out;
}

Result<void> StateFlusher::write(const Job& job, FlusherStep& done) {
  const ShardMark& mark = job.layers.back()->mark;
  const ShardBatch batch{job.seat->group.shard, mark, coalesced(job.layers)};
  const Result<void> written = job.seat->database->write(batch);
  if (!written) return written;

  size_t bytes = kMarkBytes;
  for (const StateWrite& write : batch.writes) bytes += write.key.size() + (write.value ? write.value->size() : 0);
  done.layers += job.layers.size();
  done.puts += batch.writes.size();
  done.bytes += bytes;
  Store& store = store_of(*job.seat->database);
  if (store.undurable_bytes == 0) store.undurable_since_ns = clock_.monotonic_ns();
  store.undurable_bytes += bytes;

  int64_t memory = 0;
  for (const StateLayer* layer : job.layers) memory += static_cast<int64_t>(layer->set.bytes());
  add_dirty(job.seat, -memory);
  const std::lock_guard<std::mutex> lock(mutex_);
  job.seat->written += job.layers.size();
  job.seat->written_applied = mark.applied;
  post(*job.seat, &ShardState::take_stock);
  return {};
}

Result<void> StateFlusher::flush_what_is_due(bool all, FlusherStep& done) {
  std::vector<Store*> stores;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    for (const std::unique_ptr<Store>& store : stores_) stores.push_back(store.get());
  }
  for (Store* store : stores) {
    const bool asked = all || std::exchange(store->flush_now, false);
    const bool old =
        clock_.monotonic_ns() - store->undurable_since_ns >= options_.undurable_age_ms * kNanosecondsInMillisecond;
    if (store->undurable_bytes == 0 || !(asked || old || store->undurable_bytes >= options_.undurable_bytes)) continue;
    const Result<void> flushed = store->database->flush();
    if (!flushed) return flushed;
    store->undurable_bytes = 0;
    ++done.flushes;
    const std::lock_guard<std::mutex> lock(mutex_);
    for (const std::unique_ptr<FlusherSeat>& seat : seats_) {
      if (seat->database != store->database || seat->durable.load() >= seat->written_applied) continue;
      seat->durable.store(seat->written_applied);
      post(*seat, &ShardState::take_stock);
    }
  }
  return {};
}

Result<void> StateFlusher::step_tasks() {
  for (std::unique_ptr<FlusherTask>& task : running_) {
    const Result<bool> done = task->step();
    if (!done) return done.error();
    if (*done) task.reset();
  }
  running_.erase(std::remove(running_.begin(), running_.end(), nullptr), running_.end());
  if (running_.empty()) return {};
  const std::lock_guard<std::mutex> lock(mutex_);
  submitted_ = true;  // not to wait before the next step
  return {};
}

Result<void> StateFlusher::run_alone(const std::function<Result<void>()>& change) {
  const std::lock_guard<std::mutex> working(work_);
  return change();
}

// Over half the bound every shard is asked, however young what it holds: waiting for more would soon stop the writers.
void StateFlusher::ask_for_layers() {
  const bool pressed = dirty_bytes() > options_.dirty_bound_bytes / 2;
  const bool relieved = !over_bound() && was_over_.exchange(false);
  const int64_t old_ns = clock_.monotonic_ns() - options_.layer_age_ms * kNanosecondsInMillisecond;
  const std::lock_guard<std::mutex> lock(mutex_);
  for (const std::unique_ptr<FlusherSeat>& seat : seats_) {
    const int64_t since_ns = seat->dirty_since_ns.load();
    if (since_ns != 0 && (pressed || since_ns <= old_ns) && !seat->asked.exchange(true)) {
      post(*seat, &ShardState::hand_over_as_asked);
    }
    if (relieved) post(*seat, &ShardState::take_stock);
  }
}

// The seat stays until the post has run, the shard's state perhaps not.
void StateFlusher::post(FlusherSeat& seat, void (ShardState::*what)()) {
  if (seat.left) return;
  ++seat.posts;
  seat.executor->post([&seat, what] {
    if (seat.state) (seat.state->*what)();
    --seat.posts;
  });
}

StateFlusher::Store& StateFlusher::store_of(Database& database) {
  const std::lock_guard<std::mutex> lock(mutex_);
  for (const std::unique_ptr<Store>& store : stores_) {
    if (store->database == &database) return *store;
  }
  return *stores_.emplace_back(std::make_unique<Store>(Store{&database}));
}

}  // namespace stoa
