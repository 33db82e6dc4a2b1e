// Connections come and go, half of them in the middle of a request, while answers come from other
// threads: file descriptors are reused all the time. Every answer must name the request it is for,
// and every client that waits must get one.
#define BOOST_TEST_MODULE http.churn
#include <boost/test/unit_test.hpp>

#include "tests/http/test_app.hpp"

#include <atomic>
#include <random>
#include <string>
#include <thread>
#include <vector>

using namespace boxoffice::http;
using namespace boxoffice::http::test;

namespace {

struct tally {
  std::atomic<std::size_t> answered{0}, misdelivered{0}, lost{0}, aborted{0}, next_id{1};
};

// One connection: a few requests, each with its own id; perhaps cut off before the answer.
void one_connection(const test_app& app, std::mt19937_64& random, tally& counts) {
  static constexpr const char* paths[] = {"/async?", "/post?", "/async?", "/echo?"};
  auto one = app.connect();
  for (auto requests = 1 + random() % 8; requests > 0; --requests) {
    const auto id = std::to_string(counts.next_id++);
    const std::string path = paths[random() % 4];
    one.send("GET " + path + id + " HTTP/1.1\r\nHost: x\r\n\r\n");
    if (random() % 4 == 0) {
      ++counts.aborted;
      if (random() % 2 == 0) one.abort();
      return;
    }
    const auto got = one.receive();
    const auto expected = path == "/echo?" ? "GET /echo " + id + " 127.0.0.1 " : id;
    if (!got) {
      ++counts.lost;
      return;
    }
    ++(got->status == 200 && got->body == expected ? counts.answered : counts.misdelivered);
  }
}

} // namespace

BOOST_AUTO_TEST_CASE(every_answer_reaches_the_client_that_asked) {
  test_app app;
  const std::size_t wanted = long_run() ? 300'000 : 20'000;
  constexpr unsigned threads = 8;
  tally counts;
  std::atomic<unsigned> failed{0};
  std::vector<std::thread> clients;
  const auto base = seed();
  for (unsigned t = 0; t < threads; ++t)
    clients.emplace_back([&, t] {
      std::mt19937_64 random(base + t);
      try {
        while (counts.answered < wanted) one_connection(app, random, counts);
      } catch (const std::exception& error) {
        std::cerr << error.what() << std::endl;
        ++failed;
      }
    });
  for (auto& one : clients) one.join();
  std::cout << counts.answered << " answered, " << counts.aborted << " aborted" << std::endl;
  BOOST_TEST(failed == 0u);
  BOOST_TEST(counts.answered >= wanted);
  BOOST_TEST(counts.aborted > wanted / 10);
  BOOST_TEST(counts.misdelivered == 0u);
  BOOST_TEST(counts.lost == 0u);
  BOOST_TEST(app.serving().drain(10s)); // no connection was forgotten
}
