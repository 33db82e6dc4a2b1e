// Lets the conformance suite run over the simulated store.
#include "sim/disk.hpp"
#include "tests/persistence/store_under_test.hpp"

namespace boxoffice::persistence::test {

namespace {

class no_listener final : public sim::disk_listener {
public:
  void durable(commit_number, const domain::events&) override {}
  void told(commit_number) override {}
};

class simulated_under_test final : public store_under_test {
public:
  store& get() override { return *store_; }
  void reopen() override {
    store_.reset();
    disk_.cut_power();
    store_ = disk_.open();
  }

private:
  sim::no_disk_faults faults_;
  no_listener listener_;
  sim::disk disk_{faults_, listener_};
  std::unique_ptr<store> store_ = disk_.open();
};

} // namespace

std::unique_ptr<store_under_test> store_under_test::make() {
  return std::make_unique<simulated_under_test>();
}

} // namespace boxoffice::persistence::test
