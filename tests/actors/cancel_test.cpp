// Scenes in which what was booked ends before its time: given up, refunded, called off with its
// performance; and the node crashes at a chosen step of it.
#define BOOST_TEST_MODULE actors.cancel
#include "tests/actors/stage.hpp"

#include <boost/test/unit_test.hpp>

using namespace boxoffice;
using namespace boxoffice::test;
using namespace std::chrono_literals;
using domain::booking_status;
using domain::error_code;
using domain::seat_status;

namespace {

constexpr int orders = 25;

actors::command cancelling(domain::booking_id b) { return actors::cancel_booking{b, {}}; }

domain::booking buys(stage& s, const std::string& user, const std::string& seats) {
  s.enter(user);
  const auto made = s.book(user, seats).booking;
  const auto price = made.total.minor / 100 + 1;
  s.charge(user, price);
  s.pay(user);
  return made;
}

domain::booking ended(const actors::outcome& what) {
  const auto* b = std::get_if<domain::booking>(&what);
  BOOST_REQUIRE(b != nullptr);
  return *b;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_pending_booking_is_given_up_and_its_seats_are_anothers) {
  under_seeds(orders, [](std::uint64_t seed) {
    stage s(seed);
    s.enter("user1");
    s.enter("user2");
    const auto made = s.book("user1", "A_1,A_2").booking;
    const auto b = ended(s.wait_for(s.asks("user1", cancelling(made.id))));
    BOOST_CHECK(b.status == booking_status::cancelled);
    BOOST_CHECK(s.in_store("A_1") == seat_status::free);
    s.book("user2", "A_1");
    BOOST_CHECK(s.refusal(s.asks("user1", cancelling(made.id))) == error_code::booking_not_pending);
    BOOST_CHECK(s.refusal(s.asks("user1", s.payment("user1"))) == error_code::booking_not_pending);
    s.finish();
  });
}

BOOST_AUTO_TEST_CASE(a_booking_is_given_up_by_its_own_user_only_and_while_it_lasts) {
  stage s(3);
  s.enter("user1");
  const auto made = s.book("user1", "A_1").booking;
  const actors::cancel_booking by_another{made.id, domain::user_id{"user2"}};
  BOOST_CHECK(s.refusal(s.asks("user2", by_another)) == error_code::booking_not_found);
  BOOST_CHECK(s.refusal(s.asks("user1", cancelling({777}))) == error_code::booking_not_found);
  s.run_for(6s);
  BOOST_CHECK(s.refusal(s.asks("user1", cancelling(made.id))) == error_code::booking_expired);
  s.finish();
}

BOOST_AUTO_TEST_CASE(of_many_who_refund_at_once_one_does) {
  under_seeds(orders, [](std::uint64_t seed) {
    stage s(seed);
    const auto made = buys(s, "user1", "A_1,A_2");
    std::vector<stage::answer> answers;
    for (int i = 0; i < 10; ++i) answers.push_back(s.asks("user1", cancelling(made.id)));
    int done = 0;
    for (const auto& a : answers) {
      const auto refusal = s.refusal(a);
      BOOST_CHECK(!refusal || refusal == error_code::booking_not_pending);
      done += refusal ? 0 : 1;
    }
    BOOST_TEST(done == 1);
    BOOST_TEST(s.balance_in_store("user1").minor == 20100);
    BOOST_CHECK(s.in_store("A_1") == seat_status::free);
    s.finish();
  });
}

BOOST_AUTO_TEST_CASE(a_refund_that_meets_the_end_of_its_payment_waits_for_it) {
  under_seeds(orders, [](std::uint64_t seed) {
    stage s(seed);
    s.enter("user1");
    const auto made = s.book("user1", "A_1").booking;
    s.charge("user1", 100);
    const auto paid = s.asks("user1", s.payment("user1"));
    s.run_until([&] { return s.in_store("A_1") == seat_status::sold; });
    const auto back = s.asks("user1", cancelling(made.id));
    BOOST_CHECK(!s.refusal(paid));
    BOOST_CHECK(!s.refusal(back));
    BOOST_TEST(s.balance_in_store("user1").minor == 10000);
    s.finish();
  });
}

BOOST_AUTO_TEST_CASE(a_crash_at_any_step_of_a_refund_pays_back_once) {
  for (int steps = 0; steps < 60; ++steps) {
    BOOST_TEST_CONTEXT("crash after " << steps << " steps") {
      stage s(7);
      const auto made = buys(s, "user1", "A_1,A_2");
      const auto back = s.asks("user1", cancelling(made.id));
      s.run_steps(steps);
      s.crash();
      s.start();
      s.run_for(1s);
      // Begun, it is finished by the node itself; not begun, it can be asked for again.
      if (s.in_store("A_1") == seat_status::sold)
        ended(s.wait_for(s.asks("user1", cancelling(made.id))));
      BOOST_CHECK(s.in_store("A_1") == seat_status::free);
      BOOST_TEST(s.balance_in_store("user1").minor == 20100);
      s.finish();
    }
  }
}

// Once the performance has begun its buyer may go; what the house gives back then is still theirs.
BOOST_AUTO_TEST_CASE(who_is_gone_is_paid_back_all_the_same) {
  for (const bool crashes : {false, true})
    under_seeds(orders, [crashes](std::uint64_t seed) {
      stage s(seed);
      s.enter("user1");
      const auto made = s.book("user1", "A_1").booking;
      s.charge("user1", 100);
      s.pay("user1");
      s.crash();
      s.run_for(25h); // to behind its beginning
      s.start();
      BOOST_CHECK(!s.refusal(s.asks("user1", actors::erase_user{{"user1"}})));
      const auto back = s.asks("user2", actors::release_booking{made.id, "it rained"});
      if (crashes) {
        s.run_until([&] { return s.status_in_store(made.id) == booking_status::refunding; });
        s.crash();
        s.start();
      } else {
        BOOST_CHECK(ended(s.wait_for(back)).status == booking_status::cancelled);
      }
      s.finish();
      BOOST_CHECK(s.status_in_store(made.id) == booking_status::cancelled);
      BOOST_CHECK(s.balance_in_store("user1") == domain::points(100));
    });
}

BOOST_AUTO_TEST_CASE(a_refund_lifts_a_balance_past_the_limit) {
  stage s(5, [](actors::rules& r) { r.wallet.max_balance = domain::points(101); });
  const auto made = buys(s, "user1", "A_1");
  s.charge("user1", 100); // the wallet is full
  ended(s.wait_for(s.asks("user1", cancelling(made.id))));
  BOOST_TEST(s.balance_in_store("user1").minor == 20100);
  BOOST_CHECK(s.refusal(s.asks("user1", s.charging("user1", 1))) == error_code::balance_limit);
  s.finish();
}

BOOST_AUTO_TEST_CASE(what_is_given_back_counts_no_more_for_the_limit_of_a_user) {
  under_seeds(orders, [](std::uint64_t seed) {
    stage s(seed, [](actors::rules& r) { r.booking.max_seats_per_user = 2; });
    const auto made = buys(s, "user1", "A_1,A_2");
    s.enter("user1");
    BOOST_CHECK(s.refusal(s.asks("user1", s.booking("user1", "A_3"))) == error_code::seat_limit);
    ended(s.wait_for(s.asks("user1", cancelling(made.id))));
    s.book("user1", "A_3,A_4");
    s.finish();
  });
}

// --- a performance

namespace {

actors::command calling_off() { return actors::cancel_option{{1}, "the singer is ill"}; }

} // namespace

BOOST_AUTO_TEST_CASE(a_cancelled_performance_ends_all_its_bookings_and_sells_nothing) {
  under_seeds(orders, [](std::uint64_t seed) {
    stage s(seed);
    buys(s, "user1", "A_1,A_2");
    buys(s, "user2", "A_3");
    s.enter("user3");
    s.book("user3", "A_4");
    s.charge("user3", 100);
    s.enter("user4");
    const auto paid = s.asks("user3", s.payment("user3"));
    const auto booked = s.asks("user4", s.booking("user4", "A_5"));
    const auto cancelled = s.asks("user8", calling_off());
    const auto again = s.asks("user8", calling_off());
    BOOST_CHECK(!s.refusal(cancelled));
    BOOST_CHECK(!s.refusal(again));
    BOOST_CHECK(s.refusal(s.asks("user4", s.booking("user4", "A_6"))) == error_code::sale_closed);
    BOOST_CHECK(!s.refusal(s.asks("user8", calling_off())));
    s.run_until([&] {
      const auto o = s.site().node().catalogue()->option({1});
      return o->cancelled && o->cancelled->completed_at;
    });
    const auto progress = *s.site().node().catalogue()->option({1})->cancelled;
    BOOST_TEST(progress.remaining == 0);
    BOOST_TEST(progress.bookings >= 3);
    for (const char* seat : {"A_1", "A_2", "A_3", "A_4", "A_5"})
      BOOST_CHECK(s.in_store(seat) == seat_status::free);
    BOOST_TEST(s.balance_in_store("user1").minor == 20100);
    BOOST_TEST(s.balance_in_store("user2").minor == 10100);
    BOOST_TEST(s.balance_in_store("user3").minor == 10000);
    s.finish();
  });
}

BOOST_AUTO_TEST_CASE(a_crash_at_any_step_of_calling_off_is_made_good) {
  for (int steps = 0; steps < 90; steps += 2) {
    BOOST_TEST_CONTEXT("crash after " << steps << " steps") {
      stage s(11);
      buys(s, "user1", "A_1,A_2");
      buys(s, "user2", "A_3");
      s.enter("user3");
      s.book("user3", "A_4");
      const auto asked = s.asks("user8", calling_off());
      s.run_steps(steps);
      s.crash();
      s.start();
      if (!s.site().node().catalogue()->option({1})->cancelled)
        BOOST_CHECK(!s.refusal(s.asks("user8", calling_off())));
      s.run_until([&] {
        return s.site().node().catalogue()->option({1})->cancelled->completed_at.has_value();
      });
      BOOST_CHECK(s.in_store("A_1") == seat_status::free);
      BOOST_TEST(s.balance_in_store("user1").minor == 20100);
      BOOST_TEST(s.balance_in_store("user2").minor == 10100);
      s.finish();
    }
  }
}
