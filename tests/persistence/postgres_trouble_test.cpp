// Write-behind against a PostgreSQL that answers and does not take what it is given: each trouble
// is named with what to do, once, nothing is lost, and it goes on by itself when the trouble is
// over.
#define BOOST_TEST_MODULE persistence.postgres_trouble
#include "persistence/moving.hpp"
#include "persistence/postgres_store.hpp"
#include "tests/persistence/shipping_bench.hpp"
#include "tests/persistence/small_disk.hpp"

#include <iostream>
#include <thread>

using namespace boxoffice;
using namespace boxoffice::persistence;
using namespace boxoffice::persistence::test;

namespace {

bool eventually(const std::function<bool()>& holds) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (!holds() && std::chrono::steady_clock::now() < deadline)
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  return holds();
}

struct bench : shipping_bench {
  bench() : shipping_bench(first_seed()) {}
  explicit bench(private_postgres& where, const std::string& database)
      : shipping_bench(first_seed(), where, database) {}

  void begin() {
    sold.open(true);
    start_shipping();
    sold.sell(50);
    check_same();
  }
  void as_superuser(const std::string& sql) {
    postgres.run(postgres.url_of(url.substr(url.rfind('/') + 1), "postgres"), sql);
  }
  // Its next connection meets what has changed.
  void end_its_session() {
    as_superuser("SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                 "WHERE application_name = 'boxoffice'");
  }
  int times_told(const std::string& words) {
    std::lock_guard hold(mutex);
    return static_cast<int>(std::count_if(errors.begin(), errors.end(), [&](const auto& text) {
      return text.find(words) != std::string::npos;
    }));
  }
  // Sells until shipping halts for this cause, sees it named, and sees that sales go on.
  // `sqlstate`: of what PostgreSQL logs at each attempt; "" where it logs none.
  void check_halts(const std::string& cause, const std::string& words,
                   const std::string& sqlstate = "") {
    const bool halted = eventually([&] {
      sold.sell(1);
      return ships->state() == shipping_state::halted && ships->cause() == cause;
    });
    BOOST_REQUIRE_MESSAGE(halted, to_string(ships->state())
                                      << ' ' << ships->cause() << ' '
                                      << (errors.empty() ? "" : errors.back()));
    sold.sell(20);
    BOOST_TEST(ships->lacks_since().has_value());
    BOOST_TEST(sold.log->now().changes > 0);
    BOOST_TEST(times_told(words) == 1);
    // It is tried again, and told no second time. The last attempt of three may be told still.
    const auto attempts = postgres.times_logged(sqlstate);
    if (sqlstate.empty())
      std::this_thread::sleep_for(std::chrono::milliseconds(2'500));
    else
      BOOST_TEST(eventually([&] {
        sold.sell(1); // a disk may have had room for the rest after all
        return postgres.times_logged(sqlstate) >= attempts + 2;
      }));
    sold.sell(1);
    BOOST_TEST(times_told(words) == 1);
    BOOST_TEST(!ships->bars_selling());
  }
  void check_goes_on() {
    check_same();
    BOOST_TEST(eventually([&] { return ships->state() == shipping_state::following; }));
    BOOST_TEST(ships->cause() == "");
    BOOST_TEST(was_told("shipping goes on"));
  }
};

// Somebody at psql, in a transaction that has done this, until end().
class other_session {
public:
  other_session(bench& b, const std::string& what)
      : bench_(b), thread_([&b, what] {
          try {
            b.as_superuser("BEGIN; SET application_name = 'somebody';" + what +
                           "; SELECT pg_sleep(120)");
          } catch (const std::runtime_error&) {
            // ended below
          }
        }) {
    BOOST_TEST(eventually([&b] {
      return b.postgres.run(b.postgres.url_of("postgres", "postgres"),
                            "SELECT count(*) FROM pg_stat_activity WHERE application_name = "
                            "'somebody' AND wait_event = 'PgSleep'") == "1\n";
    }));
  }
  other_session(const other_session&) = delete;
  other_session& operator=(const other_session&) = delete;
  ~other_session() { end(); }

  void end() {
    if (!thread_.joinable()) return;
    bench_.as_superuser("SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                        "WHERE application_name = 'somebody'");
    thread_.join();
  }

private:
  bench& bench_;
  std::thread thread_;
};

} // namespace

BOOST_AUTO_TEST_SUITE(halts_and_goes_on)

BOOST_AUTO_TEST_CASE(when_its_disk_is_full) {
  const scratch_directory here;
  const small_disk disk(here.path() / "disk");
  if (!disk.mounted()) {
    std::cout << "SKIPPED when_its_disk_is_full: mounting a small disk needs root\n";
    return;
  }
  const auto space = here.path() / "disk" / "tables";
  std::filesystem::create_directory(space);
  private_postgres::give(here.path());
  private_postgres postgres; // after the disk, to see it
  const auto url = postgres.make_database();
  postgres.move(url, space);
  bench b(postgres, url);
  b.begin();
  disk.fill();
  b.check_halts("disk_full", "make room", "53100");
  disk.free();
  b.check_goes_on();
  b.stop_shipping();
}

BOOST_FIXTURE_TEST_CASE(when_a_permission_is_missing, bench) {
  begin();
  as_superuser("REVOKE UPDATE ON point FROM boxoffice");
  check_halts("permission", "Grant its user what is missing", "42501");
  as_superuser("GRANT UPDATE ON point TO boxoffice");
  check_goes_on();
}

BOOST_FIXTURE_TEST_CASE(when_it_becomes_a_standby, bench) {
  begin();
  postgres.demote();
  check_halts("read_only", "promote it");
  postgres.promote();
  check_goes_on();
}

BOOST_FIXTURE_TEST_CASE(when_somebody_locks_a_table, bench) {
  begin();
  other_session somebody(*this, "LOCK TABLE point");
  check_halts("locked", "end that session", "55P03");
  somebody.end();
  check_goes_on();
}

BOOST_FIXTURE_TEST_CASE(when_somebody_cancels_its_statements, bench) {
  begin();
  other_session somebody(*this, "LOCK TABLE point");
  const bool halted = eventually([&] {
    sold.sell(1);
    as_superuser("SELECT pg_cancel_backend(pid) FROM pg_stat_activity "
                 "WHERE application_name = 'boxoffice' AND wait_event_type = 'Lock'");
    return ships->cause() == "cancelled";
  });
  BOOST_TEST(halted);
  BOOST_TEST(times_told("Somebody there cancels its statements") == 1);
  somebody.end();
  check_goes_on();
}

BOOST_FIXTURE_TEST_CASE(when_its_password_is_changed, bench) {
  begin();
  as_superuser("ALTER ROLE boxoffice PASSWORD 'another'");
  end_its_session();
  check_halts("credentials", "Set the right user and password", "28P01");
  as_superuser("ALTER ROLE boxoffice PASSWORD 'secret'");
  check_goes_on();
}

BOOST_FIXTURE_TEST_CASE(when_it_has_no_connection_left, bench) {
  begin();
  as_superuser("ALTER ROLE boxoffice CONNECTION LIMIT 0");
  end_its_session();
  check_halts("connections", "max_connections", "53300");
  // At a start it is waited for, since it may end by itself, and named as well.
  stop_shipping();
  start_shipping();
  BOOST_TEST(ships->cause() == "connections");
  as_superuser("ALTER ROLE boxoffice CONNECTION LIMIT -1");
  check_goes_on();
}

BOOST_FIXTURE_TEST_CASE(when_a_setting_no_longer_keeps_what_was_told, bench) {
  begin();
  as_superuser("ALTER ROLE boxoffice SET synchronous_commit = off");
  end_its_session();
  check_halts("settings", "synchronous_commit = off");
  as_superuser("ALTER ROLE boxoffice RESET synchronous_commit");
  check_goes_on();
}

BOOST_FIXTURE_TEST_CASE(when_a_newer_boxoffice_migrated_it, bench) {
  begin();
  postgres.run(url, "INSERT INTO schema_migration VALUES (99, now())");
  end_its_session();
  check_halts("schema", "newer version");
  postgres.run(url, "DELETE FROM schema_migration WHERE version = 99");
  check_goes_on();
}

BOOST_AUTO_TEST_SUITE_END()

// A timeout that its administrator sets for everybody is not for what is shipped as a whole.
BOOST_FIXTURE_TEST_CASE(a_statement_timeout_of_its_user_ends_nothing, bench) {
  as_superuser("ALTER ROLE boxoffice SET statement_timeout = 1");
  begin();
  sold.sell(200);
  check_same();
  as_superuser("ALTER ROLE boxoffice RESET statement_timeout");
}

// It answers to nothing for more than a moment, whatever it is asked.
BOOST_AUTO_TEST_SUITE(is_silent)

BOOST_FIXTURE_TEST_CASE(when_it_is_asked_what_it_has, bench) {
  begin();
  other_session somebody(*this, "SELECT 1 FROM store_meta FOR UPDATE");
  end_its_session();
  BOOST_TEST(eventually([&] { return ships->cause() == "silent"; }));
  somebody.end();
  check_goes_on();
}

BOOST_FIXTURE_TEST_CASE(when_everything_is_on_its_way, bench) {
  migrate_postgres_at(url);
  other_session somebody(*this, "LOCK TABLE seat IN ACCESS SHARE MODE");
  sold.open(false);
  sold.sell(50);
  sold.close();
  sold.open(true);
  start_shipping();
  BOOST_TEST(eventually([&] { return ships->cause() == "silent"; }));
  somebody.end();
  check_same();
  BOOST_TEST(eventually([&] { return ships->state() == shipping_state::following; }));
}

BOOST_AUTO_TEST_SUITE_END()

// PostgreSQL was away at the start, and is found to have what this store lacks when it comes back.
BOOST_AUTO_TEST_SUITE(bars_selling)

// It is one whether it has sold less since than it lacks, or more.
void meet_an_old_copy_late(bench& b, int sold_meanwhile) {
  b.begin();
  b.stop_shipping();
  b.sold.close();
  b.put_an_old_copy_back();
  b.postgres.stop(private_postgres::how::politely);
  b.sold.open(true);
  b.start_shipping();
  b.sold.sell(sold_meanwhile);
  BOOST_TEST(!b.ships->bars_selling()); // nobody knows yet
  b.postgres.start();
  BOOST_TEST(eventually([&] { return b.ships->bars_selling(); }));
  BOOST_TEST(eventually([&] { return b.ships->cause() == "old_copy"; }));
  BOOST_TEST((b.ships->state() == shipping_state::halted));
  BOOST_TEST(b.was_told("it is an old copy"));
}

BOOST_FIXTURE_TEST_CASE(to_an_old_copy, bench) { meet_an_old_copy_late(*this, 0); }
BOOST_FIXTURE_TEST_CASE(to_an_old_copy_that_sold_as_much, bench) {
  meet_an_old_copy_late(*this, 50);
}
BOOST_FIXTURE_TEST_CASE(to_an_old_copy_that_sold_more, bench) { meet_an_old_copy_late(*this, 80); }

BOOST_FIXTURE_TEST_CASE(to_the_store_that_was_thought_lost, bench) {
  begin();
  stop_shipping();
  rebuild_from_postgres(sold.directory.path() / "anew", url, 1'000);
  postgres.stop(private_postgres::how::politely);
  start_shipping();
  postgres.start();
  BOOST_TEST(eventually([&] { return ships->bars_selling(); }));
  BOOST_TEST(eventually([&] { return ships->cause() == "another_store"; }));
  BOOST_TEST(was_told("another store"));
}

// While it sells: somebody made another store of what PostgreSQL has.
BOOST_FIXTURE_TEST_CASE(to_the_store_that_was_given_up, bench) {
  begin();
  as_superuser("UPDATE store_meta SET incarnation = 'another'");
  sold.sell(1);
  BOOST_TEST(eventually([&] { return ships->bars_selling(); }));
  BOOST_TEST(was_told("another store"));
}

// As the only store: an empty database in its place is no store of a sale that goes on.
BOOST_FIXTURE_TEST_CASE(on_an_empty_database_in_the_place_of_the_store, bench) {
  random_sale sale(first_seed());
  const auto store = open_postgres_store({url, true});
  const auto facts = sale.opening();
  store->commit(facts, sale.now());
  as_superuser("DROP SCHEMA public CASCADE; CREATE SCHEMA public AUTHORIZATION boxoffice");
  end_its_session();
  const auto is_refused = [](const store_failed& e) {
    return std::string(e.what()).find("has lost what it held") != std::string::npos;
  };
  BOOST_CHECK_THROW(store->commit(facts, sale.now()), store_failed); // the session was ended
  BOOST_CHECK_EXCEPTION(store->probe(), store_failed, is_refused);
  BOOST_CHECK_EXCEPTION(store->commit(facts, sale.now()), store_failed, is_refused);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(lag)

BOOST_FIXTURE_TEST_CASE(is_told_before_the_first_shipment, bench) {
  sold.open(false);
  const auto begun = sold.sale.now();
  sold.sell(300);
  sold.close();
  postgres.stop(private_postgres::how::politely);
  sold.open(true);
  start_shipping();
  BOOST_TEST(sold.log->now().rows > 100);
  BOOST_REQUIRE(ships->lacks_since().has_value());
  BOOST_TEST((*ships->lacks_since() <= begun));
  sold.sell(50); // now there is a log, and yet nothing of what was before it
  BOOST_TEST(sold.log->now().changes > 0);
  BOOST_TEST((*ships->lacks_since() <= begun));
  postgres.start();
  check_same();
  BOOST_TEST(sold.log->now().rows == 0);
  BOOST_TEST(eventually([&] { return !ships->lacks_since(); }));
}

// What PostgreSQL has leaves the log some commits at a time: a long one is there for a while still.
BOOST_FIXTURE_TEST_CASE(is_no_longer_than_it_is_after_a_restart, bench) {
  sold.open(true);
  sold.sell(300);
  start_shipping();
  check_same();
  sold.sell(3);
  check_same();
  const auto then = sold.sale.now();
  sold.sell(2); // what is noted is what PostgreSQL had when this was committed, or more
  stop_shipping();
  sold.close();
  postgres.stop(private_postgres::how::politely);
  sold.open(true);
  start_shipping();
  const auto reach = sold.log->now();
  BOOST_TEST(reach.shipped >= sold.last - 2);
  BOOST_TEST(reach.changes < 40); // of two commits
  BOOST_TEST(reach.rows == 0);
  BOOST_TEST((!ships->lacks_since() || *ships->lacks_since() >= then));
  sold.sell(1);
  BOOST_TEST(ships->lacks_since().has_value());
  postgres.start();
  check_same();
}

BOOST_AUTO_TEST_SUITE_END()
