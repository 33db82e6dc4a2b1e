// A crowd buys while PostgreSQL, its connection, the service, or all of them go away, again and
// again: what anybody was told stays true, nothing is there twice, and the two stores come to hold
// the same rows.
#include "tests/e2e/market_with_postgres.hpp"
#include "tests/persistence/cutting_proxy.hpp"

#include <csignal>
#include <sstream>

using namespace boxoffice::e2e;
using boxoffice::persistence::test::cutting_proxy;
using boxoffice::persistence::test::private_postgres;

namespace {

constexpr int threads = 8, customers_a_thread = 3;

enum class mishap { stopped, killed, backend_killed, service_killed, both_killed };
constexpr mishap all_mishaps[] = {mishap::stopped, mishap::killed, mishap::backend_killed,
                                  mishap::service_killed, mishap::both_killed};

const char* name_of(mishap m) {
  switch (m) {
  case mishap::stopped: return "PostgreSQL is stopped and started";
  case mishap::killed: return "PostgreSQL is killed";
  case mishap::backend_killed: return "PostgreSQL's backend is killed";
  case mishap::service_killed: return "the service is killed";
  case mishap::both_killed: return "both are killed";
  }
  return "";
}

class trial {
public:
  explicit trial(const std::string& durability)
      : waits_(durability == "postgres"), market_({"--durability", durability}) {
    crowd_.cancels = true;
    crowd_.may_be_unavailable = waits_;
  }

  void run() {
    const int rounds = times(3, 20);
    for (int round = 0; round < rounds; ++round)
      for (const auto m : all_mishaps)
        BOOST_TEST_CONTEXT("BOXOFFICE_SEED=" << seed() << ", round " << round << ": " << name_of(m))
    sell_while([&] { befall(m); });
    cutting_proxy between(market_.postgres.port());
    market_.connect_by(between.port());
    for (int round = 0; round < rounds; ++round)
      BOOST_TEST_CONTEXT("BOXOFFICE_SEED=" << seed() << ", round " << round << ": it is cut off")
    sell_while([&] { cut(between); });
    market_.connect_by(market_.postgres.port());
  }

private:
  template <class Mishap>
  void sell_while(Mishap happens) {
    crowd_.begin(market_.service);
    BOOST_CHECK(crowd_.wait_for_answers(random().between(30, 200)));
    happens();
    crowd_.end();
    crowd_.take_lost();
    market_.wait_until_ready();
    check_history(crowd_, market_.service);
    market_.check_same();
    BOOST_TEST_MESSAGE("after mishap " << ++mishaps_ << ": " << crowd_.answers() << " answers");
  }

  // Where answers don't wait for PostgreSQL, sales go on without it.
  void see_sales_go_on() {
    if (!waits_) BOOST_CHECK(crowd_.wait_for_answers(crowd_.answers() + 100));
  }

  void befall(mishap m) {
    auto& postgres = market_.postgres;
    switch (m) {
    case mishap::stopped: {
      postgres.stop(private_postgres::how::politely);
      const auto until = clock::now() + milliseconds(times(300, 30'000));
      see_sales_go_on();
      crowd_.end(); // what it buys in so long would only make the comparing long
      std::this_thread::sleep_until(until); // it is how long it is away
      crowd_.begin(market_.service);
      if (!waits_) BOOST_CHECK(crowd_.wait_for_answers(30));
      return postgres.start();
    }
    case mishap::killed:
      postgres.stop(private_postgres::how::at_once);
      see_sales_go_on();
      return postgres.start();
    case mishap::backend_killed: return kill_backends();
    case mishap::service_killed: return market_.service.restart();
    case mishap::both_killed:
      postgres.stop(private_postgres::how::at_once);
      market_.service.kill();
      if (waits_ || random().one_in(2)) {
        postgres.start();
        return market_.service.start();
      }
      market_.service.start(); // it sells at once
      return postgres.start();
    }
  }

  // Politely, so that the commit under way is ended one way or the other, or as the kernel does
  // when memory is short, so that it is left in doubt and all other backends go as well.
  void kill_backends() {
    for (int n = random().between(2, 6); n > 0; --n) {
      std::istringstream pids(
          market_.ask_postgres("SELECT pid FROM pg_stat_activity "
                               "WHERE application_name = 'boxoffice' AND pid <> pg_backend_pid() "
                               "ORDER BY state"));
      for (pid_t pid = 0; pids >> pid;) ::kill(pid, n == 1 ? SIGKILL : SIGTERM);
      const auto answers = crowd_.answers() + random().between(1, 40);
      if (!waits_) BOOST_CHECK(crowd_.wait_for_answers(answers));
    }
    BOOST_CHECK(eventually([&] { return market_.postgres.answers(); }));
  }

  void cut(cutting_proxy& between) {
    for (int n = random().between(2, 5); n > 0; --n) {
      const bool there = random().one_in(2);
      between.cut_after(random().between(0, there ? 20'000 : 2'000),
                        there ? cutting_proxy::towards::server : cutting_proxy::towards::client);
      BOOST_CHECK(between.wait_until_cut(patience));
      if (waits_) return; // the crowd is in doubt until it is told otherwise
    }
  }

  dice& random() { return market_.random; }

  const bool waits_;
  int mishaps_ = 0;
  market_with_postgres market_;
  sale crowd_{threads, customers_a_thread};
};

} // namespace

BOOST_AUTO_TEST_SUITE(mishaps)

BOOST_AUTO_TEST_CASE(where_answers_wait_for_the_embedded_store) { trial("local").run(); }

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(waiting_mishaps)

BOOST_AUTO_TEST_CASE(where_answers_wait_for_postgres) { trial("postgres").run(); }

BOOST_AUTO_TEST_SUITE_END()
