// What clients follow live: real curl on the real binary, and nobody asks twice.
#include "tests/e2e/server.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

using namespace boxoffice::e2e;

namespace {

// curl -N on one address, for as long as it lives.
class follower {
public:
  follower(const server& s, const std::string& path, const std::string& last_event_id = {})
      : curl_(launch{arguments(s, path, last_event_id), {}, "/usr/bin/curl"}) {}

  bool hears(const std::string& words) { return curl_.wait_for(words); }
  std::string heard() const { return curl_.output(); }
  process& curl() { return curl_; }

  // Of the last whole event that it has heard.
  std::string last_id() const {
    const auto text = heard();
    const auto end = text.rfind("\n\n");
    const auto at = text.rfind("\nid: ", end);
    BOOST_REQUIRE(end != text.npos && at != text.npos);
    return text.substr(at + 5, text.find('\n', at + 1) - at - 5);
  }

private:
  static std::vector<std::string> arguments(const server& s, const std::string& path,
                                            const std::string& last_event_id) {
    std::vector<std::string> all{"-sN", "http://127.0.0.1:" + std::to_string(s.port()) + path};
    if (!last_event_id.empty()) all.insert(all.end(), {"-H", "Last-Event-ID: " + last_event_id});
    return all;
  }

  process curl_;
};

const std::string seats_of_1 = "/v1/options/1/seats/events";

std::string change(const std::string& seats, const std::string& status) {
  return R"({"seats":[)" + seats + R"(],"status":")" + status + "\"}";
}

bool has(const std::string& text, const std::string& words) {
  return text.find(words) != text.npos;
}

struct selling {
  scratch_directory directory;
  server service{directory / "store"};
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(streams, selling)

BOOST_AUTO_TEST_CASE(a_seat_from_free_to_held_to_sold) {
  follower seats(service, seats_of_1);
  BOOST_REQUIRE(seats.hears("event: snapshot"));
  BOOST_REQUIRE(seats.hears("\n\n"));
  BOOST_TEST(has(seats.heard(),
                 R"({"section":"A","firstSeatId":1,"seats":")" + std::string(50, 'F') + "\"}"));
  caller buyer(service);
  buyer.give("1001", 500);
  const auto token = buyer.token_of("1001");
  const auto booking = buyer.booking_of(token, "1001", 1, "A_10,A_11");
  BOOST_TEST(seats.hears("event: seats"));
  BOOST_TEST(seats.hears(change(R"("A_10","A_11")", "HELD")));
  well(buyer.pay(token, "1001", booking, 1, "A_10,A_11"));
  BOOST_TEST(seats.hears(change(R"("A_10","A_11")", "SOLD")));
  // Of what goes on in another performance it hears nothing.
  buyer.booking_of(buyer.token_of("user1"), "user1", 2, "A_1");
  buyer.booking_of(buyer.token_of("user2"), "user2", 1, "B_1");
  BOOST_TEST(seats.hears(change(R"("B_1")", "HELD")));
  BOOST_TEST(!has(seats.heard(), "\"A_1\""));
}

BOOST_AUTO_TEST_CASE(who_comes_back_goes_on_and_after_a_crash_starts_over) {
  auto first = std::make_unique<follower>(service, seats_of_1);
  follower stays(service, seats_of_1);
  BOOST_REQUIRE(first->hears("event: snapshot") && stays.hears("event: snapshot"));
  caller buyer(service);
  buyer.booking_of(buyer.token_of("user1"), "user1", 1, "A_1");
  BOOST_REQUIRE(first->hears(change(R"("A_1")", "HELD") + "]}\n\n"));
  const auto last = first->last_id();
  first.reset();
  buyer.booking_of(buyer.token_of("user2"), "user2", 1, "A_2");
  BOOST_REQUIRE(stays.hears(change(R"("A_2")", "HELD")));

  follower again(service, seats_of_1, last);
  BOOST_TEST(again.hears(change(R"("A_2")", "HELD")));
  BOOST_TEST(!has(again.heard(), "event: snapshot"));
  BOOST_TEST(!has(again.heard(), "event: reset"));
  BOOST_TEST(!has(again.heard(), "\"A_1\""));

  service.restart();
  follower after(service, seats_of_1, last);
  BOOST_TEST(after.hears("event: reset"));
  BOOST_TEST(after.hears(R"("seats":"HHF)"));
}

BOOST_AUTO_TEST_CASE(a_hold_that_runs_out_is_told) {
  service.terminate();
  service.flags() = {"--booking.hold_for", "1s"};
  service.start();
  follower seats(service, seats_of_1);
  BOOST_REQUIRE(seats.hears("event: snapshot"));
  caller buyer(service);
  buyer.booking_of(buyer.token_of("user1"), "user1", 1, "A_1");
  BOOST_TEST(seats.hears(change(R"("A_1")", "HELD")));
  BOOST_TEST(seats.hears(change(R"("A_1")", "FREE")));
}

BOOST_AUTO_TEST_CASE(too_many_are_told_so) {
  service.terminate();
  service.flags() = {"--http.max_streams", "2"};
  service.start();
  follower one(service, seats_of_1);
  auto other = std::make_unique<follower>(service, "/v1/options/2/seats/events");
  BOOST_REQUIRE(one.hears("event: snapshot") && other->hears("event: snapshot"));
  caller asker(service);
  const auto refused = asker.http.get(seats_of_1);
  BOOST_TEST(refused.status == 503);
  BOOST_TEST(refused.code() == "OVERLOADED");
  BOOST_TEST(!refused.header("retry-after").empty());
  other.reset();
  BOOST_TEST(eventually(
      [&] { return caller(service).http.ask("HEAD", seats_of_1, {}, {}).status == 200; }));
}

BOOST_AUTO_TEST_CASE(five_hundred_streams_end_with_the_service) {
  std::vector<std::unique_ptr<http_client>> all;
  for (int n = 0; n < 500; ++n) {
    all.push_back(std::make_unique<http_client>(service.port()));
    all.back()->send(
        request_text("GET", "/v1/options/" + std::to_string(n % 6 + 1) + "/seats/events", {}, {}));
  }
  for (auto& one : all) BOOST_TEST(one->receive().header("transfer-encoding") == "chunked");
  follower curl(service, seats_of_1);
  BOOST_REQUIRE(curl.hears("event: snapshot"));
  const auto asked = clock::now();
  BOOST_TEST(service.terminate() == 0);
  BOOST_TEST((clock::now() - asked < 5s));
  BOOST_TEST(service.running().wait_for("clean=true"));
  BOOST_TEST(curl.curl().wait() == 0); // the stream ended as it should, not in the midst of a chunk
}

BOOST_AUTO_TEST_SUITE_END()
