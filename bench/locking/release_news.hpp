// Who waits in this process for locks that others hold: each release, told by Redis, wakes the one
// who has waited longest for that lock. One subscription serves all.
#pragma once

#include "bench/locking/redis_session.hpp"

#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <thread>

namespace boxoffice::bench {

class release_news {
public:
  static constexpr const char* channel = "released";

  explicit release_news(int redis_port);
  ~release_news();

  // Hears of every release of `key` from its construction on. Whoever waits must have tried the
  // lock once more after that, for what was released before it is not told again.
  class listener {
  public:
    listener(release_news&, std::string key);
    ~listener();
    listener(const listener&) = delete;
    listener& operator=(const listener&) = delete;

    // Until a release, or the time is over: the lock of one who died is free without a word.
    void wait(std::chrono::milliseconds at_most);

  private:
    friend release_news;
    release_news& news_;
    const std::string key_;
    bool told_ = false;
    std::condition_variable changed_;
  };

private:
  void listen();
  void tell(const std::string& key);

  redis_connection connection_;
  std::mutex mutex_;
  std::map<std::string, std::deque<listener*>> waiting_; // oldest first
  std::thread thread_;
};

} // namespace boxoffice::bench
