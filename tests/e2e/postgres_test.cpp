// What PostgreSQL holds, may lack and must not hold up, and PostgreSQL as the only store.
#include "tests/e2e/market_with_postgres.hpp"

#include <csignal>

using namespace boxoffice::e2e;
using boxoffice::persistence::test::private_postgres;

namespace {

constexpr int threads = 8, customers_a_thread = 3;

} // namespace

BOOST_AUTO_TEST_SUITE(postgres)

// What was acknowledged is in PostgreSQL: the local store is thrown away and made anew of it.
BOOST_AUTO_TEST_CASE(holds_all_that_was_told_when_answers_wait_for_it) {
  market_with_postgres m({"--durability", "postgres"});
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

// Wherever a rebuild is killed, running it again makes the store.
BOOST_AUTO_TEST_CASE(makes_a_store_anew_though_that_is_killed_at_any_moment) {
  market_with_postgres m({});
  caller(m.service).give("user1", 7);
  m.check_same();
  const auto rebuilding = [&] {
    launch what;
    what.arguments = {"rebuild", "--store.path", m.service.store().string(), "--postgres.url",
                      m.url};
    return what;
  };
  const auto incarnation = [&] { return m.ask_postgres("SELECT incarnation FROM store_meta"); };
  const int rounds = times(3, 20);
  milliseconds whole{2'000};
  for (int round = 0; round < rounds; ++round) {
    BOOST_TEST_CONTEXT("BOXOFFICE_SEED=" << seed() << ", round " << round) {
      BOOST_REQUIRE_EQUAL(m.service.terminate(), 0);
      m.check_same();
      std::filesystem::remove_all(m.service.store());
      const auto before = incarnation();
      { // When the store is whole, and PostgreSQL does not know of it yet.
        std::thread reader([&] {
          try {
            m.ask_postgres("SET application_name = 'reader'; BEGIN;"
                           "SELECT 1 FROM store_meta FOR UPDATE; SELECT pg_sleep(60)");
          } catch (const std::runtime_error&) {
            // ended below
          }
        });
        BOOST_CHECK(eventually([&] {
          return m.ask_postgres("SELECT count(*) FROM pg_stat_activity WHERE "
                                "application_name = 'reader' AND wait_event = 'PgSleep'") == "1\n";
        }));
        process first(rebuilding());
        const auto waits = [&] {
          return m.ask_postgres("SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'UPDATE "
                                "store_meta SET incarnation%' AND wait_event_type = 'Lock'") ==
                 "1\n";
        };
        BOOST_CHECK(eventually(waits));
        first.signal(SIGKILL);
        first.wait();
        m.ask_postgres("SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                       "WHERE application_name IN ('reader', 'boxoffice')");
        reader.join();
      }
      BOOST_TEST(incarnation() == before);
      for (int n = 0; n < 3; ++n) { // at any other moment
        process another(rebuilding());
        const auto until =
            clock::now() + milliseconds(m.random.between(0, static_cast<int>(whole.count())));
        eventually([&] { return clock::now() >= until || another.ended(); });
        another.signal(SIGKILL);
        another.wait();
      }
      const auto begun = clock::now();
      if (const auto made = run(rebuilding().arguments); made.status != 0) // else one was done
        BOOST_TEST((made.output.find("There is a store in") != std::string::npos), made.output);
      else
        whole = std::chrono::duration_cast<milliseconds>(clock::now() - begun);
      m.service.start();
      BOOST_TEST(caller(m.service).balance_of("user1") == 7 + round * (round + 1) / 2);
      caller(m.service).give("user1",
                             1 + round); // another amount each time: it is no double submit
      m.check_same();
    }
  }
}

BOOST_AUTO_TEST_CASE(may_lack_only_so_much) {
  service_with_postgres p({"--postgres.max_backlog", "1000"});
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
  auto& database = private_postgres::shared();
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
    service_with_postgres p(
        {"--durability", durability, "--http.drain_for", "3s", "--http.answer_timeout", "1s"});
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

// PostgreSQL answers and does not take what it is given: whoever looks is told why.
BOOST_AUTO_TEST_CASE(that_can_not_take_a_batch_is_named_by_readyz) {
  for (const char* durability : {"local", "postgres"}) {
    const bool waits = std::string(durability) == "postgres";
    service_with_postgres p({"--durability", durability, "--http.answer_timeout", "1s"});
    caller client(p.service);
    client.give("user1", 5);
    p.ask_postgres("REVOKE UPDATE ON point FROM boxoffice");
    const auto charged = client.charge("user2", 7);
    BOOST_TEST(charged.status == (waits ? 503 : 200));
    answer ready;
    const bool named = eventually([&] {
      ready = client.http.get("/readyz");
      return ready.body.find(R"("cause":"permission")") != std::string::npos;
    });
    BOOST_CHECK_MESSAGE(named, durability << ' ' << ready.body);
    BOOST_TEST(ready.status == (waits ? 503 : 200), ready.body);
    BOOST_TEST(client.charge("user3", 7).status == (waits ? 503 : 200));
    BOOST_TEST(
        (p.service.running().output().find("Grant its user what is missing") != std::string::npos));
    p.ask_postgres("GRANT UPDATE ON point TO boxoffice");
    p.wait_until_ready();
    client.give("user4", 7);
    p.check_same();
    BOOST_TEST(client.balance_of("user2") == 7);
    BOOST_TEST((client.http.get("/readyz").body.find("cause") == std::string::npos));
  }
}

// PostgreSQL was away when it started, and has what it lacks.
BOOST_AUTO_TEST_CASE(takes_nothing_from_an_old_copy_that_it_meets_late) {
  service_with_postgres p({});
  caller(p.service).give("user1", 5);
  p.check_same();
  BOOST_REQUIRE_EQUAL(p.service.terminate(), 0);
  const auto copy = p.directory / "copy";
  std::filesystem::copy(p.service.store(), copy, std::filesystem::copy_options::recursive);
  p.service.start();
  caller(p.service).give("user1", 7);
  p.check_same();
  BOOST_REQUIRE_EQUAL(p.service.terminate(), 0);
  std::filesystem::rename(p.service.store(), p.directory / "lost");
  std::filesystem::rename(copy, p.service.store());
  p.postgres.stop(private_postgres::how::politely);
  p.service.start();
  caller client(p.service);
  p.postgres.start();
  BOOST_CHECK(eventually([&] { return client.charge("user2", 9).status == 503; }));
  const auto ready = client.http.get("/readyz");
  BOOST_TEST(ready.status == 503);
  BOOST_TEST((ready.body.find(R"("cause":"old_copy")") != std::string::npos), ready.body);
  BOOST_TEST(p.service.terminate() == 0);
}

BOOST_AUTO_TEST_CASE(that_can_not_be_used_is_named_at_the_start) {
  auto& database = private_postgres::shared();
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
