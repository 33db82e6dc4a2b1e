// A service without actors: a pool of workers, each of which serves one request at a time.
#pragma once

#include "bench/locking/contest.hpp"

#include <atomic>
#include <condition_variable>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>

namespace boxoffice::bench {

class workers {
public:
  using task = std::function<verdict(int worker, const request&)>;

  workers(int count, task);
  ~workers();

  // All requests wait in line from now on. Throws what a task threw.
  std::vector<answer> serve(const std::vector<request>&);

private:
  void work(int number);
  void work_off(int number);

  task task_;
  std::mutex mutex_;
  std::condition_variable changed_;
  int burst_ = 0; // its number
  int busy_ = 0;  // workers still at it
  bool ends_ = false;
  std::exception_ptr failure_;

  const std::vector<request>* requests_ = nullptr;
  std::vector<answer> answers_;
  std::chrono::steady_clock::time_point arrived_;
  std::atomic<std::size_t> next_{0};
  std::vector<std::thread> threads_; // last: they use the rest
};

} // namespace boxoffice::bench
