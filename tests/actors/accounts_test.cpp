// Users who go while something is made in their name, in many orders of events; and what the store
// is asked by clients.
#define BOOST_TEST_MODULE actors.accounts
#include "tests/actors/stage.hpp"

#include <boost/test/unit_test.hpp>

using namespace boxoffice;
using namespace boxoffice::test;
using namespace std::chrono_literals;
using domain::error_code;
using domain::seat_status;

namespace {

constexpr int orders = 60;

actors::command erasing(const std::string& user) { return actors::erase_user{{user}}; }

template <class Query>
actors::command question(Query q) {
  return actors::query(std::move(q));
}

template <class View>
View told(stage& s, const stage::answer& asked) {
  const auto& what = s.wait_for(asked);
  BOOST_REQUIRE(std::holds_alternative<View>(what));
  return std::get<View>(what);
}

} // namespace

BOOST_AUTO_TEST_CASE(who_goes_is_gone_and_the_id_is_not_given_again) {
  under_seeds(orders, [](std::uint64_t seed) {
    stage s(seed);
    BOOST_CHECK(!s.refusal(s.asks("user1", erasing("user1"))));
    BOOST_CHECK(s.refusal(s.asks("user1", erasing("user1"))) == error_code::user_not_found);
    BOOST_CHECK(s.refusal(s.asks("user1", s.entry("user1"))) == error_code::user_not_found);
    BOOST_CHECK(s.refusal(s.asks("user1", s.charging("user1", 5))) == error_code::user_not_found);
    BOOST_CHECK(s.refusal(s.asks("user1", question(actors::read_user{{"user1"}}))) ==
                error_code::user_not_found);
    const actors::create_user again{{{"user1"}, "Somebody", "some@body"}};
    BOOST_CHECK(s.refusal(s.asks("user1", again)) == error_code::user_already_exists);
    s.crash();
    s.start();
    BOOST_CHECK(s.refusal(s.asks("user1", again)) == error_code::user_already_exists);
    s.finish();
  });
}

BOOST_AUTO_TEST_CASE(a_user_comes_once_and_changes) {
  under_seeds(orders, [](std::uint64_t seed) {
    stage s(seed);
    const actors::create_user coming{{{"newcomer"}, "New", "new@comer"}};
    const auto first = s.asks("user1", coming), second = s.asks("user2", coming);
    BOOST_CHECK(!s.refusal(first) != !s.refusal(second));
    const actors::change_user change{{{"newcomer"}, "Newer", "newer@comer"}};
    BOOST_CHECK(!s.refusal(s.asks("user1", change)));
    const auto account =
        told<domain::user_account>(s, s.asks("user1", question(actors::read_user{{"newcomer"}})));
    BOOST_TEST(account.who.name == "Newer");
    s.finish();
  });
}

// However the steps of both interleave: never an erased user with a live token.
BOOST_AUTO_TEST_CASE(going_while_a_token_is_asked_for) {
  bool went = false, stayed = false;
  under_seeds(orders, [&](std::uint64_t seed) {
    stage s(seed);
    const auto place = s.asks("user1", s.entry("user1"));
    const auto gone = s.asks("user2", erasing("user1"));
    const auto refused = s.refusal(gone), no_place = s.refusal(place);
    BOOST_CHECK(!refused || refused == error_code::user_in_use);
    BOOST_CHECK(!no_place || no_place == error_code::user_not_found);
    BOOST_CHECK(!(!refused && !no_place)); // not both
    went = went || !refused;
    stayed = stayed || refused;
    s.finish(); // and the checker has seen no erased user with anything alive
  });
  BOOST_TEST((went && stayed));
}

BOOST_AUTO_TEST_CASE(going_while_seats_are_booked) {
  under_seeds(orders, [](std::uint64_t seed) {
    stage s(seed);
    s.enter("user1");
    const auto booked = s.asks("user1", s.booking("user1", "A_1,A_2"));
    const auto gone = s.asks("user2", erasing("user1"));
    BOOST_CHECK(!s.refusal(booked));
    BOOST_CHECK(s.refusal(gone) == error_code::user_in_use);
    s.finish();
  });
}

BOOST_AUTO_TEST_CASE(points_keep_a_user) {
  under_seeds(orders, [](std::uint64_t seed) {
    stage s(seed);
    const auto charged = s.asks("user1", s.charging("user1", 5));
    const auto gone = s.asks("user2", erasing("user1"));
    BOOST_CHECK(!s.refusal(charged) != !s.refusal(gone));
    s.finish();
  });
}

// Nothing is left in the wallet, and the price is on its way back to it: at any step of that, and
// when the node dies over it.
BOOST_AUTO_TEST_CASE(who_is_owed_a_refund_stays_until_it_has_come) {
  int owed = 0, owed_over_a_crash = 0;
  for (const bool crashes : {false, true})
    for (int steps = 0; steps < 40; ++steps) BOOST_TEST_CONTEXT("after " << steps << " steps") {
        stage s(11);
        s.enter("user1");
        s.charge("user1", 100);
        const auto booking = s.book("user1", "A_1").booking.id;
        s.pay("user1");
        BOOST_TEST(s.balance_in_store("user1").minor == 0);
        const auto given_up = s.asks("user1", actors::cancel_booking{booking, {}});
        s.run_steps(steps);
        const bool is_owed = s.status_in_store(booking) == domain::booking_status::refunding &&
                             s.balance_in_store("user1").minor == 0;
        owed += is_owed ? 1 : 0;
        const auto gone = s.asks("user2", erasing("user1"));
        if (crashes) {
          s.run_steps(12); // the wish is on its way, or refused
          owed_over_a_crash += is_owed ? 1 : 0;
          s.crash();
          s.start();
        } else {
          BOOST_CHECK(!s.refusal(given_up));
          BOOST_CHECK(s.refusal(gone) == error_code::user_in_use);
        }
        BOOST_CHECK(s.refusal(s.asks("user2", erasing("user1"))) == error_code::user_in_use);
        s.finish();
        const auto status = s.status_in_store(booking);
        if (status == domain::booking_status::cancelled)
          BOOST_TEST(s.balance_in_store("user1").minor == 10000);
        else // the crash came before the wish to give it up was durable
          BOOST_TEST((crashes && !is_owed && status == domain::booking_status::confirmed));
      }
  BOOST_TEST(owed > 4);
  BOOST_TEST(owed_over_a_crash > 2);
}

BOOST_AUTO_TEST_CASE(a_crash_at_any_step_of_going_leaves_all_or_nothing) {
  for (int steps = 0; steps < 30; ++steps) {
    stage s(7);
    s.asks("user1", erasing("user1"));
    s.run_steps(steps);
    s.crash();
    s.start();
    const auto again = s.refusal(s.asks("user1", erasing("user1")));
    BOOST_CHECK(!again || again == error_code::user_not_found);
    s.finish();
  }
}

BOOST_AUTO_TEST_CASE(an_adjustment_is_an_entry_and_an_act) {
  under_seeds(orders, [](std::uint64_t seed) {
    stage s(seed);
    s.charge("user1", 5);
    const auto adjusted = told<actors::entry_view>(
        s, s.asks("user2", actors::adjust_wallet{{"user1"}, domain::points(-2), "a slip"}));
    BOOST_TEST(adjusted.wallet.balance.minor == 300);
    BOOST_CHECK(s.refusal(s.asks(
                    "user2", actors::adjust_wallet{{"user1"}, domain::points(-4), "too much"})) ==
                error_code::insufficient_balance);
    const auto page = told<domain::page<domain::wallet_entry>>(
        s, s.asks("user1", question(actors::list_entries{{"user1"}, {{}, 1}})));
    BOOST_REQUIRE(page.items.size() == 1u);
    BOOST_TEST((page.items[0].kind == domain::entry_kind::adjustment));
    BOOST_REQUIRE(page.next.has_value());
    const auto rest = told<domain::page<domain::wallet_entry>>(
        s, s.asks("user1", question(actors::list_entries{{"user1"}, {page.next, 1}})));
    BOOST_REQUIRE(rest.items.size() == 1u);
    BOOST_TEST((rest.items[0].kind == domain::entry_kind::charge));
    BOOST_TEST(!rest.next);
    const auto acts = told<domain::page<domain::audit_record>>(
        s, s.asks("user2", question(actors::list_audit{{}})));
    BOOST_REQUIRE(acts.items.size() == 1u);
    BOOST_TEST(acts.items[0].subject == "user user1");
    s.finish();
  });
}

BOOST_AUTO_TEST_CASE(what_was_told_is_in_the_next_read) {
  under_seeds(orders, [](std::uint64_t seed) {
    stage s(seed);
    s.enter("user1");
    s.charge("user1", 300);
    const auto booked = s.book("user1", "A_1");
    const auto id = booked.booking.id;
    BOOST_CHECK(s.refusal(s.asks("user1", question(actors::read_payment{id, {}}))) ==
                error_code::booking_not_found);
    s.pay("user1");
    const auto read = told<domain::booking>(
        s, s.asks("user1", question(actors::read_booking{id, domain::user_id{"user1"}})));
    BOOST_TEST((read.status == domain::booking_status::confirmed));
    BOOST_TEST(read.confirmed_at.has_value());
    BOOST_CHECK(
        s.refusal(s.asks("user2", question(actors::read_booking{id, domain::user_id{"user2"}}))) ==
        error_code::booking_not_found);
    told<domain::payment_record>(s, s.asks("user1", question(actors::read_payment{id, {}})));
    const auto page = told<domain::page<domain::booking>>(
        s, s.asks("user1", question(actors::list_user_bookings{{"user1"}, {}})));
    BOOST_TEST(page.items.size() == 1u);
    s.finish();
  });
}
