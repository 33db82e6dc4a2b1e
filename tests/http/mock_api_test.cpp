// The seed's nine calls, byte for byte, and against the samples of its API documentation.
#include "tests/http/fake_service.hpp"

namespace boxoffice::http::test {

namespace {

const fields with_token = {{"content-type", "application/json; charset=UTF-8"},
                           {"queue-token", "CA20BC2A-577b-4055-ab3b-7e197c668b35"}};

// What the seed shows is there, under its name, of its type, and in its order; ours comes behind.
void check_shape(const json& sample, const json& answer, const std::string& where = "") {
  BOOST_TEST_CONTEXT("at " << where) {
    const bool both_numbers = sample.is_number() && answer.is_number();
    BOOST_REQUIRE_MESSAGE(both_numbers || sample.type() == answer.type(),
                          sample.type_name() << " became " << answer.type_name());
    if (sample.is_array()) {
      BOOST_REQUIRE(!answer.empty());
      if (sample[0].is_number()) BOOST_TEST(answer.size() == sample.size());
      for (const auto& item : answer) check_shape(sample[0], item, where + "[]");
    }
    if (!sample.is_object()) return;
    auto ours = answer.begin();
    for (const auto& [name, value] : sample.items()) {
      BOOST_REQUIRE_MESSAGE(ours != answer.end() && ours.key() == name, name << " is not in place");
      check_shape(value, *ours, where + "/" + name);
      ++ours;
    }
  }
}

void check_success(const response& r) {
  BOOST_TEST(r.status == 200);
  BOOST_REQUIRE(field_of(r, "Content-Type"));
  BOOST_TEST(*field_of(r, "Content-Type") == "application/json");
  BOOST_TEST(*field_of(r, "X-Content-Type-Options") == "nosniff");
  BOOST_TEST(*field_of(r, "Cache-Control") == "no-store");
  BOOST_TEST(field_of(r, "traceresponse"));
}

template <class Outcome>
auto always(Outcome o) {
  return [o](const actors::command&) -> actors::outcome { return o; };
}

domain::token_view admitted() {
  return {some_token,
          {"spring123"},
          domain::token_status::processing,
          0,
          domain::from_micros(1720144510'816342),
          domain::from_micros(1720144810'816342)};
}

const std::string booking_text =
    R"({"responseResult":"SUCCESS","bookingId":12345,"bookingStatus":"PENDING",)"
    R"("bookingTime":[2024,7,10,12,0,0,281699000],)"
    R"("user":{"userId":1001,"name":"아무개","balance":100000},)"
    R"("concert":{"concertId":1,"name":"concertA","date":[2024,7,10,1,0,0,863645000],"seats":[)"
    R"({"seatId":10,"seatNumber":10,"reserved":true,"section":"A","price":100},)"
    R"({"seatId":11,"seatNumber":11,"reserved":true,"section":"A","price":100}],)"
    R"("concertOptionId":1}})";

const json booking_sample = json::parse(
    R"({"responseResult":"SUCCESS","bookingId":1,"bookingStatus":"COMPLETE",
        "bookingTime":[2024,7,5,1,55,14,863645100],
        "user":{"userId":1,"name":"UserA","balance":100000},
        "concert":{"concertId":1,"name":"concertA","date":[2024,7,10,1,55,14,863645100],
                   "seats":[{"seatId":0,"seatNumber":10,"reserved":true},
                            {"seatId":1,"seatNumber":11,"reserved":true}]}})");

std::string with_word(std::string text, const std::string& word, const std::string& other) {
  return text.replace(text.find(word), word.size(), other);
}

} // namespace

BOOST_AUTO_TEST_SUITE(api_queue)

const std::string entry =
    R"({"userId":"spring123","requestedTime":"2024-07-03T10:00:00","priority":2})";

BOOST_AUTO_TEST_CASE(a_place_in_the_queue_is_answered_as_the_seed_does) {
  paper_service s;
  s.service.decide = always(admitted());
  const auto r = s.call("POST", "/mock/queue", as_json, entry);
  check_success(r);
  BOOST_TEST(text_of(r) ==
             R"({"queueToken":"ca20bc2a-577b-4055-ab3b-7e197c668b35","position":0,)"
             R"("issueTime":[2024,7,5,1,55,10,816342000],)"
             R"("expirationTime":[2024,7,5,2,0,10,816342000],"queueStatus":"PROCESSING"})");
  check_shape(json::parse(R"({"queueToken":"ca20bc2a-577b-4055-ab3b-7e197c668b35","position":0,
      "issueTime":[2024,7,5,1,55,10,816342400],"expirationTime":[2024,7,5,2,0,10,816342400],
      "queueStatus":"PROCESSING"})"),
              json_of(r));
  const auto c = s.only_command<actors::enter_queue>();
  BOOST_TEST(c.user.value == "spring123");
  BOOST_TEST(c.priority == 2);
  BOOST_TEST(c.concert.value == 1); // the default
}

BOOST_AUTO_TEST_CASE(a_waiting_place_has_a_position_and_a_concert_may_be_named) {
  paper_service s;
  auto waiting = admitted();
  waiting.status = domain::token_status::waiting;
  waiting.position = 17;
  s.service.decide = always(waiting);
  const auto r = s.call("POST", "/mock/queue", {},
                        R"({"userId":1,"concertId":2,"requestedTime":null,"more":[1]})");
  BOOST_TEST(json_of(r)["position"] == 17);
  BOOST_TEST(json_of(r)["queueStatus"] == "WAITING");
  const auto c = s.only_command<actors::enter_queue>();
  BOOST_TEST(c.user.value == "1");
  BOOST_TEST(c.concert.value == 2);
  BOOST_TEST(c.priority == 0);
}

BOOST_AUTO_TEST_CASE(the_expired_status_has_its_word) {
  paper_service s;
  auto expired = admitted();
  expired.status = domain::token_status::expired;
  s.service.decide = always(expired);
  BOOST_TEST(json_of(s.call("POST", "/mock/queue", {}, entry))["queueStatus"] == "EXPIRED");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(api_concerts)

BOOST_AUTO_TEST_CASE(all_performances_are_listed_with_their_seats) {
  paper_service s;
  s.service.maps[{1}] =
      std::make_shared<domain::seat_map>(s.service.maps[{1}]
                                             ->with({{2}}, domain::seat_status::held, 1)
                                             .with({{3}}, domain::seat_status::sold, 2));
  const auto r = s.call("GET", "/mock/concerts");
  check_success(r);
  BOOST_TEST(
      text_of(r) ==
      R"({"concerts":[{"concertId":1,"name":"concertA","date":[2024,7,10,1,0,0,863645000],"seats":[)"
      R"({"seatId":1,"seatNumber":1,"reserved":false,"section":"A","price":100},)"
      R"({"seatId":2,"seatNumber":2,"reserved":true,"section":"A","price":100},)"
      R"({"seatId":3,"seatNumber":1,"reserved":true,"section":"B","price":50.5}],"concertOptionId":1},)"
      R"({"concertId":1,"name":"concertA","date":[2024,7,10,20,0,0,0],"seats":[)"
      R"({"seatId":4,"seatNumber":1,"reserved":false,"section":"A","price":100}],"concertOptionId":2},)"
      R"({"concertId":1,"name":"concertA","date":[2024,7,11,20,0,0,0],"seats":[)"
      R"({"seatId":5,"seatNumber":1,"reserved":false,"section":"A","price":100}],"concertOptionId":3},)"
      R"({"concertId":2,"name":"\"콘서트\"","date":[2024,7,10,20,0,0,0],"seats":[)"
      R"({"seatId":6,"seatNumber":1,"reserved":false,"section":"C","price":0.01}],"concertOptionId":4}]})");
  check_shape(json::parse(R"({"concerts":[{"concertId":1,"name":"concertA",
      "date":[2024,7,6,1,55,12,127111700],
      "seats":[{"seatId":0,"seatNumber":1,"reserved":false}]}]})"),
              json_of(r));
  BOOST_TEST(s.service.seen.empty());
}

BOOST_AUTO_TEST_CASE(the_text_is_shared_until_something_changes) {
  paper_service s;
  const auto text = [&] { return s.call("GET", "/mock/concerts").shared_body; };
  const auto first = text();
  BOOST_TEST(first);
  BOOST_TEST(text() == first);

  s.service.maps[{3}] = std::make_shared<domain::seat_map>(
      s.service.maps[{3}]->with({{5}}, domain::seat_status::held, 1));
  const auto second = text();
  BOOST_TEST(second != first);
  BOOST_TEST(json::parse(*second)["concerts"][2]["seats"][0]["reserved"] == true);
  BOOST_TEST(text() == second);

  auto all = *s.service.stock;
  auto added = *all.options[{4}];
  added.id = {5};
  added.sections[0].first_seat = {7};
  all.options[{5}] = std::make_shared<domain::concert_option>(added);
  s.service.stock = std::make_shared<domain::catalogue>(all);
  BOOST_TEST(json::parse(*text())["concerts"].size() == 4u);
  s.service.maps[{5}] = std::make_shared<domain::seat_map>(added.id, added.first_seat(), 1);
  const auto third = text();
  BOOST_TEST(json::parse(*third)["concerts"][4]["seats"][0]["seatId"] == 7);
  BOOST_TEST(text() == third);

  // A performance is shown once it has its map.
  s.service.maps.erase({4});
  BOOST_TEST(json::parse(*text())["concerts"].size() == 4u);
}

BOOST_AUTO_TEST_CASE(an_empty_catalogue_is_an_empty_list) {
  paper_service s;
  s.service.stock = std::make_shared<domain::catalogue>();
  BOOST_TEST(text_of(s.call("GET", "/mock/concerts")) == R"({"concerts":[]})");
}

BOOST_AUTO_TEST_CASE(the_free_seats_of_a_day_are_listed_over_its_performances) {
  paper_service s;
  s.service.maps[{1}] = std::make_shared<domain::seat_map>(
      s.service.maps[{1}]->with({{1}, {2}}, domain::seat_status::held, 1));
  const auto r = s.call("GET", "/mock/available-seats?concertId=1&date=2024-07-10");
  check_success(r);
  BOOST_TEST(
      text_of(r) ==
      R"([{"seatId":3,"seatNumber":1,"reserved":false,"section":"B","price":50.5,"concertOptionId":1},)"
      R"({"seatId":4,"seatNumber":1,"reserved":false,"section":"A","price":100,"concertOptionId":2}])");
  check_shape(json::parse(R"([{"seatId":0,"seatNumber":1,"reserved":false}])"), json_of(r));
}

BOOST_AUTO_TEST_CASE(the_free_seats_are_shared_until_a_map_of_that_day_changes) {
  paper_service s;
  const auto text = [&](const std::string& date) {
    return s.call("GET", "/mock/available-seats?concertId=1&date=" + date).shared_body;
  };
  const auto tenth = text("2024-07-10"), eleventh = text("2024-07-11");
  s.service.maps[{3}] = std::make_shared<domain::seat_map>(
      s.service.maps[{3}]->with({{5}}, domain::seat_status::sold, 1));
  BOOST_TEST(text("2024-07-10") == tenth);
  BOOST_TEST(*text("2024-07-11") == "[]"); // all sold
  BOOST_TEST(*eleventh != "[]");
  s.service.maps[{3}] = std::make_shared<domain::seat_map>(
      s.service.maps[{3}]->with({{5}}, domain::seat_status::free, 2));
  BOOST_TEST(*text("2024-07-11") == *eleventh);
}

BOOST_AUTO_TEST_CASE(a_query_may_be_escaped_and_a_day_without_a_performance_is_an_empty_list) {
  paper_service s;
  BOOST_TEST(json_of(s.call("GET", "/mock/available-seats?da%74e=2024%2D07-11&concertId=%31&x=y"))
                 .size() == 1u);
  BOOST_TEST(text_of(s.call("GET", "/mock/available-seats?concertId=1&date=2024-07-12")) == "[]");
  BOOST_TEST(text_of(s.call("GET", "/mock/available-seats?concertId=2&date=2024-07-11")) == "[]");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(api_booking)

BOOST_AUTO_TEST_CASE(a_booking_is_answered_as_the_seed_does) {
  paper_service s;
  s.service.decide = always(some_booking(domain::booking_status::pending));
  const auto r = s.call("POST", "/mock/booking", with_token,
                        R"({"userId":1001,"concertOptionId":1,"seats":"A_10, A_11"})");
  check_success(r);
  BOOST_TEST(text_of(r) == booking_text);
  check_shape(booking_sample, json_of(r));
  const auto c = s.only_command<actors::create_booking>();
  BOOST_TEST(c.user.value == "1001");
  BOOST_TEST(c.option.value == 1);
  BOOST_TEST((c.token == some_token));
  BOOST_TEST(domain::to_string(c.seats) == "A_10,A_11");
}

BOOST_AUTO_TEST_CASE(a_payment_answers_the_booking_complete) {
  paper_service s;
  s.service.decide = always(some_booking(domain::booking_status::confirmed));
  const auto r = s.call("POST", "/mock/payment", with_token,
                        R"({"bookingId":12345,"concertId":1,"userId":1001,"seats":"A_10,A_11"})");
  check_success(r);
  BOOST_TEST(text_of(r) == R"({"responseResult":"SUCCESS","bookingResponse":)" +
                               with_word(booking_text, "PENDING", "COMPLETE") + "}");
  check_shape({{"responseResult", "SUCCESS"}, {"bookingResponse", booking_sample}}, json_of(r));
  const auto c = s.only_command<actors::pay_booking>();
  BOOST_TEST(c.booking.value == 12345);
  BOOST_TEST(c.concert.value == 1);
  BOOST_TEST(c.claim.user.value == "1001");
  BOOST_TEST((c.claim.concert == domain::concert_id{1}));
  BOOST_TEST((c.claim.token == some_token));
  BOOST_TEST(domain::to_string(c.claim.seats.value()) == "A_10,A_11");
}

BOOST_AUTO_TEST_CASE(every_status_has_its_word) {
  using status = domain::booking_status;
  const std::pair<status, const char*> words[] = {
      {status::pending, "PENDING"},     {status::paying, "PENDING"},
      {status::confirmed, "COMPLETE"},  {status::refunding, "REFUNDING"},
      {status::cancelled, "CANCELLED"}, {status::expired, "EXPIRED"}};
  for (const auto& [value, word] : words) {
    paper_service s;
    s.service.decide = always(some_booking(value));
    const auto r = s.call("POST", "/mock/booking", with_token,
                          R"({"userId":1001,"concertOptionId":1,"seats":"A_10"})");
    BOOST_TEST(json_of(r)["bookingStatus"] == word);
  }
}

BOOST_AUTO_TEST_CASE(the_seeds_own_payment_pays_the_pending_booking) {
  paper_service s;
  auto paid = some_booking(domain::booking_status::confirmed);
  paid.booking.user = {"user1"};
  paid.booking.total = {20050};
  s.service.decide = always(paid);
  const auto r = s.call(
      "PATCH", "/payments/payment", as_json,
      R"({"userId":"user1","amount":200.50,"concertOptionId":1,"paymentMethod":"CREDIT_CARD"})");
  check_success(r);
  BOOST_TEST(text_of(r) ==
             R"({"paymentId":99,"userId":"user1","amount":200.5,"paymentMethod":"CREDIT_CARD"})");
  const auto c = s.only_command<actors::pay_pending>();
  BOOST_TEST(c.user.value == "user1");
  BOOST_TEST(c.amount.minor == 20050);
  BOOST_TEST(c.option.value == 1);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(api_wallet)

BOOST_AUTO_TEST_CASE(a_balance_is_charged_and_read_as_the_seed_does) {
  paper_service s;
  s.service.decide = always(wallet_of("1", 10000));
  const auto charged = s.call("POST", "/mock/balance", as_json, R"({"userId":1,"balance":100.00})");
  check_success(charged);
  BOOST_TEST(text_of(charged) == R"({"userId":1,"name":"아무개","balance":100})");
  const auto c = s.only_command<actors::charge_wallet>();
  BOOST_TEST(c.user.value == "1");
  BOOST_TEST(c.amount.minor == 10000);

  const auto read = s.call("GET", "/mock/balance/1");
  check_success(read);
  BOOST_TEST(text_of(read) == text_of(charged));
  BOOST_TEST(std::get<actors::read_wallet>(s.service.seen.at(1)).user.value == "1");
}

BOOST_AUTO_TEST_CASE(amounts_are_exact_both_ways) {
  const std::pair<const char*, std::int64_t> amounts[] = {
      {"100", 10000},  {"100.5", 10050}, {"0.01", 1},
      {"0.29", 29},    {"1e2", 10000},   {"1E-2", 1},
      {"10.10", 1010}, {"1.15", 115},    {"4503599627370.97", 450359962737097}};
  for (const auto& [text, minor] : amounts) {
    paper_service s;
    s.service.decide = always(wallet_of("1", minor));
    const auto r = s.call("POST", "/mock/balance", as_json,
                          std::string(R"({"userId":"1","balance":)") + text + "}");
    BOOST_TEST(s.only_command<actors::charge_wallet>().amount.minor == minor);
    BOOST_TEST(text_of(r).find("\"balance\":" + domain::to_points({minor}) + "}") !=
               std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(a_user_id_goes_out_as_a_number_when_it_is_one) {
  const std::pair<const char*, const char*> ids[] = {{"1", "1"},
                                                     {"0", "0"},
                                                     {"007", "\"007\""},
                                                     {"9007199254740991", "9007199254740991"},
                                                     {"user1", "\"user1\""},
                                                     {"9007199254740992", "\"9007199254740992\""},
                                                     {"-1", "\"-1\""},
                                                     {"a.b@c-d_e", "\"a.b@c-d_e\""}};
  for (const auto& [id, written] : ids) {
    paper_service s;
    s.service.decide = always(wallet_of(id, 0));
    const auto r = s.call("GET", "/mock/balance/" + std::string(id));
    BOOST_TEST(text_of(r) ==
               "{\"userId\":" + std::string(written) + R"(,"name":"아무개","balance":0})");
    BOOST_TEST(s.only_command<actors::read_wallet>().user.value == id);
  }
}

BOOST_AUTO_TEST_CASE(a_user_id_in_a_path_may_be_escaped) {
  paper_service s;
  s.service.decide = always(wallet_of("a@b", 0));
  BOOST_TEST(s.call("GET", "/mock/balance/%61%40b?x=1").status == 200);
  BOOST_TEST(s.only_command<actors::read_wallet>().user.value == "a@b");
}

BOOST_AUTO_TEST_CASE(the_seeds_own_charge_answers_the_wallet) {
  for (const char* time : {R"("2024-07-18T11:20:00.123456789")", "[2024,7,18,11,20,0,123456789]",
                           "[2024,7,18,11,20]", "null"}) {
    paper_service s;
    s.service.decide = always(wallet_of("user1", 30050));
    const auto r = s.call("PATCH", "/users/points/charge", as_json,
                          R"({"pointId":1,"userId":"user1","paymentMethod":"Credit Card",)"
                          R"("amount":100,"paymentTime":)" +
                              std::string(time) + "}");
    check_success(r);
    BOOST_TEST(text_of(r) == R"({"pointId":7,"amount":300.5,"paymentMethod":"Credit Card",)"
                             R"("user":{"userId":"user1","name":"아무개","balance":300.5}})");
    const auto c = s.only_command<actors::charge_wallet>();
    BOOST_TEST(c.user.value == "user1");
    BOOST_TEST(c.amount.minor == 10000);
  }
}

BOOST_AUTO_TEST_CASE(a_payment_method_is_repeated_as_it_came) {
  std::string method; // 64 characters of three bytes
  for (int i = 0; i < 64; ++i) method += "카";
  paper_service s;
  s.service.decide = always(wallet_of("u", 100));
  const auto charge = [&](const std::string& name) {
    return s.call("PATCH", "/users/points/charge", as_json,
                  R"({"userId":"u","amount":1,"paymentMethod":")" + name + "\"}");
  };
  BOOST_TEST(json_of(charge(method))["paymentMethod"] == method);
  BOOST_TEST(json_of(charge("\\\"\\u00e9\\\\"))["paymentMethod"] == "\"é\\");
  BOOST_TEST(charge(method + "카").status == 400);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace boxoffice::http::test
