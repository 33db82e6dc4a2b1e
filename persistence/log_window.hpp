// How far the log of events reaches: from what PostgreSQL has to what the local store has. Between
// the thread that commits and the one that ships; any thread may ask.
#pragma once

#include "persistence/store.hpp"

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>

namespace boxoffice::persistence {

class log_window {
public:
  struct extent {
    commit_number shipped = 0;   // PostgreSQL has all up to this one
    commit_number committed = 0; // the local store
    std::int64_t changes = 0;    // events that PostgreSQL lacks
  };

  // The store's, after each commit and when it is opened.
  void committed(commit_number last, std::size_t changes) {
    {
      std::lock_guard hold(mutex_);
      extent_.committed = last;
      extent_.changes += static_cast<std::int64_t>(changes);
    }
    more_.notify_one();
  }
  // The shipping's: PostgreSQL was found to have this much, and to lack so many changes.
  void found(commit_number shipped, std::int64_t lacking) {
    std::lock_guard hold(mutex_);
    extent_.shipped = shipped;
    extent_.changes = lacking;
  }
  void shipped(commit_number last, std::size_t changes) {
    std::lock_guard hold(mutex_);
    extent_.shipped = last;
    extent_.changes -= static_cast<std::int64_t>(changes);
    if (last >= extent_.committed) extent_.changes = 0; // a commit in doubt was not counted
  }
  extent now() const {
    std::lock_guard hold(mutex_);
    return extent_;
  }

  // Until a commit after this one is there, or wake() is called; false: the time was over before.
  bool wait_beyond(commit_number last, std::chrono::milliseconds at_most) {
    std::unique_lock hold(mutex_);
    const bool more =
        more_.wait_for(hold, at_most, [&] { return extent_.committed > last || awake_; });
    awake_ = false;
    return more;
  }
  void wake() {
    {
      std::lock_guard hold(mutex_);
      awake_ = true;
    }
    more_.notify_one();
  }

private:
  mutable std::mutex mutex_;
  std::condition_variable more_;
  extent extent_;
  bool awake_ = false;
};

} // namespace boxoffice::persistence
