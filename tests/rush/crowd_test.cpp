// The crowd over real connections, to a server of a few lines that answers as it is told.
#include "rush/crowd.hpp"

#include "rush/line.hpp"

#include <boost/asio.hpp>
#include <boost/test/unit_test.hpp>

#include <atomic>
#include <list>
#include <thread>

using namespace boxoffice::rush;
using namespace std::chrono_literals;
namespace asio = boost::asio;

namespace {

// Reads up to the blank line that ends a request without a body, waits, and answers 200.
class slow_server {
public:
  explicit slow_server(std::chrono::milliseconds delay, bool hangs_up = false)
      : delay_(delay), hangs_up_(hangs_up) {
    accept();
    thread_ = std::thread([this] { context_.run(); });
  }
  ~slow_server() {
    context_.stop();
    thread_.join();
  }
  crowd_plan plan(unsigned connections) const {
    crowd_plan p;
    p.urls = {{"127.0.0.1", std::to_string(acceptor_.local_endpoint().port())}};
    p.connections = connections;
    p.threads = 2;
    return p;
  }
  std::size_t connections() const { return accepted_; }

private:
  struct client {
    explicit client(asio::ip::tcp::socket s) : socket(std::move(s)), timer(socket.get_executor()) {}
    asio::ip::tcp::socket socket;
    asio::steady_timer timer;
    std::string input;
  };

  void accept() {
    acceptor_.async_accept([this](boost::system::error_code error, asio::ip::tcp::socket socket) {
      if (error) return;
      ++accepted_;
      clients_.emplace_back(std::move(socket));
      serve(clients_.back());
      accept();
    });
  }
  void serve(client& c) {
    asio::async_read_until(c.socket, asio::dynamic_buffer(c.input), "\r\n\r\n",
                           [this, &c](boost::system::error_code error, std::size_t size) {
                             if (error) return;
                             c.input.erase(0, size);
                             if (hangs_up_) return c.socket.close();
                             c.timer.expires_after(delay_);
                             c.timer.async_wait([this, &c](boost::system::error_code) { tell(c); });
                           });
  }
  void tell(client& c) {
    static const std::string text = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";
    asio::async_write(c.socket, asio::buffer(text),
                      [this, &c](boost::system::error_code error, std::size_t) {
                        if (!error) serve(c);
                      });
  }

  std::chrono::milliseconds delay_;
  bool hangs_up_;
  asio::io_context context_;
  asio::ip::tcp::acceptor acceptor_{context_, {asio::ip::address_v4::loopback(), 0}};
  std::list<client> clients_;
  std::atomic<std::size_t> accepted_{0};
  std::thread thread_;
};

// Asks so many times, at once after each answer.
class asker : public guest {
public:
  explicit asker(int times) : left_(times) {}
  std::optional<act> begin() override { return next(); }
  std::optional<act> hear(const request&, const answer& told) override {
    good += told.good() ? 1 : 0;
    auto following = next();
    // A connection each time costs a port each time.
    if (following && told.lost()) following->pause = 10ms;
    return following;
  }
  bool expects(const request&, const answer& told) const override { return told.good(); }
  int good = 0;

private:
  std::optional<act> next() {
    if (left_-- <= 0) return std::nullopt;
    request r;
    r.target = "/";
    return act{r, 0ms};
  }
  int left_;
};

std::list<asker> askers(int count, int times) {
  std::list<asker> all;
  while (count-- > 0) all.emplace_back(times);
  return all;
}

std::vector<appointment> agenda_of(std::list<asker>& all, std::chrono::microseconds apart) {
  std::vector<appointment> agenda;
  for (auto& each : all)
    agenda.push_back({apart * static_cast<std::int64_t>(agenda.size()), &each});
  return agenda;
}

const histogram& errands(const crowd_result& r) {
  return r.counted.by_step[static_cast<std::size_t>(step::errand)].times;
}

} // namespace

BOOST_AUTO_TEST_SUITE(crowds)

BOOST_AUTO_TEST_CASE(all_are_carried_over_few_connections_that_stay) {
  const slow_server server(0ms);
  auto all = askers(200, 5);
  const auto result = run_crowd(server.plan(4), agenda_of(all, 0us));
  BOOST_TEST(errands(result).count() == 1000U);
  BOOST_TEST(result.counted.unexpected() == 0U);
  BOOST_TEST(server.connections() == 4U);
  for (const auto& each : all) BOOST_TEST(each.good == 5);
}

// Two a connection's time arrive for each that is served: the last waits for all before it. A
// generator that counted from the sending would see 50 ms throughout.
BOOST_AUTO_TEST_CASE(waiting_for_a_connection_counts) {
  const slow_server server(50ms);
  auto all = askers(40, 1);
  const auto result = run_crowd(server.plan(2), agenda_of(all, 12'500us));
  BOOST_TEST(errands(result).count() == 40U);
  // 40 at 50 ms over 2 connections take 1 s; the last came after 0.49 s.
  BOOST_TEST((errands(result).max() >= 450ms));
  BOOST_TEST((result.counted.for_line.max() >= 400ms));
}

BOOST_AUTO_TEST_CASE(when_the_time_is_over_nobody_begins) {
  const slow_server server(10ms);
  auto all = askers(1, 1'000'000);
  auto plan = server.plan(1);
  plan.length = 300ms;
  const auto result = run_crowd(plan, agenda_of(all, 0us));
  BOOST_TEST(errands(result).count() > 2U);
  BOOST_TEST(errands(result).count() <= 31U);
  BOOST_TEST(result.counted.cut_off == 1U);
  BOOST_TEST(!result.server_away);
}

BOOST_AUTO_TEST_CASE(a_server_that_only_hangs_up_is_away) {
  const slow_server server(0ms, true);
  auto all = askers(1, 1'000'000'000);
  std::uint64_t lost = 0;
  const auto result = run_crowd(server.plan(1), agenda_of(all, 0us),
                                [&lost](const crowd_view& v) { lost = v.lost; });
  BOOST_TEST(result.server_away);
  BOOST_TEST(lost > 0U);
  BOOST_TEST(result.counted.by_step[static_cast<std::size_t>(step::errand)].unexpected.count(
                 "connection lost") == 1U);
}

BOOST_AUTO_TEST_CASE(the_bytes_of_a_request) {
  request r;
  r.method = "POST", r.target = "/v1/bookings", r.body = "{}", r.token = "t", r.key = "k";
  BOOST_TEST(request_text(r, "h:1") ==
             "POST /v1/bookings HTTP/1.1\r\nHost: h:1\r\nQueue-Token: t\r\nIdempotency-Key: k\r\n"
             "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}");
  r = {};
  r.target = "/", r.bearer = "secret", r.if_none_match = "\"e\"";
  BOOST_TEST(request_text(r, "h") == "GET / HTTP/1.1\r\nHost: h\r\nIf-None-Match: \"e\"\r\n"
                                     "Authorization: Bearer secret\r\n\r\n");
}

BOOST_AUTO_TEST_SUITE_END()
