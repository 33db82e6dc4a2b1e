#include "bench/locking/workers.hpp"

namespace boxoffice::bench {

workers::workers(int count, task t) : task_(std::move(t)) {
  for (int n = 0; n < count; ++n) threads_.emplace_back([this, n] { work(n); });
}

workers::~workers() {
  {
    const std::lock_guard lock(mutex_);
    ends_ = true;
  }
  changed_.notify_all();
  for (auto& thread : threads_) thread.join();
}

std::vector<answer> workers::serve(const std::vector<request>& requests) {
  std::unique_lock lock(mutex_);
  requests_ = &requests;
  answers_.assign(requests.size(), {});
  next_ = 0;
  busy_ = static_cast<int>(threads_.size());
  ++burst_;
  arrived_ = std::chrono::steady_clock::now();
  changed_.notify_all();
  changed_.wait(lock, [this] { return busy_ == 0; });
  if (failure_) std::rethrow_exception(failure_);
  return std::move(answers_);
}

void workers::work(int number) {
  int seen = 0;
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [&] { return ends_ || burst_ != seen; });
    if (ends_) return;
    seen = burst_;
    lock.unlock();
    std::exception_ptr failure;
    try {
      work_off(number);
    } catch (...) {
      failure = std::current_exception();
    }
    lock.lock();
    if (failure) failure_ = failure;
    if (--busy_ == 0) changed_.notify_all();
  }
}

void workers::work_off(int number) {
  for (;;) {
    const auto at = next_.fetch_add(1);
    if (at >= requests_->size()) return;
    const auto what = task_(number, (*requests_)[at]);
    answers_[at] = {what, std::chrono::steady_clock::now() - arrived_};
  }
}

} // namespace boxoffice::bench
