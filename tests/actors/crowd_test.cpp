// Many at once: one seat, crossing requests, entities that come and go under load.
#define BOOST_TEST_MODULE actors.crowd
#include "tests/actors/running_service.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <iostream>
#include <random>
#include <thread>

using namespace boxoffice;
using namespace boxoffice::test;
using namespace std::chrono_literals;
using domain::error_code;

namespace {

actors::service_options crowd_options() {
  actors::service_options o;
  o.rules.queue.active_limit = 1000;
  o.rules.queue.admit_per_second = 1000;
  o.rules.wallet.double_submit_window = {};
  o.idle_after = 20ms; // so that entities leave memory and come back all the time
  return o;
}

struct crowd {
  explicit crowd(actors::service_options o = crowd_options())
      : running(directory.path(), std::move(o)) {
    running.stock();
  }
  ~crowd() {
    running.service().stop(5s);
    check_books(directory.path());
  }

  std::vector<domain::token_key> enter(int users) {
    std::vector<domain::token_key> tokens;
    for (int u = 1; u <= users; ++u)
      tokens.push_back(running.enter("user" + std::to_string(u)).key);
    return tokens;
  }

  scratch_directory directory;
  running_service running;
};

unsigned seed() {
  const char* given = std::getenv("BOXOFFICE_SEED");
  const auto s =
      given ? static_cast<unsigned>(std::strtoul(given, nullptr, 10)) : std::random_device{}();
  std::cout << "BOXOFFICE_SEED=" << s << '\n';
  return s;
}

int rounds(int few, int full) { return std::getenv("BOXOFFICE_TEST_LONG") ? full : few; }

std::vector<actors::outcome> all(std::vector<std::future<actors::outcome>>& answers) {
  std::vector<actors::outcome> out;
  for (auto& a : answers) {
    BOOST_REQUIRE(a.wait_for(20s) == std::future_status::ready);
    out.push_back(a.get());
  }
  return out;
}

long count(const std::vector<actors::outcome>& answers, std::optional<error_code> code) {
  return std::count_if(answers.begin(), answers.end(),
                       [&](const auto& a) { return code_of(a) == code; });
}

} // namespace

BOOST_AUTO_TEST_CASE(one_seat_one_winner) {
  crowd c;
  const auto tokens = c.enter(10);
  for (int seat = 1; seat <= rounds(20, 50); ++seat) {
    std::vector<std::future<actors::outcome>> asked;
    for (int u = 0; u < 10; ++u)
      asked.push_back(c.running.ask(booking_of("user" + std::to_string(u + 1),
                                               tokens[static_cast<std::size_t>(u)],
                                               "A_" + std::to_string(seat))));
    const auto answers = all(asked);
    // A winner of many seats may meet the limit of seats instead.
    BOOST_TEST(count(answers, std::nullopt) == 1);
    BOOST_TEST(count(answers, error_code::seat_already_reserved) +
                   count(answers, error_code::seat_limit) ==
               9);
  }
}

BOOST_AUTO_TEST_CASE(crossing_requests_never_all_lose) {
  std::mt19937 dice(seed());
  crowd c;
  const auto tokens = c.enter(40);
  const std::vector<std::string> orders = {"A_1,A_2,A_3", "A_3,A_2,A_1", "A_2,A_3", "A_3,A_1"};
  for (int option = 1; option <= 3; ++option)
    for (int base = 0; base < rounds(8, 16); ++base) {
      // Three seats no one has touched, wanted in several orders at once.
      std::vector<std::future<actors::outcome>> asked;
      for (std::size_t u = 0; u < 8; ++u) {
        const auto first = base * 3;
        auto names = domain::parse_seat_names(orders[dice() % orders.size()], 10, "");
        auto seats = std::get<0>(names);
        for (auto& s : seats) s.number += first;
        const auto who = dice() % tokens.size();
        actors::create_booking b{
            {option}, user("user" + std::to_string(who + 1)), tokens[who], seats, {}};
        asked.push_back(c.running.ask(b));
      }
      const auto answers = all(asked);
      const auto won = count(answers, std::nullopt);
      const auto limited = count(answers, error_code::seat_limit);
      BOOST_TEST((won == 1 || won == 2 || limited > 0));
      BOOST_TEST(won + limited + count(answers, error_code::seat_already_reserved) == 8);
    }
}

BOOST_AUTO_TEST_CASE(ten_payments_of_one_booking_debit_once) {
  crowd c;
  const auto tokens = c.enter(20);
  for (std::size_t u = 0; u < 20; ++u) {
    const auto who = "user" + std::to_string(u + 1);
    c.running.charge(who, 1000);
    const auto held = c.running.book(who, tokens[u], "B_" + std::to_string(u + 1));
    std::vector<std::future<actors::outcome>> asked;
    for (int i = 0; i < 10; ++i) asked.push_back(c.running.ask(payment_of(held, tokens[u])));
    const auto answers = all(asked);
    BOOST_TEST(count(answers, std::nullopt) == 1);
    BOOST_TEST(count(answers, error_code::booking_not_pending) == 9);
    BOOST_TEST(c.running.balance(who).minor == 90000);
  }
}

BOOST_AUTO_TEST_CASE(wallets_that_come_and_go_lose_nothing) {
  crowd c;
  const int charges = rounds(300, 3000);
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&, t] {
      for (int i = 0; i < charges; ++i) {
        const auto who = "user" + std::to_string(1 + (i * 7 + t) % 10);
        c.running.ask(actors::charge_wallet{user(who), domain::points(1)}).wait();
        // Now and then all rest long enough to leave memory.
        if (i % 50 == 0) std::this_thread::sleep_for(60ms);
      }
    });
  for (auto& t : threads) t.join();
  std::int64_t sum = 0;
  for (int u = 1; u <= 10; ++u) sum += c.running.balance("user" + std::to_string(u)).minor;
  BOOST_TEST(sum == 4 * charges * 100);
}

BOOST_AUTO_TEST_CASE(what_is_over_leaves_memory) {
  crowd c;
  const auto tokens = c.enter(50);
  for (std::size_t u = 0; u < 50; ++u) {
    const auto who = "user" + std::to_string(u + 1);
    c.running.charge(who, 100);
    const auto held = c.running.book(who, tokens[u], "A_" + std::to_string(u + 1));
    BOOST_CHECK(!code_of(c.running.tell(payment_of(held, tokens[u]))));
  }
  const auto deadline = std::chrono::steady_clock::now() + 10s;
  while (c.running.service().living() > 0) {
    BOOST_REQUIRE(std::chrono::steady_clock::now() < deadline);
    std::this_thread::sleep_for(5ms);
  }
  // And they come back when they are asked for.
  BOOST_TEST(c.running.balance("user1").minor == 0);
  BOOST_CHECK(code_of(c.running.tell(booking_of("user1", c.running.enter("user1").key, "A_2"))) ==
              error_code::seat_already_reserved);
}
