#include "storage/journal_writer.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace stoa {
namespace {

size_t data_bytes(const std::vector<JournalRecord>& records) {
  size_t bytes = 0;
  for (const JournalRecord& record : records) {
    const Entries* entries = std::get_if<Entries>(&record.body);
    if (!entries) continue;
    for (const LogEntry& entry : entries->entries) bytes += entry.data.size();
  }
  return bytes;
}

}  // namespace

JournalWriter::JournalWriter(Journal& journal, const Clock& clock, Observer observer)
    : journal_(journal), clock_(clock), observer_(std::move(observer)) {}

void JournalWriter::submit(std::vector<JournalRecord> records, bool must_sync, Executor& executor,
                           std::function<void()> on_stored) {
  const size_t bytes = data_bytes(records);
  bool wake = false;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    STOA_CHECK(!closed_, "nothing is submitted to a journal that was closed");
    queue_.push_back({std::move(records), bytes, must_sync, &executor, std::move(on_stored)});
    wake = std::exchange(idle_, false);
  }
  if (wake) wake_.notify_one();
}

Result<bool> JournalWriter::step() {
  std::vector<Submission> taken = take();
  if (taken.empty()) return false;

  JournalTurn turn;
  turn.submissions = taken.size();
  std::vector<JournalRecord> records;
  for (Submission& submission : taken) {
    turn.bytes += submission.bytes;
    turn.synced = turn.synced || submission.must_sync;
    if (records.empty()) {
      records = std::move(submission.records);
    } else {
      std::move(submission.records.begin(), submission.records.end(), std::back_inserter(records));
    }
  }
  turn.records = records.size();
  if (!records.empty()) {
    const int64_t start_ns = clock_.monotonic_ns();
    const Result<void> appended = journal_.append(records, turn.synced);
    if (!appended) return appended.error();
    turn.append_ns = clock_.monotonic_ns() - start_ns;
  }
  if (observer_) observer_(turn);
  complete(taken);
  return true;
}

std::vector<JournalWriter::Submission> JournalWriter::take() {
  const std::lock_guard<std::mutex> lock(mutex_);
  size_t bytes = 0;
  auto end = queue_.begin();
  while (end != queue_.end() && (end == queue_.begin() || bytes + end->bytes <= kTurnBytes)) bytes += (end++)->bytes;
  if (end == queue_.end()) return std::exchange(queue_, {});
  std::vector<Submission> taken(std::make_move_iterator(queue_.begin()), std::make_move_iterator(end));
  queue_.erase(queue_.begin(), end);
  return taken;
}

void JournalWriter::complete(std::vector<Submission>& stored) {
  // One post for each executor, so that a turn wakes a loop once. There are few executors: a plain search will do.
  std::vector<std::pair<Executor*, std::vector<std::function<void()>>>> posts;
  for (Submission& submission : stored) {
    if (!submission.on_stored) continue;
    auto post = std::find_if(posts.begin(), posts.end(), [&](auto& p) { return p.first == submission.executor; });
    if (post == posts.end()) post = posts.insert(post, {submission.executor, {}});
    post->second.push_back(std::move(submission.on_stored));
  }
  for (auto& [executor, completions] : posts) {
    executor->post([run = std::move(completions)] {
      for (const auto& completion : run) completion();
    });
  }
}

bool JournalWriter::wait() {
  std::unique_lock<std::mutex> lock(mutex_);
  idle_ = queue_.empty();
  wake_.wait(lock, [this] { return !queue_.empty() || closed_; });
  idle_ = false;
  return !queue_.empty();
}

void JournalWriter::close() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    closed_ = true;
  }
  wake_.notify_one();
}

}  // namespace stoa
