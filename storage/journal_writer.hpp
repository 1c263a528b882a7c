// Merges what all groups want in the journal into turns: one frame, one sync. It is the only one that appends.
// Promises: submissions reach the journal in the order of submit; a completion runs after its records, and all that
// were submitted before, are stored as asked; completions of one executor run in order, posted once a turn. It has no
// thread of its own: storage/journal_thread.hpp runs it, or a simulation calls step().
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <vector>

#include "base/clock.hpp"
#include "base/executor.hpp"
#include "storage/journal.hpp"

namespace stoa {

// What one turn took, for metrics.
struct JournalTurn {
  size_t submissions = 0;
  size_t records = 0;
  size_t bytes = 0;  // of entries' data
  bool synced = false;
  int64_t append_ns = 0;  // write and sync
};

class JournalWriter {
 public:
  using Observer = std::function<void(const JournalTurn&)>;
  // A turn takes no further submission once it holds this much; a larger submission goes alone.
  static constexpr size_t kTurnBytes = 4 << 20;

  // The observer runs on the thread that steps, before the completions; it may be empty. All references outlive this.
  JournalWriter(Journal& journal, const Clock& clock, Observer observer = {});

  // Any thread; never blocks on the disk. Without must_sync a crash may take the records, but the completion still
  // waits for all earlier turns. Records may be empty: then it only marks a place in the order. REQUIRES that close()
  // was not called; the executor must take posts until the completion ran.
  void submit(std::vector<JournalRecord> records, bool must_sync, Executor& executor, std::function<void()> on_stored);

  // Writes what is queued as one turn and posts its completions; false = nothing was queued. One thread at a time.
  // After an error nothing may be stored or answered any more: stop the process.
  Result<bool> step();

  // Blocks until something is queued (true), or until closed and drained (false). The stepping thread only.
  bool wait();
  void close();

 private:
  struct Submission {
    std::vector<JournalRecord> records;
    size_t bytes;
    bool must_sync;
    Executor* executor;
    std::function<void()> on_stored;
  };

  std::vector<Submission> take();
  void complete(std::vector<Submission>& stored);

  Journal& journal_;
  const Clock& clock_;
  const Observer observer_;

  std::mutex mutex_;  // guards all below
  std::condition_variable wake_;
  std::vector<Submission> queue_;
  bool idle_ = false;  // the stepping thread waits, so a submit must wake it
  bool closed_ = false;
};

}  // namespace stoa
