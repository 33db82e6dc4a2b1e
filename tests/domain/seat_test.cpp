// One seat has one holder (CONTRACT 2, Booking), and nobody is refused ahead of the fact.
#include "actors/domain/seat.hpp"
#include "tests/domain/support.hpp"

namespace boxoffice::domain::test {

namespace {

constexpr booking_id first{1}, second{2}, third{3};

seat held_by(booking_id who) {
  seat s;
  claim(s, who);
  hold(s, who);
  return s;
}

seat sold_to(booking_id who) {
  auto s = held_by(who);
  sell(s, who);
  return s;
}

// `first` holds the claim, `second` and `third` wait behind it in this order.
seat contested() {
  seat s;
  for (const auto asker : {first, second, third}) claim(s, asker);
  return s;
}

} // namespace

BOOST_AUTO_TEST_SUITE(seat_rules)

BOOST_AUTO_TEST_CASE(a_free_seat_grants_the_first_claim) {
  seat s;
  BOOST_TEST(claim(s, first) == claim_answer::granted);
  BOOST_TEST(s.claimant == first);
  BOOST_TEST(s.status == seat_status::free);
}

BOOST_AUTO_TEST_CASE(while_a_seat_is_claimed_the_next_asker_waits_and_is_not_refused) {
  seat s;
  claim(s, first);
  BOOST_TEST(claim(s, second) == claim_answer::waits);
  BOOST_TEST(s.claimant == first);
}

BOOST_AUTO_TEST_CASE(the_claimant_is_granted_its_claim_again) {
  auto s = contested();
  BOOST_TEST(claim(s, first) == claim_answer::granted);
  BOOST_TEST(s.waiting.size() == 2u);
}

BOOST_AUTO_TEST_CASE(asking_again_keeps_one_place_among_the_waiting) {
  auto s = contested();
  BOOST_TEST(claim(s, second) == claim_answer::waits);
  BOOST_TEST((s.waiting == std::deque<booking_id>{second, third}));
}

BOOST_AUTO_TEST_CASE(a_record_makes_the_claim_a_hold_and_refuses_all_who_waited) {
  auto s = contested();
  BOOST_TEST((hold(s, first) == std::vector<booking_id>{second, third}));
  BOOST_TEST(s.status == seat_status::held);
  BOOST_TEST(s.holder == first);
  BOOST_TEST(!s.claimant);
  BOOST_TEST(s.waiting.empty());
}

BOOST_AUTO_TEST_CASE(a_held_or_sold_seat_is_taken_for_all_but_its_holder) {
  for (auto s : {held_by(first), sold_to(first)}) {
    BOOST_TEST(claim(s, second) == claim_answer::taken);
    BOOST_TEST(claim(s, first) == claim_answer::granted);
    BOOST_TEST(s.holder == first);
    BOOST_TEST(s.waiting.empty());
  }
}

BOOST_AUTO_TEST_CASE(a_hold_without_the_claim_does_nothing) {
  auto s = contested();
  BOOST_TEST(hold(s, second).empty());
  BOOST_TEST(s.status == seat_status::free);
  BOOST_TEST(s.claimant == first);
  BOOST_TEST(s.waiting.size() == 2u);

  auto taken = sold_to(first);
  BOOST_TEST(hold(taken, first).empty());
  BOOST_TEST(taken.status == seat_status::sold);
}

BOOST_AUTO_TEST_CASE(a_claimant_that_gives_up_is_followed_by_who_waits_longest) {
  auto s = contested();
  BOOST_TEST((withdraw(s, first) == second));
  BOOST_TEST(s.claimant == second);
  BOOST_TEST((withdraw(s, second) == third));
  BOOST_TEST((withdraw(s, third) == std::nullopt));
  BOOST_TEST(!s.claimant);
  BOOST_TEST(claim(s, first) == claim_answer::granted);
}

BOOST_AUTO_TEST_CASE(one_who_gives_up_waiting_is_neither_served_nor_refused_later) {
  auto s = contested();
  BOOST_TEST((withdraw(s, second) == std::nullopt));
  BOOST_TEST(s.claimant == first);
  BOOST_TEST((hold(s, first) == std::vector<booking_id>{third}));
}

BOOST_AUTO_TEST_CASE(a_late_withdrawal_takes_no_seat_from_its_holder) {
  auto s = held_by(first);
  BOOST_TEST((withdraw(s, first) == std::nullopt));
  BOOST_TEST((withdraw(s, second) == std::nullopt));
  BOOST_TEST(s.status == seat_status::held);
  BOOST_TEST(s.holder == first);
}

BOOST_AUTO_TEST_CASE(only_the_holder_sells) {
  auto s = held_by(first);
  sell(s, second);
  BOOST_TEST(s.status == seat_status::held);
  sell(s, first);
  BOOST_TEST(s.status == seat_status::sold);
  BOOST_TEST(s.holder == first);

  auto claimed = contested();
  sell(claimed, first);
  BOOST_TEST(claimed.status == seat_status::free);
}

BOOST_AUTO_TEST_CASE(only_the_holder_gives_the_seat_back) {
  for (auto s : {held_by(first), sold_to(first)}) {
    const auto before = s.status;
    release(s, second);
    BOOST_TEST(s.status == before);
    release(s, first);
    BOOST_TEST(s.status == seat_status::free);
    BOOST_TEST(!s.holder);
    BOOST_TEST(claim(s, second) == claim_answer::granted);
  }
}

BOOST_AUTO_TEST_CASE(a_late_duplicate_release_takes_nothing_from_the_next_holder) {
  auto s = held_by(first);
  release(s, first);
  claim(s, second);
  release(s, first);
  BOOST_TEST(s.claimant == second);
  hold(s, second);
  release(s, first);
  BOOST_TEST(s.holder == second);
  BOOST_TEST(s.status == seat_status::held);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace boxoffice::domain::test
