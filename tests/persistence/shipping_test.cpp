// Write-behind: what the store commits comes to PostgreSQL, once, whatever happens meanwhile.
#define BOOST_TEST_MODULE persistence.shipping
#include "tests/persistence/cutting_proxy.hpp"
#include "tests/persistence/database.hpp"
#include "tests/persistence/shipping_bench.hpp"

#include <atomic>
#include <thread>

using namespace boxoffice;
using namespace boxoffice::persistence;
using namespace boxoffice::persistence::test;

namespace {

struct bench : shipping_bench {
  bench() : shipping_bench(first_seed()) {}
};

void wait_until(const std::function<bool()>& holds) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (!holds() && std::chrono::steady_clock::now() < deadline)
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  BOOST_TEST(holds());
}

// Whatever goes wrong, round after round, while the store sells.
template <class Mishap>
void sell_while(int rounds, Mishap mishap, std::optional<int> by_port = std::nullopt) {
  bench b;
  b.by_port = by_port;
  b.sold.open(true);
  b.start_shipping();
  for (int round = 0; round < rounds; ++round) {
    BOOST_TEST_CONTEXT("BOXOFFICE_SEED=" << first_seed() << ", round " << round) {
      std::atomic<bool> ends{false};
      std::thread seller([&] {
        while (!ends) b.sold.sell(1);
      });
      mishap(b);
      ends = true;
      seller.join();
      b.check_same();
    }
  }
}

} // namespace

BOOST_AUTO_TEST_SUITE(shipped)

BOOST_FIXTURE_TEST_CASE(all_that_is_committed, bench) {
  sold.open(true);
  start_shipping();
  sold.sell(300);
  check_same();
  sold.sell(1);
  check_same();
  BOOST_TEST(!ships->lacks_since());
  wait_until([&] { return ships->state() == shipping_state::following; });
}

BOOST_FIXTURE_TEST_CASE(what_was_sold_before_there_was_a_postgres, bench) {
  sold.open(false);
  sold.sell(300);
  sold.close();
  sold.open(true);
  sold.sell(50);
  start_shipping();
  sold.sell(50);
  check_same();
  BOOST_TEST(was_told("everything is shipped"));
  BOOST_TEST(was_told("100 %"));
}

// Without a log for a while: the gap can only be closed by shipping everything again.
BOOST_FIXTURE_TEST_CASE(what_was_sold_while_no_log_was_kept, bench) {
  sold.open(true);
  start_shipping();
  sold.sell(100);
  check_same();
  stop_shipping();
  sold.close();
  sold.open(false);
  sold.sell(100);
  sold.close();
  sold.open(true);
  start_shipping();
  check_same();
}

// Everything is shipped, and nothing is committed here before the log is given up again.
BOOST_FIXTURE_TEST_CASE(everything_again_though_nothing_was_logged_since, bench) {
  sold.open(false);
  sold.sell(50);
  sold.close();
  for (int round = 0; round < 2; ++round) {
    sold.open(true);
    start_shipping();
    check_same();
    stop_shipping();
    sold.close();
    sold.open(false);
    sold.sell(50);
    sold.close();
  }
  sold.open(true);
  start_shipping();
  check_same();
}

BOOST_FIXTURE_TEST_CASE(what_was_left_over_at_the_last_end, bench) {
  sold.open(true);
  start_shipping();
  sold.sell(100);
  check_same();
  stop_shipping();
  sold.sell(200);
  sold.close();
  sold.open(true);
  start_shipping();
  sold.sell(20);
  check_same();
  BOOST_TEST(!was_told("everything is shipped"));
}

BOOST_FIXTURE_TEST_CASE(the_log_is_pruned_behind_postgres, bench) {
  sold.open(true);
  start_shipping();
  sold.sell(200);
  check_same();
  sold.sell(100); // each takes away a few
  database file(sold.directory.path() / "store" / "boxoffice.db");
  BOOST_TEST(std::stoi(file.text("SELECT count(*) FROM event_log")) <= 150);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(mishaps)

BOOST_AUTO_TEST_CASE(postgres_is_stopped_and_started) {
  sell_while(rounds(2, 20), [](bench& b) {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    b.postgres.stop(private_postgres::how::politely);
    wait_until([&] { return b.ships->state() == shipping_state::connecting; });
    BOOST_TEST(b.was_told("is away"));
    const auto before = b.sold.log->now().committed;
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    BOOST_TEST(b.sold.log->now().committed > before); // sales go on
    BOOST_TEST(b.ships->lacks_since().has_value());
    b.postgres.start();
  });
}

BOOST_FIXTURE_TEST_CASE(postgres_is_away_at_the_start, bench) {
  postgres.stop(private_postgres::how::politely);
  sold.open(true);
  start_shipping();
  sold.sell(30);
  BOOST_TEST((ships->state() == shipping_state::connecting));
  postgres.start();
  check_same();
  BOOST_TEST(!was_told("halts"));
  BOOST_TEST(was_told("is there again"));
}

BOOST_AUTO_TEST_CASE(postgres_is_killed) {
  sell_while(rounds(3, 20), [](bench& b) {
    std::this_thread::sleep_for(std::chrono::milliseconds(150));
    b.postgres.stop(private_postgres::how::at_once);
    b.postgres.start();
  });
}

BOOST_AUTO_TEST_CASE(the_backend_is_killed_in_the_midst_of_a_commit) {
  sell_while(rounds(3, 20), [](bench& b) {
    for (int i = 0; i < 10; ++i) {
      b.postgres.run(b.postgres.url_of("postgres", "postgres"),
                     "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                     "WHERE application_name = 'boxoffice'");
      std::this_thread::sleep_for(std::chrono::milliseconds(i * 7));
    }
  });
}

// In the midst of a batch, of PostgreSQL's answer to a COMMIT, of logging in: wherever it falls.
BOOST_AUTO_TEST_CASE(the_connection_is_cut_anywhere) {
  cutting_proxy between(private_postgres::shared().port());
  dice random(first_seed());
  const auto cut_often = [&](bench& b) {
    for (int i = 0; i < 8; ++i) {
      const bool there = random.one_in(2);
      between.cut_after(static_cast<std::int64_t>(random.below(there ? 100'000 : 3'000)),
                        there ? cutting_proxy::towards::server : cutting_proxy::towards::client);
      BOOST_TEST(between.wait_until_cut(std::chrono::seconds(30)));
    }
    // Left alone, it catches up with what was sold meanwhile.
    const auto sold = b.sold.log->now().committed;
    BOOST_TEST(b.ships->wait_for(sold, std::chrono::seconds(30)));
  };
  sell_while(rounds(3, 20), cut_often, between.port());
}

BOOST_AUTO_TEST_CASE(the_shipping_ends_anywhere_and_begins_again) {
  sell_while(rounds(5, 40), [](bench& b) {
    for (int i = 0; i < 3; ++i) {
      b.stop_shipping();
      b.start_shipping();
      std::this_thread::sleep_for(std::chrono::milliseconds(i * 11));
    }
  });
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(refusals)

// Somebody spoiled the tables: the batch is not skipped, the operator is told which row, and it
// goes on when the row is mended.
BOOST_FIXTURE_TEST_CASE(a_batch_that_contradicts_the_tables_halts_the_shipping, bench) {
  sold.open(true);
  start_shipping();
  sold.sell(50);
  check_same();
  postgres.run(url, "UPDATE point SET amount = amount + 1");
  const auto charged = [&](std::int64_t minor) {
    const auto& [user, wallet] = *sold.expected.wallets.begin();
    static_cast<void>(wallet);
    domain::events facts{domain::wallet_charged{
        user, domain::entry_id{1'000'000}, domain::money{minor},
        sold.expected.wallets.at(user).balance + domain::money{minor}, true, sold.sale.now()}};
    sold.commit(facts);
  };
  charged(100);
  wait_until([&] { return ships->state() == shipping_state::halted; });
  BOOST_TEST(was_told("halts"));
  BOOST_TEST(was_told("has another balance in point"));
  sold.sell(20); // sales go on
  BOOST_TEST(sold.log->now().changes > 0);
  postgres.run(url, "UPDATE point SET amount = amount - 1");
  check_same();
  BOOST_TEST(was_told("shipping goes on"));
}

BOOST_FIXTURE_TEST_CASE(a_row_that_is_in_the_way_is_named_with_its_constraint, bench) {
  sold.open(true);
  start_shipping();
  sold.sell(20);
  check_same();
  const std::string next = "1000000"; // far beyond the sale's own
  postgres.run(url, "INSERT INTO users VALUES ('intruder', '', '', now(), NULL);"
                    "INSERT INTO point VALUES (" +
                        next + ", 'intruder', 0, NULL, NULL)");
  sold.commit({domain::user_created{
      {{"newcomer"}, "N", "n@example.com"}, domain::point_id{std::stoll(next)}, sold.sale.now()}});
  wait_until([&] { return ships->state() == shipping_state::halted; });
  BOOST_TEST(was_told("point_pkey"));
  BOOST_TEST(was_told("(point_id)=(" + next + ")"));
  BOOST_TEST(was_told("INSERT INTO point"));
  postgres.run(url, "DELETE FROM point WHERE user_id = 'intruder';"
                    "DELETE FROM users WHERE user_id = 'intruder'");
  check_same();
}

BOOST_FIXTURE_TEST_CASE(a_postgres_that_can_not_be_used_is_said_at_once, bench) {
  sold.open(true);
  const auto check_fails = [&](const std::string& address, std::vector<std::string> words) {
    url = address;
    BOOST_CHECK_EXCEPTION(start_shipping(), open_failed, [&](const open_failed& e) {
      for (const auto& w : words)
        BOOST_TEST((std::string(e.what()).find(w) != std::string::npos), e.what() << " says " << w);
      BOOST_TEST((std::string(e.what()).find("secret") == std::string::npos));
      return true;
    });
  };
  const auto good = url;
  check_fails("nonsense://x", {"postgres.url", "no address"});
  check_fails("postgresql://box:50%off-secret@db/x", {"postgres.url", "%25"});
  check_fails(postgres.url_of("test1", "boxoffice", "wrong-secret"),
              {"password", "Set the right user and password"});
  check_fails(postgres.url_of("nowhere"), {"nowhere", "createdb"});

  const auto as_postgres = [&](const std::string& database) {
    return postgres.url_of(database, "postgres");
  };
  const auto name = good.substr(good.rfind('/') + 1);
  postgres.run(as_postgres(name), "REVOKE ALL ON SCHEMA public FROM PUBLIC;"
                                  "REVOKE ALL ON SCHEMA public FROM boxoffice;"
                                  "ALTER DATABASE " +
                                      name + " OWNER TO postgres");
  check_fails(good, {"may not make tables", "grant CREATE"});

  const auto second = postgres.make_database();
  postgres.run(second, "CREATE TABLE schema_migration (version bigint, applied_at timestamptz);"
                       "INSERT INTO schema_migration VALUES (99, now())");
  check_fails(second, {"newer version", "99"});

  const auto third = postgres.make_database();
  postgres.run(third, "CREATE TABLE booking (id bigint)");
  check_fails(third, {"a database of its own"});

  const auto fourth = postgres.make_database();
  postgres.run(fourth, "ALTER ROLE boxoffice SET default_transaction_read_only = on");
  check_fails(fourth, {"read-only", "primary"});
  postgres.run(as_postgres("postgres"), "ALTER ROLE boxoffice RESET default_transaction_read_only");

  const auto fifth = postgres.make_database();
  postgres.run(as_postgres(fifth.substr(fifth.rfind('/') + 1)),
               "ALTER ROLE boxoffice SET synchronous_commit = off");
  check_fails(fifth, {"synchronous_commit = off"});
  postgres.run(as_postgres("postgres"), "ALTER ROLE boxoffice RESET synchronous_commit");
}

BOOST_FIXTURE_TEST_CASE(another_stores_tables_are_left_alone, bench) {
  sold.open(true);
  start_shipping();
  sold.sell(10);
  check_same();
  stop_shipping();

  shipping_bench other(first_seed() + 1);
  other.url = url;
  other.sold.open(true);
  BOOST_CHECK_EXCEPTION(other.start_shipping(), open_failed, [](const open_failed& e) {
    return std::string(e.what()).find("another store") != std::string::npos;
  });
}

BOOST_AUTO_TEST_SUITE_END()
