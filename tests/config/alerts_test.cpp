#define BOOST_TEST_MODULE config.alerts
#include "config/alerts.hpp"
#include "config/logging.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include <arpa/inet.h>
#include <condition_variable>
#include <mutex>
#include <netinet/in.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include <vector>

using namespace boxoffice::config;
using namespace std::chrono_literals;

namespace {

constexpr auto patience = 20s;

// Takes posts on a port of its own, one connection each, and answers with a status of the test's.
class webhook {
public:
  explicit webhook(int status) : status_(status) {
    listening_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    BOOST_REQUIRE(::bind(listening_, reinterpret_cast<sockaddr*>(&address), length) == 0);
    BOOST_REQUIRE(::getsockname(listening_, reinterpret_cast<sockaddr*>(&address), &length) == 0);
    port_ = ntohs(address.sin_port);
    BOOST_REQUIRE(::listen(listening_, 8) == 0);
    thread_ = std::thread([this] { serve(); });
  }
  ~webhook() {
    ::shutdown(listening_, SHUT_RDWR);
    thread_.join();
    ::close(listening_);
  }

  std::string address() const { return "http://127.0.0.1:" + std::to_string(port_) + "/T0/secret"; }
  void answer_with(int status) {
    const std::lock_guard guard(mutex_);
    status_ = status;
  }

  // The texts of the messages, once there are so many of them.
  std::vector<std::string> wait_for(std::size_t count) {
    std::unique_lock hold(mutex_);
    BOOST_REQUIRE(changed_.wait_for(hold, patience, [&] { return texts_.size() >= count; }));
    return texts_;
  }

private:
  void serve() {
    for (int fd; (fd = ::accept(listening_, nullptr, nullptr)) >= 0; ::close(fd)) {
      std::string got;
      char part[4096];
      std::size_t body_at = std::string::npos, length = 0;
      while (body_at == std::string::npos || got.size() < body_at + length) {
        const auto count = ::read(fd, part, sizeof part);
        if (count <= 0) break;
        got.append(part, static_cast<std::size_t>(count));
        if (body_at != std::string::npos || got.find("\r\n\r\n") == std::string::npos) continue;
        body_at = got.find("\r\n\r\n") + 4;
        length = std::stoul(got.substr(got.find("Content-Length: ") + 16));
      }
      const std::lock_guard guard(mutex_);
      texts_.push_back(nlohmann::json::parse(got.substr(body_at)).at("text"));
      const auto answer = "HTTP/1.1 " + std::to_string(status_) +
                          " x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
      BOOST_REQUIRE(::write(fd, answer.data(), answer.size()) > 0);
      changed_.notify_all();
    }
  }

  int listening_ = -1, status_;
  std::uint16_t port_ = 0;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> texts_;
  std::thread thread_;
};

} // namespace

BOOST_AUTO_TEST_CASE(a_message_is_json_with_slacks_three_characters_escaped) {
  const auto message = nlohmann::json::parse(slack_message("a < b && \"c\" > d\n\xFF"));
  BOOST_TEST(message.at("text").get<std::string>() ==
             "a &lt; b &amp;&amp; \"c\" &gt; d\n\xEF\xBF\xBD");
}

BOOST_AUTO_TEST_CASE(the_first_goes_at_once_and_the_rest_of_a_storm_together) {
  webhook slack(200);
  alerts to_slack({slack.address(), 300ms});
  to_slack.tell("first");
  BOOST_TEST(slack.wait_for(1).front() == "first");
  for (int i = 0; i < 1000; ++i) to_slack.tell("storm " + std::to_string(i));
  const auto texts = slack.wait_for(2);
  BOOST_TEST(texts[1].find("storm 0\nstorm 1\n") == 0u, texts[1]);
  BOOST_TEST(texts[1].find("and 980 more") != std::string::npos, texts[1]);
  BOOST_TEST(texts.size() == 2u);
}

BOOST_AUTO_TEST_CASE(what_was_refused_is_told_again) {
  webhook slack(500);
  alerts to_slack({slack.address(), 100ms});
  to_slack.tell("important");
  slack.wait_for(1);
  slack.answer_with(200);
  BOOST_TEST(slack.wait_for(2)[1] == "important");
}

BOOST_AUTO_TEST_CASE(what_waits_at_the_end_still_goes_out) {
  webhook slack(200);
  {
    alerts to_slack({slack.address(), 1h});
    to_slack.tell("one");
    slack.wait_for(1);
    to_slack.tell("two");
  }
  BOOST_TEST(slack.wait_for(2)[1] == "two");
}

// A webhook that takes connections and never answers.
BOOST_AUTO_TEST_CASE(a_webhook_that_hangs_delays_nobody) {
  const int listening = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  BOOST_REQUIRE(::bind(listening, reinterpret_cast<sockaddr*>(&address), length) == 0);
  BOOST_REQUIRE(::getsockname(listening, reinterpret_cast<sockaddr*>(&address), &length) == 0);
  BOOST_REQUIRE(::listen(listening, 8) == 0);
  const auto begin = std::chrono::steady_clock::now();
  {
    alerts to_slack({"http://127.0.0.1:" + std::to_string(ntohs(address.sin_port)), 100ms});
    for (int i = 0; i < 10'000; ++i) to_slack.tell("storm");
    BOOST_TEST((std::chrono::steady_clock::now() - begin < 2s));
  }
  BOOST_TEST((std::chrono::steady_clock::now() - begin < 4s));
  ::close(listening);
}

BOOST_AUTO_TEST_CASE(errors_of_the_log_are_heard_and_nothing_else) {
  struct ear final : error_listener {
    std::vector<std::string> heard;
    void on_error(std::string_view line) override { heard.emplace_back(line); }
  } listener;
  listen_to_errors(&listener);
  log(log_level::warning, "so so");
  log(log_level::error, "bad", {{"why", "disk"}});
  listen_to_errors(nullptr);
  log(log_level::error, "unheard");
  BOOST_TEST_REQUIRE(listener.heard.size() == 1u);
  BOOST_TEST(listener.heard[0].find(" error bad why=disk") != std::string::npos, listener.heard[0]);
}
