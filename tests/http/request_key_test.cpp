// Idempotency-Key at the door: what a key is, what is the same request, and how a kept answer is
// given.
#include "tests/http/fake_service.hpp"

#include "http/answer_book.hpp"
#include "http/request_key.hpp"

namespace boxoffice::http::test {

namespace {

fields keyed(std::string key, fields more = {}) {
  more.emplace_back("Content-Type", "application/json");
  more.emplace_back("Idempotency-Key", std::move(key));
  return more;
}

const std::string charge_text = R"({"userId":1,"balance":100})";
const std::string booking_text = R"({"userId":1,"concertOptionId":1,"seats":"A_1"})";
const std::string payment_text = R"({"bookingId":12,"concertId":1,"userId":1,"seats":"A_1"})";

} // namespace

BOOST_AUTO_TEST_SUITE(request_key_suite)

BOOST_AUTO_TEST_CASE(a_request_without_a_key_has_none) {
  paper_service s;
  s.send("POST", "/mock/balance", {{"Content-Type", "application/json"}}, charge_text);
  BOOST_TEST(s.last_key() == nullptr);
}

BOOST_AUTO_TEST_CASE(a_key_says_what_is_changed_and_for_whom) {
  paper_service s;
  s.send("POST", "/mock/balance", keyed("k"), charge_text);
  BOOST_REQUIRE(s.last_key());
  auto key = *s.last_key();
  BOOST_TEST((key.owner == domain::request_owner(domain::user_id{"1"})));
  BOOST_TEST(key.route == "POST /mock/balance");
  BOOST_TEST(key.actor == "1");
  BOOST_TEST(key.key == "k");

  s.send("POST", "/mock/booking", keyed("k", {{"Queue-Token", some_token_text}}), booking_text);
  BOOST_REQUIRE(s.last_key());
  key = *s.last_key();
  BOOST_TEST((key.owner == domain::request_owner(domain::option_id{1})));

  s.send("POST", "/mock/payment", keyed("k", {{"Queue-Token", some_token_text}}), payment_text);
  BOOST_REQUIRE(s.last_key());
  key = *s.last_key();
  BOOST_TEST((key.owner == domain::request_owner(domain::booking_id{12})));

  s.send("PATCH", "/payments/payment", keyed("k"),
         R"({"userId":1,"amount":100,"concertOptionId":1,"paymentMethod":"현금"})");
  BOOST_REQUIRE(s.last_key());
  key = *s.last_key();
  BOOST_TEST((key.owner == domain::request_owner(domain::option_id{1})));
  BOOST_TEST(key.detail == "현금");
}

BOOST_AUTO_TEST_CASE(a_fingerprint_is_of_method_path_query_and_body) {
  request r;
  r.method = "POST";
  r.target = "/a?b";
  r.body = "c";
  const auto print = fingerprint_of(r);
  BOOST_TEST((fingerprint_of(r) == print));
  r.headers.emplace_back("Queue-Token", "other");
  BOOST_TEST((fingerprint_of(r) == print));
  for (auto change : {&request::method, &request::target, &request::body}) {
    auto other = r;
    other.*change += "x";
    BOOST_TEST((fingerprint_of(other) != print));
  }
  // printf 'POST\n/a?b\nc' | sha256sum
  BOOST_TEST(domain::to_string(print) ==
             "f9c7fcfba73634e8c821a2493684253ced79dd91df83893b466194a25cceca35");
}

BOOST_AUTO_TEST_CASE(bad_keys_are_refused) {
  for (const auto& key : {std::string(), std::string("a b"), std::string("\xE2\x82\xAC"),
                          std::string(256, 'k'), std::string("a\x7F")}) {
    paper_service s;
    const auto answer = s.call("POST", "/mock/balance", keyed(key), charge_text);
    BOOST_TEST(answer.status == 400);
    BOOST_TEST(json_of(answer)["code"] == "INVALID_REQUEST");
    BOOST_TEST(s.service.seen.empty());
  }
  paper_service s;
  BOOST_TEST(s.call("POST", "/mock/balance", keyed("a", keyed("a")), charge_text).status == 400);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_carried_out_is_recalled_first) {
  const auto check = [](const char* path, fields headers, const std::string& body, int status) {
    paper_service s;
    s.service.decide = [](const actors::command& c) -> actors::outcome {
      const auto* recalled = std::get_if<actors::recall_answer>(&c);
      BOOST_REQUIRE(recalled);
      return recalled->otherwise;
    };
    const auto answer = s.call("POST", path, std::move(headers), body);
    BOOST_TEST(answer.status == status);
    BOOST_TEST(s.service.seen.size() == 1u);
  };
  check("/mock/balance", keyed("k"), R"({"userId":1,"balance":-5})", 400);
  check("/mock/booking", keyed("k"), booking_text, 401);
  check("/mock/booking", keyed("k", {{"Queue-Token", "nonsense"}}), booking_text, 403);
  check("/mock/payment", keyed("k"), payment_text, 401);
  check("/mock/payment", keyed("k", {{"Queue-Token", "nonsense"}}), payment_text, 403);
}

BOOST_AUTO_TEST_CASE(whoever_names_nothing_is_refused_at_once) {
  paper_service s;
  BOOST_TEST(s.call("POST", "/mock/balance", keyed("k"), R"({"balance":5})").status == 400);
  BOOST_TEST(s.call("POST", "/mock/booking", keyed("k"), "{").status == 401);
  BOOST_TEST(s.service.seen.empty());
}

BOOST_AUTO_TEST_CASE(a_kept_answer_is_given_as_it_is_and_a_replay_says_so) {
  const domain::written_answer kept{201, R"({"a":1})", "/v1/things/1"};
  paper_service s;
  s.service.decide = [&](const actors::command&) -> actors::outcome { return kept; };
  const auto first = s.call("POST", "/mock/balance", keyed("k"), charge_text);
  BOOST_TEST(first.status == 201);
  BOOST_TEST(text_of(first) == kept.body);
  BOOST_TEST(*field_of(first, "Location") == kept.location);
  BOOST_TEST(*field_of(first, "Content-Type") == "application/json");
  BOOST_TEST(!field_of(first, "Idempotency-Replayed"));
  s.service.decide = [&](const actors::command&) -> actors::outcome {
    return actors::replayed_answer{kept};
  };
  const auto again = s.call("POST", "/mock/balance", keyed("k"), charge_text);
  BOOST_TEST(again.status == first.status);
  BOOST_TEST(text_of(again) == text_of(first));
  BOOST_TEST(*field_of(again, "Location") == kept.location);
  BOOST_TEST(*field_of(again, "Idempotency-Replayed") == "true");
}

// What an entity writes down is what the worker would have written.
BOOST_AUTO_TEST_CASE(the_book_writes_what_an_unkeyed_client_gets) {
  const answer_book book;
  paper_service s;
  const auto check = [&](const std::string& method, const std::string& path,
                         const std::string& body, const actors::outcome& outcome) {
    s.service.decide = [&](const actors::command&) { return outcome; };
    const auto plain =
        s.call(method, path,
               {{"Content-Type", "application/json"}, {"Queue-Token", some_token_text}}, body);
    s.service.decide = [&](const actors::command&) -> actors::outcome {
      return book.write(*s.last_key(), outcome, *s.service.stock, noon);
    };
    const auto first = s.call(method, path, keyed("k", {{"Queue-Token", some_token_text}}), body);
    BOOST_TEST(first.status == plain.status);
    BOOST_TEST(text_of(first) == text_of(plain));
    BOOST_TEST(first.headers.size() == plain.headers.size());
  };
  const actors::entry_view charged{wallet_of("1", 10050), {}};
  check("POST", "/mock/balance", charge_text, charged);
  check("PATCH", "/users/points/charge",
        R"({"userId":1,"amount":100,"paymentMethod":"카드 \"A\""})", charged);
  check("POST", "/mock/booking", booking_text, some_booking(domain::booking_status::pending));
  check("POST", "/mock/payment", payment_text, some_booking(domain::booking_status::confirmed));
  check("PATCH", "/payments/payment",
        R"({"userId":1,"amount":200,"concertOptionId":1,"paymentMethod":"CASH"})",
        some_booking(domain::booking_status::confirmed));
  check("POST", "/v1/users/1/wallet/charges", R"({"amount":10050})", charged);
  check("POST", "/v1/bookings", R"({"userId":"1","concertOptionId":1,"seats":["A_1"]})",
        some_booking(domain::booking_status::pending));
  check("POST", "/v1/bookings/12345/payment", "{}",
        some_booking(domain::booking_status::confirmed));
  check("DELETE", "/v1/bookings/12345", "",
        some_booking(domain::booking_status::cancelled).booking);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace boxoffice::http::test
