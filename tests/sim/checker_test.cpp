#define BOOST_TEST_MODULE sim.checker
#include <boost/test/unit_test.hpp>

#include "tests/sim/checker_bench.hpp"

using namespace boxoffice;
using namespace boxoffice::sim;
using namespace boxoffice::sim::test;

namespace {

// Ann holds A_1 and A_2 with booking 1, has charged enough, and payment 1 is under way.
void pay_for_two(bench& b) {
  b.admit_ann();
  b.charge_ann(points(500));
  b.hold_for_ann({1, 2});
  b.ask_payment(1);
  b.durable({b.paying(1, 1)});
}

} // namespace

// --- all is well

BOOST_AUTO_TEST_CASE(a_sale_from_end_to_end) {
  CHECK_HOLDS([](bench& b) {
    b.admit_ann();
    b.hold_for_ann({1, 2});
    b.ask_payment(1);
    b.durable({b.paying(1, 1)});
    b.durable({b.too_little(1, 1, points(200))});
    b.durable({b.unpaid(1, 1)});
    b.refuse(error_code::insufficient_balance);
    b.restart();

    b.charge_ann(points(500));
    b.ask_payment(1);
    b.durable({b.paying(1, 2)});
    b.later(100); // what began in time ends well
    b.durable({b.debited(1, 2, points(200), points(300))});
    b.restart();
    b.ask(actors::read_wallet{ann});
    b.answer(b.wallet(points(300)));
    b.durable({b.confirmed(1, 2, {1, 2})});
    b.durable({b.dead(1)});
    b.durable({booking_settled{{1}}});
    b.restart();
    b.later(1);
    b.finish();
    for (const char* name : {"booking: PAYING -> PENDING", "booking: PAYING -> CONFIRMED",
                             "seat: held -> sold", "token: PROCESSING -> EXPIRED by payment",
                             "refusal: INSUFFICIENT_BALANCE", "untold: a payment's end"})
      BOOST_TEST(b.reached.counts().count(name) == 1u, name);
  });
}

BOOST_AUTO_TEST_CASE(all_that_is_reached_by_name_is_expected) {
  coverage expected;
  checker::expect_all(expected);
  CHECK_HOLDS([&](bench& b) {
    pay_for_two(b);
    for (const auto& [name, times] : b.reached.counts())
      BOOST_TEST(expected.counts().count(name) == 1u, name);
  });
}

// --- ids, time and demand

BOOST_AUTO_TEST_CASE(ids_name_one_thing_for_ever) {
  CHECK_BREAKS(invariant::ids_name_one_thing, [](bench& b) {
    b.durable({user_created{{ann, "Ann", ""}, {3}, b.now}});
  });
  CHECK_BREAKS(invariant::ids_name_one_thing, [](bench& b) {
    b.admit_ann();
    b.hold_for_ann({1});
    b.later(70);
    b.durable({b.ran_out(1, {1})});
    b.ask_seats({2});
    b.durable({b.held(1, {2})});
  });
  CHECK_BREAKS(invariant::ids_name_one_thing, [](bench& b) {
    b.ask_charge(points(1));
    b.ask_charge(points(2));
    b.durable({b.charged(1, points(1), points(1)), b.charged(1, points(2), points(3))});
  });
}

BOOST_AUTO_TEST_CASE(time_never_goes_back) {
  CHECK_BREAKS(invariant::time_goes_on, [](bench& b) {
    b.charge_ann(points(1));
    b.later(-0.5);
    b.ask_charge(points(2));
    b.durable({b.charged(2, points(2), points(3))});
  });
}

BOOST_AUTO_TEST_CASE(nothing_happens_that_nobody_asked_for) {
  CHECK_HOLDS([](bench& b) {
    b.ask_charge(points(1));
    b.refuse(error_code::store_unavailable); // unknown: it may come yet
    b.durable({b.charged(1, points(1), points(1))});
  });
  CHECK_BREAKS(invariant::asked_for, [](bench& b) {
    b.charge_ann(points(1));
    b.later(2);
    b.durable({b.charged(2, points(1), points(2))});
  });
  CHECK_BREAKS(invariant::asked_for, [](bench& b) { b.durable({b.issued(1)}); });
  CHECK_BREAKS(invariant::asked_for, [](bench& b) {
    b.ask_charge(points(1));
    b.durable({b.charged(1, points(1), points(1))});
    b.refuse(error_code::balance_limit);
  });
}

// --- seats

BOOST_AUTO_TEST_CASE(a_seat_has_one_holder) {
  const auto again_after = [](double wait) {
    return [wait](bench& b) {
      b.admit_ann();
      b.hold_for_ann({1, 2});
      b.later(wait);
      if (wait >= 60) b.durable({b.ran_out(1, {1, 2})});
      b.ask_seats({2});
      b.durable({b.held(2, {2})});
    };
  };
  CHECK_HOLDS(again_after(60));
  CHECK_BREAKS(invariant::one_holder, again_after(1));
}

BOOST_AUTO_TEST_CASE(seats_are_sold_as_offered) {
  const auto with = [](auto change) {
    return [change](bench& b) {
      b.admit_ann();
      b.ask_seats({1, 2});
      auto e = b.held(1, {1, 2});
      change(e);
      b.durable({e});
    };
  };
  CHECK_HOLDS(with([](auto&) {}));
  CHECK_BREAKS(invariant::seats_as_offered, with([](auto& e) { e.total = points(100); }));
  CHECK_BREAKS(invariant::seats_as_offered, with([](auto& e) { e.seats[0].price = points(1); }));
  CHECK_BREAKS(invariant::seats_as_offered,
               with([](auto& e) { std::swap(e.seats[0], e.seats[1]); }));
  CHECK_BREAKS(invariant::known_things, with([](auto& e) { e.seats[1].seat = {5}; }));
  CHECK_BREAKS(invariant::asked_for, with([](auto& e) {
                 e.seats.pop_back();
                 e.total = points(100);
               }));
  CHECK_BREAKS(invariant::hold_time,
               with([](auto& e) { e.expires_at += std::chrono::seconds(1); }));
}

BOOST_AUTO_TEST_CASE(nobody_has_more_seats_than_the_limits) {
  const auto three_and = [](const std::vector<int>& more) {
    return [more](bench& b) {
      b.rules.booking.max_seats = 2;
      b.restart();
      b.admit_ann();
      b.hold_for_ann({1, 2});
      b.ask_seats(more);
      b.durable({b.held(2, more)});
    };
  };
  CHECK_HOLDS(three_and({3}));
  CHECK_BREAKS(invariant::seat_limits, three_and({3, 4}));
  CHECK_BREAKS(invariant::seat_limits, [](bench& b) {
    b.rules.booking.max_seats = 2;
    b.restart();
    b.admit_ann();
    b.hold_for_ann({1, 2, 3});
  });
}

BOOST_AUTO_TEST_CASE(only_who_is_admitted_books) {
  CHECK_BREAKS(invariant::admitted_book, [](bench& b) { b.hold_for_ann({1}); });
  CHECK_BREAKS(invariant::admitted_book, [](bench& b) { // another's
    b.admit_ann();
    b.ask_seats({1}, bob);
    b.durable({b.held(1, {1}, bob)});
  });
  CHECK_BREAKS(invariant::admitted_book, [](bench& b) { // waits
    b.rules.queue.active_limit = 0;
    b.restart();
    b.ask_place();
    b.durable({b.issued(1)});
    b.ask_seats({1});
    b.durable({b.held(1, {1})});
  });
  // Admitted when it was asked for; the end came before the seats were won.
  CHECK_HOLDS([](bench& b) {
    b.admit_ann();
    b.later(99);
    b.ask_seats({1});
    b.later(1);
    b.durable({b.dead(1)});
    b.durable({b.held(1, {1})});
  });
  CHECK_BREAKS(invariant::admitted_book, [](bench& b) {
    b.admit_ann();
    b.later(100);
    b.durable({b.dead(1)});
    b.ask_seats({1});
    b.durable({b.held(1, {1})});
  });
}

BOOST_AUTO_TEST_CASE(nothing_is_sold_outside_the_hours_of_sale) {
  const auto booked_at = [](double first, double then) {
    return [first, then](bench& b) {
      b.now = at(first);
      b.admit_ann();
      b.ask_seats({1});
      b.now = at(then);
      b.durable({b.held(1, {1})});
    };
  };
  CHECK_HOLDS(booked_at(999, 1000)); // asked for in time
  CHECK_BREAKS(invariant::sale_hours, booked_at(1000, 1000));
}

// --- the life of a booking

BOOST_AUTO_TEST_CASE(a_hold_lasts_its_time) {
  const auto ended_after = [](double wait) {
    return [wait](bench& b) {
      b.admit_ann();
      b.hold_for_ann({1});
      b.later(wait);
      b.durable({b.ran_out(1, {1})});
    };
  };
  const auto paid_after = [](double wait) {
    return [wait](bench& b) {
      b.admit_ann();
      b.hold_for_ann({1});
      b.later(wait);
      b.ask_payment(1);
      b.durable({b.paying(1, 1)});
    };
  };
  CHECK_HOLDS(ended_after(60));
  CHECK_BREAKS(invariant::hold_time, ended_after(59));
  CHECK_HOLDS(paid_after(59));
  CHECK_BREAKS(invariant::hold_time, paid_after(60));
}

BOOST_AUTO_TEST_CASE(a_booking_goes_from_step_to_step) {
  CHECK_BREAKS(invariant::booking_steps, [](bench& b) {
    pay_for_two(b);
    b.later(60);
    b.durable({b.ran_out(1, {1, 2})}); // while it is being paid
  });
  CHECK_BREAKS(invariant::booking_steps, [](bench& b) {
    pay_for_two(b);
    b.ask_payment(1);
    b.durable({b.paying(1, 2)});
  });
  CHECK_BREAKS(invariant::booking_steps, [](bench& b) {
    b.admit_ann();
    b.hold_for_ann({1, 2});
    b.later(60);
    b.durable({b.ran_out(1, {1})}); // not all of its seats
  });
}

BOOST_AUTO_TEST_CASE(a_payment_ends_as_the_wallet_decided) {
  const auto ends = [](bool debited, bool confirmed) {
    return [=](bench& b) {
      pay_for_two(b);
      if (debited) b.durable({b.debited(1, 1, points(200), points(300))});
      if (confirmed)
        b.durable({b.confirmed(1, 1, {1, 2})});
      else
        b.durable({b.unpaid(1, 1)});
    };
  };
  CHECK_HOLDS(ends(true, true));
  CHECK_BREAKS(invariant::wallet_decides, ends(false, true));
  CHECK_BREAKS(invariant::wallet_decides, ends(true, false));
  CHECK_BREAKS(invariant::wallet_decides, [](bench& b) { // there was enough
    pay_for_two(b);
    b.durable({b.too_little(1, 1, points(200))});
  });
}

BOOST_AUTO_TEST_CASE(a_booking_is_paid_once) {
  CHECK_BREAKS(invariant::paid_once, [](bench& b) {
    pay_for_two(b);
    b.durable({b.debited(1, 1, points(200), points(300))});
    b.durable({b.debited(1, 1, points(200), points(100))});
  });
  CHECK_BREAKS(invariant::paid_once, [](bench& b) { // a refusal stands
    b.admit_ann();
    b.hold_for_ann({1, 2});
    b.ask_payment(1);
    b.durable({b.paying(1, 1), b.too_little(1, 1, points(200))});
    b.charge_ann(points(500));
    b.durable({b.debited(1, 1, points(200), points(300))});
  });
}

BOOST_AUTO_TEST_CASE(a_payment_ends_its_tokens_before_it_is_settled) {
  CHECK_BREAKS(invariant::tokens_end, [](bench& b) {
    pay_for_two(b);
    b.durable({b.debited(1, 1, points(200), points(300)), b.confirmed(1, 1, {1, 2})});
    b.durable({booking_settled{{1}}});
  });
}

// --- money

BOOST_AUTO_TEST_CASE(money_is_conserved) {
  CHECK_BREAKS(invariant::money_conserved, [](bench& b) {
    b.ask_charge(points(5));
    b.durable({b.charged(1, points(5), points(6))});
  });
  CHECK_BREAKS(invariant::money_conserved, [](bench& b) {
    pay_for_two(b);
    b.durable({b.debited(1, 1, points(100), points(400))});
  });
}

BOOST_AUTO_TEST_CASE(charges_and_balances_keep_to_the_limits) {
  const auto two = [](money first, money second) {
    return [=](bench& b) {
      b.charge_ann(first);
      b.later(2);
      b.ask_charge(second);
      b.durable({b.charged(2, second, first + second)});
    };
  };
  CHECK_HOLDS(two(points(1000), points(500)));
  CHECK_BREAKS(invariant::charge_limits, two(points(1000), points(501)));
  CHECK_BREAKS(invariant::charge_limits, two(points(1001), points(1)));
}

BOOST_AUTO_TEST_CASE(a_double_submit_charges_once) {
  const auto again_after = [](double wait) {
    return [wait](bench& b) {
      b.charge_ann(points(5));
      b.restart();
      b.later(wait);
      b.ask_charge(points(5));
      b.durable({b.charged(2, points(5), points(10))});
    };
  };
  CHECK_HOLDS(again_after(1));
  CHECK_BREAKS(invariant::double_submit, again_after(0.999));
}
