// A store over the real one whose commits can be held up or made to fail.
#pragma once

#include "persistence/store.hpp"

#include <condition_variable>
#include <mutex>

namespace boxoffice::test {

// How a failing commit fails: nothing of it is in the store, or all of it is and only the word of
// it was lost.
enum class failure { lost, done_but_unknown };

// The controls; shared by the test and the store it gave away. Any thread.
class store_faults {
public:
  // The n-th commit from now fails, and so do `more` probes after it.
  void fail_commit(int n, failure how, int more = 0);
  // From the n-th commit on, all commits and probes fail: the machine is gone.
  void cut_power_at(int n);

  void hold_commits();
  void let_commits_go();
  void wait_until_held();

  int commits() const;

private:
  friend class faulty_store;
  enum class verdict { go, fail_lost, fail_done };
  verdict before_commit();
  bool before_probe();

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool held_ = false;
  bool someone_waits_ = false;
  int commits_ = 0;
  int fail_at_ = 0;
  int failing_probes_ = 0;
  failure how_ = failure::lost;
  bool power_cut_ = false;
};

class faulty_store : public persistence::store {
public:
  faulty_store(std::unique_ptr<persistence::store> real, std::shared_ptr<store_faults> faults)
      : real_(std::move(real)), faults_(std::move(faults)) {}

  persistence::commit_number commit(const domain::events&, domain::time_point) override;
  persistence::commit_number probe() override;
  std::unique_ptr<persistence::reader> open_reader() override { return real_->open_reader(); }

private:
  std::unique_ptr<persistence::store> real_;
  std::shared_ptr<store_faults> faults_;
};

} // namespace boxoffice::test
