// Visitors against a server whose every answer is written down here.
#include "rush/visitor.hpp"

#include <boost/test/unit_test.hpp>

#include <deque>
#include <utility>

using namespace boxoffice::rush;
using namespace std::chrono_literals;

namespace {

const std::string token = R"({"token":"t1","status":"PROCESSING"})";
const std::string waiting = R"({"token":"t1","status":"WAITING"})";
const std::string dates = R"({"items":[{"concertOptionIds":[7]}],"nextCursor":null})";
const std::string seats = R"({"items":[{"name":"A_1","price":100},{"name":"A_2","price":100}]})";
const std::string booking =
    R"({"bookingId":5,"amount":200,"status":"PENDING","seats":[{"name":"A_1"},{"name":"A_2"}]})";
const std::string paid =
    R"({"booking":{"bookingId":5,"amount":200,"status":"CONFIRMED","seats":[{"name":"A_1"},{"name":"A_2"}]}})";

answer told(int status, std::string body = {}, std::string code = {}) {
  answer a;
  a.status = status, a.body = std::move(body), a.code = std::move(code);
  return a;
}

habits steadfast() {
  habits ways;
  ways.leaving = 0;
  return ways;
}

// Plays the answers in order and writes down what was asked.
struct scripted {
  visitor& who;
  std::vector<request> asked{};
  std::vector<std::chrono::milliseconds> pauses{};
  bool done = false;

  void play(std::deque<answer> script) {
    for (auto next = asked.empty() ? who.begin() : std::nullopt; !script.empty();) {
      if (!next) next = std::exchange(open, std::nullopt);
      BOOST_REQUIRE(next);
      asked.push_back(next->what);
      pauses.push_back(next->pause);
      BOOST_TEST(who.expects(next->what, script.front()) == expected);
      next = who.hear(next->what, script.front());
      script.pop_front();
      open = next;
      if (script.empty()) done = !next;
      next.reset();
    }
  }
  std::optional<act> open{};
  bool expected = true;

  std::vector<std::string> targets() const {
    std::vector<std::string> all;
    for (const auto& r : asked) all.push_back(r.method + " " + r.target);
    return all;
  }
};

const sale where{3, 7, "run"};

} // namespace

BOOST_AUTO_TEST_SUITE(visitors)

BOOST_AUTO_TEST_CASE(from_the_queue_to_the_payment) {
  visitor who(where, "u", steadfast(), 1, 50);
  scripted server{who};
  auto later = told(200, waiting);
  later.retry_after = 4s;
  server.play({later, told(200, token), told(200, dates), told(200, seats), told(201, booking),
               told(201, R"({"amount":150})"), told(201, paid)});
  BOOST_TEST(server.done);
  const std::vector<std::string> right{"POST /v1/concerts/3/queue/tokens",
                                       "GET /v1/queue/tokens/t1",
                                       "GET /v1/concerts/3/dates",
                                       "GET /v1/options/7/seats?status=free",
                                       "POST /v1/bookings",
                                       "POST /v1/users/u/wallet/charges",
                                       "POST /v1/bookings/5/payment"};
  BOOST_TEST(server.targets() == right, boost::test_tools::per_element());
  BOOST_TEST(server.pauses[1].count() == 4000); // as Retry-After says
  BOOST_TEST(server.asked[4].token == "t1");
  BOOST_TEST(server.asked[5].body == R"({"amount":150})"); // what is lacking of 200
  BOOST_TEST(who.told().charged == 200);
  BOOST_REQUIRE(who.told().bookings.size() == 1U);
  BOOST_TEST((who.told().bookings[0].state == told_state::paid));
}

BOOST_AUTO_TEST_CASE(a_taken_seat_is_expected_and_another_is_tried_as_often_as_one_wants) {
  auto ways = steadfast();
  ways.tries = 2;
  visitor who(where, "u", ways, 1);
  scripted server{who};
  const auto taken = told(409, {}, "SEAT_ALREADY_RESERVED");
  auto map = told(200, seats);
  map.etag = "\"e1\"";
  server.play({told(201, token), told(200, dates), map, taken, told(304), taken});
  BOOST_TEST(server.asked[4].target == "/v1/options/7/seats?status=free");
  BOOST_TEST(server.asked[4].if_none_match == "\"e1\"");
  BOOST_TEST(server.asked[5].target == "/v1/bookings"); // of the map it kept
  BOOST_TEST(server.asked[3].key != server.asked[5].key);
  BOOST_TEST(who.told().bookings.empty());
}

BOOST_AUTO_TEST_CASE(what_was_not_answered_is_asked_again_with_the_same_key) {
  visitor who(where, "u", steadfast(), 1, 200);
  scripted server{who};
  server.play({told(201, token), told(200, dates), told(200, seats), told(201, booking)});
  server.expected = false;
  server.play({told(503, {}, "OVERLOADED"), told(0)});
  server.expected = true;
  server.play({told(201, paid)});
  BOOST_TEST(server.done);
  BOOST_TEST(!server.asked[4].key.empty());
  BOOST_TEST(server.asked[4].key == server.asked[5].key);
  BOOST_TEST(server.asked[4].key == server.asked[6].key);
  who.finish();
  BOOST_TEST(!who.told().unsure_money);
  BOOST_TEST((who.told().bookings[0].state == told_state::paid));
}

BOOST_AUTO_TEST_CASE(what_is_never_answered_is_unsure) {
  for (const int answers : {1, 4}) { // the time was over, or the visitor had enough
    visitor who(where, "u", steadfast(), 1, 200);
    scripted server{who};
    server.play({told(201, token), told(200, dates), told(200, seats), told(201, booking)});
    server.expected = false;
    server.play(std::deque<answer>(static_cast<std::size_t>(answers), told(0)));
    BOOST_TEST(server.done == (answers == 4));
    who.finish();
    BOOST_TEST(who.told().unsure_money);
    BOOST_TEST((who.told().bookings[0].state == told_state::unsure));
  }
}

BOOST_AUTO_TEST_CASE(no_free_seat_is_told_to_the_sale) {
  int heard = 0;
  sale full{3, 7, "run", [&heard] { ++heard; }};
  visitor who(full, "u", steadfast(), 1);
  scripted server{who};
  server.play({told(201, token), told(200, R"({"items":[]})")});
  BOOST_TEST(heard == 1);
}

BOOST_AUTO_TEST_CASE(refusals_that_no_sale_gives_are_unexpected) {
  const visitor who(where, "u", steadfast(), 1);
  request book, bad, charge;
  book.what = step::book, bad.what = step::bad, charge.what = step::charge;
  BOOST_TEST(who.expects(book, told(409, {}, "SEAT_LIMIT")));
  BOOST_TEST(!who.expects(book, told(400, {}, "INVALID_REQUEST")));
  BOOST_TEST(!who.expects(book, told(500)));
  BOOST_TEST(!who.expects(book, told(503, {}, "OVERLOADED")));
  BOOST_TEST(!who.expects(charge, told(409, {}, "DUPLICATE_REQUEST")));
  BOOST_TEST(who.expects(bad, told(400, {}, "INVALID_REQUEST")));
  BOOST_TEST(!who.expects(bad, told(201))); // it went through
  BOOST_TEST(!who.expects(bad, told(500)));
}

BOOST_AUTO_TEST_CASE(some_leave_and_most_say_so_or_not) {
  auto ways = steadfast();
  ways.leaving = 1;
  int said = 0, silent = 0;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    visitor who(where, "u", ways, seed);
    const auto first = who.begin();
    const auto next = who.hear(first->what, told(201, waiting));
    if (!next)
      ++silent;
    else if (next->what.method == "DELETE")
      ++said;
  }
  BOOST_TEST(said > 30);
  BOOST_TEST(silent > 30);
  BOOST_TEST(said + silent == 100);
}

BOOST_AUTO_TEST_CASE(bots_ask_wrongly_and_never_think) {
  auto ways = steadfast();
  ways.bot = true;
  int wrong = 0;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    visitor who(where, "u", ways, seed);
    scripted server{who};
    server.play({told(201, token), told(200, dates), told(200, seats)});
    BOOST_REQUIRE(server.open);
    wrong += server.open->what.what == step::bad ? 1 : 0;
    for (const auto pause : server.pauses) BOOST_TEST(pause.count() == 0);
  }
  BOOST_TEST(wrong > 10);
  BOOST_TEST(wrong < 60);
}

BOOST_AUTO_TEST_CASE(who_only_waits_polls_for_ever) {
  auto ways = steadfast();
  ways.only_waits = true;
  ways.poll_every = 5s;
  visitor who(where, "u", ways, 1);
  scripted server{who};
  server.play({told(201, waiting), told(200, waiting), told(200, token), told(200, token)});
  BOOST_TEST(!server.done);
  BOOST_TEST(server.pauses[2].count() == 5000);
  BOOST_TEST(server.asked[3].target == "/v1/queue/tokens/t1");
}

BOOST_AUTO_TEST_CASE(a_map_is_read_from_a_place_on_and_no_further_than_needed) {
  std::string map = R"({"items":[)";
  for (int n = 1; n <= 100; ++n) map += R"({"name":"A_)" + std::to_string(100 + n) + R"("},)";
  const auto front = read_seat_names(map, 0, 3);
  BOOST_TEST(front == (std::vector<std::string>{"A_101", "A_102", "A_103"}),
             boost::test_tools::per_element());
  const auto middle = read_seat_names(map, 0.5, 100);
  BOOST_REQUIRE(middle.size() >= 45U);
  BOOST_TEST(middle.size() <= 55U);
  BOOST_TEST(middle.back() == "A_200");
  BOOST_TEST(read_seat_names(map, 1, 1).front() == "A_101"); // nothing is behind
  BOOST_TEST(read_seat_names("", 0.5, 3).empty());
}

// Nonsense ends a visit, and nothing else.
BOOST_AUTO_TEST_CASE(a_server_that_talks_nonsense) {
  for (const char* nonsense : {"", "{", "[]", "null", R"({"token":7})", R"({"items":7})"}) {
    visitor who(where, "u", steadfast(), 1);
    const auto first = who.begin();
    BOOST_TEST(!who.hear(first->what, told(201, nonsense)));
  }
}

BOOST_AUTO_TEST_SUITE_END()
