// Bad input: every row gets a 4xx that says what is wrong, and none reaches the service.
#include "tests/http/fake_service.hpp"

#include <random>

namespace boxoffice::http::test {

namespace {

struct row {
  const char* body;
  const char* faults; // the pointers of `errors`, each with a blank behind
};

// Sends each body and compares the pointers that come back.
void check_rows(const std::string& method, const std::string& target,
                const std::vector<row>& rows) {
  for (const auto& [body, faults] : rows) {
    BOOST_TEST_CONTEXT(method << ' ' << target << ' ' << body) {
      paper_service s;
      const auto r =
          s.call(method, target,
                 {{"Queue-Token", some_token_text}, {"Content-Type", "application/json"}}, body);
      BOOST_TEST(r.status == 400);
      const auto answer = json_of(r);
      BOOST_TEST(answer["code"] == "INVALID_REQUEST");
      BOOST_TEST(answer["responseResult"] == "FAIL");
      std::string pointers;
      for (const auto& e : answer["errors"]) {
        pointers += e["pointer"].get<std::string>() + ' ';
        BOOST_TEST(!e["detail"].get<std::string>().empty());
      }
      BOOST_TEST(pointers == faults);
      BOOST_TEST(s.service.seen.empty());
      BOOST_TEST(s.commands.in_flight() == 0u);
    }
  }
}

// Faults of the body as a whole, for every route that has one.
const std::vector<row> no_object = {
    {"", " "},
    {" ", " "},
    {"{", " "},
    {"[]", " "},
    {"null", " "},
    {"\"userId\"", " "},
    {"userId=1", " "},
    {"{\"userId\":1", " "},
    {"{\"userId\":1}}", " "},
    {"{\"userId\":1,\"userId\":1}", "/userId "},
    {"{\"userId\":\"\xff\"}", " "},
    {"{\"userId\":\"\\ud800\"}", " "},
    {"{\"userId\":1e999}", " "},
    {"{\"a\":[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]}", " "},
    {"{\"a\":{\"b\":1,\"b\":2}}", "/a "},
};

constexpr std::pair<const char*, const char*> routes_with_body[] = {
    {"POST", "/mock/queue"},   {"POST", "/mock/booking"},         {"POST", "/mock/balance"},
    {"POST", "/mock/payment"}, {"PATCH", "/users/points/charge"}, {"PATCH", "/payments/payment"}};

} // namespace

BOOST_AUTO_TEST_SUITE(api_bad_input)

BOOST_AUTO_TEST_CASE(a_body_that_is_no_object) {
  for (const auto& [method, target] : routes_with_body) check_rows(method, target, no_object);
}

BOOST_AUTO_TEST_CASE(all_that_is_missing_is_named_at_once) {
  check_rows("POST", "/mock/queue", {{"{}", "/userId "}});
  check_rows("POST", "/mock/booking", {{"{}", "/userId /concertOptionId /seats "}});
  check_rows("POST", "/mock/balance", {{"{}", "/userId /balance "}});
  check_rows("POST", "/mock/payment", {{"{}", "/bookingId /concertId /userId /seats "}});
  check_rows("PATCH", "/users/points/charge", {{"{}", "/userId /paymentMethod /amount "}});
  check_rows("PATCH", "/payments/payment",
             {{"{}", "/userId /amount /concertOptionId /paymentMethod "},
              {R"({"userId":null,"amount":null,"concertOptionId":null,"paymentMethod":null})",
               "/userId /amount /concertOptionId /paymentMethod "}});
}

BOOST_AUTO_TEST_CASE(user_ids) {
  check_rows("POST", "/mock/queue",
             {{R"({"userId":""})", "/userId "},
              {R"({"userId":" "})", "/userId "},
              {R"({"userId":"a b"})", "/userId "},
              {R"({"userId":"아무개"})", "/userId "},
              {R"({"userId":"a\u0000"})", "/userId "},
              {R"({"userId":"a/b"})", "/userId "},
              {R"({"userId":"'; drop table users"})", "/userId "},
              {R"({"userId":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"})",
               "/userId "},
              {R"({"userId":-1})", "/userId "},
              {R"({"userId":1.0})", "/userId "},
              {R"({"userId":1e2})", "/userId "},
              {R"({"userId":9223372036854775808})", "/userId "},
              {R"({"userId":18446744073709551616})", "/userId "},
              {R"({"userId":true})", "/userId "},
              {R"({"userId":[1]})", "/userId "},
              {R"({"userId":{"id":1}})", "/userId "},
              {R"({"userid":1})", "/userId "}});
}

BOOST_AUTO_TEST_CASE(the_queues_other_fields) {
  check_rows("POST", "/mock/queue",
             {{R"({"userId":1,"requestedTime":"yesterday"})", "/requestedTime "},
              {R"({"userId":1,"requestedTime":""})", "/requestedTime "},
              {R"({"userId":1,"requestedTime":"2024-02-30T10:00:00"})", "/requestedTime "},
              {R"({"userId":1,"requestedTime":"2024-07-03T25:00:00"})", "/requestedTime "},
              {R"({"userId":1,"requestedTime":"2024-07-03"})", "/requestedTime "},
              {R"({"userId":1,"requestedTime":1720000000})", "/requestedTime "},
              {R"({"userId":1,"requestedTime":[]})", "/requestedTime "},
              {R"({"userId":1,"requestedTime":[2024,7,3,10]})", "/requestedTime "},
              {R"({"userId":1,"requestedTime":[2024,2,30,10,0,0,0]})", "/requestedTime "},
              {R"({"userId":1,"requestedTime":[2024,7,3,10,0,60,0]})", "/requestedTime "},
              {R"({"userId":1,"requestedTime":[2024,7,3,10,0,0,1000000000]})", "/requestedTime "},
              {R"({"userId":1,"requestedTime":[2024,7,3,10,0,0,0,0]})", "/requestedTime "},
              {R"({"userId":1,"requestedTime":[0,0,0,0,0,0,0,0,0,0,0,0]})", "/requestedTime "},
              {R"({"userId":1,"requestedTime":["2024",7,3,10,0]})", "/requestedTime "},
              {R"({"userId":1,"requestedTime":[2024.5,7,3,10,0]})", "/requestedTime "},
              {R"({"userId":1,"requestedTime":{}})", "/requestedTime "},
              {R"({"userId":1,"priority":"2"})", "/priority "},
              {R"({"userId":1,"priority":2.5})", "/priority "},
              {R"({"userId":1,"priority":2147483648})", "/priority "},
              {R"({"userId":1,"priority":-2147483649})", "/priority "},
              {R"({"userId":1,"priority":false})", "/priority "},
              {R"({"userId":1,"concertId":0})", "/concertId "},
              {R"({"userId":1,"concertId":-1})", "/concertId "},
              {R"({"userId":1,"concertId":"1"})", "/concertId "},
              {R"({"userId":1,"concertId":1.5})", "/concertId "},
              {R"({"userId":"?","requestedTime":1,"priority":[],"concertId":{}})",
               "/userId /requestedTime /priority /concertId "}});
}

BOOST_AUTO_TEST_CASE(amounts) {
  for (const char* amount : {"0",
                             "-1",
                             "-0",
                             "0.0",
                             "-0.01",
                             "0.001",
                             "1.005",
                             "100.000",
                             "\"100\"",
                             "true",
                             "[1]",
                             "{}",
                             "1e-3",
                             "1e99",
                             "1e308",
                             "10000000000000.01",
                             "99999999999999999999",
                             "1.2345678901234567",
                             "9223372036854775807",
                             "-9223372036854775808"}) {
    const std::string text = amount;
    check_rows("POST", "/mock/balance",
               {{("{\"userId\":1,\"balance\":" + text + "}").c_str(), "/balance "}});
    check_rows(
        "PATCH", "/users/points/charge",
        {{("{\"userId\":1,\"paymentMethod\":\"c\",\"amount\":" + text + "}").c_str(), "/amount "}});
    check_rows(
        "PATCH", "/payments/payment",
        {{("{\"userId\":1,\"paymentMethod\":\"c\",\"concertOptionId\":1,\"amount\":" + text + "}")
              .c_str(),
          "/amount "}});
  }
}

BOOST_AUTO_TEST_CASE(seats_and_ids_of_a_booking) {
  for (const char* seats : {"\"\"",
                            "\" \"",
                            "\",\"",
                            "\"A_10,\"",
                            "\",A_10\"",
                            "\"A_10,,A_11\"",
                            "\"A_10 A_11\"",
                            "\"A10\"",
                            "\"A_\"",
                            "\"_10\"",
                            "\"A_0\"",
                            "\"A_010\"",
                            "\"A_-1\"",
                            "\"A_1.5\"",
                            "\"A_99999999999\"",
                            "\"A_10,A_10\"",
                            "\"A_10, A_10\"",
                            "\"좌_1\"",
                            "\"ABCDEFGHIJKLMNOPQ_1\"",
                            "[\"A_10\"]",
                            "10",
                            "{}",
                            "true"}) {
    const std::string text = seats;
    check_rows(
        "POST", "/mock/booking",
        {{("{\"userId\":1,\"concertOptionId\":1,\"seats\":" + text + "}").c_str(), "/seats "}});
    check_rows("POST", "/mock/payment",
               {{("{\"userId\":1,\"bookingId\":1,\"concertId\":1,\"seats\":" + text + "}").c_str(),
                 "/seats "}});
  }
  for (const char* id : {"0", "-1", "1.0", "\"1\"", "9223372036854775808", "1e3", "[]", "false"}) {
    const std::string text = id;
    check_rows("POST", "/mock/booking",
               {{("{\"userId\":1,\"seats\":\"A_1\",\"concertOptionId\":" + text + "}").c_str(),
                 "/concertOptionId "}});
    check_rows(
        "POST", "/mock/payment",
        {{("{\"userId\":1,\"seats\":\"A_1\",\"bookingId\":" + text + ",\"concertId\":" + text + "}")
              .c_str(),
          "/bookingId /concertId "}});
  }
  check_rows("POST", "/mock/booking",
             {{R"({"userId":1,"concertOptionId":1,"seats":"A_1,A_2,A_3,A_4,A_5,A_6,A_7,A_8,)"
               R"(A_9,A_10,A_11"})",
               "/seats "}});
}

BOOST_AUTO_TEST_CASE(the_charges_other_fields) {
  check_rows(
      "PATCH", "/users/points/charge",
      {{R"({"userId":1,"amount":1,"paymentMethod":""})", "/paymentMethod "},
       {R"({"userId":1,"amount":1,"paymentMethod":1})", "/paymentMethod "},
       {R"({"userId":1,"amount":1,"paymentMethod":"a\nb"})", "/paymentMethod "},
       {R"({"userId":1,"amount":1,"paymentMethod":"a\u007f"})", "/paymentMethod "},
       {R"({"userId":1,"amount":1,"paymentMethod":["c"]})", "/paymentMethod "},
       {R"({"userId":1,"amount":1,"paymentMethod":"c","pointId":"1"})", "/pointId "},
       {R"({"userId":1,"amount":1,"paymentMethod":"c","pointId":1.5})", "/pointId "},
       {R"({"userId":1,"amount":1,"paymentMethod":"c","pointId":9223372036854775808})",
        "/pointId "},
       {R"({"userId":1,"amount":1,"paymentMethod":"c","paymentTime":"now"})", "/paymentTime "},
       {R"({"userId":1,"amount":1,"paymentMethod":"c","paymentTime":5})", "/paymentTime "}});
}

BOOST_AUTO_TEST_CASE(content_types) {
  const std::string body = R"({"userId":1,"balance":1})";
  const auto status = [&body](fields headers) {
    paper_service s;
    s.service.decide = [](const actors::command&) -> actors::outcome { return wallet_of("1", 1); };
    const auto r = s.call("POST", "/mock/balance", std::move(headers), body);
    if (r.status != 200) {
      BOOST_TEST(json_of(r)["code"] == "UNSUPPORTED_MEDIA_TYPE");
      BOOST_TEST(s.service.seen.empty());
    }
    return r.status;
  };
  for (const char* type :
       {"application/json", "Application/JSON", "application/json;charset=utf-8",
        "application/json ; Charset=\"UTF-8\"", "application/json; profile=x; charset=utf-8",
        "application/json;", " application/json\t"})
    BOOST_TEST(status({{"Content-Type", type}}) == 200, type);
  for (const char* type :
       {"", "text/plain", "application/x-www-form-urlencoded", "application/jsonx", "json",
        "application/json, text/plain", "application/xml", "multipart/form-data; boundary=x",
        "application/json; charset=euc-kr", "application/json;charset=utf-16",
        "application/json;junk", "application/problem+json", "*/*"})
    BOOST_TEST(status({{"Content-Type", type}}) == 415, type);
  BOOST_TEST(status({}) == 200);
  BOOST_TEST(status({{"Content-Encoding", "identity"}}) == 200);
  BOOST_TEST(status({{"Content-Encoding", "gzip"}}) == 415);
}

BOOST_AUTO_TEST_CASE(queries) {
  for (const char* query : {"",
                            "?",
                            "?concertId=1",
                            "?date=2024-07-10",
                            "?concertId=&date=2024-07-10",
                            "?concertId=0&date=2024-07-10",
                            "?concertId=-1&date=2024-07-10",
                            "?concertId=%2B1&date=2024-07-10",
                            "?concertId=1.0&date=2024-07-10",
                            "?concertId=1e0&date=2024-07-10",
                            "?concertId=a&date=2024-07-10",
                            "?concertId=1%00&date=2024-07-10",
                            "?concertId=9223372036854775808&date=2024-07-10",
                            "?concertId=1&date=",
                            "?concertId=1&date=2024-7-10",
                            "?concertId=1&date=2024-02-30",
                            "?concertId=1&date=20240710",
                            "?concertId=1&date=2024-07-10T00:00:00",
                            "?concertId=1&date=today",
                            "?concertId=1&date=2024-07-10%20",
                            "?concertId=1&date=%FF",
                            "?concertId=1&concertId=1&date=2024-07-10",
                            "?concertId=1&date=2024-07-10&date=2024-07-10",
                            "?concertId=1&date=2024-07-10&x=%",
                            "?concertId=1&date=2024-07-10&x=%g0",
                            "?concertid=1&date=2024-07-10"}) {
    BOOST_TEST_CONTEXT(query) {
      paper_service s;
      const auto r = s.call("GET", "/mock/available-seats" + std::string(query));
      BOOST_TEST(r.status == 400);
      BOOST_TEST(json_of(r)["code"] == "INVALID_REQUEST");
      BOOST_TEST(!json_of(r)["detail"].get<std::string>().empty());
    }
  }
}

BOOST_AUTO_TEST_CASE(user_ids_in_a_path) {
  for (const char* id : {"%", "%zz", "%00", "a%20b", "%EC%95%84", "a%2Fb", "%FF", "a+b", "!",
                         "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}) {
    paper_service s;
    const auto r = s.call("GET", "/mock/balance/" + std::string(id));
    BOOST_TEST(r.status == 400, id);
    BOOST_TEST(json_of(r)["code"] == "INVALID_REQUEST");
    BOOST_TEST(s.service.seen.empty());
  }
}

namespace {

// A good body with a few bytes changed, taken out or doubled.
std::string spoil(std::string text, std::mt19937& random) {
  for (auto n = random() % 4; n > 0 && !text.empty(); --n) {
    const auto at = random() % text.size();
    switch (random() % 4) {
    case 0: text[at] = static_cast<char>(random() % 256); break;
    case 1: text.erase(at, 1 + random() % 3); break;
    case 2: text.insert(at, text.substr(at, random() % 8)); break;
    default: text.insert(at, 1, "{}[]\",:\\0e.-"[random() % 12]);
    }
  }
  return text;
}

} // namespace

BOOST_AUTO_TEST_CASE(spoilt_bodies_are_answered_with_whole_json_and_never_a_5xx) {
  const auto seed = std::random_device{}();
  BOOST_TEST_MESSAGE("seed " << seed);
  std::mt19937 random(seed);
  const char* const good[] = {
      R"({"userId":"spring123","requestedTime":"2024-07-03T10:00:00","priority":2})",
      R"({"userId":1,"concertOptionId":1,"seats":"A_10,A_11"})",
      R"({"userId":1,"balance":100.00})",
      R"({"bookingId":12345,"concertId":1,"userId":1001,"seats":"A_10,A_11"})",
      R"({"pointId":1,"userId":"user1","paymentMethod":"Credit Card","amount":100})",
      R"({"userId":"user1","amount":100,"concertOptionId":1,"paymentMethod":"CREDIT_CARD"})"};
  paper_service s;
  s.service.decide = [](const actors::command& c) -> actors::outcome {
    if (std::holds_alternative<actors::enter_queue>(c)) return domain::token_view{};
    if (std::holds_alternative<actors::charge_wallet>(c)) return wallet_of("1", 1);
    return some_booking(domain::booking_status::confirmed);
  };
  int served = 0, refused = 0;
  for (int round = 0; round < 20'000; ++round) {
    const auto which = random() % std::size(good);
    const auto& [method, target] = routes_with_body[which];
    const auto body = spoil(good[which], random);
    const auto r = s.call(method, target, {{"Queue-Token", some_token_text}}, body);
    BOOST_REQUIRE_MESSAGE(r.status == 200 || r.status == 400 || r.status == 404,
                          "seed " << seed << ": " << r.status << " for " << body);
    BOOST_REQUIRE_MESSAGE(json::accept(text_of(r)), "seed " << seed << ": " << text_of(r));
    ++(r.status == 200 ? served : refused);
  }
  BOOST_TEST(served > 0);
  BOOST_TEST(refused > 0);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace boxoffice::http::test
