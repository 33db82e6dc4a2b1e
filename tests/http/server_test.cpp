// The whole transport over real sockets: what a well-behaved client may count on.
#define BOOST_TEST_MODULE http.server
#include <boost/test/unit_test.hpp>

#include "tests/http/test_app.hpp"

#include <string>
#include <system_error>
#include <vector>

using namespace boxoffice::http;
using namespace boxoffice::http::test;

namespace {

std::string get(const std::string& target, const std::string& fields = "") {
  return "GET " + target + " HTTP/1.1\r\nHost: x\r\n" + fields + "\r\n";
}

void check_answer(const std::optional<answer>& got, int status, const std::string& body) {
  BOOST_TEST_REQUIRE(got.has_value());
  BOOST_TEST(got->status == status);
  BOOST_TEST(got->body == body);
}

} // namespace

BOOST_AUTO_TEST_CASE(a_connection_is_kept_for_many_requests) {
  test_app app;
  auto one = app.connect();
  for (int i = 0; i < 50; ++i) {
    const auto number = std::to_string(i);
    check_answer(one.get("/echo?" + number), 200, "GET /echo " + number + " 127.0.0.1 ");
    check_answer(one.get("/async?" + number), 200, number);
    check_answer(one.get("/post?" + number), 200, number);
  }
  const auto last = one.get("/echo");
  BOOST_TEST(!last->field("Date").empty());
  BOOST_TEST(!last->closes());
}

BOOST_AUTO_TEST_CASE(pipelined_requests_are_answered_in_order) {
  test_app app;
  auto one = app.connect();
  std::string all;
  std::vector<std::string> expected;
  for (int i = 0; i < 2000; ++i) {
    const auto number = std::to_string(i);
    all += get((i % 3 == 0 ? "/async?" : i % 3 == 1 ? "/post?" : "/echo?") + number);
    expected.push_back(i % 3 == 2 ? "GET /echo " + number + " 127.0.0.1 " : number);
  }
  BOOST_TEST(one.send(all));
  for (const auto& body : expected) check_answer(one.receive(), 200, body);
}

BOOST_AUTO_TEST_CASE(one_request_of_a_connection_is_with_the_handler_at_a_time) {
  test_app app;
  auto one = app.connect();
  one.send(get("/keep?a") + get("/keep?b"));
  app.kept("a");
  auto other = app.connect();
  check_answer(other.get("/async?x"), 200, "x");
  BOOST_TEST(app.handled() == 2u);
  app.kept("a").send({});
  check_answer(one.receive(), 200, "");
  app.kept("b").send({});
  check_answer(one.receive(), 200, "");
}

BOOST_AUTO_TEST_CASE(head_has_the_length_but_not_the_body) {
  test_app app;
  auto one = app.connect();
  one.send("HEAD /big?100000 HTTP/1.1\r\nHost: x\r\n\r\n" + get("/echo"));
  const auto head = one.receive(true);
  BOOST_TEST(head->field("Content-Length") == "100000");
  check_answer(one.receive(), 200, "GET /echo  127.0.0.1 ");
}

BOOST_AUTO_TEST_CASE(bodies_arrive_whole_at_every_split_plain_and_chunked) {
  test_app app;
  auto one = app.connect();
  const std::string plain =
      "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{\"a\":\"b\"}";
  const std::string chunked = "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: "
                              "chunked\r\n\r\n5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n";
  for (std::size_t at = 1; at < plain.size(); ++at) {
    one.send(plain.substr(0, at));
    one.send(plain.substr(at));
    check_answer(one.receive(), 200, "POST /echo  127.0.0.1 {\"a\":\"b\"}");
  }
  for (std::size_t at = 1; at < chunked.size(); ++at) {
    one.send(chunked.substr(0, at));
    one.send(chunked.substr(at));
    check_answer(one.receive(), 200, "POST /echo  127.0.0.1 hello world");
  }
}

BOOST_AUTO_TEST_CASE(a_waiting_client_is_told_to_continue) {
  test_app app;
  auto one = app.connect();
  one.send("POST /echo HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  BOOST_TEST(one.receive()->status == 100);
  one.send("ab");
  check_answer(one.receive(), 200, "POST /echo  127.0.0.1 ab");
}

BOOST_AUTO_TEST_CASE(http_1_0_closes_unless_asked_to_keep) {
  test_app app;
  auto one = app.connect();
  one.send("GET /echo HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  BOOST_TEST(one.receive()->field("Connection") == "keep-alive");
  one.send("GET /echo HTTP/1.0\r\n\r\n");
  BOOST_TEST(one.receive()->closes());
  BOOST_TEST(one.is_closed());
}

BOOST_AUTO_TEST_CASE(connection_close_closes_after_the_answer) {
  test_app app;
  auto one = app.connect();
  one.send(get("/async?a", "Connection: close\r\n") + get("/echo"));
  const auto got = one.receive();
  check_answer(got, 200, "a");
  BOOST_TEST(got->closes());
  BOOST_TEST(one.is_closed());
  BOOST_TEST(app.handled() == 1u);
}

BOOST_AUTO_TEST_CASE(a_half_closed_client_gets_all_its_answers) {
  test_app app;
  auto one = app.connect();
  one.send(get("/async?a") + get("/big?300000") + get("/post?c"));
  one.close_sending();
  check_answer(one.receive(), 200, "a");
  BOOST_TEST(one.receive()->body.size() == 300000u);
  check_answer(one.receive(), 200, "c");
  BOOST_TEST(one.is_closed());
}

BOOST_AUTO_TEST_CASE(large_answers_reach_a_slow_reader_whole) {
  limits bounds;
  bounds.output_bytes = 64 * 1024;
  test_app app(bounds);
  for (const std::string path : {"/big?", "/shared?"}) {
    auto one = app.connect(4096);
    one.send(get(path + "8000000") + get("/echo"));
    const auto got = one.receive();
    BOOST_TEST_REQUIRE(got.has_value());
    BOOST_TEST((got->body == std::string(8'000'000, path[1])));
    check_answer(one.receive(), 200, "GET /echo  127.0.0.1 ");
  }
}

BOOST_AUTO_TEST_CASE(answers_to_a_client_that_does_not_read_do_not_pile_up) {
  limits bounds;
  bounds.output_bytes = 100'000;
  test_app app(bounds,
               1); // one worker: whatever it does for the one is done before it serves the other
  auto one = app.connect(4096);
  constexpr std::size_t requests = 100, each = 1'000'000;
  std::string all;
  for (std::size_t i = 0; i < requests; ++i) all += get("/big?" + std::to_string(each));
  one.send(all);
  app.await_handled(1);
  auto other = app.connect();
  for (int i = 0; i < 200; ++i) check_answer(other.get("/async?x"), 200, "x");
  // The kernel takes some megabytes; beyond that the next request must not even be begun.
  BOOST_TEST(app.handled() - 200 < 20u);
  for (std::size_t i = 0; i < requests; ++i) {
    const auto got = one.receive();
    BOOST_TEST_REQUIRE(got.has_value());
    BOOST_TEST_REQUIRE(got->body.size() == each);
  }
}

BOOST_AUTO_TEST_CASE(a_client_that_never_reads_is_cut) {
  limits bounds;
  bounds.write_timeout = 300ms;
  test_app app(bounds);
  auto one = app.connect(4096);
  one.send(get("/big?50000000"));
  app.log(1);
  // Reading nothing, it is reset: sending into the connection fails in the end.
  const auto deadline = clock::now() + patience;
  pollfd reset{one.fd(), 0, 0}; // POLLERR and POLLHUP are always told
  BOOST_TEST(::poll(&reset, 1, static_cast<int>(patience.count())) == 1);
  BOOST_TEST((clock::now() < deadline));
}

BOOST_AUTO_TEST_CASE(an_answer_that_does_not_come_becomes_503_and_comes_too_late) {
  limits bounds;
  bounds.answer_timeout = 200ms;
  test_app app(bounds);
  auto one = app.connect();
  one.send(get("/keep?late"));
  const auto got = one.receive();
  check_answer(got, 503, "fault 503 no answer in time /keep?late");
  BOOST_TEST(got->field("Retry-After") == "1");
  BOOST_TEST(!got->closes());
  response late;
  late.body = "late";
  app.kept("late").send(late);
  check_answer(one.get("/async?next"), 200, "next");
  app.kept("late").send(late);
  check_answer(one.get("/echo?more"), 200, "GET /echo more 127.0.0.1 ");
}

BOOST_AUTO_TEST_CASE(what_the_handler_throws_stays_inside) {
  test_app app;
  auto one = app.connect();
  check_answer(one.get("/throw"), 500, "fault 500 internal error /throw");
  check_answer(one.get("/post-throw"), 500, "fault 500 internal error /post-throw");
  check_answer(one.get("/echo"), 200, "GET /echo  127.0.0.1 ");
}

BOOST_AUTO_TEST_CASE(the_first_answer_wins) {
  test_app app;
  auto one = app.connect();
  one.send(get("/twice") + get("/keep?a"));
  check_answer(one.receive(), 200, "first");
  response answers[2];
  answers[0].body = "one";
  answers[1].body = "two";
  app.kept("a").send(answers[0]);
  app.kept("a").send(answers[1]);
  check_answer(one.receive(), 200, "one");
  check_answer(one.get("/async?z"), 200, "z");
}

BOOST_AUTO_TEST_CASE(an_answer_cannot_break_out_of_its_fields) {
  test_app app;
  auto one = app.connect();
  check_answer(one.get("/inject"), 500, "fault 500 internal error /inject");
  const auto framed = one.get("/status?200");
  check_answer(framed, 200, "body");
  BOOST_TEST(framed->field("X-Own") == "kept");
  one.send(get("/status?204"));
  const auto empty = one.receive(true);
  BOOST_TEST(empty->status == 204);
  BOOST_TEST(empty->field("Content-Length").empty());
  check_answer(one.get("/status?700"), 500, "fault 500 internal error /status?700");
  check_answer(one.get("/echo"), 200, "GET /echo  127.0.0.1 ");
}

BOOST_AUTO_TEST_CASE(an_exchange_outlives_connection_and_server) {
  auto app = std::make_unique<test_app>();
  {
    auto gone = app->connect();
    gone.send(get("/keep?gone"));
    app->kept("gone");
    gone.abort();
  }
  auto stays = app->connect();
  stays.send(get("/keep?stays"));
  const auto gone = app->kept("gone"), kept = app->kept("stays");
  gone.send({});
  app->end_server();
  BOOST_TEST(stays.is_closed());
  kept.send({});
  kept.post([]() -> response {
    BOOST_ERROR("rendered without a server");
    return {};
  });
  app.reset();
  kept.send({});
}

BOOST_AUTO_TEST_CASE(each_answer_is_logged_once_faults_too) {
  test_app app;
  auto one = app.connect();
  one.get("/label");
  one.get("/throw");
  one.send("BREW / HTTP/1.1\r\n\r\n");
  one.receive();
  const auto log = app.log(3);
  BOOST_TEST(log.size() == 3u);
  BOOST_TEST(log[0].route == "/label");
  BOOST_TEST(log[0].trace_id == "trace-1");
  BOOST_TEST(log[0].method == "GET");
  BOOST_TEST(log[0].target == "/label");
  BOOST_TEST(log[0].remote_address == "127.0.0.1");
  BOOST_TEST(log[0].status == 200);
  BOOST_TEST(log[0].response_bytes > 8u);
  BOOST_TEST(log[1].status == 500);
  BOOST_TEST(log[1].route.empty());
  BOOST_TEST(log[2].status == 501);
}

BOOST_AUTO_TEST_CASE(addresses_it_can_and_cannot_listen_on) {
  test_app local({}, 1, "localhost");
  check_answer(local.connect().get("/async?a"), 200, "a");
  test_app six({}, 1, "[::1]");
  BOOST_TEST(six.port() != 0);
  test_app dual({}, 1, "::");
  check_answer(dual.connect().get("/echo"), 200, "GET /echo  127.0.0.1 ");

  auto refused = [](const std::string& address, std::uint16_t port, const std::string& reason) {
    try {
      server never(address, port, 1, {}, {});
      BOOST_ERROR("it listens on " << address);
    } catch (const std::system_error& error) {
      BOOST_TEST_CONTEXT(error.what()) {
        const std::string text = error.what();
        BOOST_TEST(text.find(address) != std::string::npos);
        BOOST_TEST(text.find(std::to_string(port)) != std::string::npos);
        BOOST_TEST(text.find(reason) != std::string::npos);
      }
    }
  };
  refused("127.0.0.1", local.port(), "in use");
  refused("8.8.8.8", 1, "annot assign");
  refused("no such address", 8082, "annot assign");
}
