// Users who come, change and go, and operators who set a balance right.
#include "actors/domain/history.hpp"
#include "actors/domain/option_desk.hpp"
#include "actors/domain/wallet.hpp"
#include "tests/domain/samples.hpp"

#include <string>

namespace boxoffice::domain::test {

namespace {

user someone(std::string name = "Alice", std::string email = "a@b") {
  return {alice, std::move(name), std::move(email)};
}

wallet new_wallet() { return created(user_created{someone(), {3}, noon}); }

wallet then(wallet w, const events& facts) {
  for (const auto& e : facts) evolve(w, e);
  return w;
}

wallet holding(money balance) {
  return then(new_wallet(), {wallet_charged{alice, {1}, balance, balance, true, noon}});
}

result<events> adjust(const wallet& w, money amount, const std::string& reason = "a slip") {
  return decide_adjustment(w, {}, amount, reason, {9}, noon);
}

} // namespace

BOOST_AUTO_TEST_SUITE(account_rules)

BOOST_AUTO_TEST_CASE(a_person_has_a_name_and_an_email) {
  BOOST_TEST(!check_person(someone()));
  BOOST_TEST(!check_person(someone(std::string(100, 'x'), std::string(252, 'x') + "@y")));
  std::string hundred;
  for (int i = 0; i < 100; ++i) hundred += "아"; // characters, not bytes
  BOOST_TEST(!check_person(someone(hundred)));
  for (const std::string name : {"", "a\nb", "\x7f"})
    BOOST_TEST(check_person(someone(name))->faults.at(0).pointer == "/name");
  BOOST_TEST(check_person(someone(hundred + "x")).has_value());
  for (const std::string email : {"", "a@", "@b", "a@b@c", "ab", "a b@c", "a\t@b"})
    BOOST_TEST(check_person(someone("A", email))->faults.at(0).pointer == "/email");
  BOOST_TEST(check_person(someone("A", std::string(253, 'x') + "@y")).has_value());
  BOOST_TEST(check_person(someone("", ""))->faults.size() == 2u);
}

BOOST_AUTO_TEST_CASE(an_id_is_given_out_once) {
  const auto e = only<user_created>(value_of(decide_creation(false, someone(), {3}, noon)));
  BOOST_TEST(e.wallet == point_id{3});
  BOOST_TEST(created(e).created_at == noon);
  BOOST_TEST(code_of(decide_creation(true, someone(), {3}, noon)) ==
             error_code::user_already_exists);
  BOOST_TEST(code_of(decide_creation(true, someone(""), {3}, noon)) == error_code::invalid_request);
}

BOOST_AUTO_TEST_CASE(a_change_is_of_name_and_email_alone) {
  const auto w = then(holding(points(5)),
                      value_of(decide_change(new_wallet(), someone("Al", "al@b"), noon + tick)));
  BOOST_TEST(w.owner.name == "Al");
  BOOST_TEST(w.owner.email == "al@b");
  BOOST_TEST(w.balance == points(5));
  BOOST_TEST(w.created_at == noon);
  BOOST_TEST(code_of(decide_change(w, someone("A", "nothing"), noon)) ==
             error_code::invalid_request);
}

BOOST_AUTO_TEST_CASE(who_holds_something_is_not_erased) {
  BOOST_TEST(code_of(decide_erasure(holding({1}), false, noon)) == error_code::user_in_use);
  BOOST_TEST(code_of(decide_erasure(new_wallet(), true, noon)) == error_code::user_in_use);
  const auto gone = then(new_wallet(), value_of(decide_erasure(new_wallet(), false, noon)));
  BOOST_TEST(gone.erased);
  BOOST_TEST(gone.owner.id == alice);
  BOOST_TEST(gone.owner.name == "");
  BOOST_TEST(gone.owner.email == "");
}

BOOST_AUTO_TEST_CASE(an_adjustment_adds_or_takes_and_is_logged) {
  const auto facts = value_of(adjust(holding({500}), money{-200}));
  BOOST_REQUIRE(facts.size() == 2u);
  const auto& e = std::get<wallet_adjusted>(facts[0]);
  BOOST_TEST(e.amount == money{-200});
  BOOST_TEST(e.balance == money{300});
  const auto& act = std::get<operator_acted>(facts[1]);
  BOOST_TEST(act.act == "wallet.adjust");
  BOOST_TEST(act.subject == "user alice");
  BOOST_TEST(act.reason.value() == "a slip");
  BOOST_TEST(then(holding({500}), facts).balance == money{300});
  const auto entry = entry_of(e);
  BOOST_TEST((entry.kind == entry_kind::adjustment));
  BOOST_TEST(entry.amount == money{-200});
  BOOST_TEST(entry.reason.value() == "a slip");
}

BOOST_AUTO_TEST_CASE(an_adjustment_keeps_to_the_limits) {
  const domain::wallet_rules rules;
  const auto full = holding(rules.max_balance);
  BOOST_TEST(code_of(adjust(new_wallet(), money{0})) == error_code::invalid_request);
  BOOST_TEST(code_of(adjust(new_wallet(), {1}, "")) == error_code::invalid_request);
  BOOST_TEST(code_of(adjust(new_wallet(), {1}, std::string(501, 'x'))) ==
             error_code::invalid_request);
  BOOST_TEST(code_of(adjust(holding({500}), money{-501})) == error_code::insufficient_balance);
  BOOST_TEST(code_of(adjust(full, {1})) == error_code::balance_limit);
  BOOST_TEST(value_of(adjust(holding({500}), money{-500})).size() == 2u);
  // Above a limit that was lowered, taking off is right all the same.
  const auto above = holding(rules.max_balance + money{2});
  BOOST_TEST(value_of(adjust(above, money{-1})).size() == 2u);
  // It neither checks nor starts the window of the double submit.
  BOOST_TEST(!then(new_wallet(), value_of(adjust(new_wallet(), {5}))).last_unkeyed_charge);
}

BOOST_AUTO_TEST_CASE(a_desk_knows_who_has_a_live_booking) {
  option_desk desk;
  BOOST_TEST(!has_live_booking(desk, alice, seconds_past(200), noon));
  desk.note(pending());
  BOOST_TEST(has_live_booking(desk, alice, seconds_past(200), noon));
  BOOST_TEST(!has_live_booking(desk, bob, seconds_past(200), noon));
  desk.note(confirmed());
  BOOST_TEST(has_live_booking(desk, alice, seconds_past(200), seconds_past(199)));
  BOOST_TEST(!has_live_booking(desk, alice, seconds_past(200), seconds_past(200)));
  option_desk later;
  later.note(expired());
  BOOST_TEST(!has_live_booking(later, alice, seconds_past(200), noon));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace boxoffice::domain::test
