// Clients by the hundred that stall, dribble, do not read or just sit there: each is let go when
// its time is up, none slows the others down, and none keeps a worker spinning.
#define BOOST_TEST_MODULE http.slow
#include <boost/test/unit_test.hpp>

#include "tests/http/malformed.hpp"
#include "tests/http/test_app.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <string>
#include <vector>

using namespace boxoffice::http;
using namespace boxoffice::http::test;

namespace {

const std::string simple_get = "GET /async?a HTTP/1.1\r\nHost: x\r\n\r\n";
// More body than a dribble of a byte a round brings, however quick the machine.
const std::string post_head = "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 50000\r\n\r\n";

// The most descriptors this process may have: client and server are both in it.
void allow_descriptors(rlim_t wanted) {
  rlimit allowed{};
  ::getrlimit(RLIMIT_NOFILE, &allowed);
  allowed.rlim_cur = std::min(wanted, allowed.rlim_max);
  ::setrlimit(RLIMIT_NOFILE, &allowed);
}

std::chrono::microseconds cpu_used() {
  rusage used{};
  ::getrusage(RUSAGE_SELF, &used);
  const auto of = [](const timeval& time) {
    return std::chrono::seconds(time.tv_sec) + std::chrono::microseconds(time.tv_usec);
  };
  return of(used.ru_utime) + of(used.ru_stime);
}

std::vector<client> many(const test_app& app, std::size_t count, const std::string& bytes,
                         int receive_buffer = 0) {
  std::vector<client> all;
  all.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    all.push_back(app.connect(receive_buffer));
    all.back().send(bytes);
  }
  return all;
}

void check_timed_out(std::vector<client>& clients) {
  for (auto& one : clients) {
    const auto got = one.receive();
    BOOST_TEST_REQUIRE(got.has_value());
    BOOST_TEST_REQUIRE(got->status == 408);
    BOOST_TEST_REQUIRE(one.is_closed());
  }
}

} // namespace

BOOST_AUTO_TEST_CASE(slow_clients_are_let_go_and_others_served_meanwhile) {
  allow_descriptors(20'000);
  const std::size_t each = long_run() ? 1000 : 150;
  limits bounds;
  bounds.head_timeout = bounds.body_timeout = bounds.idle_timeout = bounds.write_timeout = 3s;
  test_app app(bounds);

  auto silent = many(app, each, "");
  auto stalled_head = many(app, each, simple_get.substr(0, 20));
  auto stalled_body = many(app, each, post_head + "abc");
  auto stalled_chunk = many(
      app, each / 3, "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhe");
  auto dribbling_head = many(app, each, "GET /");
  auto dribbling_body = many(app, each, post_head);
  auto not_reading = many(app, each / 3, "GET /shared?30000000 HTTP/1.1\r\nHost: x\r\n\r\n", 4096);
  auto idle = many(app, each, simple_get);
  for (auto& one : idle) BOOST_TEST(one.receive()->body == "a");

  // Bytes now and then must not put the deadline off.
  std::vector<std::chrono::microseconds> times;
  const auto begin = clock::now();
  for (std::size_t round = 0; clock::now() - begin < 4s; ++round) {
    const auto at = round % each;
    dribbling_head[at].send("x");
    dribbling_body[at].send("x");
    auto normal = app.connect();
    const auto asked = clock::now();
    BOOST_TEST_REQUIRE(normal.get("/async?n")->body == "n");
    times.push_back(std::chrono::duration_cast<std::chrono::microseconds>(clock::now() - asked));
  }
  std::sort(times.begin(), times.end());
  std::cout << times.size() << " requests beside them: p50 " << times[times.size() / 2].count()
            << " us, p99 " << times[times.size() * 99 / 100].count() << " us, max "
            << times.back().count() << " us" << std::endl;
  BOOST_TEST((times[times.size() / 2] < 50ms));
  BOOST_TEST((times.back() < 2s));

  // They are past their deadlines already; had the dribbling put these off, they would take long.
  const auto dribbled = clock::now();
  check_timed_out(dribbling_head);
  check_timed_out(dribbling_body);
  BOOST_TEST((clock::now() - dribbled < 1500ms));
  check_timed_out(stalled_head);
  check_timed_out(stalled_body);
  check_timed_out(stalled_chunk);
  for (auto& one : silent) BOOST_TEST_REQUIRE(one.is_closed());
  for (auto& one : idle) BOOST_TEST_REQUIRE(one.is_closed());
  // Cut by a reset, with most of it unsent: the answer never becomes whole.
  for (auto& one : not_reading) BOOST_TEST_REQUIRE(!one.receive().has_value());
}

// Reads about `portion` bytes each 50 ms for a while, then the rest as fast as it can. True when
// the whole came.
bool reads_all(client& one, std::size_t portion, clock::duration slowly) {
  constexpr std::size_t all = 8'000'000;
  one.send("GET /shared?" + std::to_string(all) + " HTTP/1.1\r\nHost: x\r\n\r\n");
  const auto begin = clock::now();
  for (pollfd pause{-1, 0, 0}; clock::now() - begin < slowly; ::poll(&pause, 0, 50))
    for (std::size_t read = 0; read < portion;) {
      const auto got = one.read_available(portion - read);
      if (got == 0) break;
      read += got;
    }
  const auto whole = one.receive();
  return whole && whole->body.size() == all;
}

BOOST_AUTO_TEST_CASE(slow_readers_are_told_from_those_that_do_not_read) {
  limits bounds;
  bounds.write_timeout = 500ms;
  bounds.write_progress_bytes = 32 * 1024;
  test_app app(bounds);
  // 200 kB in each term: slow, so that our kernel's buffer gives no sign of life for several terms,
  // but reading.
  auto slow = app.connect(16 * 1024);
  BOOST_TEST(reads_all(slow, 20'000, 3s));
  auto dribbling = app.connect(16 * 1024);
  BOOST_TEST(!reads_all(dribbling, 100, 3s));
}

BOOST_AUTO_TEST_CASE(nobody_keeps_a_worker_spinning) {
  test_app app;
  // Sends far more than is read ahead of its first answer, which does not come.
  auto pipelining = app.connect();
  pipelining.send("GET /keep?p HTTP/1.1\r\nHost: x\r\n\r\n");
  app.kept("p");
  const auto flood = repeated(simple_get, 1000);
  while (::send(pipelining.fd(), flood.data(), flood.size(), MSG_NOSIGNAL | MSG_DONTWAIT) > 0) {
  }
  // Has said all it will say and waits.
  auto half_closed = app.connect();
  half_closed.send("GET /keep?h HTTP/1.1\r\nHost: x\r\n\r\n");
  half_closed.close_sending();
  app.kept("h");
  auto not_reading = app.connect(4096);
  not_reading.send("GET /shared?30000000 HTTP/1.1\r\nHost: x\r\n\r\n");
  auto idle = many(app, 100, simple_get);
  for (auto& one : idle) BOOST_TEST(one.receive()->body == "a");

  const auto before = cpu_used();
  pollfd pause{-1, 0, 0};
  ::poll(&pause, 0, 1000); // the span that is measured
  const auto used = cpu_used() - before;
  std::cout << "CPU in one second of waiting: " << used.count() << " us" << std::endl;
  BOOST_TEST((used < 200ms));

  app.kept("h").send({});
  BOOST_TEST(half_closed.receive()->status == 200);
  app.kept("p").send({});
  BOOST_TEST(pipelining.receive()->status == 200);
  for (int i = 0; i < 1000; ++i) BOOST_TEST_REQUIRE(pipelining.receive()->body == "a");
}

BOOST_AUTO_TEST_CASE(past_the_connection_limit_clients_get_503) {
  limits bounds;
  bounds.connections = 20;
  test_app app(bounds);
  auto inside = many(app, 20, simple_get);
  for (auto& one : inside) BOOST_TEST(one.receive()->body == "a");
  for (int i = 0; i < 10; ++i) {
    auto outside = app.connect();
    const auto got = outside.get("/echo");
    BOOST_TEST_REQUIRE(got.has_value());
    BOOST_TEST(got->status == 503);
    BOOST_TEST(!got->field("Retry-After").empty());
    BOOST_TEST(outside.is_closed());
  }
  for (auto& one : inside) BOOST_TEST(one.get("/async?still")->body == "still");
  // Far past it, clients are not even told.
  auto crowd = many(app, 300, "");
  BOOST_TEST(inside.front().get("/async?still")->body == "still");
  crowd.clear();
  inside.pop_back();
  const auto deadline = clock::now() + patience;
  int status = 503; // the server notices in its own time that clients have gone
  while (status == 503 && clock::now() < deadline) {
    const auto got = app.connect().get("/echo");
    status = got ? got->status : 503;
  }
  BOOST_TEST(status == 200);
}

BOOST_AUTO_TEST_CASE(without_descriptors_clients_wait_and_nothing_spins) {
  test_app app;
  auto first = app.connect();
  BOOST_TEST(first.get("/async?a")->body == "a");

  // Sockets for clients are made before the limit falls; only the server then lacks descriptors.
  std::vector<int> sockets;
  for (int i = 0; i < 5; ++i) sockets.push_back(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  rlimit before{};
  ::getrlimit(RLIMIT_NOFILE, &before);
  auto tight = before;
  tight.rlim_cur = static_cast<rlim_t>(*std::max_element(sockets.begin(), sockets.end()) + 1);
  ::setrlimit(RLIMIT_NOFILE, &tight);

  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(app.port());
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  for (const int fd : sockets) {
    BOOST_TEST(::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
    BOOST_TEST(::send(fd, simple_get.data(), simple_get.size(), MSG_NOSIGNAL) > 0);
  }
  const auto cpu = cpu_used();
  pollfd answered{sockets[0], POLLIN, 0};
  BOOST_TEST(::poll(&answered, 1, 500) == 0); // not accepted, and so not answered
  BOOST_TEST((cpu_used() - cpu < 200ms));
  BOOST_TEST(first.get("/async?b")->body == "b");

  ::setrlimit(RLIMIT_NOFILE, &before);
  for (const int fd : sockets) {
    pollfd one{fd, POLLIN, 0};
    BOOST_TEST(::poll(&one, 1, static_cast<int>(patience.count())) == 1);
    char byte = 0;
    BOOST_TEST(::recv(fd, &byte, 1, 0) == 1);
    BOOST_TEST(byte == 'H');
    ::close(fd);
  }
}
