// Lets the conformance suite run over the embedded store.
#include "persistence/sqlite_store.hpp"
#include "tests/persistence/store_under_test.hpp"
#include "tests/persistence/support.hpp"

namespace boxoffice::persistence::test {

namespace {

class sqlite_under_test final : public store_under_test {
public:
  sqlite_under_test() { reopen(); }
  store& get() override { return *store_; }
  void reopen() override {
    store_.reset();
    sqlite_options options;
    options.directory = directory_.path() / "store";
    store_ = open_sqlite_store(options);
  }

private:
  scratch_directory directory_;
  std::unique_ptr<store> store_;
};

} // namespace

std::unique_ptr<store_under_test> store_under_test::make() {
  return std::make_unique<sqlite_under_test>();
}

} // namespace boxoffice::persistence::test
