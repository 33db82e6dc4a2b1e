// Queues and their tokens of /v1.
#include "tests/http/fake_service.hpp"

namespace boxoffice::http::test {

namespace {

const std::string token_path = "/v1/queue/tokens/" + some_token_text;

domain::token_view waiting_token() {
  domain::token_view t;
  t.key = some_token;
  t.user = {"007"};
  t.position = 3;
  t.issued_at = noon;
  t.expires_at = noon + std::chrono::minutes(10);
  t.concert = {1};
  t.priority = -2;
  t.eta = std::chrono::seconds(12);
  t.poll_after = std::chrono::seconds(9);
  return t;
}

struct queues : operated_service {
  queues() {
    service.decide = [this](const actors::command& c) -> actors::outcome {
      if (std::holds_alternative<actors::read_queue>(c) ||
          std::holds_alternative<actors::configure_queue>(c))
        return domain::queue_view{{1}, 100, 50, true, 7, 3};
      return token;
    };
  }
  domain::token_view token = waiting_token();
};

} // namespace

BOOST_AUTO_TEST_SUITE(api_v1_queue)

BOOST_FIXTURE_TEST_CASE(a_new_token_is_created_and_a_live_one_is_told_again, queues) {
  token.fresh = true;
  auto r = call("POST", "/v1/concerts/1/queue/tokens", as_json, R"({"userId":"007","priority":4})");
  BOOST_TEST(r.status == 201);
  BOOST_TEST(*field_of(r, "Location") == token_path);
  BOOST_TEST(*field_of(r, "Retry-After") == "9");
  BOOST_TEST(text_of(r) == R"({"token":")" + some_token_text +
                               R"(","concertId":1,"userId":"007","status":"WAITING","position":3,)"
                               R"("etaSeconds":12,"priority":-2,"issuedAt":"2024-07-10T12:00:00Z",)"
                               R"("admittedAt":null,"expiresAt":"2024-07-10T12:10:00Z"})");
  const auto asked = only_command<actors::enter_queue>();
  BOOST_TEST((asked.concert == domain::concert_id{1} && asked.user.value == "007"));
  BOOST_TEST(asked.priority == 4);

  token.fresh = false;
  token.status = domain::token_status::processing;
  token.position = 0;
  token.admitted_at = noon;
  token.eta = std::chrono::seconds(0);
  r = call("POST", "/v1/concerts/1/queue/tokens", as_json, R"({"userId":"007"})");
  BOOST_TEST(r.status == 200);
  BOOST_REQUIRE(field_of(r, "Location"));
  BOOST_TEST(*field_of(r, "Location") == "/v1/queue/tokens/" + some_token_text);
  BOOST_TEST(field_of(r, "Retry-After") == nullptr);
  BOOST_TEST(json_of(r)["admittedAt"] == "2024-07-10T12:00:00Z");
}

BOOST_FIXTURE_TEST_CASE(what_is_wrong_with_a_wish_for_a_place_is_said, queues) {
  const auto status = [this](const std::string& path, const std::string& body) {
    return call("POST", path, as_json, body).status;
  };
  BOOST_TEST(status("/v1/concerts/9/queue/tokens", R"({"userId":"a"})") == 404);
  BOOST_TEST(status("/v1/concerts/x/queue/tokens", R"({"userId":"a"})") == 400);
  for (const auto* body : {R"({})", R"({"userId":7})", R"({"userId":"a","priority":1001})",
                           R"({"userId":"a","x":1})", R"({"userId":"a","priority":"1"})"})
    BOOST_TEST(status("/v1/concerts/1/queue/tokens", body) == 400, body);
  BOOST_TEST(service.seen.empty());
}

BOOST_FIXTURE_TEST_CASE(a_token_is_asked_for_and_left_by_its_name, queues) {
  BOOST_TEST(call("GET", token_path).status == 200);
  BOOST_TEST((std::get<actors::read_token>(service.seen.back()).token == some_token));
  const auto left = call("DELETE", token_path);
  BOOST_TEST(left.status == 204);
  BOOST_TEST(text_of(left).empty());
  BOOST_TEST((std::get<actors::leave_queue>(service.seen.back()).token == some_token));
  for (const auto* method : {"GET", "DELETE"}) {
    const auto r = call(method, "/v1/queue/tokens/nonsense");
    BOOST_TEST(r.status == 404);
    BOOST_TEST(json_of(r)["code"] == "QUEUE_TOKEN_NOT_FOUND");
  }
  BOOST_TEST(service.seen.size() == 2u);
}

BOOST_FIXTURE_TEST_CASE(only_the_operator_orders_the_line_and_sets_it_up, queues) {
  BOOST_TEST(call("PATCH", token_path, as_json, R"({"priority":1})").status == 401);
  BOOST_TEST(call("GET", "/v1/concerts/1/queue").status == 401);
  BOOST_TEST(call("PATCH", "/v1/concerts/1/queue", as_json, R"({"paused":true})").status == 401);
  BOOST_TEST(service.seen.empty());

  BOOST_TEST(call("PATCH", token_path, as_operator, R"({"priority":-1000})").status == 200);
  BOOST_TEST(std::get<actors::prioritize_token>(service.seen.back()).priority == -1000);
  for (const auto* body : {R"({})", R"({"priority":null})", R"({"priority":1001})"})
    BOOST_TEST(call("PATCH", token_path, as_operator, body).status == 400, body);
}

BOOST_FIXTURE_TEST_CASE(a_queue_is_set_up_in_part_and_back_to_its_settings, queues) {
  const auto change = [this](const std::string& body) {
    const auto r = call("PATCH", "/v1/concerts/1/queue", as_operator, body);
    BOOST_TEST(r.status == 200);
    BOOST_TEST(text_of(r) == R"({"concertId":1,"activeLimit":100,"admitPerSecond":50,)"
                             R"("paused":true,"waiting":7,"processing":3})");
    return std::get<actors::configure_queue>(service.seen.back()).change;
  };
  auto c = change(R"({"activeLimit":5})");
  BOOST_TEST((c.active_limit && *c.active_limit == std::size_t{5} && !c.admit_per_second));
  BOOST_TEST(!c.paused);
  c = change(R"({"admitPerSecond":null,"paused":false})");
  BOOST_TEST((c.admit_per_second && !*c.admit_per_second && c.paused == false));
  c = change(R"({"paused":true})");
  BOOST_TEST((c.paused == true && !c.active_limit));

  service.seen.clear();
  for (const auto* body : {R"({})", R"({"activeLimit":0})", R"({"activeLimit":10000001})",
                           R"({"activeLimit":1.5})", R"({"admitPerSecond":1000001})",
                           R"({"paused":1})", R"({"paused":"yes"})", R"({"limit":1})"})
    BOOST_TEST(call("PATCH", "/v1/concerts/1/queue", as_operator, body).status == 400, body);
  BOOST_TEST(service.seen.empty());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace boxoffice::http::test
