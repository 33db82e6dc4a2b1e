// A queue token, followed live: one question for all who are followed, and each told what is its.
#include "http/live_feed.hpp"
#include "tests/http/fake_service.hpp"

#include <algorithm>
#include <chrono>

using namespace boxoffice;
using namespace boxoffice::http;
using namespace boxoffice::http::test;
using domain::token_status;
using std::chrono::seconds;

namespace {

domain::token_view waiting_at(std::size_t position, std::optional<seconds> eta,
                              domain::token_key key = some_token) {
  domain::token_view v;
  v.key = key;
  v.user = {"1001"};
  v.concert = {1};
  v.status = token_status::waiting;
  v.position = position;
  v.eta = eta;
  return v;
}

domain::token_view admitted() {
  auto v = waiting_at(0, seconds(0));
  v.status = token_status::processing;
  v.expires_at = noon + std::chrono::minutes(5);
  return v;
}

domain::token_view expired(domain::token_key key = some_token) {
  auto v = waiting_at(0, std::nullopt, key);
  v.status = token_status::expired;
  return v;
}

struct tokens_followed {
  tokens_followed() {
    stock_up(service);
    service.port = &commands;
  }

  std::unique_ptr<listener> listen(const domain::token_view& now) {
    auto begun = feed.follow_token(now, exchange(sink, {}));
    BOOST_REQUIRE(!domain::refused(begun));
    auto& stream = std::get<stream_start>(begun);
    topic = stream.topic;
    BOOST_TEST(text(stream.hears->next()).substr(0, 7) == "retry: ");
    return std::move(stream.hears);
  }

  // The questions that a gathering leads to.
  std::vector<actors::watch_tokens> questions() {
    service.seen.clear();
    feed.gather();
    std::vector<actors::watch_tokens> all;
    for (const auto& c : service.seen) all.push_back(std::get<actors::watch_tokens>(c));
    return all;
  }
  void answer_all(const std::vector<domain::token_view>& views) {
    for (const auto id : std::exchange(service.held, {}))
      commands.complete(id, actors::tokens_view{views});
    sink->announced.clear();
    feed.take_in_answers();
  }
  void becomes(const domain::token_view& now) {
    BOOST_REQUIRE_EQUAL(questions().size(), 1u);
    answer_all({now});
  }
  static std::string text(const listener::told& told) { return std::string(told.piece.text()); }

  paper_backend service;
  gateway commands{gateway_limits{}};
  std::shared_ptr<paper_sink> sink = std::make_shared<paper_sink>();
  live_feed feed{{400, 0xabc, {}, false}, service, commands};
  topic_id topic = 0;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(live_tokens, tokens_followed)

BOOST_AUTO_TEST_CASE(from_a_place_in_line_to_the_end) {
  const auto one = listen(waiting_at(3, seconds(12)));
  BOOST_TEST(text(one->next()) ==
             "event: position\nid: 0000000000000abc-1\n"
             "data: {\"status\":\"WAITING\",\"position\":3,\"etaSeconds\":12}\n\n");
  BOOST_TEST(!one->next().piece);

  becomes(waiting_at(2, seconds(8)));
  BOOST_TEST(sink->announced == std::vector<topic_id>{topic});
  BOOST_TEST(text(one->next()).find("\"position\":2,\"etaSeconds\":8}") != std::string::npos);
  becomes(admitted());
  BOOST_TEST(text(one->next()) ==
             "event: admitted\nid: 0000000000000abc-3\n"
             "data: {\"status\":\"PROCESSING\",\"position\":0,\"etaSeconds\":0,"
             "\"expiresAt\":\"2024-07-10T12:05:00Z\"}\n\n");
  becomes(expired());
  const auto last = one->next();
  BOOST_TEST(text(last) == "event: expired\nid: 0000000000000abc-4\n"
                           "data: {\"status\":\"EXPIRED\",\"position\":0,\"etaSeconds\":null}\n\n");
  BOOST_TEST(last.last);
}

BOOST_AUTO_TEST_CASE(nothing_new_is_nothing_told) {
  const auto one = listen(waiting_at(3, seconds(60)));
  one->next();
  service.time += seconds(20);
  becomes(waiting_at(3, seconds(42))); // as was to be expected
  BOOST_TEST(sink->announced.empty());
  BOOST_TEST(!one->next().piece);
  becomes(waiting_at(3, seconds(90))); // the estimate was wrong
  BOOST_TEST(text(one->next()).find("\"etaSeconds\":90") != std::string::npos);
  becomes(waiting_at(3, std::nullopt)); // paused
  BOOST_TEST(text(one->next()).find("\"etaSeconds\":null") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(who_was_slow_is_told_the_latest_only) {
  const auto one = listen(waiting_at(9, seconds(9)));
  for (std::size_t n = 8; n > 0; --n) becomes(waiting_at(n, seconds(n)));
  becomes(admitted());
  BOOST_TEST(text(one->next()).substr(0, 15) == "event: admitted");
  BOOST_TEST(!one->next().piece);
}

BOOST_AUTO_TEST_CASE(one_question_for_all_and_none_while_it_is_open) {
  std::vector<std::unique_ptr<listener>> all;
  for (std::uint64_t n = 1; n <= 300; ++n)
    all.push_back(listen(waiting_at(n, std::nullopt, {7, n})));
  auto elsewhere = waiting_at(1, std::nullopt, {8, 1});
  elsewhere.concert = {2};
  all.push_back(listen(elsewhere));

  auto asked = questions();
  BOOST_TEST(asked.size() == 3u); // 256 and 44 of one queue, one of the other
  std::size_t tokens = 0;
  for (const auto& one : asked) tokens += one.tokens.size();
  BOOST_TEST(tokens == 301u);
  BOOST_TEST(questions().empty());
  answer_all({});
  BOOST_TEST(questions().size() == 3u);
  // An answer that never comes is given up.
  service.time += seconds(6);
  BOOST_TEST(questions().size() == 3u);
  answer_all({});
}

BOOST_AUTO_TEST_CASE(who_is_followed_by_nobody_is_not_asked_about) {
  auto one = listen(waiting_at(3, std::nullopt));
  auto other = listen(waiting_at(3, std::nullopt));
  BOOST_TEST(questions().size() == 1u);
  answer_all({waiting_at(2, std::nullopt)});
  BOOST_TEST(text(one->next()) == text(other->next()));
  one.reset();
  BOOST_TEST(questions().size() == 1u);
  answer_all({});
  other.reset();
  BOOST_TEST(questions().empty());
  BOOST_TEST(feed.streams() == 0u);
}

BOOST_AUTO_TEST_CASE(a_refused_question_says_nothing) {
  const auto one = listen(waiting_at(3, std::nullopt));
  one->next();
  BOOST_TEST(questions().size() == 1u);
  for (const auto id : std::exchange(service.held, {}))
    commands.complete(id, domain::reject(domain::error_code::store_unavailable, "not now"));
  feed.take_in_answers();
  BOOST_TEST(!one->next().piece);
  BOOST_TEST(questions().size() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_CASE(live_token_streams_ask_first) {
  paper_service p;
  const auto path = "/v1/queue/tokens/" + some_token_text + "/events";
  const auto serial = p.send("GET", path);
  BOOST_CHECK(p.only_command<actors::read_token>().token == some_token);
  BOOST_TEST(p.sink->streams.empty());
  p.commands.complete(p.service.held.at(0), waiting_at(3, seconds(12)));
  BOOST_REQUIRE(p.sink->streams.count(serial) == 1);
  BOOST_TEST(*field_of(p.sink->streams.at(serial).head, "Content-Type") == "text/event-stream");
  BOOST_TEST(p.commands.in_flight() == 0u);

  const auto refused = p.send("GET", path);
  p.commands.complete(p.service.held.at(1), domain::unknown_token());
  BOOST_REQUIRE(p.answer_to(refused));
  BOOST_TEST(p.answer_to(refused)->status == 404);
  BOOST_TEST(p.call("GET", "/v1/queue/tokens/nonsense/events").status == 404);
}
