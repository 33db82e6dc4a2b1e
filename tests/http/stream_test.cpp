// Streaming answers: framed for both versions of HTTP, told to whoever listens and to nobody else,
// bounded for those who don't read, over when the client leaves or the server drains.
#define BOOST_TEST_MODULE http.stream
#include <boost/test/unit_test.hpp>

#include "tests/http/test_app.hpp"
#include "tests/http/told_topic.hpp"

#include <sys/resource.h>

#include <atomic>
#include <future>
#include <random>
#include <string>
#include <thread>
#include <vector>

using namespace boxoffice::http;
using namespace boxoffice::http::test;

// AddressSanitizer keeps what was freed, a quarter of a gigabyte of it, where a test here measures
// what is kept.
extern "C" const char* __asan_default_options() { return "quarantine_size_mb=1"; }

namespace {

const std::string stream_get = "GET /stream HTTP/1.1\r\nHost: x\r\n\r\n";
const std::string simple_get = "GET /async?a HTTP/1.1\r\nHost: x\r\n\r\n";
const std::string end_of_head = "\r\n\r\n";
const std::string end_of_stream = "0\r\n\r\n";

std::string chunk(const std::string& text) {
  char size[32];
  std::snprintf(size, sizeof size, "%zx\r\n", text.size());
  return size + text + "\r\n";
}

struct telling {
  explicit telling(limits bounds = {}, std::size_t padding = 0)
      : topic(std::make_shared<told_topic>(1, padding)), app(bounds) {
    app.streams = [told = topic](request&&, const exchange& to) { told->tell(to); };
  }

  // A client whose stream has begun.
  client listen(int receive_buffer = 0) {
    auto one = app.connect(receive_buffer);
    one.send(stream_get);
    BOOST_TEST_REQUIRE(one.receive_through(end_of_head).has_value());
    return one;
  }
  bool listening_becomes(std::size_t count) {
    const auto deadline = clock::now() + patience;
    while (topic->listening() != count && clock::now() < deadline) std::this_thread::yield();
    return topic->listening() == count;
  }

  const std::shared_ptr<told_topic> topic;
  test_app app;
};

void check_hears(client& one, const told_topic& topic, std::size_t number) {
  const auto expected = chunk(topic.text(number));
  const auto got = one.receive_through(expected);
  BOOST_TEST_REQUIRE(got.has_value());
  BOOST_TEST(*got == expected);
}

} // namespace

BOOST_AUTO_TEST_CASE(a_stream_is_chunked_goes_on_and_ends) {
  telling t;
  auto one = t.app.connect();
  one.send(stream_get);
  const auto head = one.receive_through(end_of_head);
  BOOST_TEST_REQUIRE(head.has_value());
  BOOST_TEST(head->find("200 OK") != std::string::npos);
  BOOST_TEST(head->find("\r\nTransfer-Encoding: chunked\r\n") != std::string::npos);
  BOOST_TEST(head->find("Content-Length") == std::string::npos);
  BOOST_TEST(head->find("Connection: close") == std::string::npos);
  for (std::size_t n = 1; n <= 3; ++n) {
    t.topic->publish();
    check_hears(one, *t.topic, n);
  }
  t.topic->end();
  BOOST_TEST(one.receive_through(end_of_stream).value() == end_of_stream);
  BOOST_TEST(one.get("/async?next")->body == "next"); // and the connection goes on
  BOOST_TEST(t.topic->listening() == 0u);
  const auto log = t.app.log(2);
  BOOST_TEST(log[0].status == 200);
}

BOOST_AUTO_TEST_CASE(what_was_told_before_it_began_is_told_at_once) {
  telling t;
  t.topic->publish();
  t.topic->publish();
  auto one = t.listen();
  check_hears(one, *t.topic, 1);
  check_hears(one, *t.topic, 2);
}

BOOST_AUTO_TEST_CASE(for_http_1_0_the_connection_ends_the_stream) {
  telling t;
  auto one = t.app.connect();
  one.send("GET /stream HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  const auto head = one.receive_through(end_of_head);
  BOOST_TEST_REQUIRE(head.has_value());
  BOOST_TEST(head->find("Transfer-Encoding") == std::string::npos);
  BOOST_TEST(head->find("\r\nConnection: close\r\n") != std::string::npos);
  t.topic->publish();
  BOOST_TEST(one.receive_through("\n\n").value() == t.topic->text(1));
  t.topic->publish();
  t.topic->end();
  BOOST_TEST(one.receive_rest() == t.topic->text(2));
}

BOOST_AUTO_TEST_CASE(head_asks_for_no_stream) {
  telling t;
  auto one = t.app.connect();
  one.send("HEAD /stream HTTP/1.1\r\nHost: x\r\n\r\n");
  BOOST_TEST(one.receive_through(end_of_head).has_value());
  BOOST_TEST(one.get("/async?next")->body == "next");
  BOOST_TEST(t.topic->listening() == 0u);
}

BOOST_AUTO_TEST_CASE(a_pipelined_request_waits_for_the_end_of_the_stream) {
  telling t;
  auto one = t.app.connect();
  one.send(stream_get + simple_get);
  BOOST_TEST(one.receive_through(end_of_head).has_value());
  t.topic->publish();
  check_hears(one, *t.topic, 1);
  BOOST_TEST(t.app.handled() == 1u);
  t.topic->end();
  BOOST_TEST(one.receive_through(end_of_stream).value() == end_of_stream);
  BOOST_TEST(one.receive()->body == "a");
}

BOOST_AUTO_TEST_CASE(a_flood_behind_a_stream_is_left_in_the_kernel) {
  telling t;
  auto one = t.listen();
  const std::string flood(1024 * 1024, 'x');
  while (::send(one.fd(), flood.data(), flood.size(), MSG_NOSIGNAL | MSG_DONTWAIT) > 0) {
  }
  t.topic->publish();
  check_hears(one, *t.topic, 1);
  one.abort();
  t.topic->publish();
  BOOST_TEST(t.listening_becomes(0));
}

BOOST_AUTO_TEST_CASE(timeouts_of_requests_do_not_end_a_stream) {
  limits bounds;
  bounds.answer_timeout = bounds.idle_timeout = bounds.head_timeout = bounds.write_timeout = 50ms;
  bounds.stream_heartbeat = 200ms;
  telling t(bounds);
  auto one = t.listen();
  for (int n = 0; n < 3; ++n) BOOST_TEST(one.receive_through(chunk(":\n\n")).has_value());
  t.topic->publish();
  check_hears(one, *t.topic, 1);
}

BOOST_AUTO_TEST_CASE(who_leaves_is_forgotten_at_once) {
  telling t;
  std::vector<client> clients;
  for (int n = 0; n < 200; ++n) clients.push_back(t.listen());
  BOOST_TEST(t.topic->listening() == 200u);
  const auto begin = clock::now();
  for (std::size_t n = 0; n < clients.size(); ++n)
    n % 2 == 0 ? clients[n].close() : clients[n].abort();
  BOOST_TEST(t.listening_becomes(0)); // nothing was published: it is the leaving that is noticed
  BOOST_TEST((clock::now() - begin < 2s));
}

BOOST_AUTO_TEST_CASE(a_half_closed_listener_has_left) {
  telling t;
  auto one = t.listen();
  one.close_sending();
  BOOST_TEST(t.listening_becomes(0));
  BOOST_TEST(one.is_closed());
}

BOOST_AUTO_TEST_CASE(who_does_not_read_is_asked_nothing_more_and_cut_off) {
  limits bounds;
  bounds.write_timeout = 300ms;
  telling t(bounds, 100'000);
  auto slow = t.listen(4096);
  auto quick = t.listen();
  constexpr std::size_t events = 200;
  const auto before = resident_bytes();
  for (std::size_t n = 1; n <= events; ++n) {
    t.topic->publish();
    check_hears(quick, *t.topic, n);
  }
  // The quick one was asked twice an event at most, the slow one hardly ever.
  BOOST_TEST(t.topic->asked() <= 2 * events + 10);
#ifndef __SANITIZE_THREAD__ // whose notes on memory take several times the memory itself
  BOOST_TEST(resident_bytes() - before < 40'000'000u); // the events themselves are half of it
#else
  static_cast<void>(before);
#endif
  BOOST_TEST(t.listening_becomes(1));
  t.topic->publish();
  check_hears(quick, *t.topic, events + 1);
}

BOOST_AUTO_TEST_CASE(who_reads_again_is_told_the_rest) {
  telling t({}, 50'000);
  auto slow = t.listen(4096);
  constexpr std::size_t events = 100;
  for (std::size_t n = 1; n <= events; ++n) t.topic->publish();
  for (std::size_t n = 1; n <= events; ++n) check_hears(slow, *t.topic, n);
}

BOOST_AUTO_TEST_CASE(a_listener_that_fails_costs_its_client_only) {
  struct failing final : listener {
    told next() override { throw std::runtime_error("secret"); }
  };
  telling t;
  auto fine = t.listen();
  t.app.streams = [](request&&, const exchange& to) {
    to.stream({{}, 2, std::make_unique<failing>()});
  };
  auto unlucky = t.app.connect();
  unlucky.send(stream_get);
  BOOST_TEST(unlucky.receive_rest().find("secret") == std::string::npos);
  t.topic->publish();
  check_hears(fine, *t.topic, 1);
}

BOOST_AUTO_TEST_CASE(only_the_first_answer_counts) {
  telling t;
  auto one = t.app.connect();
  one.send("GET /keep?k HTTP/1.1\r\nHost: x\r\n\r\n");
  const auto kept = t.app.kept("k");
  t.topic->tell(kept);
  kept.send({});
  t.topic->tell(kept);
  BOOST_TEST(one.receive_through(end_of_head).has_value());
  t.topic->publish();
  check_hears(one, *t.topic, 1);
  BOOST_TEST(t.listening_becomes(1));
  t.topic->tell(kept); // long answered
  BOOST_TEST(t.listening_becomes(1));
}

BOOST_AUTO_TEST_CASE(draining_ends_five_hundred_streams) {
  rlimit files{};
  ::getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = std::min<rlim_t>(4096, files.rlim_max);
  ::setrlimit(RLIMIT_NOFILE, &files);
  telling t({}, 20'000);
  std::vector<client> listening, not_reading;
  for (int n = 0; n < 490; ++n) listening.push_back(t.listen());
  for (int n = 0; n < 10; ++n) not_reading.push_back(t.listen(4096));
  // More than they have read when the end comes, but no more than a slow machine reads for all of
  // them in the second that the server waits for those who are behind.
  for (int n = 0; n < 4; ++n) t.topic->publish();
  for (auto& one : listening) check_hears(one, *t.topic, 1);
  const auto begin = clock::now();
  auto drained = std::async(std::launch::async, [&] { return t.app.serving().drain(10s); });
  for (auto& one : listening) {
    const auto rest = one.receive_rest();
    BOOST_TEST_REQUIRE(rest.size() > end_of_stream.size());
    BOOST_TEST((rest.substr(rest.size() - end_of_stream.size()) == end_of_stream));
    one.close();
  }
  BOOST_TEST(drained.get());
  BOOST_TEST((clock::now() - begin < 3s));
  BOOST_TEST(t.topic->listening() == 0u);
}

BOOST_AUTO_TEST_CASE(ending_the_server_frees_its_listeners) {
  telling t;
  auto one = t.listen();
  auto keeping = t.app.connect();
  keeping.send("GET /keep?k HTTP/1.1\r\nHost: x\r\n\r\n");
  const auto kept = t.app.kept("k");
  t.app.end_server();
  t.topic->tell(kept);
  t.topic->publish();
  BOOST_TEST(t.topic->listening() == 0u);
}

// Listeners come and go while topics tell. Each must hear its own topic's events, in order and none
// left out, however its beginning and the news crossed.
BOOST_AUTO_TEST_CASE(churn_of_listeners) {
  constexpr std::size_t topics = 4, events = 300;
  const std::size_t wanted = long_run() ? 20'000 : 1'000;
  std::vector<std::shared_ptr<told_topic>> all;
  for (std::size_t n = 0; n < topics; ++n) all.push_back(std::make_shared<told_topic>(n + 1));
  test_app app;
  app.streams = [&all](request&& got, const exchange& to) {
    all[std::stoul(std::string(got.query())) - 1]->tell(to);
  };
  std::atomic<bool> done{false};
  std::thread publisher([&] {
    for (std::size_t n = 0; n < events || !done; ++n) {
      if (n < events)
        for (const auto& one : all) one->publish();
      std::this_thread::sleep_for(1ms); // the pace of the news; nothing waits for it
    }
  });
  std::atomic<std::size_t> heard_all{0}, next{0}, failed{0};
  const auto listen = [&](std::mt19937_64& random) {
    const auto topic = random() % topics;
    auto one = app.connect();
    one.send("GET /stream?" + std::to_string(topic + 1) + " HTTP/1.1\r\nHost: x\r\n\r\n");
    one.receive_through(end_of_head);
    const auto until = random() % 3 == 0 ? events : 1 + random() % events;
    for (std::size_t n = 1; n <= until; ++n) {
      const auto expected = chunk(all[topic]->text(n));
      const auto got = one.receive_through(expected);
      if (!got || *got != expected) ++failed;
    }
    if (until == events) ++heard_all;
    if (random() % 2 == 0) one.abort();
  };
  std::vector<std::thread> clients;
  const auto base = seed();
  for (unsigned t = 0; t < 8; ++t)
    clients.emplace_back([&, t] {
      std::mt19937_64 random(base + t);
      try {
        while (next++ < wanted) listen(random);
      } catch (const std::exception& error) {
        std::cerr << error.what() << std::endl;
        ++failed;
      }
    });
  for (auto& one : clients) one.join();
  done = true;
  publisher.join();
  BOOST_TEST(failed == 0u);
  BOOST_TEST(heard_all > wanted / 10);
  BOOST_TEST(app.serving().drain(10s));
  for (const auto& one : all) BOOST_TEST(one->listening() == 0u);
}
