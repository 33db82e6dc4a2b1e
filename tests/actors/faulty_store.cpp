#include "tests/actors/faulty_store.hpp"

namespace boxoffice::test {

namespace {

[[noreturn]] void fail() {
  throw persistence::store_failed(persistence::store_failed::reason::unavailable,
                                  "made to fail by a test");
}

} // namespace

void store_faults::fail_commit(int n, failure how, int more) {
  std::lock_guard hold(mutex_);
  fail_at_ = commits_ + n;
  how_ = how;
  failing_probes_ = more;
}

void store_faults::cut_power_at(int n) {
  std::lock_guard hold(mutex_);
  fail_at_ = commits_ + n;
  how_ = failure::lost;
  power_cut_ = true;
}

void store_faults::hold_commits() {
  std::lock_guard hold(mutex_);
  held_ = true;
}

void store_faults::let_commits_go() {
  std::lock_guard hold(mutex_);
  held_ = false;
  changed_.notify_all();
}

void store_faults::wait_until_held() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return someone_waits_; });
}

int store_faults::commits() const {
  std::lock_guard hold(mutex_);
  return commits_;
}

store_faults::verdict store_faults::before_commit() {
  std::unique_lock lock(mutex_);
  ++commits_;
  someone_waits_ = held_;
  changed_.notify_all();
  changed_.wait(lock, [this] { return !held_; });
  someone_waits_ = false;
  const bool fails = fail_at_ != 0 && (power_cut_ ? commits_ >= fail_at_ : commits_ == fail_at_);
  if (!fails) return verdict::go;
  return how_ == failure::lost ? verdict::fail_lost : verdict::fail_done;
}

bool store_faults::before_probe() {
  std::lock_guard hold(mutex_);
  if (power_cut_ && commits_ >= fail_at_) return false;
  if (failing_probes_ == 0) return true;
  --failing_probes_;
  return false;
}

persistence::commit_number faulty_store::commit(const domain::events& facts,
                                                domain::time_point now) {
  switch (faults_->before_commit()) {
  case store_faults::verdict::go: break;
  case store_faults::verdict::fail_lost: fail();
  case store_faults::verdict::fail_done: real_->commit(facts, now); fail();
  }
  return real_->commit(facts, now);
}

persistence::commit_number faulty_store::probe() {
  if (!faults_->before_probe()) fail();
  return real_->probe();
}

} // namespace boxoffice::test
