// Scenes in which what is past is forgotten, each in many orders of events.
#define BOOST_TEST_MODULE actors.retention
#include "tests/actors/stage.hpp"

#include <boost/test/unit_test.hpp>

#include <utility>

using namespace boxoffice;
using namespace boxoffice::test;
using namespace std::chrono_literals;
using domain::error_code;

namespace {

constexpr int orders = 30;

// Tokens live for 300 ms and are known for 2 s more, bookings for 3 s after their hold of 4 s.
void forget_soon(actors::rules& r) {
  r.queue.active_ttl = 300ms;
  r.booking.hold_for = 4s;
  r.retention = {2s, 3s};
}

actors::command reading(const domain::token_view& t) { return actors::read_token{t.key, {}, {}}; }
actors::command paying_at_desk(const std::string& user, std::int64_t points) {
  return actors::pay_pending{{1}, {user}, domain::points(points)};
}

} // namespace

BOOST_AUTO_TEST_CASE(a_dead_token_is_known_for_a_while_and_then_never_was) {
  under_seeds(orders, [](std::uint64_t seed) {
    stage s(seed, forget_soon);
    const auto first = s.enter("user1");
    s.enter("user2"); // behind whom numbers go on
    s.run_for(1500ms);
    BOOST_CHECK(!s.refusal(s.asks("user1", reading(first))));
    s.run_for(2500ms);
    BOOST_CHECK(s.refusal(s.asks("user1", reading(first))) == error_code::queue_token_not_found);
    s.finish();
  });
}

BOOST_AUTO_TEST_CASE(a_token_stays_while_a_booking_that_it_made_is_held) {
  under_seeds(orders, [](std::uint64_t seed) {
    stage s(seed, forget_soon);
    const auto first = s.enter("user1");
    s.book("user1", "A_1");
    s.enter("user2");
    s.run_for(3500ms); // its own time is over by now
    BOOST_CHECK(!s.refusal(s.asks("user1", reading(first))));
    s.charge("user1", 100);
    s.pay("user1");
    s.run_for(3000ms);
    BOOST_CHECK(s.refusal(s.asks("user1", reading(first))) == error_code::queue_token_not_found);
    s.finish();
  });
}

// The desk stays in memory with somebody's live booking, and is read anew after a crash: both tell
// the same.
BOOST_AUTO_TEST_CASE(a_desk_forgets_a_booking_with_the_store) {
  for (const bool crashes : {false, true})
    under_seeds(orders, [crashes](std::uint64_t seed) {
      stage s(seed, forget_soon);
      s.enter("user1");
      s.book("user1", "A_1,A_2");
      s.run_for(4500ms);
      BOOST_CHECK(s.refusal(s.asks("user1", paying_at_desk("user1", 200))) ==
                  error_code::booking_expired);
      s.enter("user2");
      s.book("user2", "A_1");
      s.run_for(3600ms);
      if (crashes) {
        s.crash();
        s.start();
      }
      BOOST_CHECK(s.refusal(s.asks("user1", paying_at_desk("user1", 200))) ==
                  error_code::booking_not_found);
      s.charge("user2", 100);
      BOOST_CHECK(!s.refusal(s.asks("user2", paying_at_desk("user2", 100))));
      s.finish();
    });
}

BOOST_AUTO_TEST_CASE(a_booking_goes_with_the_attempts_to_pay_it_and_what_was_paid_stays) {
  under_seeds(orders, [](std::uint64_t seed) {
    stage s(seed, forget_soon);
    s.enter("user1");
    s.book("user1", "A_1,A_2");
    BOOST_CHECK(s.refusal(s.asks("user1", s.payment("user1"))) == error_code::insufficient_balance);
    s.enter("user2");
    const auto kept = s.book("user2", "A_3").booking.id;
    s.charge("user2", 100);
    s.pay("user2");
    s.run_for(8s);
    BOOST_CHECK(s.refusal(s.asks("user1", s.payment("user1"))) == error_code::booking_not_found ||
                s.refusal(s.asks("user1", s.payment("user1"))) == error_code::queue_token_invalid);
    BOOST_CHECK(!s.refusal(s.asks("user2", actors::query(actors::read_booking{kept, {}}))));
    s.crash();
    s.start();
    s.finish(); // the checker finds the store as the books are
  });
}

// Somebody asks for it shortly before it goes, so that it is in memory when it does.
BOOST_AUTO_TEST_CASE(a_booking_in_memory_goes_with_the_store) {
  under_seeds(orders, [](std::uint64_t seed) {
    stage s(seed, [](actors::rules& r) {
      forget_soon(r);
      r.retention = {1h, 1s};
    });
    s.enter("user1");
    s.book("user1", "A_1");
    s.run_for(4900ms);
    std::optional<error_code> said;
    for (int asked = 0; asked < 8; ++asked) {
      const auto before = std::exchange(said, s.refusal(s.asks("user1", s.payment("user1"))));
      BOOST_CHECK(said == error_code::booking_expired ||
                  (asked > 0 && said == error_code::booking_not_found));
      BOOST_CHECK(before != error_code::booking_not_found || said == before);
      s.run_for(100ms);
    }
    BOOST_CHECK(said == error_code::booking_not_found);
    s.finish();
  });
}

// The booking says whose token it was made with when no token of that name is known any more.
BOOST_AUTO_TEST_CASE(a_booking_tells_what_became_of_it_as_long_as_it_is_known) {
  under_seeds(orders, [](std::uint64_t seed) {
    stage s(seed, [](actors::rules& r) {
      forget_soon(r);
      r.retention = {500ms, 1h};
    });
    s.enter("user1");
    const auto first = s.book("user1", "A_1").booking;
    s.enter("user2");
    s.book("user2", "A_2");
    s.charge("user2", 100);
    s.pay("user2");
    s.enter("user3"); // behind whom numbers go on
    s.run_for(6s);
    for (const char* user : {"user1", "user2"}) {
      auto paying = std::get<actors::pay_booking>(s.payment(user));
      BOOST_CHECK(s.refusal(s.asks(user, actors::read_token{*paying.claim.token, {}, {}})) ==
                  error_code::queue_token_not_found);
      BOOST_CHECK(s.refusal(s.asks(user, paying)) == (paying.booking == first.id
                                                          ? error_code::booking_expired
                                                          : error_code::booking_not_pending));
      paying.claim.user = {"user4"}; // who has never had a token
      BOOST_CHECK(s.refusal(s.asks("user4", paying)) == error_code::queue_token_invalid);
    }
    auto unknown = std::get<actors::pay_booking>(s.payment("user1"));
    unknown.claim.token = domain::make_token_key(1, 2);
    BOOST_CHECK(s.refusal(s.asks("user1", unknown)) == error_code::queue_token_invalid);
    s.finish();
  });
}

// CONTRACT 2: for paying an unknown token is 403; asking what became of it 404.
BOOST_AUTO_TEST_CASE(a_forgotten_token_that_no_booking_names_is_an_unknown_one) {
  under_seeds(orders, [](std::uint64_t seed) {
    stage s(seed, [](actors::rules& r) {
      forget_soon(r);
      r.retention = {500ms, 1h};
    });
    const auto first = s.enter("user1").key;
    s.run_for(400ms);
    s.enter("user1");
    s.book("user1", "A_1");
    s.charge("user1", 100);
    s.run_for(1s);
    for (const auto token : {first, domain::make_token_key(1, 2)}) {
      auto paying = std::get<actors::pay_booking>(s.payment("user1"));
      paying.claim.token = token;
      BOOST_CHECK(s.refusal(s.asks("user1", paying)) == error_code::queue_token_invalid);
      BOOST_CHECK(s.refusal(s.asks("user1", actors::read_token{token, {}, {}})) ==
                  error_code::queue_token_not_found);
    }
    s.pay("user1"); // with the one that made it
    s.finish();
  });
}

BOOST_AUTO_TEST_CASE(a_crash_at_any_step_of_the_cleaning_forgets_nothing_twice_or_by_halves) {
  for (int steps = 0; steps < 40; ++steps) {
    BOOST_TEST_CONTEXT("crash after " << steps << " steps") {
      stage s(7, forget_soon);
      for (const char* user : {"user1", "user2", "user3"}) s.enter(user);
      s.book("user1", "A_1");
      s.book("user2", "A_2");
      s.run_for(7s);
      s.run_steps(steps);
      s.crash();
      s.start();
      s.run_for(3s);
      s.finish();
    }
  }
}

BOOST_AUTO_TEST_CASE(a_store_that_cant_be_read_is_cleaned_up_later) {
  under_seeds(orders, [](std::uint64_t seed) {
    stage s(seed, forget_soon);
    const auto first = s.enter("user1");
    s.enter("user2");
    s.run_for(500ms);
    s.trouble().fail_next_read(sim::read_fate::damaged);
    s.trouble().fail_next_read(sim::read_fate::unavailable);
    s.run_for(4s);
    BOOST_CHECK(s.refusal(s.asks("user1", reading(first))) == error_code::queue_token_not_found);
    s.finish();
  });
}
