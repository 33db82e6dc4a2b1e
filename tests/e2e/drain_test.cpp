// SIGTERM ends the service within http.drain_for, whatever its clients do.
#include "tests/e2e/server.hpp"

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <csignal>
#include <functional>
#include <memory>
#include <thread>

using namespace boxoffice::e2e;

namespace {

constexpr milliseconds drain_for = 2s, grace = 1500ms; // the grace is for a busy machine

struct draining {
  scratch_directory directory;
  server service{directory / "store", {"--http.drain_for", "2s"}};

  milliseconds time_to_end() {
    const auto asked = clock::now();
    BOOST_CHECK_EQUAL(service.terminate(), 0);
    return std::chrono::duration_cast<milliseconds>(clock::now() - asked);
  }
  void check_ends() {
    const auto took = time_to_end();
    BOOST_CHECK_MESSAGE(took < drain_for + grace, "it took " << took.count() << " ms");
    BOOST_CHECK_EQUAL(run({"audit", "--store.path", service.store().string()}).status, 0);
  }
};

using client = std::unique_ptr<http_client>;

client silent(const server& s) { return std::make_unique<http_client>(s.port()); }

client idle(const server& s) {
  auto c = silent(s);
  BOOST_CHECK_EQUAL(c->get("/livez").status, 200);
  return c;
}

client with_half_a_head(const server& s) {
  auto c = silent(s);
  c->send("POST /mock/balance HTTP/1.1\r\nHost: te");
  return c;
}

client with_half_a_body(const server& s) {
  auto c = silent(s);
  c->send("POST /mock/balance HTTP/1.1\r\nHost: test\r\nContent-Length: 100\r\n\r\n{\"userId\":");
  return c;
}

client with_half_a_chunk(const server& s) {
  auto c = silent(s);
  c->send("POST /mock/balance HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n"
          "40\r\n{\"userId\":");
  return c;
}

// Wants far more than the kernel takes off the server's hands, and reads nothing of it.
client not_reading(const server& s) {
  constexpr int tiny = 1024, requests = 100;
  auto c = std::make_unique<http_client>(s.port(), tiny);
  for (int n = 0; n < requests; ++n) c->send(request_text("GET", "/mock/concerts", {}, {}));
  return c;
}

// Sends a byte again and again until it is cut off.
class dribbler {
public:
  explicit dribbler(const server& s) : client_(with_half_a_head(s)) {
    thread_ = std::thread([this] {
      try {
        while (!stop_) {
          client_->send("x");
          std::this_thread::sleep_for(20ms); // its nature, not synchronisation
        }
      } catch (const connection_lost&) {
        // which is what ends it
      }
    });
  }
  ~dribbler() {
    stop_ = true;
    thread_.join();
  }

private:
  client client_;
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(drain, draining)

BOOST_AUTO_TEST_CASE(at_once_when_nobody_is_there) { BOOST_CHECK(time_to_end() < drain_for); }

BOOST_AUTO_TEST_CASE(idle_clients) {
  std::vector<client> clients;
  for (int n = 0; n < 50; ++n) clients.push_back(n % 2 == 0 ? idle(service) : silent(service));
  BOOST_CHECK(time_to_end() < drain_for);
  for (auto& c : clients) BOOST_CHECK(c->is_closed());
}

BOOST_AUTO_TEST_CASE(half_requests) {
  std::vector<client> clients;
  for (int n = 0; n < 10; ++n)
    for (const auto begin : {with_half_a_head, with_half_a_body, with_half_a_chunk})
      clients.push_back(begin(service));
  check_ends();
}

BOOST_AUTO_TEST_CASE(dribbling_clients) {
  std::vector<std::unique_ptr<dribbler>> clients;
  for (int n = 0; n < 5; ++n) clients.push_back(std::make_unique<dribbler>(service));
  check_ends();
}

BOOST_AUTO_TEST_CASE(clients_that_do_not_read) {
  std::vector<client> clients;
  for (int n = 0; n < 5; ++n) clients.push_back(not_reading(service));
  check_ends();
}

BOOST_AUTO_TEST_CASE(all_of_them_and_buyers) {
  std::vector<client> clients;
  for (const auto begin :
       {silent, idle, with_half_a_head, with_half_a_body, with_half_a_chunk, not_reading})
    clients.push_back(begin(service));
  dribbler one(service);
  std::atomic<int> served{0};
  std::vector<std::thread> buyers;
  for (int n = 1; n <= 4; ++n)
    buyers.emplace_back([this, n, &served] {
      try {
        for (caller buyer(service.port());; ++served)
          buyer.charge("user" + std::to_string(n), served % 1000 + 1);
      } catch (const connection_lost&) {
        // the end of the service
      }
    });
  BOOST_CHECK(eventually([&] { return served > 100; }));
  check_ends();
  for (auto& buyer : buyers) buyer.join();
}

BOOST_AUTO_TEST_CASE(asked_twice) {
  const auto half = with_half_a_body(service);
  service.running().signal(SIGTERM);
  BOOST_CHECK(service.running().wait_for("draining"));
  check_ends();
}

BOOST_AUTO_TEST_SUITE_END()
