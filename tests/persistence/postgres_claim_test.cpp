// One process at a time fills PostgreSQL's tables, or makes a store of them.
#define BOOST_TEST_MODULE persistence.postgres_claim
#include "persistence/moving.hpp"
#include "tests/persistence/shipping_bench.hpp"

#include <thread>

using namespace boxoffice;
using namespace boxoffice::persistence;
using namespace boxoffice::persistence::test;

namespace {

struct bench : shipping_bench {
  bench() : shipping_bench(first_seed()) {
    sold.open(true);
    start_shipping();
    sold.sell(20);
    check_same();
  }
};

} // namespace

BOOST_FIXTURE_TEST_CASE(a_store_is_not_rebuilt_of_what_a_live_service_fills, bench) {
  const auto anew = sold.directory.path() / "anew";
  const auto whose = [&] { return postgres.run(url, "SELECT incarnation FROM store_meta"); };
  const auto before = whose();
  BOOST_CHECK_EXCEPTION(
      rebuild_from_postgres(anew, url, 1'000), open_failed, [](const open_failed& e) {
        return std::string(e.what()).find("end that one first") != std::string::npos;
      });
  BOOST_TEST(whose() == before);
  sold.sell(20); // which goes on
  check_same();
  stop_shipping();
  const auto made = rebuild_from_postgres(anew, url, 1'000);
  BOOST_TEST(made.last_commit == sold.last);
  BOOST_TEST(whose() == made.incarnation + "\n");
}

// As a session does whose client is gone: its server notices after eleven seconds at most.
BOOST_FIXTURE_TEST_CASE(a_start_outwaits_a_session_whose_client_is_gone, bench) {
  stop_shipping();
  std::thread gone([&] {
    postgres.run(url, "SELECT pg_advisory_lock(7094437906517745999); SELECT pg_sleep(12)");
  });
  const auto holds = [&] {
    return postgres.run(url, "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND "
                             "granted AND database = (SELECT oid FROM pg_database WHERE datname = "
                             "current_database())") == "1\n";
  };
  while (!holds()) std::this_thread::yield();
  BOOST_CHECK_NO_THROW(start_shipping());
  gone.join();
  BOOST_REQUIRE(ships);
  sold.sell(20);
  check_same();
}
