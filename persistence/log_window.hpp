// How far the log of events reaches: from what PostgreSQL has to what the local store has. Between
// the thread that commits and the one that ships; any thread may ask.
#pragma once

#include "persistence/store.hpp"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>

namespace boxoffice::persistence {

class log_window {
public:
  struct extent {
    commit_number shipped = 0;   // PostgreSQL has all up to this one
    commit_number committed = 0; // the local store
    std::int64_t changes = 0;    // events of the log that PostgreSQL lacks
    std::int64_t rows = 0;       // where it lacks what was before the log: rows on their way
    std::int64_t announced = 0;  // events that committed() has told of, in all
    std::optional<domain::time_point> since; // of the first of `changes`, where it is known
  };

  // The store's, after each commit and when it is opened.
  void committed(commit_number last, std::size_t changes,
                 std::optional<domain::time_point> at = std::nullopt) {
    {
      std::lock_guard hold(mutex_);
      extent_.committed = last;
      // The shipping may have seen it before it is told here.
      if (last > extent_.shipped) {
        if (extent_.changes == 0) extent_.since = at;
        extent_.changes += static_cast<std::int64_t>(changes);
      }
      extent_.announced += static_cast<std::int64_t>(changes);
    }
    more_.notify_one();
  }
  // The shipping's: PostgreSQL was found to have this much, and to lack so many changes of the
  // commits up to `then.committed`, where `then` was now() before they were counted: what was
  // committed meanwhile comes on top.
  void found(commit_number shipped, std::int64_t lacking, const extent& then) {
    std::lock_guard hold(mutex_);
    extent_.shipped = shipped;
    extent_.changes = lacking + extent_.announced - then.announced;
    if (shipped >= extent_.committed) extent_.changes = 0;
    if (extent_.changes == 0) extent_.since.reset();
  }
  void lacks_rows(std::int64_t rows) {
    std::lock_guard hold(mutex_);
    extent_.rows = rows;
  }
  void shipped(commit_number last, std::size_t changes) {
    std::lock_guard hold(mutex_);
    extent_.shipped = last;
    // A commit in doubt was not counted.
    extent_.changes =
        std::max<std::int64_t>(0, extent_.changes - static_cast<std::int64_t>(changes));
    if (last >= extent_.committed) extent_.changes = 0;
    if (extent_.changes == 0) extent_.since.reset();
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
