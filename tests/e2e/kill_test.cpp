// A crowd buys, the server dies at any moment or is asked to end, and starts again on the same
// store: nothing that anybody was told is lost, and nothing is sold twice.
#include "tests/e2e/compare.hpp"

#include <boost/test/unit_test.hpp>

#include <csignal>

using namespace boxoffice::e2e;

namespace {

// Nothing runs out while the history grows.
const std::vector<std::string> endless{"--booking.hold_for",           "24h",
                                       "--booking.max_seats_per_user", "100000",
                                       "--queue.active_ttl",           "24h"};

struct market {
  explicit market(std::vector<std::string> flags = endless)
      : service(directory / "store", std::move(flags)) {
    BOOST_REQUIRE_EQUAL(service.terminate(), 0);
    build_halls(service.store());
    service.start();
  }
  void tell(const sale& crowd) const {
    const auto found = read_books(service.store());
    BOOST_TEST_MESSAGE(found.bookings.size()
                       << " bookings, " << crowd.answers() << " answers in the last round");
  }
  scratch_directory directory;
  server service;
  dice random{7};
};

constexpr int threads = 12, customers_a_thread = 4;
constexpr int fewest_answers = 20, most_answers = 500;

} // namespace

BOOST_AUTO_TEST_SUITE(kill_and_compare)

BOOST_AUTO_TEST_CASE(at_any_moment) {
  market m;
  sale crowd(threads, customers_a_thread);
  crowd.cancels = true;
  const int rounds = times(5, 100);
  for (int round = 0; round < rounds; ++round) {
    BOOST_TEST_CONTEXT("round " << round) {
      crowd.begin(m.service);
      BOOST_CHECK(crowd.wait_for_answers(m.random.between(fewest_answers, most_answers)));
      m.service.kill();
      crowd.end();
      crowd.take_lost();
      if (m.random.one_in(3)) m.service.kill_while_starting(milliseconds(m.random.between(0, 60)));
      m.service.start();
      check_history(crowd, m.service);
    }
  }
  m.tell(crowd);
}

BOOST_AUTO_TEST_CASE(while_holds_expire) {
  market m({"--booking.hold_for", "300ms", "--booking.max_seats_per_user", "100000",
            "--queue.active_ttl", "24h"});
  constexpr bool holds_expire = true;
  sale crowd(threads, customers_a_thread, holds_expire);
  crowd.cancels = true;
  const int rounds = times(3, 40);
  for (int round = 0; round < rounds; ++round) {
    BOOST_TEST_CONTEXT("round " << round) {
      crowd.begin(m.service);
      BOOST_CHECK(crowd.wait_for_answers(m.random.between(fewest_answers, most_answers)));
      m.service.kill();
      crowd.end();
      crowd.take_lost();
      m.service.start();
      check_history(crowd, m.service, holds_expire);
    }
  }
  // In the end each unpaid booking is gone, and its seats with it.
  BOOST_CHECK(eventually([&] {
    for (const auto& [id, b] : read_books(m.service.store()).bookings)
      if (b.status == "PENDING") return false;
    return true;
  }));
  check_history(crowd, m.service, holds_expire);
}

BOOST_AUTO_TEST_CASE(asked_to_end) {
  constexpr auto drain_for = 5s, grace = 2s;
  auto flags = endless;
  flags.insert(flags.end(), {"--http.drain_for", "5s"});
  market m(flags);
  sale crowd(threads, customers_a_thread);
  crowd.may_be_unavailable = true;
  const int rounds = times(5, 100);
  for (int round = 0; round < rounds; ++round) {
    BOOST_TEST_CONTEXT("round " << round) {
      crowd.begin(m.service);
      BOOST_CHECK(crowd.wait_for_answers(m.random.between(fewest_answers, most_answers)));
      const auto asked = clock::now();
      BOOST_CHECK_EQUAL(m.service.terminate(), 0);
      BOOST_CHECK(clock::now() - asked < drain_for + grace);
      crowd.end();
      for (const auto& lost : crowd.take_lost())
        BOOST_CHECK_MESSAGE(lost.sent_at >= asked,
                            "a request of before the order was not answered: " << lost.what);
      m.service.start();
      check_history(crowd, m.service);
    }
  }
  m.tell(crowd);
}

// Everybody gets their money back once, however often the server dies on the way.
BOOST_AUTO_TEST_CASE(while_an_option_is_cancelled) {
  auto flags = endless;
  flags.insert(flags.end(), {"--admin.token", "let-me-in"});
  const fields operators{{"Authorization", "Bearer let-me-in"}};
  const auto place = "/v1/options/" + std::to_string(hall_of_concert_1);
  const int rounds = times(2, 10);
  int deaths = 0;
  for (int round = 0; round < rounds; ++round) {
    BOOST_TEST_CONTEXT("round " << round) {
      market m(flags);
      sale crowd(threads, customers_a_thread);
      crowd.begin(m.service);
      BOOST_CHECK(crowd.wait_for_answers(times(1500, 5000)));
      crowd.end();
      check_history(crowd, m.service);

      const auto is_done = [&] {
        http_client http(m.service.port());
        const auto shown = well(http.get(place));
        return shown.contains("cancellation") &&
               !shown.at("cancellation").at("completedAt").is_null();
      };
      for (bool done = false; !done; ++deaths) {
        {
          http_client http(m.service.port());
          BOOST_CHECK_EQUAL(
              http.send_json("POST", place + "/cancel", json::object(), operators).status, 202);
        }
        const auto then = clock::now() + milliseconds(m.random.between(0, 40));
        BOOST_CHECK(eventually([&] { return clock::now() >= then; }));
        m.service.kill();
        m.service.start();
        done = is_done();
        if (deaths > 20 * rounds) done = eventually(is_done);
      }
      for (auto& c : crowd.customers())
        for (auto& [id, b] : c.bookings)
          if (b.option == hall_of_concert_1 && !b.cancelled) c.note_cancelled(b);
      check_history(crowd, m.service);
    }
  }
  BOOST_TEST_MESSAGE(deaths << " deaths");
}

BOOST_AUTO_TEST_CASE(while_the_store_is_made) {
  constexpr int users = 1003, seats = 600, longest = 80;
  dice random(8);
  const int rounds = times(10, 100);
  for (int round = 0; round < rounds; ++round) {
    BOOST_TEST_CONTEXT("round " << round) {
      scratch_directory directory;
      const auto store = directory / "store";
      {
        const process killed({{"serve", "--demo", "--http.port", "0", "--store.path", store}});
        const auto then = clock::now() + milliseconds(random.between(0, longest));
        BOOST_CHECK(eventually([&] { return clock::now() >= then; }));
      }
      server service(store); // all of the demo, once
      BOOST_CHECK_EQUAL(read_books(store).balances.size(), users);
      const auto audit = run({"audit", "--store.path", store});
      BOOST_CHECK_MESSAGE(audit.status == 0, audit.output);
      BOOST_CHECK_NE(audit.output.find("seats " + std::to_string(seats)), std::string::npos);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
