// Lets the conformance suite run over PostgreSQL as the store.
#include "persistence/postgres_store.hpp"
#include "tests/persistence/private_postgres.hpp"
#include "tests/persistence/store_under_test.hpp"

namespace boxoffice::persistence::test {

namespace {

class postgres_under_test final : public store_under_test {
public:
  postgres_under_test() { reopen(); }
  store& get() override { return *store_; }
  void reopen() override {
    store_.reset();
    store_ = open_postgres_store({url_});
  }

private:
  std::string url_ = private_postgres::shared().make_database();
  std::unique_ptr<store> store_;
};

} // namespace

std::unique_ptr<store_under_test> store_under_test::make() {
  return std::make_unique<postgres_under_test>();
}

} // namespace boxoffice::persistence::test
