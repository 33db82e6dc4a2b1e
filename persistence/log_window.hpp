// How far the log of events reaches: from what PostgreSQL has to what the local store has. Between
// the thread that commits and the one that ships; any thread may ask.
#pragma once

#include "persistence/store.hpp"

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>

namespace boxoffice::persistence {

class log_window {
public:
  struct extent {
    commit_number shipped = 0;                    // PostgreSQL has all up to this one
    std::optional<domain::time_point> shipped_at; // when that one was made, where it is known
    commit_number committed = 0;                  // the local store
    std::int64_t changes = 0;                     // events of the log that PostgreSQL lacks
    std::int64_t rows = 0; // where it lacks what was before the log: rows on their way
    std::optional<domain::time_point> since; // of the first of `changes`, where it is known
  };

  // The store's, after each commit and when it is opened. What was shipped before it was told of
  // here is not lacking.
  void committed(commit_number last, std::size_t changes,
                 std::optional<domain::time_point> at = std::nullopt) {
    {
      std::lock_guard hold(mutex_);
      if (last > extent_.shipped) {
        if (extent_.changes == 0) extent_.since = at;
        extent_.changes += static_cast<std::int64_t>(changes);
      }
      extent_.committed = last;
      in_doubt_ = {};
    }
    more_.notify_one();
  }
  // The store's: a commit of so many changes failed, and may be there all the same.
  void doubted(std::size_t changes, domain::time_point at) {
    std::lock_guard hold(mutex_);
    in_doubt_ = {changes, at};
  }
  // The store's: this is what it holds, with the commit in doubt or without it.
  void settled(commit_number last) {
    doubt is_there;
    {
      std::lock_guard hold(mutex_);
      if (last > extent_.committed) is_there = in_doubt_;
    }
    committed(last, is_there.changes, is_there.at);
  }
  // The shipping's: PostgreSQL has all up to `shipped`, and of what was committed `before`, when it
  // was asked, it lacks so many changes.
  void found(const extent& before, commit_number shipped, std::int64_t lacking,
             std::optional<domain::time_point> shipped_at = std::nullopt) {
    std::lock_guard hold(mutex_);
    extent_.shipped = shipped;
    extent_.shipped_at = shipped_at;
    const auto since = extent_.changes - before.changes;
    extent_.changes = shipped >= extent_.committed ? 0 : lacking + since;
    if (extent_.changes == 0) extent_.since.reset();
  }
  void lacks_rows(std::int64_t rows) {
    std::lock_guard hold(mutex_);
    extent_.rows = rows;
  }
  void shipped(commit_number last, std::size_t changes,
               std::optional<domain::time_point> at = std::nullopt) {
    std::lock_guard hold(mutex_);
    extent_.shipped = last;
    extent_.shipped_at = at;
    extent_.changes -= static_cast<std::int64_t>(changes);
    if (last >= extent_.committed) extent_.changes = 0; // with what is not told of yet
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
  struct doubt {
    std::size_t changes = 0;
    std::optional<domain::time_point> at;
  };

  mutable std::mutex mutex_;
  std::condition_variable more_;
  extent extent_;
  doubt in_doubt_; // the commit that failed last
  bool awake_ = false;
};

} // namespace boxoffice::persistence
