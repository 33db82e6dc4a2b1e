// Requests with an Idempotency-Key, remembered (CONTRACT 5).
#include "actors/domain/kept_requests.hpp"
#include "tests/domain/samples.hpp"

namespace boxoffice::domain::test {

namespace {

request_key a_key(const std::string& key = "k", unsigned char body = 1) {
  return {alice, "POST /mock/balance", "alice", key, {{body}}, "detail"};
}
request_begun begun(const request_key& key) { return {key, {77}, noon}; }
request_answered answered(const request_key& key, time_point at = noon, int status = 200) {
  return {key, {}, {status, "{}", "/there"}, at, at + std::chrono::seconds(10)};
}

bool is_fresh(const kept_requests& all, const request_key& key, time_point now = noon) {
  return std::holds_alternative<std::monostate>(all.find(key, now));
}
error_code refusal(const kept_requests& all, const request_key& key, time_point now = noon) {
  const auto found = all.find(key, now);
  const auto* why = std::get_if<rejection>(&found);
  BOOST_TEST_REQUIRE(why != nullptr);
  return why->code;
}
int replayed_status(const kept_requests& all, const request_key& key, time_point now = noon) {
  const auto found = all.find(key, now);
  const auto* const* answer = std::get_if<const written_answer*>(&found);
  return answer ? (*answer)->status : 0;
}

} // namespace

BOOST_AUTO_TEST_SUITE(kept_requests_rules)

BOOST_AUTO_TEST_CASE(what_is_not_remembered_is_fresh) {
  BOOST_TEST(is_fresh({}, a_key()));
  kept_requests all;
  all.evolve(answered(a_key()));
  BOOST_TEST(is_fresh(all, a_key("another")));
  auto other = a_key();
  other.owner = bob;
  BOOST_TEST(is_fresh(all, other));
  other = a_key();
  other.route = "PATCH /users/points/charge";
  BOOST_TEST(is_fresh(all, other));
  other = a_key();
  other.actor = "operator";
  BOOST_TEST(is_fresh(all, other));
}

BOOST_AUTO_TEST_CASE(an_answer_is_given_again_until_it_expires) {
  kept_requests all;
  all.evolve(answered(a_key(), noon, 201));
  BOOST_TEST(replayed_status(all, a_key()) == 201);
  BOOST_TEST(replayed_status(all, a_key(), seconds_past(10) - tick) == 201);
  BOOST_TEST(is_fresh(all, a_key(), seconds_past(10)));
}

BOOST_AUTO_TEST_CASE(another_body_is_refused_whatever_became_of_the_first) {
  kept_requests all;
  all.evolve(begun(a_key()));
  BOOST_TEST(refusal(all, a_key("k", 2)) == error_code::idempotency_key_reused);
  all.evolve(answered(a_key()));
  BOOST_TEST(refusal(all, a_key("k", 2)) == error_code::idempotency_key_reused);
  BOOST_TEST(is_fresh(all, a_key("k", 2), seconds_past(10)));
}

BOOST_AUTO_TEST_CASE(what_is_under_way_is_said_to_be_until_answered_or_dropped) {
  kept_requests all;
  all.evolve(begun(a_key()));
  BOOST_TEST(refusal(all, a_key(), seconds_past(1'000'000)) == error_code::request_in_progress);
  BOOST_TEST_REQUIRE(all.under_way().has_value());
  BOOST_TEST(all.under_way()->detail == "detail");
  all.evolve(answered(a_key()));
  BOOST_TEST(!all.under_way());
  BOOST_TEST(replayed_status(all, a_key()) == 200);

  all.evolve(begun(a_key("other")));
  all.evolve(request_dropped{a_key("other")});
  BOOST_TEST(is_fresh(all, a_key("other")));
  BOOST_TEST(all.size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_repeated_step_changes_nothing_and_an_answer_is_never_dropped) {
  kept_requests all;
  all.evolve(begun(a_key()));
  all.evolve(begun(a_key()));
  all.evolve(answered(a_key()));
  all.evolve(answered(a_key()));
  all.drop(a_key());
  BOOST_TEST(replayed_status(all, a_key()) == 200);
  BOOST_TEST(all.size() == 1u);
}

BOOST_AUTO_TEST_CASE(what_has_expired_is_forgotten_as_others_come) {
  kept_requests all;
  for (int n = 0; n < 100; ++n) {
    all.evolve(answered(a_key(std::to_string(n)), seconds_past(n)));
    BOOST_TEST(all.size() <= 10u);
  }
  // One that was answered anew stays for as long as the newer answer says.
  all.evolve(answered(a_key("99"), seconds_past(109), 201));
  all.evolve(answered(a_key("x"), seconds_past(118)));
  BOOST_TEST(replayed_status(all, a_key("99"), seconds_past(118)) == 201);
}

BOOST_AUTO_TEST_CASE(names_and_fingerprints_are_written) {
  BOOST_TEST(to_string(request_owner(alice)) == "user alice");
  BOOST_TEST(to_string(request_owner(option_id{3})) == "option 3");
  BOOST_TEST(to_string(request_owner(booking_id{12})) == "booking 12");
  BOOST_TEST(to_string(request_owner(whole_catalogue{})) == "catalogue");
  fingerprint print;
  for (std::size_t i = 0; i < print.bytes.size(); ++i)
    print.bytes[i] = static_cast<unsigned char>(i * 37);
  const auto text = to_string(print);
  BOOST_TEST(text.size() == 64u);
  BOOST_TEST((parse_fingerprint(text) == print));
  for (const auto& wrong : {std::string(), text.substr(1), text + "00", "g" + text.substr(1)})
    BOOST_TEST(!parse_fingerprint(wrong));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace boxoffice::domain::test
