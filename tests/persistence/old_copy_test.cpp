// An old copy of the store must not sell what was sold, nor overwrite what PostgreSQL has.
#define BOOST_TEST_MODULE persistence.old_copy
#include "tests/persistence/shipping_bench.hpp"

using namespace boxoffice;
using namespace boxoffice::persistence;
using namespace boxoffice::persistence::test;

namespace {

struct bench : shipping_bench {
  bench() : shipping_bench(first_seed()) {}
};

// Sells, and puts the store of some time ago in the place of the one that went on.
void go_back_to_an_old_copy(bench& b) {
  b.sold.open(true);
  b.start_shipping();
  b.sold.sell(50);
  b.check_same();
  b.stop_shipping();
  b.sold.close();
  b.put_an_old_copy_back();
}

void check_is_refused_as_an_old_copy(bench& b) {
  const auto there = [&b] {
    return b.postgres.run(b.url, "SELECT last_commit, last_time, (SELECT count(*) FROM booking), "
                                 "(SELECT sum(amount) FROM point) FROM store_meta");
  };
  const auto before = there();
  BOOST_CHECK_EXCEPTION(b.start_shipping(), open_failed, [](const open_failed& e) {
    return std::string(e.what()).find("it is an old copy") != std::string::npos &&
           std::string(e.what()).find("empty the database") != std::string::npos;
  });
  BOOST_TEST(there() == before);
}

} // namespace

BOOST_FIXTURE_TEST_CASE(an_old_copy_of_the_store_is_refused, bench) {
  go_back_to_an_old_copy(*this);
  sold.open(true);
  check_is_refused_as_an_old_copy(*this);
}

// It sold without a PostgreSQL meanwhile: less than it lacks, as much, and more. No log tells.
BOOST_AUTO_TEST_CASE(an_old_copy_that_kept_no_log_is_refused) {
  for (const int sold_meanwhile : {10, 50, 80}) {
    BOOST_TEST_CONTEXT("sold meanwhile: " << sold_meanwhile) {
      bench b;
      go_back_to_an_old_copy(b);
      b.sold.open(false);
      b.sold.sell(sold_meanwhile);
      b.sold.close();
      b.sold.open(true);
      check_is_refused_as_an_old_copy(b);
      b.sold.sell(10); // and with a log, whose first commit follows nothing that is known there
      check_is_refused_as_an_old_copy(b);
    }
  }
}

BOOST_FIXTURE_TEST_CASE(an_empty_database_mends_what_was_refused, bench) {
  go_back_to_an_old_copy(*this);
  sold.open(false);
  sold.sell(60);
  sold.close();
  sold.open(true);
  check_is_refused_as_an_old_copy(*this);
  url = postgres.make_database();
  start_shipping();
  sold.sell(10);
  check_same();
}
