#define BOOST_TEST_MODULE config.logging
#include "config/logging.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include <array>
#include <fcntl.h>
#include <sstream>
#include <thread>
#include <unistd.h>
#include <vector>

using namespace boxoffice::config;
using namespace std::chrono_literals;

namespace {

// 2024-07-03T10:00:00.007Z
std::chrono::system_clock::time_point then() {
  return std::chrono::system_clock::time_point(1720000800007ms);
}

// A pipe in place of standard error.
class captured {
public:
  captured() {
    BOOST_REQUIRE(::pipe(ends_.data()) == 0);
    // As small as pipes get: a page.
    ::fcntl(ends_[1], F_SETPIPE_SZ, 4096);
  }
  ~captured() {
    close_reader();
    ::close(ends_[1]);
  }
  captured(const captured&) = delete;
  captured& operator=(const captured&) = delete;

  log_output output(std::size_t queue_lines = 8192) const {
    log_output result;
    result.file_descriptor = ends_[1];
    result.queue_lines = queue_lines;
    result.clock = then;
    return result;
  }

  // Everything that has arrived; nothing more comes once stop_logging said so.
  std::string text() const {
    std::string all;
    std::array<char, 4096> part{};
    ::fcntl(ends_[0], F_SETFL, O_NONBLOCK);
    for (ssize_t count = 0; (count = ::read(ends_[0], part.data(), part.size())) > 0;)
      all.append(part.data(), static_cast<std::size_t>(count));
    return all;
  }

  std::vector<std::string> lines() const {
    std::vector<std::string> all;
    std::istringstream stream(text());
    for (std::string line; std::getline(stream, line);) all.push_back(line);
    return all;
  }

  void close_reader() {
    if (ends_[0] >= 0) ::close(ends_[0]);
    ends_[0] = -1;
  }

private:
  std::array<int, 2> ends_{};
};

log_settings with(log_format format, log_level level = log_level::debug) {
  log_settings chosen;
  chosen.format = format;
  chosen.level = level;
  return chosen;
}

} // namespace

BOOST_AUTO_TEST_SUITE(logging)

BOOST_AUTO_TEST_CASE(a_text_line_has_time_level_message_and_fields) {
  const captured output;
  start_logging(with(log_format::text), output.output());
  log(log_level::info, "listening",
      {{"port", 8082}, {"address", "127.0.0.1"}, {"demo", true}, {"store", "my data"}, {"x", ""}});
  BOOST_TEST(stop_logging(5s));
  BOOST_TEST(output.text() == "2024-07-03T10:00:00.007Z info listening port=8082 "
                              "address=127.0.0.1 demo=true store=\"my data\" x=\"\"\n");
}

BOOST_AUTO_TEST_CASE(a_json_line_is_one_object) {
  const captured output;
  start_logging(with(log_format::json), output.output());
  log(log_level::warning, "slow", {{"took_ms", std::uint64_t{1} << 63}, {"n", -1}, {"ok", false}});
  BOOST_TEST(stop_logging(5s));
  BOOST_TEST(output.text() == R"({"time":"2024-07-03T10:00:00.007Z","level":"warning",)"
                              R"("message":"slow","took_ms":9223372036854775808,"n":-1,)"
                              R"("ok":false})"
                              "\n");
}

BOOST_AUTO_TEST_CASE(json_stays_valid_whatever_the_strings_hold) {
  const std::string evil[] = {"a\nb\r\t\"\\",    std::string("nul\0nul", 7),
                              "\xFF\xFE broken", "\xE2\x82",
                              "아무개",          "\x1b[31m",
                              "\xE2\x80\xA8x",   std::string(100'000, '\x80'),
                              "%s {} {0}"};
  for (const auto format : {log_format::json, log_format::text}) {
    for (const auto& text : evil) {
      const captured output;
      start_logging(with(format), output.output());
      log(log_level::error, text, {{"value", text}, {text, 1}});
      log(log_level::error, "after");
      std::string all;
      while (!stop_logging(1ms)) all += output.text();
      all += output.text();
      const auto lines = std::count(all.begin(), all.end(), '\n');
      BOOST_TEST(lines == 2);
      const auto first = all.substr(0, all.find('\n'));
      BOOST_TEST(std::none_of(first.begin(), first.end(),
                              [](char byte) { return byte >= '\0' && byte < ' '; }));
      if (format == log_format::json) BOOST_TEST(nlohmann::json::accept(first), first);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_field_cannot_pose_as_the_level) {
  const captured output;
  start_logging(with(log_format::json), output.output());
  log(log_level::info, "m", {{"level", "error"}});
  BOOST_TEST(stop_logging(5s));
  BOOST_TEST(nlohmann::json::parse(output.text()).at("level") == "info");
}

BOOST_AUTO_TEST_CASE(less_severe_lines_are_left_out) {
  const captured output;
  start_logging(with(log_format::text, log_level::warning), output.output());
  log(log_level::debug, "d");
  log(log_level::info, "i");
  log(log_level::warning, "w");
  log(log_level::error, "e");
  BOOST_TEST(stop_logging(5s));
  const auto lines = output.lines();
  BOOST_REQUIRE_EQUAL(lines.size(), 2U);
  BOOST_TEST(lines[0].find("warning w") != std::string::npos);
  BOOST_TEST(lines[1].find("error e") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_request_is_one_line_with_a_level_by_its_status) {
  const captured output;
  start_logging(with(log_format::json), output.output());
  log_request("POST", "/v1/bookings", 201, 1234, "4bf92f3577b34da6a3ce929d0e0e4736", "127.0.0.1");
  log_request("GET", "/readyz", 503, 5, "t", "r");
  log_request("GET", "/x", 500, 5, "t", "r");
  log_request("GET", "/x", 404, 5, "t", "r");
  BOOST_TEST(stop_logging(5s));
  const auto lines = output.lines();
  BOOST_REQUIRE_EQUAL(lines.size(), 4U);
  BOOST_TEST(lines[0] == R"({"time":"2024-07-03T10:00:00.007Z","level":"info",)"
                         R"("message":"request","method":"POST","route":"/v1/bookings",)"
                         R"("status":201,"duration_us":1234,)"
                         R"("trace_id":"4bf92f3577b34da6a3ce929d0e0e4736","remote":"127.0.0.1"})");
  BOOST_TEST(nlohmann::json::parse(lines[1]).at("level") == "warning");
  BOOST_TEST(nlohmann::json::parse(lines[2]).at("level") == "error");
  BOOST_TEST(nlohmann::json::parse(lines[3]).at("level") == "info");
}

BOOST_AUTO_TEST_CASE(request_lines_can_be_turned_off) {
  const captured output;
  auto chosen = with(log_format::text);
  chosen.requests = false;
  start_logging(chosen, output.output());
  log_request("GET", "/x", 200, 5, "t", "r");
  log(log_level::info, "still here");
  BOOST_TEST(stop_logging(5s));
  BOOST_TEST(output.lines().size() == 1U);
}

BOOST_AUTO_TEST_CASE(many_threads_lose_nothing_and_mix_nothing) {
  captured output;
  start_logging(with(log_format::json), output.output(100'000));
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread)
    threads.emplace_back([thread] {
      for (int line = 0; line < 2'000; ++line)
        log(log_level::info, "line", {{"thread", thread}, {"line", line}});
    });
  std::string all;
  for (auto& thread : threads) thread.join();
  while (!stop_logging(1ms)) all += output.text();
  all += output.text();
  std::array<int, 4> next{};
  std::istringstream stream(all);
  for (std::string line; std::getline(stream, line);) {
    const auto parsed = nlohmann::json::parse(line);
    BOOST_REQUIRE(parsed.at("line") == next.at(parsed.at("thread").get<std::size_t>())++);
  }
  BOOST_TEST((next == std::array<int, 4>{2'000, 2'000, 2'000, 2'000}));
}

BOOST_AUTO_TEST_CASE(a_stuck_reader_stops_nobody_and_the_gap_is_told) {
  const captured output;
  const auto before = log_lines_dropped();
  start_logging(with(log_format::json), output.output(16));
  const auto started = std::chrono::steady_clock::now();
  for (int line = 0; line < 1'000; ++line) log(log_level::info, "into the void", {{"line", line}});
  BOOST_TEST((std::chrono::steady_clock::now() - started < 5s));
  const auto dropped = log_lines_dropped() - before;
  BOOST_TEST(dropped > 900U);
  BOOST_TEST(!stop_logging(50ms));

  // The reader comes back: the newest lines are there, and lines that say how many are not.
  std::string all;
  const auto deadline = std::chrono::steady_clock::now() + 10s;
  while (all.find("\"line\":999}\n") == std::string::npos &&
         std::chrono::steady_clock::now() < deadline) {
    all += output.text();
    std::this_thread::sleep_for(1ms);
  }
  BOOST_TEST(all.find("\"line\":999}\n") != std::string::npos);
  BOOST_TEST(stop_logging(5s));
  std::uint64_t told = 0;
  std::istringstream lines(all);
  for (std::string line; std::getline(lines, line);) {
    const auto parsed = nlohmann::json::parse(line);
    if (parsed.at("message") == "log lines dropped")
      told += parsed.at("dropped").get<std::uint64_t>();
  }
  BOOST_TEST(told == dropped);
}

BOOST_AUTO_TEST_CASE(a_reader_that_went_away_ends_nothing) {
  captured output;
  output.close_reader();
  const auto before = log_lines_dropped();
  start_logging(with(log_format::text), output.output());
  log(log_level::info, "nobody hears");
  BOOST_TEST(stop_logging(5s));
  BOOST_TEST(log_lines_dropped() == before + 1);
}

BOOST_AUTO_TEST_CASE(outside_start_and_stop_lines_go_to_standard_error_without_waiting) {
  BOOST_TEST(stop_logging(0ms));
  captured pipe;
  const int saved = ::dup(2);
  ::dup2(pipe.output().file_descriptor, 2);
  const auto before = log_lines_dropped();
  log(log_level::info, "early", {{"n", 1}});
  const auto early = pipe.text();
  for (int line = 0; line < 1'000; ++line) log(log_level::info, "nobody reads this");
  ::dup2(saved, 2);
  ::close(saved);
  BOOST_TEST(early.find(" info early n=1\n") != std::string::npos);
  BOOST_TEST(log_lines_dropped() > before + 900);
}

BOOST_AUTO_TEST_SUITE_END()
