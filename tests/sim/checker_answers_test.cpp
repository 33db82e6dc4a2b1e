// The checker on answers and refusals.
#include <boost/test/unit_test.hpp>

#include "tests/sim/checker_bench.hpp"

using namespace boxoffice;
using namespace boxoffice::sim;
using namespace boxoffice::sim::test;

// --- every answer

BOOST_AUTO_TEST_CASE(one_answer_a_request) {
  CHECK_BREAKS(invariant::one_answer, [](bench& b) {
    b.ask(actors::read_wallet{ann});
    b.answer(b.wallet({}));
    b.answer(b.wallet({}));
  });
  CHECK_BREAKS(invariant::one_answer, [](bench& b) { b.answer(77, b.wallet({})); });
  CHECK_BREAKS(invariant::one_answer, [](bench& b) { // of a node that is gone
    b.ask(actors::read_wallet{ann});
    b.restart();
    b.answer(b.wallet({}));
  });
}

BOOST_AUTO_TEST_CASE(an_answer_fits_its_question) {
  CHECK_BREAKS(invariant::fitting_answer, [](bench& b) {
    b.ask_place();
    b.answer(b.wallet({}));
  });
  CHECK_BREAKS(invariant::fitting_answer, [](bench& b) {
    b.ask(actors::read_wallet{ann});
    b.refuse(error_code::seat_limit);
  });
  CHECK_BREAKS(invariant::fitting_answer, [](bench& b) {
    b.ask_charge(points(1));
    b.refuse(error_code::internal_error);
  });
}

BOOST_AUTO_TEST_CASE(a_balance_was_so_since_it_was_asked_for) {
  const auto reads = [](money seen, bool before_charge) {
    return [=](bench& b) {
      b.ask_charge(points(5));
      const auto early = b.ask(actors::read_wallet{ann});
      b.durable({b.charged(1, points(5), points(5))});
      b.answer(1, b.charged_view(1, points(5), points(5), b.now));
      const auto late = b.ask(actors::read_wallet{ann});
      b.answer(before_charge ? early : late, b.wallet(seen));
    };
  };
  CHECK_HOLDS(reads({}, true));
  CHECK_HOLDS(reads(points(5), true));
  CHECK_HOLDS(reads(points(5), false));
  CHECK_BREAKS(invariant::true_answer, reads({}, false)); // a told charge is lost
  CHECK_BREAKS(invariant::true_answer, reads(points(10), true));
  CHECK_HOLDS([](bench& b) { // of the first of two changes of one group
    b.ask_charge(points(1));
    b.ask_charge(points(2));
    b.ask(actors::read_wallet{ann});
    b.durable({b.charged(1, points(1), points(1)), b.charged(2, points(2), points(3))});
    b.answer(b.wallet(points(1)));
  });
}

BOOST_AUTO_TEST_CASE(a_charge_is_told_once_and_only_when_durable) {
  CHECK_BREAKS(invariant::durable_first, [](bench& b) {
    b.ask_charge(points(5));
    b.answer(b.charged_view(1, points(5), points(5), b.now));
  });
  CHECK_BREAKS(invariant::durable_first, [](bench& b) { // one entry, two successes
    b.ask_charge(points(5));
    b.ask_charge(points(5));
    b.durable({b.charged(1, points(5), points(5))});
    b.answer(1, b.charged_view(1, points(5), points(5), b.now));
    b.answer(2, b.charged_view(1, points(5), points(5), b.now));
  });
}

// --- queues

namespace {

// Ann waits first and Bob second; then Ann asks again.
void ask_in_line(bench& b) {
  b.rules.queue.active_limit = 0;
  b.restart();
  b.ask_place(bob);
  b.durable({b.issued(1, bob)});
  b.ask_place();
  b.durable({b.issued(2)});
}

} // namespace

BOOST_AUTO_TEST_CASE(a_token_keeps_its_place) {
  const auto told = [](std::size_t position, bool bob_leaves) {
    return [=](bench& b) {
      ask_in_line(b);
      const auto issued_at = b.now;
      b.later(49);
      b.ask_place();
      if (bob_leaves) {
        b.later(1);
        b.durable({b.dead(1, bob)});
      }
      b.answer(b.place(2, position, issued_at, b.now + b.rules.queue.abandon_after));
    };
  };
  CHECK_HOLDS(told(2, false));
  CHECK_HOLDS(told(2, true));
  CHECK_HOLDS(told(1, true));
  CHECK_BREAKS(invariant::place_kept, told(1, false));
  CHECK_BREAKS(invariant::place_kept, told(3, true));
}

BOOST_AUTO_TEST_CASE(what_is_told_of_a_token_is_so) {
  const auto told = [](std::function<void(token_view&)> change) {
    return [=](bench& b) {
      b.ask_place();
      b.durable({b.issued(1), b.admitted(1)});
      auto view = b.place(1, 0, b.now, b.now + b.rules.queue.active_ttl);
      change(view);
      b.answer(view);
    };
  };
  CHECK_HOLDS(told([](auto&) {}));
  CHECK_BREAKS(invariant::durable_first, told([](auto& v) { v.key = key(9); }));
  CHECK_BREAKS(invariant::true_answer, told([](auto& v) { v.user = bob; }));
  CHECK_BREAKS(invariant::true_answer, told([](auto& v) { v.issued_at = at(0); }));
  CHECK_BREAKS(invariant::token_life, told([](auto& v) { v.expires_at = at(0); }));
  CHECK_BREAKS(invariant::durable_first, [](bench& b) { // admitted ahead of what is durable
    b.rules.queue.active_limit = 0;
    b.restart();
    b.ask_place();
    b.durable({b.issued(1)});
    b.answer(b.place(1, 0, b.now, b.now + b.rules.queue.active_ttl));
  });
  CHECK_BREAKS(invariant::true_answer, [](bench& b) { // over before it asked
    b.admit_ann();
    const auto came = b.now;
    b.later(100);
    b.durable({b.dead(1)});
    b.ask_place();
    b.answer(b.place(1, 0, came, b.now));
  });
}

// --- bookings

BOOST_AUTO_TEST_CASE(a_booking_is_told_once_and_only_when_durable) {
  CHECK_BREAKS(invariant::durable_first, [](bench& b) {
    b.admit_ann();
    b.ask_seats({1});
    b.answer(b.view(b.held(1, {1}), {}));
  });
  CHECK_BREAKS(invariant::told_once, [](bench& b) {
    b.admit_ann();
    b.ask_seats({1});
    b.ask_seats({1});
    const auto e = b.held(1, {1});
    b.durable({e});
    b.answer(2, b.view(e, {}));
    b.answer(3, b.view(e, {}));
  });
  CHECK_BREAKS(invariant::true_answer, [](bench& b) { // another's seats
    b.admit_ann();
    b.ask_seats({1});
    b.ask_seats({2});
    const auto e = b.held(1, {1});
    b.durable({e});
    b.answer(b.view(e, {}));
  });
}

BOOST_AUTO_TEST_CASE(seats_that_are_refused_were_taken) {
  const auto refused = [](const std::string& detail) {
    return [=](bench& b) {
      b.admit_ann();
      b.hold_for_ann({2});
      b.ask_seats({1, 2});
      b.refuse(error_code::seat_already_reserved, detail);
    };
  };
  CHECK_HOLDS(refused("Already reserved: A_2."));
  CHECK_BREAKS(invariant::true_refusal, refused("Already reserved: A_1,A_2."));
  CHECK_BREAKS(invariant::true_refusal, refused("Already reserved: A_1."));
  CHECK_BREAKS(invariant::true_refusal, refused("Already reserved: A_2,A_3."));
  CHECK_BREAKS(invariant::true_refusal, refused("Already reserved: ."));
  CHECK_HOLDS([](bench& b) { // freed meanwhile
    b.admit_ann();
    b.hold_for_ann({2});
    b.ask_seats({1, 2});
    b.later(60);
    b.durable({b.ran_out(1, {2})});
    b.refuse(error_code::seat_already_reserved, "Already reserved: A_2.");
  });
  CHECK_BREAKS(invariant::true_refusal, [](bench& b) { // freed before
    b.admit_ann();
    b.hold_for_ann({2});
    b.later(60);
    b.durable({b.ran_out(1, {2})});
    b.ask_seats({1, 2});
    b.refuse(error_code::seat_already_reserved, "Already reserved: A_2.");
  });
}

BOOST_AUTO_TEST_CASE(refused_bookings_could_not_be_made) {
  const auto refused = [](std::vector<int> seats, error_code code, double when = 1) {
    return [=](bench& b) {
      b.now = at(when);
      b.admit_ann();
      b.hold_for_ann({1, 2});
      b.ask_seats(seats);
      b.refuse(code);
    };
  };
  CHECK_HOLDS(refused({3, 4}, error_code::seat_limit));
  CHECK_BREAKS(invariant::true_refusal, refused({3}, error_code::seat_limit));
  CHECK_HOLDS(refused({9}, error_code::seat_not_found));
  CHECK_BREAKS(invariant::true_refusal, refused({3}, error_code::seat_not_found));
  CHECK_HOLDS(refused({}, error_code::invalid_request));
  CHECK_HOLDS(refused({3, 3}, error_code::invalid_request));
  CHECK_HOLDS(refused({1, 2, 3, 4}, error_code::invalid_request));
  CHECK_BREAKS(invariant::true_refusal, refused({3}, error_code::invalid_request));
  CHECK_BREAKS(invariant::true_refusal, refused({3}, error_code::sale_closed, 998));
  CHECK_BREAKS(invariant::true_refusal, refused({3}, error_code::sale_not_open));
  CHECK_BREAKS(invariant::true_refusal, refused({3}, error_code::user_not_found));
  CHECK_BREAKS(invariant::true_refusal, refused({3}, error_code::concert_option_not_found));
  CHECK_BREAKS(invariant::true_refusal, refused({3}, error_code::queue_token_waiting));
  CHECK_BREAKS(invariant::true_refusal, refused({3}, error_code::queue_token_invalid));
  CHECK_HOLDS([](bench& b) {
    b.admit_ann();
    b.ask_seats({1}, bob);
    b.refuse(error_code::queue_token_invalid);
    b.later(100);
    b.ask_seats({1});
    b.durable({b.dead(1)});
    b.refuse(error_code::queue_token_invalid);
  });
  CHECK_BREAKS(invariant::token_first, [](bench& b) {
    b.ask_seats({1});
    b.refuse(error_code::seat_limit);
  });
}

// --- money

BOOST_AUTO_TEST_CASE(refused_charges_could_not_be_made) {
  const auto refused = [](money amount, error_code code, double wait = 0) {
    return [=](bench& b) {
      b.charge_ann(points(700));
      b.later(wait);
      b.ask_charge(amount);
      b.refuse(code);
    };
  };
  CHECK_HOLDS(refused(points(801), error_code::balance_limit));
  CHECK_BREAKS(invariant::true_refusal, refused(points(800), error_code::balance_limit));
  CHECK_HOLDS(refused({0}, error_code::invalid_request));
  CHECK_HOLDS(refused(points(1001), error_code::invalid_request));
  CHECK_BREAKS(invariant::true_refusal, refused(points(1000), error_code::invalid_request));
  CHECK_HOLDS(refused(points(700), error_code::duplicate_request, 0.9));
  CHECK_BREAKS(invariant::true_refusal, refused(points(700), error_code::duplicate_request, 1));
  CHECK_BREAKS(invariant::true_refusal, refused(points(701), error_code::duplicate_request));
  CHECK_BREAKS(invariant::true_refusal, refused(points(1), error_code::user_not_found));
}

// --- payments

namespace {

// Ann's booking 1 of two seats; what follows happens after she asked to pay it by the queue.
story payment_of(money balance, const story& then) {
  return [=](bench& b) {
    b.admit_ann();
    b.charge_ann(balance);
    b.hold_for_ann({1, 2});
    b.ask_payment(1);
    then(b);
  };
}

void refuse_payment(bench& b) {
  b.durable({b.paying(1, 1)});
  b.durable({b.too_little(1, 1, points(200))});
}

} // namespace

BOOST_AUTO_TEST_CASE(a_payment_is_told_when_all_of_it_is_durable) {
  const auto paid = [](std::size_t steps, std::size_t answers) {
    return payment_of(points(500), [=](bench& b) {
      const auto e = b.held(1, {1, 2});
      const events all[] = {{b.paying(1, 1)},
                            {b.debited(1, 1, points(200), points(300))},
                            {b.confirmed(1, 1, {1, 2})},
                            {b.dead(1)}};
      b.ask_payment(1);
      for (std::size_t i = 0; i < steps; ++i) b.durable(all[i]);
      for (std::size_t i = 0; i < answers; ++i) b.answer(3 + i + 1, b.paid_view(e, 1, points(300)));
    });
  };
  CHECK_HOLDS(paid(4, 1));
  for (const std::size_t steps : {0, 1, 2, 3})
    CHECK_BREAKS(invariant::durable_first, paid(steps, 1));
  CHECK_BREAKS(invariant::told_once, paid(4, 2));
}

BOOST_AUTO_TEST_CASE(a_402_leaves_when_the_return_is_durable) {
  CHECK_BREAKS(invariant::durable_first, payment_of(points(1), [](bench& b) {
                 refuse_payment(b);
                 b.refuse(error_code::insufficient_balance);
               }));
  CHECK_BREAKS(invariant::durable_first, payment_of(points(1), [](bench& b) {
                 b.ask_payment(1); // one refused payment explains one answer
                 refuse_payment(b);
                 b.durable({b.unpaid(1, 1)});
                 b.answer(4, reject(error_code::insufficient_balance, ""));
                 b.answer(5, reject(error_code::insufficient_balance, ""));
               }));
}

BOOST_AUTO_TEST_CASE(refused_payments_could_not_be_made) {
  const auto refused = [](
                           error_code code, const story& before = [](bench&) {}) {
    return payment_of(points(1), [=](bench& b) {
      before(b);
      b.refuse(code);
    });
  };
  const auto ends = [](bench& b) {
    b.later(60);
    b.durable({b.ran_out(1, {1, 2})});
  };
  CHECK_HOLDS(refused(error_code::booking_expired, ends));
  CHECK_BREAKS(invariant::durable_first,
               refused(error_code::booking_expired, [](bench& b) { b.later(60); }));
  CHECK_HOLDS(refused(error_code::booking_expired, [](bench& b) { // ran out while it was paid for
    refuse_payment(b);
    b.later(60);
    b.durable({b.unpaid(1, 1), b.ran_out(1, {1, 2})});
  }));
  CHECK_HOLDS(refused(error_code::booking_not_pending, [](bench& b) {
    b.durable({b.paying(1, 1)});
    b.ask_payment(1);
  }));
  CHECK_BREAKS(invariant::true_refusal, refused(error_code::booking_not_pending));
  CHECK_BREAKS(invariant::true_refusal, refused(error_code::booking_not_found));
  CHECK_HOLDS(refused(error_code::booking_not_found, [](bench& b) { b.ask_payment(2); }));
  CHECK_BREAKS(invariant::true_refusal, refused(error_code::invalid_request));
  CHECK_BREAKS(invariant::true_refusal, refused(error_code::queue_token_invalid));
  CHECK_HOLDS(refused(error_code::queue_token_invalid, [](bench& b) { b.ask_payment(1, bob); }));
  CHECK_BREAKS(invariant::token_first,
               refused(error_code::booking_not_found, [](bench& b) { b.ask_payment(1, bob); }));
}

BOOST_AUTO_TEST_CASE(the_desk_refuses_what_it_cannot_take) {
  const auto refused = [](money amount, error_code code, const std::string& detail = "") {
    return [=](bench& b) {
      b.admit_ann();
      for (const int seat : {1, 2}) {
        b.ask_seats({seat});
        b.durable({b.held(seat, {seat})});
      }
      b.ask_desk_payment(amount);
      b.refuse(code, detail);
    };
  };
  const std::string several = "Several bookings are pending, so none was paid: ";
  CHECK_HOLDS(refused(points(100), error_code::booking_not_pending, several + "1, 2."));
  CHECK_BREAKS(invariant::true_refusal,
               refused(points(100), error_code::booking_not_pending, several + "1, 3."));
  CHECK_BREAKS(invariant::true_refusal, refused(points(100), error_code::booking_not_pending));
  CHECK_BREAKS(invariant::true_refusal, refused(points(100), error_code::booking_not_found));
  CHECK_BREAKS(invariant::durable_first, refused(points(100), error_code::booking_expired));
  CHECK_HOLDS(refused(points(7), error_code::invalid_request));
  CHECK_BREAKS(invariant::true_refusal, refused(points(100), error_code::invalid_request));
}
