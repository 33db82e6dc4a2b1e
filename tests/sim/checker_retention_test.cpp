// What the checker says of what is forgotten.
#include <boost/test/unit_test.hpp>

#include "tests/sim/checker_bench.hpp"

using namespace boxoffice;
using namespace boxoffice::sim;
using namespace boxoffice::sim::test;
using namespace std::chrono_literals;

namespace {

// Ann's token 1 and Bob's 2, which came last, have just died; the hold of Ann's booking 1 ended 40
// seconds ago. Tokens are kept for 30 seconds, bookings for 40.
void let_all_pass(bench& b) {
  b.rules.retention = {30s, 40s};
  b.restart();
  b.admit_ann();
  b.ask_place(bob);
  b.durable({b.issued(2, bob), b.admitted(2, bob)});
  b.answer(b.place(2, 0, b.now, b.now + b.rules.queue.active_ttl, bob));
  b.hold_for_ann({1});
  b.later(60);
  b.durable({b.ran_out(1, {1})});
  b.later(40);
  b.durable({b.dead(1), b.dead(2, bob)});
}

void forget_token(bench& b, std::int64_t row) {
  b.durable({tokens_forgotten{concert_1, {key(row)}, b.now}});
}
void forget_booking(bench& b, std::int64_t id) {
  b.durable({bookings_forgotten{option_1, {{id}}, b.now}});
}

actors::request_id read_list(bench& b) {
  return b.ask(actors::query(actors::list_user_bookings{ann, {}}));
}

} // namespace

BOOST_AUTO_TEST_SUITE(retention)

BOOST_AUTO_TEST_CASE(what_is_over_is_forgotten_in_its_time) {
  CHECK_HOLDS([](bench& b) {
    let_all_pass(b);
    forget_booking(b, 1);
    b.restart();
    b.ask(actors::pay_pending{option_1, ann, points(100)});
    b.refuse(error_code::booking_not_found);
    b.ask(actors::cancel_booking{{1}, ann});
    b.refuse(error_code::booking_not_found);
    read_list(b);
    b.answer(page<booking>{});
    b.later(30);
    forget_token(b, 1);
    b.restart();
    b.ask(actors::read_token{key(1), ann, {}});
    b.refuse(error_code::queue_token_not_found);
    b.finish();
  });
}

BOOST_AUTO_TEST_CASE(nothing_is_forgotten_early) {
  CHECK_BREAKS(invariant::kept_its_time, [](bench& b) {
    let_all_pass(b);
    b.later(29.9);
    forget_token(b, 1);
  });
  CHECK_BREAKS(invariant::kept_its_time, [](bench& b) {
    let_all_pass(b);
    b.durable({bookings_forgotten{option_1, {{1}}, b.now - 1ms}});
  });
}

BOOST_AUTO_TEST_CASE(what_lives_is_not_forgotten) {
  CHECK_BREAKS(invariant::kept_while_needed, [](bench& b) {
    b.admit_ann();
    forget_token(b, 1);
  });
  CHECK_BREAKS(invariant::kept_while_needed, [](bench& b) {
    b.admit_ann();
    b.hold_for_ann({1});
    forget_booking(b, 1);
  });
}

BOOST_AUTO_TEST_CASE(the_last_to_arrive_is_not_forgotten) {
  CHECK_BREAKS(invariant::kept_while_needed, [](bench& b) {
    let_all_pass(b);
    b.later(1000);
    forget_token(b, 2);
  });
}

BOOST_AUTO_TEST_CASE(a_token_is_not_forgotten_that_a_live_booking_names) {
  const auto held_for_long = [](bench& b) {
    b.rules.booking.hold_for = 1000s;
    b.rules.retention = {30s, 40s};
    b.restart();
    b.admit_ann();
    b.ask_place(bob);
    b.durable({b.issued(2, bob), b.admitted(2, bob)});
    b.answer(b.place(2, 0, b.now, b.now + b.rules.queue.active_ttl, bob));
  };
  CHECK_BREAKS(invariant::kept_while_needed, [&](bench& b) {
    held_for_long(b);
    b.hold_for_ann({1});
    b.later(100);
    b.durable({b.dead(1)});
    b.later(50);
    forget_token(b, 1);
  });
  // Who decides looks first: what is made durable meanwhile may name what goes.
  CHECK_HOLDS([&](bench& b) {
    held_for_long(b);
    b.ask_seats({1});
    const auto made = b.held(1, {1});
    b.later(100);
    b.durable({b.dead(1)});
    b.later(50);
    b.durable({made});
    forget_token(b, 1);
  });
}

BOOST_AUTO_TEST_CASE(what_was_paid_is_not_forgotten) {
  CHECK_BREAKS(invariant::kept_while_needed, [](bench& b) {
    b.admit_ann();
    b.charge_ann(points(100));
    b.hold_for_ann({1});
    b.ask_payment(1);
    b.durable({b.paying(1, 1), b.debited(1, 1, points(100), {}), b.confirmed(1, 1, {1}), b.dead(1),
               booking_settled{{1}}});
    b.ask(actors::cancel_booking{{1}, ann});
    b.durable({refund_started{{1}, {1}, b.now},
               wallet_refunded{ann, {50}, {1}, {1}, points(100), points(100), b.now},
               booking_cancelled{{1}, option_1, {{1}}, b.now}});
    b.later(1'000'000);
    forget_booking(b, 1);
  });
}

BOOST_AUTO_TEST_CASE(only_what_is_known_is_forgotten_and_once) {
  CHECK_BREAKS(invariant::known_things, [](bench& b) { forget_token(b, 1); });
  CHECK_BREAKS(invariant::known_things, [](bench& b) { forget_booking(b, 1); });
  CHECK_BREAKS(invariant::known_things, [](bench& b) {
    let_all_pass(b);
    forget_booking(b, 1);
    forget_booking(b, 1);
  });
  CHECK_BREAKS(invariant::known_things, [](bench& b) {
    let_all_pass(b);
    b.later(30);
    forget_token(b, 1);
    forget_token(b, 1);
  });
}

BOOST_AUTO_TEST_CASE(nobody_is_told_of_what_was_forgotten) {
  CHECK_BREAKS(invariant::true_answer, [](bench& b) {
    let_all_pass(b);
    b.later(30);
    forget_token(b, 1);
    b.ask(actors::read_token{key(1), ann, {}});
    auto dead = b.place(1, 0, at(1), b.now);
    dead.status = token_status::expired;
    b.answer(dead);
  });
  CHECK_BREAKS(invariant::true_answer, [](bench& b) {
    let_all_pass(b);
    forget_booking(b, 1);
    read_list(b);
    auto made = b.held(1, {1});
    made.at = at(1);
    made.expires_at = at(61);
    auto shown = created(made);
    shown.status = booking_status::expired;
    b.answer(page<booking>{{shown}, {}});
  });
}

BOOST_AUTO_TEST_CASE(what_is_not_forgotten_is_told_of) {
  CHECK_BREAKS(invariant::true_refusal, [](bench& b) {
    let_all_pass(b);
    b.ask(actors::pay_pending{option_1, ann, points(100)});
    b.refuse(error_code::booking_not_found);
  });
  CHECK_BREAKS(invariant::pages_are_whole, [](bench& b) {
    let_all_pass(b);
    read_list(b);
    b.answer(page<booking>{});
  });
}

BOOST_AUTO_TEST_CASE(the_store_forgets_as_the_books_do) {
  CHECK_BREAKS(invariant::store_agrees, [](bench& b) {
    let_all_pass(b);
    forget_booking(b, 1);
    b.restart(1);
  });
}

BOOST_AUTO_TEST_CASE(while_all_is_calm_nothing_is_kept_for_ever) {
  CHECK_BREAKS(invariant::past_goes, [](bench& b) {
    let_all_pass(b);
    forget_booking(b, 1);
    b.judge.calm(b.now, 1s);
    b.later(30 + 7.5 + 1.1); // it is looked for four times in the shorter of both times
    b.finish();
  });
  CHECK_BREAKS(invariant::past_goes, [](bench& b) {
    let_all_pass(b);
    b.judge.calm(b.now, 1s);
    b.later(30);
    forget_token(b, 1);
    b.finish();
  });
  CHECK_HOLDS([](bench& b) {
    let_all_pass(b);
    b.later(1000);
    b.finish(); // it was not calm
  });
}

BOOST_AUTO_TEST_SUITE_END()
