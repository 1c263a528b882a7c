#include "storage/journal_thread.hpp"

#include <pthread.h>

namespace stoa {

JournalThread::JournalThread(JournalWriter& writer)
    : writer_(writer), thread_([&writer] {
        pthread_setname_np(pthread_self(), "journal");
        while (writer.wait()) {
          const Result<bool> stepped = writer.step();
          STOA_CHECK(stepped.ok(), stepped.error().what);
        }
      }) {}

JournalThread::~JournalThread() {
  writer_.close();
  thread_.join();
}

}  // namespace stoa
