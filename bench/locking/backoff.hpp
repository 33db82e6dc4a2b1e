// Waits that grow and are random, so that those who met once don't meet again.
#pragma once

#include <algorithm>
#include <chrono>
#include <random>
#include <thread>

namespace boxoffice::bench {

class backoff {
public:
  backoff(std::chrono::microseconds first, std::chrono::microseconds most)
      : next_(first), most_(most) {}

  void wait() {
    thread_local std::minstd_rand random(std::random_device{}());
    std::uniform_int_distribution<std::int64_t> span(next_.count() / 2, next_.count());
    std::this_thread::sleep_for(std::chrono::microseconds(span(random)));
    next_ = std::min(2 * next_, most_);
  }

private:
  std::chrono::microseconds next_;
  std::chrono::microseconds most_;
};

} // namespace boxoffice::bench
