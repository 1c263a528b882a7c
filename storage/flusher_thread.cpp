#include "storage/flusher_thread.hpp"

#include <pthread.h>

namespace stoa {

FlusherThread::FlusherThread(StateFlusher& flusher, FreeSpace* space)
    : flusher_(flusher), thread_([&flusher, space] {
        pthread_setname_np(pthread_self(), "flusher");
        while (flusher.wait()) {
          if (space) space->refresh();
          const Result<bool> stepped = flusher.step();
          STOA_CHECK(stepped.ok(), stepped.error().what);
        }
      }) {}

FlusherThread::~FlusherThread() {
  flusher_.close();
  thread_.join();
}

}  // namespace stoa
