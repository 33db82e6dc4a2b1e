// Concerts, performances and seat maps of /v1.
#include "http/entity_tag.hpp"
#include "http/seat_documents.hpp"
#include "tests/http/fake_service.hpp"

namespace boxoffice::http::test {

namespace {

using domain::seat_status;

struct offering : operated_service {
  response post_option(const std::string& body) {
    return call("POST", "/v1/concerts/1/options", as_operator, body);
  }
  void move_seats(std::int64_t option, const std::vector<domain::seat_id>& seats,
                  seat_status status, std::int64_t version) {
    auto& map = service.maps.at({option});
    map = std::make_shared<domain::seat_map>(map->with(seats, status, version));
  }
};

const std::string whole_option = R"({"startsAt":"2030-03-31T00:30:00.5+01:00","venue":"Hall",
  "timeZone":"Europe/Berlin","salesOpenAt":"2029-01-01T00:00:00Z","salesCloseAt":null,
  "sections":[{"name":"A","seats":60000,"price":10000},{"price":0,"seats":1,"name":"b2"}]})";

} // namespace

BOOST_AUTO_TEST_SUITE(api_v1_catalogue)

BOOST_FIXTURE_TEST_CASE(a_concert_is_created_by_the_operator, offering) {
  service.decide = [](const actors::command& c) -> actors::outcome {
    return domain::concert{{7}, std::get<actors::create_concert>(c).title, noon};
  };
  const auto r = call("POST", "/v1/concerts", as_operator, R"({"name":"콘서트"})");
  BOOST_TEST(r.status == 201);
  BOOST_TEST(*field_of(r, "Location") == "/v1/concerts/7");
  BOOST_TEST(json_of(r)["name"] == "콘서트");
  BOOST_TEST(json_of(r)["options"].empty());
  BOOST_TEST(call("POST", "/v1/concerts", as_json, "{}").status == 401);
  BOOST_TEST(service.seen.size() == 1u);
}

BOOST_FIXTURE_TEST_CASE(a_concert_has_a_name, offering) {
  const auto refused = [this](const std::string& body) {
    return call("POST", "/v1/concerts", as_operator, body).status;
  };
  BOOST_TEST(refused("{}") == 400);
  BOOST_TEST(refused(R"({"name":""})") == 400);
  BOOST_TEST(refused(R"({"name":7})") == 400);
  BOOST_TEST(refused(R"({"name":"x","date":"2030-01-01"})") == 400);
  BOOST_TEST(refused("{\"name\":\"" + std::string(201, 'x') + "\"}") == 400);
  BOOST_TEST(call("POST", "/v1/concerts", {as_operator[1]}, R"({"name":"x"})").status == 415);
  BOOST_TEST(service.seen.empty());
}

BOOST_FIXTURE_TEST_CASE(an_option_is_read_as_it_is_written, offering) {
  service.decide = [](const actors::command& c) -> actors::outcome {
    auto plan = domain::plan_option(std::get<actors::create_option>(c).wanted, noon);
    auto what = std::get<domain::concert_option>(std::move(plan));
    what.id = {9};
    what.sections[0].first_seat = {100};
    what.sections[1].first_seat = {60'100};
    return actors::option_view{what, noon};
  };
  const auto r = post_option(whole_option);
  BOOST_REQUIRE(r.status == 201);
  BOOST_TEST(*field_of(r, "Location") == "/v1/options/9");
  BOOST_TEST(text_of(r) ==
             R"({"concertOptionId":9,"concertId":1,"startsAt":"2030-03-30T23:30:00.5Z",)"
             R"("localDate":"2030-03-31","venue":"Hall","timeZone":"Europe/Berlin",)"
             R"("salesOpenAt":"2029-01-01T00:00:00Z","salesCloseAt":"2030-03-30T23:30:00.5Z",)"
             R"("status":"SCHEDULED","seats":60001,"freeSeats":60001,)"
             R"("sections":[{"name":"A","seats":60000,"price":10000,"firstSeatId":100},)"
             R"({"name":"b2","seats":1,"price":0,"firstSeatId":60100}]})");
  const auto wanted = only_command<actors::create_option>().wanted;
  BOOST_TEST(!wanted.sales_close_at.has_value());
  BOOST_CHECK(wanted.zone_offset == std::chrono::hours(1)); // an hour before the clocks change
}

BOOST_FIXTURE_TEST_CASE(a_body_hears_of_all_its_mistakes, offering) {
  using list = std::vector<std::string>;
  BOOST_TEST(faults_of(post_option("{}")) ==
                 (list{"/startsAt", "/venue", "/timeZone", "/sections"}),
             boost::test_tools::per_element());
  const auto with = [](std::string_view from, std::string_view to) {
    auto body = whole_option;
    return body.replace(body.find(from), from.size(), to);
  };
  const auto only = [&](std::string_view from, std::string_view to, const char* pointer) {
    BOOST_TEST(faults_of(post_option(with(from, to))) == list{pointer},
               boost::test_tools::per_element());
  };
  for (const char* time :
       {"2030-03-31T00:30:00", "2030-03-31", "2030-03-31T00:30Z", "2030-03-31 00:30:00Z",
        "2030-02-30T00:30:00Z", "2030-03-31T00:30:00.Z", "2030-03-31T00:30:00+0100", "soon", ""})
    only("2030-03-31T00:30:00.5+01:00", time, "/startsAt");
  only(R"("venue":"Hall")", R"("venue":7)", "/venue");
  only(R"("salesCloseAt":null)", R"("salesCloseAt":12)", "/salesCloseAt");
  only(R"("salesCloseAt":null)", R"("colour":1)", "/colour");
  only(R"("seats":60000)", R"("seats":"many")", "/sections/0/seats");
  only(R"("seats":60000)", R"("seats":1.5)", "/sections/0/seats");
  only(R"("price":0,)", R"("price":[0],)", "/sections/1/price");
  only(R"("price":0,)", "", "/sections/1/price");
  only(R"("price":0,)", R"("price":0,"kind":{"deep":[1]},)", "/sections/1/kind");
  only(R"("name":"b2")", R"("name":2)", "/sections/1/name");
  only(R"({"price":0,"seats":1,"name":"b2"})", "17", "/sections/1");
  only(R"([{"name":"A","seats":60000,"price":10000},{"price":0,"seats":1,"name":"b2"}])", "[]",
       "/sections");
  only(R"([{"name":"A","seats":60000,"price":10000},{"price":0,"seats":1,"name":"b2"}])", "{}",
       "/sections");
}

BOOST_FIXTURE_TEST_CASE(concerts_are_listed_in_pages, offering) {
  const auto first = json_of(call("GET", "/v1/concerts?limit=1"));
  BOOST_REQUIRE(first["items"].size() == 1u);
  BOOST_TEST(first["items"][0]["concertId"] == 1);
  BOOST_TEST(first["items"][0]["options"].size() == 3u);
  const auto cursor = first["nextCursor"].get<std::string>();
  const auto second = json_of(call("GET", "/v1/concerts?limit=1&cursor=" + cursor));
  BOOST_TEST(second["items"][0]["concertId"] == 2);
  BOOST_TEST(second["nextCursor"].is_null());
  BOOST_TEST(call("GET", "/v1/concerts?cursor=x").status == 400);
  BOOST_TEST(call("GET", "/v1/concerts?limit=0").status == 400);
}

BOOST_FIXTURE_TEST_CASE(what_is_not_there_is_not_found, offering) {
  const auto code = [this](const char* target) {
    return json_of(call("GET", target))["code"].get<std::string>();
  };
  BOOST_TEST(code("/v1/concerts/77") == "CONCERT_NOT_FOUND");
  BOOST_TEST(code("/v1/concerts/77/dates") == "CONCERT_NOT_FOUND");
  BOOST_TEST(code("/v1/concerts/x") == "INVALID_REQUEST");
  BOOST_TEST(code("/v1/options/77") == "CONCERT_OPTION_NOT_FOUND");
  BOOST_TEST(code("/v1/options/77/seats") == "CONCERT_OPTION_NOT_FOUND");
  BOOST_TEST(code("/v1/options/1/seats?status=FREE") == "INVALID_REQUEST");
}

BOOST_FIXTURE_TEST_CASE(dates_are_those_with_free_seats_left, offering) {
  service.time = domain::from_calendar({{2024, 7, 9}, 0, 0, 0, 0});
  move_seats(1, {{1}}, seat_status::held, 1);
  move_seats(2, {{4}}, seat_status::sold, 2);
  auto all = json_of(call("GET", "/v1/concerts/1/dates"));
  BOOST_TEST(all["items"] ==
             json::parse(R"([{"date":"2024-07-10","freeSeats":2,"concertOptionIds":[1]},
                             {"date":"2024-07-11","freeSeats":1,"concertOptionIds":[3]}])"));
  const auto page = json_of(call("GET", "/v1/concerts/1/dates?limit=1"));
  const auto cursor = page["nextCursor"].get<std::string>();
  all = json_of(call("GET", "/v1/concerts/1/dates?cursor=" + cursor));
  BOOST_TEST(all["items"].size() == 1u);
  BOOST_TEST(all["items"][0]["date"] == "2024-07-11");
  service.time = domain::from_calendar({{2024, 7, 11}, 20, 0, 0, 0}); // it begins
  BOOST_TEST(json_of(call("GET", "/v1/concerts/1/dates"))["items"].empty());
}

BOOST_FIXTURE_TEST_CASE(a_seat_map_is_one_document, offering) {
  move_seats(1, {{2}}, seat_status::held, 5);
  move_seats(1, {{3}}, seat_status::sold, 6);
  const auto seat = [](const char* text) { return std::string(text); };
  const auto a1 = seat(R"({"seatId":1,"section":"A","number":1,"name":"A_1","price":10000,)"
                       R"("status":"FREE"})"),
             a2 = seat(R"({"seatId":2,"section":"A","number":2,"name":"A_2","price":10000,)"
                       R"("status":"HELD"})"),
             b1 = seat(R"({"seatId":3,"section":"B","number":1,"name":"B_1","price":5050,)"
                       R"("status":"SOLD"})");
  const auto items = [this](const char* query) {
    return text_of(call("GET", "/v1/options/1/seats" + std::string(query)));
  };
  const auto list = [](const std::string& seats) {
    return "{\"items\":[" + seats + "],\"nextCursor\":null}";
  };
  BOOST_TEST(items("") == list(a1 + ',' + a2 + ',' + b1));
  BOOST_TEST(items("?status=free") == list(a1));
  BOOST_TEST(items("?status=held") == list(a2));
  BOOST_TEST(items("?status=sold") == list(b1));
}

BOOST_FIXTURE_TEST_CASE(a_tag_means_one_state_of_one_document, offering) {
  const auto tag = [this](const char* query) {
    return *field_of(call("GET", "/v1/options/1/seats" + std::string(query)), "ETag");
  };
  const auto status = [this](const std::string& known) {
    return call("GET", "/v1/options/1/seats", {{"If-None-Match", known}}).status;
  };
  const auto before = tag("");
  BOOST_TEST(before == tag(""));
  BOOST_TEST(before != tag("?status=free"));
  BOOST_TEST(status(before) == 304);
  BOOST_TEST(status("\"x\", W/" + before) == 304);
  BOOST_TEST(status("*") == 304);
  BOOST_TEST(status(tag("?status=free")) == 200);
  const auto unchanged = call("GET", "/v1/options/1/seats", {{"If-None-Match", before}});
  BOOST_TEST(text_of(unchanged).empty());
  BOOST_TEST(*field_of(unchanged, "ETag") == before);

  move_seats(1, {{1}}, seat_status::held, 7);
  BOOST_TEST(status(before) == 200);
  BOOST_TEST(tag("") != before);
}

BOOST_AUTO_TEST_CASE(tags_are_compared_as_the_rfc_says) {
  const auto has = [](std::initializer_list<const char*> values) {
    request r;
    for (const auto* v : values) r.headers.emplace_back("if-none-match", v);
    return has_already(r, "\"a-1\"");
  };
  for (const char* yes :
       {"\"a-1\"", "W/\"a-1\"", "*", " * ", "\"b\",\"a-1\"", ",, \"b\" , W/\"a-1\""})
    BOOST_TEST(has({yes}), yes);
  for (const char* no : {"", "\"a-12\"", "a-1", "\"a-1", "w/\"a-1\"", "\"A-1\"", "\"b\"", "**"})
    BOOST_TEST(!has({no}), no);
  BOOST_TEST(has({"\"b\"", "\"a-1\""}));
  BOOST_TEST(!has({}));
}

// However seats come and go, the document is what would be written from nothing.
BOOST_AUTO_TEST_CASE(a_document_kept_up_to_date_is_as_one_written_anew) {
  domain::concert_option option;
  option.id = {1};
  option.sections = {{"A", {11}, 100, {1}}, {"B", {111}, 1, {2}}, {"C", {112}, 155, {3}}};
  auto map =
      std::make_shared<const domain::seat_map>(option.id, option.first_seat(), option.seat_count());
  const seat_documents::filter filters[] = {{}, {seat_status::free}, {seat_status::held}};
  seat_documents kept;
  std::uint64_t dice = 1;
  for (int version = 1; version <= 200; ++version) {
    for (const auto& filter : filters) {
      seat_documents fresh;
      const auto page = kept.seats(option, map, filter);
      BOOST_REQUIRE(*page.body == *fresh.seats(option, map, filter).body);
      BOOST_REQUIRE(page.version == map->version());
      BOOST_REQUIRE(json::accept(*page.body));
    }
    std::vector<domain::seat_id> seats;
    for (int n = 0; n < 3; ++n) {
      dice = dice * 6364136223846793005u + 1442695040888963407u;
      seats.push_back({11 + static_cast<std::int64_t>((dice >> 33) % 256)});
    }
    map = std::make_shared<const domain::seat_map>(
        map->with(seats, static_cast<seat_status>(dice >> 60 & 1), version));
  }
}

BOOST_AUTO_TEST_CASE(an_older_map_brings_no_older_document) {
  domain::concert_option option;
  option.id = {1};
  option.sections = {{"A", {1}, 2, {1}}};
  const auto older = std::make_shared<const domain::seat_map>(option.id, option.first_seat(), 2);
  const auto newer =
      std::make_shared<const domain::seat_map>(older->with({{1}}, seat_status::held, 4));
  seat_documents kept;
  const auto now = kept.seats(option, newer, {});
  const auto late = kept.seats(option, older, {});
  BOOST_TEST(*late.body == *now.body);
  BOOST_TEST(late.version == 4);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace boxoffice::http::test
