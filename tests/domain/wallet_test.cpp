// Prepaid points (CONTRACT 2, Wallet and Double submit; 5: which code).
#include "actors/domain/wallet.hpp"
#include "tests/domain/samples.hpp"

namespace boxoffice::domain::test {

namespace {

wallet empty_wallet() { return created(user_created{{alice, "Alice", "a@b"}, {3}, noon}); }

wallet then(wallet w, const events& facts) {
  for (const auto& e : facts) evolve(w, e);
  return w;
}

result<events> charge(const wallet& w, money amount, time_point now = noon,
                      const wallet_rules& rules = {}) {
  return decide_charge(w, rules, amount, {1}, now);
}

wallet charged(wallet w, money amount, time_point now = noon) {
  return then(w, value_of(charge(w, amount, now)));
}

debit_decision debit(const wallet& w, payment_id payment, money amount) {
  return decide_debit(w, payment, {77}, amount, {2}, noon);
}

} // namespace

BOOST_AUTO_TEST_SUITE(wallet_rules)

BOOST_AUTO_TEST_CASE(a_new_user_s_wallet_is_empty) {
  const auto w = empty_wallet();
  BOOST_TEST(w.owner.id == alice);
  BOOST_TEST(w.id == point_id{3});
  BOOST_TEST(w.balance == money{0});
}

BOOST_AUTO_TEST_CASE(a_keyed_charge_neither_heeds_nor_starts_the_double_submit_window) {
  const auto keyed = [](const wallet& w) {
    return value_of(decide_charge(w, {}, points(1), {1}, noon, true));
  };
  auto w = then(empty_wallet(), keyed(empty_wallet()));
  w = charged(w, points(1)); // the keyed one did not start it
  BOOST_TEST(code_of(charge(w, points(1))) == error_code::duplicate_request);
  w = then(w, keyed(w));
  BOOST_TEST(w.balance == points(3));
  BOOST_TEST(code_of(charge(w, points(1))) == error_code::duplicate_request);
}

BOOST_AUTO_TEST_CASE(a_charge_adds_exactly_its_amount_and_says_the_balance_after_it) {
  const auto rich = charged(empty_wallet(), points(100));
  const auto e = only<wallet_charged>(value_of(charge(rich, {1})));
  BOOST_TEST(e.user == alice);
  BOOST_TEST(e.entry == entry_id{1});
  BOOST_TEST(e.amount == money{1});
  BOOST_TEST(e.balance == money{10001});
  BOOST_TEST(e.at == noon);
  BOOST_TEST(then(rich, {e}).balance == money{10001});
}

BOOST_AUTO_TEST_CASE(a_charge_is_above_0_and_at_most_max_charge) {
  const domain::wallet_rules rules;
  BOOST_TEST(rules.max_charge == points(10'000'000));
  for (const auto amount :
       {money{0}, money{-1}, points(-100), rules.max_charge + money{1}, max_money})
    BOOST_TEST(code_of(charge(empty_wallet(), amount)) == error_code::invalid_request);
  BOOST_TEST(value_of(charge(empty_wallet(), {1})).size() == 1u);
  BOOST_TEST(value_of(charge(empty_wallet(), rules.max_charge)).size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_charge_never_lifts_a_balance_above_max_balance) {
  domain::wallet_rules rules;
  rules.max_balance = points(150);
  const auto w = charged(empty_wallet(), points(100));
  BOOST_TEST(value_of(charge(w, points(50), noon, rules)).size() == 1u);
  BOOST_TEST(code_of(charge(w, points(50) + money{1}, noon, rules)) == error_code::balance_limit);
}

BOOST_AUTO_TEST_CASE(the_same_charge_within_the_window_is_a_double_submit) {
  const auto w = charged(empty_wallet(), points(100));
  BOOST_TEST(code_of(charge(w, points(100), noon)) == error_code::duplicate_request);
  BOOST_TEST(code_of(charge(w, points(100), seconds_past(1) - tick)) ==
             error_code::duplicate_request);
  BOOST_TEST(value_of(charge(w, points(100), seconds_past(1))).size() == 1u);
  BOOST_TEST(value_of(charge(w, points(100) + money{1}, noon)).size() == 1u);
}

BOOST_AUTO_TEST_CASE(of_ten_equal_charges_at_once_one_succeeds) {
  auto w = empty_wallet();
  int succeeded = 0;
  for (int i = 0; i < 10; ++i) {
    const auto answer = charge(w, points(100));
    if (refused(answer)) continue;
    w = then(w, value_of(answer));
    ++succeeded;
  }
  BOOST_TEST(succeeded == 1);
  BOOST_TEST(w.balance == points(100));
}

BOOST_AUTO_TEST_CASE(a_refused_charge_does_not_extend_the_window) {
  const auto w = charged(empty_wallet(), points(100));
  for (int ms = 0; ms < 1000; ms += 100)
    BOOST_TEST(code_of(charge(w, points(100), millis_past(ms))) == error_code::duplicate_request);
  BOOST_TEST(value_of(charge(w, points(100), seconds_past(1))).size() == 1u);
}

BOOST_AUTO_TEST_CASE(only_the_last_accepted_charge_is_compared) {
  auto w = charged(empty_wallet(), points(100));
  w = charged(w, points(50), millis_past(100));
  BOOST_TEST(value_of(charge(w, points(100), millis_past(200))).size() == 1u);
  BOOST_TEST(code_of(charge(w, points(50), millis_past(200))) == error_code::duplicate_request);
}

BOOST_AUTO_TEST_CASE(a_keyed_charge_does_not_start_the_window) {
  auto keyed = only<wallet_charged>(value_of(charge(empty_wallet(), points(100))));
  keyed.guards_double_submit = false;
  const auto w = then(empty_wallet(), {keyed});
  BOOST_TEST(w.balance == points(100));
  BOOST_TEST(value_of(charge(w, points(100))).size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_window_of_0_switches_the_check_off) {
  domain::wallet_rules rules;
  rules.double_submit_window = duration(0);
  const auto w = charged(empty_wallet(), points(100));
  BOOST_TEST(value_of(charge(w, points(100), noon, rules)).size() == 1u);
}

BOOST_AUTO_TEST_CASE(bad_amounts_are_told_before_duplicates_and_these_before_the_limit) {
  domain::wallet_rules rules;
  rules.max_balance = points(150);
  const auto w = charged(empty_wallet(), points(100));
  BOOST_TEST(code_of(charge(w, points(100), noon, rules)) == error_code::duplicate_request);
  rules.max_charge = points(99);
  BOOST_TEST(code_of(charge(w, points(100), noon, rules)) == error_code::invalid_request);
}

BOOST_AUTO_TEST_CASE(a_debit_takes_the_whole_balance_but_never_more) {
  const auto w = charged(empty_wallet(), points(100));
  const auto word = debit(w, {9}, points(100));
  BOOST_TEST(word.debited);
  const auto e = only<wallet_debited>(word.facts);
  BOOST_TEST((e.user == alice && e.payment == payment_id{9} && e.booking == booking_id{77}));
  BOOST_TEST((e.amount == points(100) && e.balance == money{0}));
  BOOST_TEST(then(w, {e}).balance == money{0});

  const auto refusal = debit(w, {9}, points(100) + money{1});
  BOOST_TEST(!refusal.debited);
  BOOST_TEST(only<debit_refused>(refusal.facts).payment == payment_id{9});
  BOOST_TEST(then(w, refusal.facts).balance == points(100));
}

BOOST_AUTO_TEST_CASE(a_free_seat_costs_an_empty_wallet_nothing) {
  BOOST_TEST(debit(empty_wallet(), {9}, {0}).debited);
}

BOOST_AUTO_TEST_CASE(a_payment_asked_again_gets_the_same_word_and_takes_nothing_more) {
  const auto w = charged(empty_wallet(), points(300));
  const auto paid = then(w, debit(w, {9}, points(100)).facts);
  const auto again = debit(paid, {9}, points(100));
  BOOST_TEST(again.debited);
  BOOST_TEST(again.facts.empty());
  BOOST_TEST(debit(paid, {10}, points(100)).facts.size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_payment_once_refused_stays_refused_even_when_money_has_come) {
  auto w = empty_wallet();
  w = then(w, debit(w, {9}, points(100)).facts);
  w = charged(w, points(1000));
  const auto late = debit(w, {9}, points(100));
  BOOST_TEST(!late.debited);
  BOOST_TEST(late.facts.empty());
  BOOST_TEST(debit(w, {10}, points(100)).debited);
}

BOOST_AUTO_TEST_CASE(whoever_asks_again_and_again_without_money_leaves_one_refusal_a_booking) {
  auto w = empty_wallet();
  for (std::int64_t n = 1; n <= 1000; ++n)
    for (const booking_id booking : {booking_id{77}, booking_id{78}})
      w = then(w,
               decide_debit(w, {2 * n + booking.value % 2}, booking, points(1), {1}, noon).facts);
  BOOST_TEST((w.refused == std::map<booking_id, payment_id>{{{77}, {2001}}, {{78}, {2000}}}));
  BOOST_TEST(w.debited.empty());
}

BOOST_AUTO_TEST_CASE(a_payment_does_not_start_or_clear_the_double_submit_window) {
  auto w = charged(empty_wallet(), points(100));
  w = then(w, debit(w, {9}, points(100)).facts);
  BOOST_TEST(code_of(charge(w, points(100))) == error_code::duplicate_request);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace boxoffice::domain::test
