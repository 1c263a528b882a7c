// The thread of the journal's writer: turn after turn while something is queued, asleep otherwise. The process aborts
// when a turn fails: what a failed sync left on the disk is unknown, so nothing may be answered or tried again.
#pragma once

#include <thread>

#include "storage/journal_writer.hpp"

namespace stoa {

class JournalThread {
 public:
  explicit JournalThread(JournalWriter& writer);  // the writer outlives this
  // Closes the writer, stores what was submitted, and joins.
  ~JournalThread();
  JournalThread(const JournalThread&) = delete;
  JournalThread& operator=(const JournalThread&) = delete;

 private:
  JournalWriter& writer_;
  std::thread thread_;
};

}  // namespace stoa
