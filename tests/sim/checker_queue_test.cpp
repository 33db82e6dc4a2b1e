// The checker on queues, the published maps, the store and the end.
#include <boost/test/unit_test.hpp>

#include "tests/sim/checker_bench.hpp"

using namespace boxoffice;
using namespace boxoffice::sim;
using namespace boxoffice::sim::test;

namespace {

// Nobody is admitted, so that whoever comes waits.
void close_queue(bench& b) {
  b.rules.queue.active_limit = 0;
  b.restart();
}
void open_queue(bench& b, std::size_t limit) {
  b.rules.queue.active_limit = limit;
  b.restart();
}
void join(bench& b, std::int64_t row, const user_id& who, std::int32_t priority = 0) {
  b.ask_place(who, priority);
  b.durable({b.issued(row, who, priority)});
}

} // namespace

BOOST_AUTO_TEST_CASE(one_live_token_a_user_and_concert) {
  CHECK_BREAKS(invariant::one_token, [](bench& b) {
    close_queue(b);
    join(b, 1, ann);
    join(b, 2, ann);
  });
  CHECK_HOLDS([](bench& b) {
    close_queue(b);
    join(b, 1, ann);
    b.later(50);
    b.durable({b.dead(1)});
    join(b, 2, ann);
  });
}

BOOST_AUTO_TEST_CASE(admission_goes_by_priority_then_by_arrival) {
  const auto admit = [](bool honour, std::int64_t first) {
    return [=](bench& b) {
      b.rules.queue.honour_client_priority = honour;
      close_queue(b);
      join(b, 1, ann);
      join(b, 2, bob, honour ? 1 : 0);
      open_queue(b, 2);
      b.durable({b.admitted(first, first == 1 ? ann : bob)});
    };
  };
  CHECK_HOLDS(admit(false, 1));
  CHECK_HOLDS(admit(true, 2));
  CHECK_BREAKS(invariant::order_kept, admit(false, 2));
  CHECK_BREAKS(invariant::order_kept, admit(true, 1));
  CHECK_BREAKS(invariant::order_kept, [](bench& b) { // a client's own
    close_queue(b);
    join(b, 1, ann, 1);
  });
  CHECK_BREAKS(invariant::order_kept, [](bench& b) { // came before
    close_queue(b);
    join(b, 2, ann);
    join(b, 1, bob);
  });
}

BOOST_AUTO_TEST_CASE(no_more_are_admitted_than_the_limit) {
  const auto admit_both = [](std::size_t limit) {
    return [limit](bench& b) {
      close_queue(b);
      join(b, 1, ann);
      join(b, 2, bob);
      open_queue(b, limit);
      b.durable({b.admitted(1), b.admitted(2, bob)});
    };
  };
  CHECK_HOLDS(admit_both(2));
  CHECK_BREAKS(invariant::active_limit, admit_both(1));
}

BOOST_AUTO_TEST_CASE(no_more_admissions_a_second_than_the_rate) {
  const auto next_after = [](double wait) {
    return [wait](bench& b) {
      b.rules.queue.active_limit = 10;
      b.rules.queue.admit_per_second = 1;
      b.restart();
      b.admit_ann();
      join(b, 2, bob);
      b.restart(); // the window outlives it
      b.later(wait);
      b.durable({b.admitted(2, bob)});
    };
  };
  CHECK_HOLDS(next_after(1));
  CHECK_BREAKS(invariant::admission_rate, next_after(0.999999));
}

BOOST_AUTO_TEST_CASE(who_comes_when_there_is_room_is_admitted) {
  CHECK_BREAKS(invariant::room_is_used, [](bench& b) { join(b, 1, ann); });
  CHECK_BREAKS(invariant::room_is_used, [](bench& b) {
    close_queue(b);
    join(b, 1, ann);
    open_queue(b, 1);
    b.ask_place();
    b.answer(b.place(1, 1, b.now, b.now + b.rules.queue.abandon_after));
  });
}

BOOST_AUTO_TEST_CASE(a_token_lives_its_time) {
  const auto dies_after = [](double wait) {
    return [wait](bench& b) {
      b.admit_ann();
      b.later(wait);
      b.durable({b.dead(1)});
    };
  };
  CHECK_HOLDS(dies_after(100));
  CHECK_BREAKS(invariant::token_life, dies_after(99));

  const auto dropped_after = [](bool polled, bool restarted, double wait) {
    return [=](bench& b) {
      close_queue(b);
      join(b, 1, ann);
      const auto issued_at = b.now;
      b.later(49);
      if (polled) {
        b.ask_place();
        b.answer(b.place(1, 1, issued_at, b.now + b.rules.queue.abandon_after));
      }
      if (restarted) b.restart();
      b.later(wait);
      b.durable({b.dead(1)});
    };
  };
  CHECK_HOLDS(dropped_after(false, false, 1));
  CHECK_BREAKS(invariant::token_life, dropped_after(false, false, 0.5));
  CHECK_HOLDS(dropped_after(true, false, 50));
  CHECK_BREAKS(invariant::token_life, dropped_after(true, false, 49));
  CHECK_HOLDS(dropped_after(false, true, 50));
  CHECK_BREAKS(invariant::token_life, dropped_after(false, true, 49));
  CHECK_BREAKS(invariant::token_life, [](bench& b) {
    b.admit_ann();
    b.later(100);
    b.durable({b.dead(1), b.dead(1)});
  });
}

// --- maps

namespace {

seat_map free_map() { return {option_1, {1}, 4}; }

} // namespace

BOOST_AUTO_TEST_CASE(readers_are_shown_the_durable_seats) {
  // The first content was commit 1, Ann's token 2, her booking 3.
  const auto shown = [](bool told, const std::function<seat_map(const seat_map&)>& change) {
    return [=](bench& b) {
      b.admit_ann();
      b.ask_seats({1, 2});
      b.tells = told;
      b.durable({b.held(1, {1, 2})});
      const auto map = change(free_map());
      b.judge.saw_seats(option_1, &map);
    };
  };
  const auto held = [](const seat_map& m) { return m.with({{1}, {2}}, seat_status::held, 3); };
  const auto old = [](const seat_map& m) { return m; };
  CHECK_HOLDS(shown(true, held));
  CHECK_HOLDS(shown(false, held));
  CHECK_HOLDS(shown(false, old));
  CHECK_BREAKS(invariant::seats_shown, shown(true, old));
  CHECK_BREAKS(invariant::seats_shown, // not all of a booking
               shown(false, [](const auto& m) { return m.with({{1}}, seat_status::held, 3); }));
  CHECK_BREAKS(invariant::seats_shown, // ahead of what is durable
               shown(true, [](const auto& m) {
                 return m.with({{1}, {2}}, seat_status::held, 4);
               }));
  CHECK_BREAKS(invariant::seats_shown, // under an old version
               shown(true, [](const auto& m) {
                 return m.with({{1}, {2}}, seat_status::held, 2);
               }));
  CHECK_BREAKS(invariant::seats_shown, [](bench& b) { b.judge.saw_seats(option_1, nullptr); });
  CHECK_HOLDS([](bench& b) { b.judge.saw_seats({9}, nullptr); });
}

// --- the store

BOOST_AUTO_TEST_CASE(the_store_holds_what_was_made_durable) {
  const auto loses_last = [](const story& told) {
    return [told](bench& b) {
      told(b);
      b.restart(1);
    };
  };
  // As if the last group had been another: the commit's number is right and its content isn't.
  CHECK_BREAKS(invariant::store_agrees, loses_last([](bench& b) { b.charge_ann(points(1)); }));
  CHECK_BREAKS(invariant::store_agrees, loses_last([](bench& b) { b.admit_ann(); }));
  CHECK_BREAKS(invariant::store_agrees, [](bench& b) { b.judge.durable(7, {}); });
  CHECK_BREAKS(invariant::store_agrees, [](bench& b) { b.judge.told(7); });
}

// --- the end

BOOST_AUTO_TEST_CASE(everything_comes_to_an_end) {
  CHECK_HOLDS([](bench& b) { b.finish(); });
  CHECK_BREAKS(invariant::all_answered, [](bench& b) {
    b.ask_place();
    b.finish();
  });
  CHECK_HOLDS([](bench& b) {
    b.ask_place();
    b.restart();
    b.finish();
  });
  CHECK_BREAKS(invariant::nothing_left, [](bench& b) {
    b.admit_ann();
    b.finish();
  });
  CHECK_BREAKS(invariant::nothing_left, [](bench& b) {
    b.admit_ann();
    b.hold_for_ann({1});
    b.later(100);
    b.durable({b.dead(1)});
    b.finish();
  });
}
