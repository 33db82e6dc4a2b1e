// The seats of a performance, followed live: what listeners are told, once for all of them.
#include "http/live_feed.hpp"
#include "tests/http/fake_service.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>

using namespace boxoffice;
using namespace boxoffice::http;
using namespace boxoffice::http::test;

namespace {

struct event {
  std::string name, id;
  json data;
};

// The one event of a piece.
event parse(const event_piece& piece) {
  const std::string text(piece.text());
  const auto field = [&](const std::string& name) {
    const auto at = text.find(name + ": ");
    BOOST_REQUIRE(at != text.npos);
    const auto begin = at + name.size() + 2;
    return text.substr(begin, text.find('\n', begin) - begin);
  };
  BOOST_TEST(text.substr(text.size() - 2) == "\n\n");
  return {field("event"), field("id"), json::parse(field("data"))};
}

struct seats_followed {
  // Gathers when it is told to.
  explicit seats_followed(std::size_t most = 100)
      : feed({most, 0xabc, {}, false}, service, commands) {
    stock_up(service);
  }

  std::unique_ptr<listener> listen(const std::string* last_event_id = nullptr,
                                   domain::option_id option = {1}) {
    auto begun = feed.follow_seats(option, last_event_id, exchange(sink, {}));
    BOOST_REQUIRE(!domain::refused(begun));
    auto& stream = std::get<stream_start>(begun);
    topic = stream.topic;
    const auto retry = stream.hears->next();
    int milliseconds = 0;
    BOOST_TEST(
        std::sscanf(std::string(retry.piece.text()).c_str(), "retry: %d\n\n", &milliseconds) == 1);
    BOOST_TEST((milliseconds >= 1000 && milliseconds <= 5000));
    return std::move(stream.hears);
  }
  void set(std::vector<domain::seat_id> seats, domain::seat_status status, std::int64_t version,
           domain::option_id option = {1}) {
    auto& map = service.maps[option];
    map = std::make_shared<domain::seat_map>(map->with(seats, status, version));
  }
  bool has_news() {
    sink->announced.clear();
    feed.gather();
    return sink->announced == std::vector<topic_id>{topic};
  }

  paper_backend service;
  gateway commands{gateway_limits{}};
  std::shared_ptr<paper_sink> sink = std::make_shared<paper_sink>();
  live_feed feed;
  topic_id topic = 0;
};

constexpr auto held = domain::seat_status::held;
constexpr auto sold = domain::seat_status::sold;
constexpr auto free_again = domain::seat_status::free;

} // namespace

BOOST_FIXTURE_TEST_SUITE(live_seats, seats_followed)

BOOST_AUTO_TEST_CASE(first_comes_the_state_of_all_seats) {
  set({{2}}, held, 5);
  set({{3}}, sold, 7);
  const auto one = listen();
  const auto first = parse(one->next().piece);
  BOOST_TEST(first.name == "snapshot");
  BOOST_TEST(first.id == "0000000000000abc-7");
  BOOST_TEST(first.data.dump() == R"({"version":7,"sections":[)"
                                  R"({"section":"A","firstSeatId":1,"seats":"FH"},)"
                                  R"({"section":"B","firstSeatId":3,"seats":"S"}]})");
  BOOST_TEST(!one->next().piece);
}

BOOST_AUTO_TEST_CASE(then_what_changes_gathered_and_written_once) {
  const auto one = listen(), other = listen();
  one->next(), other->next();
  BOOST_TEST(!has_news());
  set({{1}, {3}}, held, 8);
  set({{3}}, sold, 9);
  BOOST_TEST(!one->next().piece); // not gathered yet
  BOOST_TEST(has_news());
  const auto told = one->next(), told_other = other->next();
  BOOST_TEST(told.piece.chunk() == told_other.piece.chunk());
  const auto change = parse(told.piece);
  BOOST_TEST(change.name == "seats");
  BOOST_TEST(change.id == "0000000000000abc-9");
  BOOST_TEST(change.data.dump() == R"({"version":9,"changes":[{"seats":["A_1"],"status":"HELD"},)"
                                   R"({"seats":["B_1"],"status":"SOLD"}]})");
  BOOST_TEST(!told.last);
  set({{1}}, free_again, 10);
  BOOST_TEST(has_news());
  BOOST_TEST(parse(one->next().piece).data["changes"].dump() ==
             R"([{"seats":["A_1"],"status":"FREE"}])");
}

BOOST_AUTO_TEST_CASE(what_came_back_to_what_it_was_is_no_news) {
  const auto one = listen();
  one->next();
  set({{1}}, held, 8);
  set({{1}}, free_again, 9);
  BOOST_TEST(!has_news());
  BOOST_TEST(!one->next().piece);
}

BOOST_AUTO_TEST_CASE(other_performances_are_other_topics) {
  const auto one = listen();
  one->next();
  set({{4}}, held, 8, {2});
  BOOST_TEST(!has_news());
  const auto other = listen(nullptr, {2});
  BOOST_TEST(parse(other->next().piece).data["sections"][0]["seats"] == "H");
}

BOOST_AUTO_TEST_CASE(who_comes_back_goes_on_where_it_was) {
  const auto stays = listen();
  auto leaves = listen();
  const auto start = parse(leaves->next().piece).id;
  std::vector<std::string> ids;
  for (int version = 1; version <= 5; ++version) {
    set({{1}}, version % 2 == 1 ? held : free_again, version);
    feed.gather();
    ids.push_back(parse(leaves->next().piece).id);
  }
  leaves.reset();
  const auto back = listen(&ids[2]);
  BOOST_TEST(parse(back->next().piece).id == ids[3]);
  BOOST_TEST(parse(back->next().piece).id == ids[4]);
  BOOST_TEST(!back->next().piece);
  BOOST_TEST(!listen(&ids[4])->next().piece);
  BOOST_TEST(parse(listen(&start)->next().piece).id == ids[0]);
}

BOOST_AUTO_TEST_CASE(who_heard_all_hears_what_happened_while_nobody_listened) {
  auto one = listen();
  const auto last = parse(one->next().piece).id;
  one.reset();
  set({{2}}, sold, 30);
  BOOST_TEST(!has_news()); // nobody is there
  const auto back = listen(&last);
  const auto missed = parse(back->next().piece);
  BOOST_TEST(missed.name == "seats");
  BOOST_TEST(missed.data["changes"].dump() == R"([{"seats":["A_2"],"status":"SOLD"}])");
}

BOOST_AUTO_TEST_CASE(an_id_that_is_not_known_starts_over) {
  set({{2}}, sold, 30);
  for (const std::string id :
       {"0000000000000abc-29", "0000000000000abd-30", "30", "", "x", "0000000000000abc-",
        "0000000000000abc-30x", "0000000000000abc-99999999999999999999"}) {
    const auto one = listen(&id);
    const auto first = parse(one->next().piece);
    BOOST_TEST(first.name == "reset");
    BOOST_TEST(first.id == "0000000000000abc-30");
    BOOST_TEST(first.data["sections"][0]["seats"] == "FS");
    BOOST_TEST(!one->next().piece);
  }
}

BOOST_AUTO_TEST_CASE(who_is_too_far_behind_starts_over) {
  const auto slow = listen(), quick = listen();
  slow->next(), quick->next();
  for (int version = 11; version <= 1010; ++version) {
    set({{1}}, version % 2 == 1 ? held : free_again, version);
    feed.gather();
    BOOST_TEST_REQUIRE(parse(quick->next().piece).name == "seats");
  }
  const auto reset = parse(slow->next().piece);
  BOOST_TEST(reset.name == "reset");
  BOOST_TEST(reset.data["version"] == 1010);
  BOOST_TEST(!slow->next().piece);
  set({{2}}, sold, 1011);
  feed.gather();
  BOOST_TEST(parse(slow->next().piece).name == "seats");
}

BOOST_AUTO_TEST_CASE(ids_grow_even_when_an_older_state_is_published) {
  set({{1}}, held, 40);
  const auto one = listen();
  one->next();
  // As after a store that failed: the map is read anew, and all its seats are free.
  service.maps[{1}] =
      std::make_shared<domain::seat_map>(domain::option_id{1}, domain::seat_id{1}, 3);
  BOOST_TEST(has_news());
  const auto change = parse(one->next().piece);
  BOOST_TEST(change.id == "0000000000000abc-41");
  BOOST_TEST(change.data["changes"].dump() == R"([{"seats":["A_1"],"status":"FREE"}])");
}

BOOST_AUTO_TEST_CASE(a_performance_that_is_not_there) {
  const auto begun = feed.follow_seats({99}, nullptr, exchange(sink, {}));
  BOOST_REQUIRE(domain::refused(begun));
  BOOST_CHECK(domain::refused(begun)->code == domain::error_code::concert_option_not_found);
  BOOST_TEST(feed.streams() == 0u);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_CASE(live_streams_are_bounded) {
  seats_followed all(2);
  auto one = all.listen(), other = all.listen();
  const auto refused = all.feed.follow_seats({1}, nullptr, exchange(all.sink, {}));
  BOOST_REQUIRE(domain::refused(refused));
  BOOST_CHECK(domain::refused(refused)->code == domain::error_code::overloaded);
  BOOST_TEST(all.feed.streams() == 2u);
  one.reset();
  BOOST_TEST(all.feed.streams() == 1u);
  one = all.listen();
  BOOST_TEST(all.feed.streams() == 2u);
}

BOOST_AUTO_TEST_CASE(live_streams_begin_with_their_head) {
  paper_service p;
  const auto serial = p.send("GET", "/v1/options/1/seats/events", {{"Accept", "application/json"}});
  BOOST_REQUIRE(p.sink->streams.count(serial) == 1);
  const auto& head = p.sink->streams.at(serial).head;
  BOOST_TEST(head.status == 200);
  BOOST_TEST(*field_of(head, "Content-Type") == "text/event-stream");
  BOOST_TEST(*field_of(head, "Cache-Control") == "no-store");
  BOOST_TEST(*field_of(head, "X-Accel-Buffering") == "no");

  const auto unknown = p.call("GET", "/v1/options/99/seats/events");
  BOOST_TEST(unknown.status == 404);
  BOOST_TEST(json_of(unknown)["code"] == "CONCERT_OPTION_NOT_FOUND");
  BOOST_TEST(p.call("GET", "/v1/options/x/seats/events").status == 400);
  BOOST_TEST(p.call("POST", "/v1/options/1/seats/events").status == 405);
}
