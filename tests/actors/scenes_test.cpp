// Scenes of a sale in which something goes wrong at a chosen moment, each in many orders of events.
#define BOOST_TEST_MODULE actors.scenes
#include "tests/actors/stage.hpp"

#include <boost/test/unit_test.hpp>

using namespace boxoffice;
using namespace boxoffice::test;
using namespace std::chrono_literals;
using domain::error_code;
using domain::seat_status;

namespace {

constexpr int orders = 40;

} // namespace

BOOST_AUTO_TEST_CASE(two_ask_for_crossing_seats_and_the_node_crashes_behind_the_first_hold) {
  under_seeds(orders, [](std::uint64_t seed) {
    stage s(seed);
    s.enter("user1");
    s.enter("user2");
    const auto first = s.asks("user1", s.booking("user1", "A_1,A_2"));
    const auto second = s.asks("user2", s.booking("user2", "A_2,A_3"));
    s.run_until([&] { return s.in_store("A_2") == seat_status::held; });
    s.crash();
    s.start();
    // One of them has A_2, told or not; who asks for it now is refused.
    BOOST_CHECK(s.in_store("A_2") == seat_status::held);
    BOOST_CHECK((s.in_store("A_1") == seat_status::held) !=
                (s.in_store("A_3") == seat_status::held));
    s.enter("user3");
    BOOST_CHECK(s.refusal(s.asks("user3", s.booking("user3", "A_2"))) ==
                error_code::seat_already_reserved);
    s.finish(); // the hold runs out by itself, also of a booking whose client never heard of it
    BOOST_CHECK(s.in_store("A_2") == seat_status::free);
  });
}

BOOST_AUTO_TEST_CASE(of_two_crossing_requests_one_wins) {
  under_seeds(orders, [](std::uint64_t seed) {
    stage s(seed);
    s.enter("user1");
    s.enter("user2");
    const auto first = s.asks("user1", s.booking("user1", "A_1,A_2"));
    const auto second = s.asks("user2", s.booking("user2", "A_2,A_1"));
    BOOST_CHECK(!s.refusal(first) != !s.refusal(second));
    s.finish();
  });
}

BOOST_AUTO_TEST_CASE(a_crash_at_any_step_of_a_payment_pays_once) {
  for (int steps = 0; steps < 60; ++steps) {
    BOOST_TEST_CONTEXT("crash after " << steps << " steps") {
      stage s(7);
      s.enter("user1");
      s.charge("user1", 250);
      s.book("user1", "A_1,A_2");
      const auto paid = s.asks("user1", s.payment("user1"));
      s.run_steps(steps);
      s.crash();
      s.start();
      s.run_for(1s);
      // Begun, it is finished by the node itself; not begun, it can be asked for again.
      if (s.in_store("A_1") == seat_status::held) s.pay("user1");
      BOOST_CHECK(s.in_store("A_1") == seat_status::sold);
      BOOST_TEST(s.balance_in_store("user1").minor == 5000);
      s.finish();
    }
  }
}

BOOST_AUTO_TEST_CASE(a_payment_at_the_last_moment_is_finished_or_refused) {
  under_seeds(orders, [](std::uint64_t seed) {
    stage s(seed);
    s.enter("user1");
    s.charge("user1", 100);
    s.book("user1", "A_1");
    s.run_for(4999ms - sim::moment(static_cast<int>(seed) * 50));
    s.trouble().store_takes_most = 20ms; // the hold runs out while the payment is under way
    const auto refusal = s.refusal(s.asks("user1", s.payment("user1")));
    BOOST_CHECK(!refusal || refusal == error_code::booking_expired);
    s.finish();
    BOOST_CHECK(s.in_store("A_1") == (refusal ? seat_status::free : seat_status::sold));
    BOOST_TEST(s.balance_in_store("user1").minor == (refusal ? 10000 : 0));
  });
}

BOOST_AUTO_TEST_CASE(a_hold_runs_out_while_the_node_is_down) {
  stage s(1);
  s.enter("user1");
  s.book("user1", "A_1");
  s.crash();
  s.run_for(6s);
  s.start();
  s.run_until([&] { return s.in_store("A_1") == seat_status::free; });
  BOOST_CHECK(s.refusal(s.asks("user1", s.payment("user1"))) == error_code::booking_expired);
  s.finish();
}

BOOST_AUTO_TEST_CASE(a_failed_commit_that_was_done_is_not_forgotten) {
  under_seeds(orders, [](std::uint64_t seed) {
    stage s(seed);
    s.enter("user1");
    s.trouble().fail_next_commit(sim::commit_fate::done_untold);
    BOOST_CHECK(s.refusal(s.asks("user1", s.booking("user1", "A_1"))) ==
                error_code::store_unavailable);
    s.run_until([&] { return s.site().node().ready(); });
    BOOST_CHECK(s.refusal(s.asks("user1", s.booking("user1", "A_1"))) ==
                error_code::seat_already_reserved);
    s.finish();
  });
}

// --- an entity fails in the midst of a letter

BOOST_AUTO_TEST_CASE(who_waits_behind_a_letter_over_which_an_entity_fails_hears) {
  under_seeds(orders, [](std::uint64_t seed) {
    stage s(seed);
    s.enter("user1");
    s.trouble().kill_next_entity();
    std::vector<stage::answer> answers;
    for (int n = 0; n < 10; ++n) answers.push_back(s.asks("user1", s.entry("user1")));
    for (const auto& a : answers) s.wait_for(a);
    s.finish();
  });
}

BOOST_AUTO_TEST_CASE(an_entity_fails_at_any_step_of_a_crowds_bookings) {
  for (int steps = 0; steps < 150; ++steps) {
    BOOST_TEST_CONTEXT("after " << steps << " steps") {
      stage s(3);
      s.enter("user1");
      s.enter("user2");
      std::vector<stage::answer> answers;
      for (const auto* user : {"user1", "user2", "user1", "user1", "user2"})
        answers.push_back(s.asks(user, s.booking(user, "A_1,A_2")));
      s.run_steps(steps);
      s.trouble().kill_next_entity();
      for (const auto& a : answers) s.wait_for(a);
      s.finish();
    }
  }
}

BOOST_AUTO_TEST_CASE(an_entity_fails_at_any_step_of_a_payment) {
  for (int steps = 0; steps < 60; ++steps) {
    BOOST_TEST_CONTEXT("after " << steps << " steps") {
      stage s(3);
      s.enter("user1");
      s.charge("user1", 100);
      s.book("user1", "A_1");
      const auto paid = s.asks("user1", s.payment("user1"));
      s.run_steps(steps);
      s.trouble().kill_next_entity();
      s.wait_for(paid);
      s.finish();
    }
  }
}

// --- rows that make no sense

BOOST_AUTO_TEST_CASE(a_hold_whose_row_could_not_be_read_for_a_while_still_runs_out) {
  for (int times = 1; times <= 3; ++times) {
    BOOST_TEST_CONTEXT("damaged " << times << " times") {
      stage s(1);
      s.enter("user1");
      s.book("user1", "A_1");
      s.crash();
      s.trouble().fail_next_read(sim::read_fate::done); // of the unfinished work
      s.trouble().fail_next_read(sim::read_fate::done); // of the queue
      s.trouble().fail_next_read(sim::read_fate::damaged);
      s.start();
      s.run_for(20ms);
      for (int n = 1; n < times; ++n) s.trouble().fail_next_read(sim::read_fate::damaged);
      if (times > 1) // the client meets the damage; the hold must not be forgotten over it
        BOOST_CHECK(s.refusal(s.asks("user1", s.payment("user1"))) ==
                    error_code::store_unavailable);
      s.run_for(7s);
      BOOST_CHECK(s.in_store("A_1") == seat_status::free);
      s.finish();
    }
  }
}

// --- tokens

BOOST_AUTO_TEST_CASE(a_token_of_another_concert_pays_for_nothing) {
  stage s(1);
  s.enter("user1");
  s.charge("user1", 100);
  s.book("user1", "A_1");
  auto payment = std::get<actors::pay_booking>(s.payment("user1"));
  const auto other = s.wait_for(s.asks("user1", s.entry("user1", 2)));
  payment.concert = {2};
  payment.claim.token = std::get<domain::token_view>(other).key;
  BOOST_CHECK(s.refusal(s.asks("user1", payment)) == error_code::queue_token_invalid);
  s.pay("user1");
  s.finish();
}
