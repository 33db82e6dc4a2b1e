// A crowd buys while PostgreSQL, the service, or both go away: what anybody was told stays true,
// and the two stores come to hold the same.
#include "tests/e2e/compare.hpp"
#include "tests/persistence/private_postgres.hpp"

#include <boost/test/unit_test.hpp>

using namespace boxoffice::e2e;
using boxoffice::persistence::test::private_postgres;

namespace {

constexpr int threads = 8, customers_a_thread = 3;

std::vector<std::string> flags_with(const std::string& url, std::vector<std::string> more) {
  std::vector<std::string> all{"--booking.hold_for",
                               "24h",
                               "--booking.max_seats_per_user",
                               "100000",
                               "--queue.active_ttl",
                               "24h",
                               "--postgres.url",
                               url};
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

// The service beside a PostgreSQL of its own.
struct pair {
  explicit pair(const std::vector<std::string>& more)
      : url(postgres.make_database()), service(directory / "store", flags_with(url, more)) {}

  // Waits until PostgreSQL has all, and lets the service itself compare them row by row.
  void check_same() {
    finished audit;
    const bool caught_up = eventually([&] {
      audit = run({"audit", "--store.path", service.store().string(), "--postgres.url", url});
      return audit.output.find("not compared") == std::string::npos;
    });
    BOOST_TEST(caught_up, service.running().output());
    BOOST_TEST(audit.status == 0, audit.output);
    if (audit.status != 0) BOOST_TEST_MESSAGE(service.running().output());
    BOOST_TEST((audit.output.find("PostgreSQL holds the same") != std::string::npos), audit.output);
  }

  private_postgres postgres;
  std::string url;
  scratch_directory directory;
  server service;
  dice random{11};
};

struct market : pair {
  explicit market(const std::vector<std::string>& more) : pair(more) {
    BOOST_REQUIRE_EQUAL(service.terminate(), 0);
    build_halls(service.store());
    // The halls came by another hand than the service's, so PostgreSQL is given everything anew.
    change_store(service.store(), "DELETE FROM event_log;"
                                  "UPDATE store_meta SET last_commit = last_commit + 1");
    service.start();
  }
};

} // namespace

BOOST_AUTO_TEST_SUITE(postgres)

BOOST_AUTO_TEST_CASE(follows_through_any_death) {
  market m({});
  sale crowd(threads, customers_a_thread);
  crowd.cancels = true;
  const int rounds = times(4, 40);
  for (int round = 0; round < rounds; ++round) {
    BOOST_TEST_CONTEXT("round " << round) {
      crowd.begin(m.service);
      BOOST_CHECK(crowd.wait_for_answers(m.random.between(50, 400)));
      const int who = round % 4; // PostgreSQL politely, PostgreSQL, the service, both
      if (who == 0) m.postgres.stop(private_postgres::how::politely);
      if (who == 1 || who == 3) m.postgres.stop(private_postgres::how::at_once);
      if (who < 2) BOOST_CHECK(crowd.wait_for_answers(200)); // sales go on without it
      m.service.kill();
      crowd.end();
      crowd.take_lost();
      if (who != 2) m.postgres.start();
      m.service.start();
      check_history(crowd, m.service);
      m.check_same();
    }
  }
}

// What was acknowledged is in PostgreSQL: the local store is thrown away and made anew of it.
BOOST_AUTO_TEST_CASE(holds_all_that_was_told_when_answers_wait_for_it) {
  market m({"--durability", "postgres"});
  sale crowd(threads, customers_a_thread);
  const int rounds = times(3, 20);
  for (int round = 0; round < rounds; ++round) {
    BOOST_TEST_CONTEXT("round " << round) {
      crowd.begin(m.service);
      BOOST_CHECK(crowd.wait_for_answers(m.random.between(50, 300)));
      m.service.kill();
      crowd.end();
      crowd.take_lost();
      std::filesystem::remove_all(m.service.store());
      const auto made =
          run({"rebuild", "--store.path", m.service.store().string(), "--postgres.url", m.url});
      BOOST_REQUIRE_MESSAGE(made.status == 0, made.output);
      m.service.start();
      check_history(crowd, m.service);
      m.check_same();
    }
  }
}

BOOST_AUTO_TEST_CASE(may_lack_only_so_much) {
  pair p({"--postgres.max_backlog", "1000"});
  caller client(p.service);
  p.postgres.stop(private_postgres::how::at_once);
  answer refused;
  int accepted = 0;
  BOOST_REQUIRE(eventually([&] {
    const auto user = "user" + std::to_string(1 + accepted % 1000);
    refused = client.charge(user, 1 + accepted / 1000);
    if (refused.status == 200) ++accepted;
    return refused.status == 503;
  }));
  BOOST_TEST(accepted >= 300); // each is one or a few events
  BOOST_TEST(refused.document().at("code") == "STORE_UNAVAILABLE");
  BOOST_TEST(refused.header("retry-after") != "");
  BOOST_TEST(client.http.get("/readyz").status == 503);
  BOOST_TEST(client.balance("user1").status == 200); // what is known can still be read
  p.postgres.start();
  BOOST_CHECK(eventually([&] { return client.http.get("/readyz").status == 200; }));
  client.give("user1", 7);
  p.check_same();
}

BOOST_AUTO_TEST_CASE(is_the_store) {
  private_postgres database;
  const auto url = database.make_database();
  server service("postgres", {"--store.kind", "postgres", "--postgres.url", url});
  const int rounds = times(3, 20);
  int paid = 0;
  for (int round = 0; round < rounds; ++round) {
    BOOST_TEST_CONTEXT("round " << round) {
      caller client(service);
      const auto user = "user" + std::to_string(round + 1);
      const auto seat = "A_" + std::to_string(round + 1);
      client.give(user, 500);
      const auto token = client.token_of(user);
      const auto booking = client.booking_of(token, user, 1, seat);
      BOOST_TEST(client.pay(token, user, booking, 1, seat).status == 200);
      ++paid;
      service.kill();
      if (round % 2 == 1) {
        database.stop(private_postgres::how::at_once);
        database.start();
      }
      service.start();
      caller again(service);
      BOOST_TEST(again.balance_of(user) == 400);
      BOOST_TEST(again.book(again.token_of("spring123"), "spring123", 1, seat).status == 409);
      // PostgreSQL restarts under the service: it goes on by itself.
      database.stop(private_postgres::how::politely);
      database.start();
      BOOST_CHECK(eventually([&] { return again.charge("1001", 1 + round).status == 200; }));
    }
  }
  const auto audit = run({"audit", "--postgres.url", url});
  BOOST_TEST(audit.status == 0, audit.output);
  BOOST_TEST((audit.output.find(std::to_string(paid) + " sold") != std::string::npos),
             audit.output);
  BOOST_TEST(!std::filesystem::exists("postgres")); // no embedded store beside it
}

// All processes of a PostgreSQL stand still while this lives.
class frozen {
public:
  explicit frozen(const private_postgres& which) {
    const auto postmaster = (which.directory() / "data" / "postmaster.pid").string();
    all_ = run_shell("p=$(head -1 " + postmaster + "); echo $p $(pgrep -P $p)").output;
    all_.erase(all_.find_last_not_of('\n') + 1);
    BOOST_REQUIRE(run_shell("kill -STOP " + all_).status == 0);
  }
  frozen(const frozen&) = delete;
  frozen& operator=(const frozen&) = delete;
  ~frozen() { run_shell("kill -CONT " + all_); }

private:
  std::string all_;
};

// PostgreSQL hangs: connections stand, and nothing comes back. The end is in time all the same.
BOOST_AUTO_TEST_CASE(that_hangs_keeps_nobody) {
  for (const char* durability : {"local", "postgres"}) {
    pair p({"--durability", durability, "--http.drain_for", "3s", "--http.answer_timeout", "1s"});
    caller client(p.service);
    client.give("user1", 5);
    {
      const frozen still(p.postgres);
      const auto charged = client.charge("user2", 7);
      const bool waits = std::string(durability) == "postgres";
      BOOST_TEST(charged.status == (waits ? 503 : 200));
      // Where answers wait for it, nothing more is decided once it has been silent for a while.
      if (waits)
        BOOST_CHECK(eventually([&] { return client.http.get("/readyz").status == 503; }, 10s));
      const auto begin = clock::now();
      BOOST_TEST(p.service.terminate() == 0);
      BOOST_TEST((clock::now() - begin < 5s));
    }
    p.service.start();
    caller again(p.service);
    BOOST_TEST(again.balance_of("user2") == 7);
    p.check_same();
  }
}

BOOST_AUTO_TEST_CASE(that_can_not_be_used_is_named_at_the_start) {
  private_postgres database;
  scratch_directory directory;
  const auto check = [&](const std::string& url, const std::string& words) {
    const auto ended = run({"serve", "--http.port", "0", "--store.path",
                            (directory / "store").string(), "--postgres.url", url});
    BOOST_TEST(ended.status == 1);
    BOOST_TEST((ended.output.find(words) != std::string::npos), ended.output);
    BOOST_TEST((ended.output.find("secret") == std::string::npos), ended.output);
  };
  const auto good = database.make_database();
  check(database.url_of("nowhere"), "createdb");
  check(database.url_of("test1", "boxoffice", "not-the-secret"), "user and password");
}

BOOST_AUTO_TEST_SUITE_END()
