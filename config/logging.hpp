// One line a thing worth knowing, on standard error, as text or JSON.
//
// Writing happens on a thread of its own behind a bounded queue. When whoever reads standard error
// stops reading, the oldest waiting lines give way and are counted: a log that nobody takes never
// holds up a sale. Before start_logging and after stop_logging lines are written at once, if
// standard error takes them without waiting, and else dropped and counted.
#pragma once

#include "config/log_settings.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>

namespace boxoffice::config {

// A name and a value beside a line's message. It only refers to its text. `time`, `level` and
// `message` are taken. Text is cut after 2 KiB.
class log_field {
public:
  template <class Integer, std::enable_if_t<std::is_integral_v<Integer>, int> = 0>
  log_field(std::string_view name, Integer value) : name_(name) {
    if constexpr (std::is_same_v<Integer, bool>)
      value_ = value;
    else if constexpr (std::is_signed_v<Integer>)
      value_ = static_cast<std::int64_t>(value);
    else
      value_ = static_cast<std::uint64_t>(value);
  }
  log_field(std::string_view name, std::string_view value) : name_(name), value_(value) {}
  log_field(std::string_view name, const std::string& value) : name_(name), value_(value) {}
  log_field(std::string_view name, const char* value)
      : name_(name), value_(std::string_view(value)) {}

  using value_type = std::variant<std::string_view, std::int64_t, std::uint64_t, bool>;
  std::string_view name() const { return name_; }
  const value_type& value() const { return value_; }

private:
  std::string_view name_;
  value_type value_;
};

// What a test wants otherwise; production takes it as it is.
struct log_output {
  int file_descriptor = 2;
  std::size_t queue_lines = 8192; // waiting at most; the oldest give way
  std::function<std::chrono::system_clock::time_point()> clock = std::chrono::system_clock::now;
};

void start_logging(const log_settings& chosen, log_output output = {});

// Waits until all that was logged is written, but not longer than `patience`. Whether it was; when
// not, another call waits on.
bool stop_logging(std::chrono::milliseconds patience);

// `log(log_level::info, "listening", {{"address", address}, {"port", port}})`
void log(log_level level, std::string_view message, std::initializer_list<log_field> fields = {});

// Hears every line of severity error, as text, beside the log and whatever `log.level` is. Any
// thread calls it; it must neither block nor throw. nullptr: nobody. It must live until replaced,
// and until calls that began before have returned: replace it when nothing logs any more.
class error_listener {
public:
  virtual ~error_listener() = default;
  virtual void on_error(std::string_view line) = 0;
};
void listen_to_errors(error_listener*);

// From now on; the rest of what start_logging was given stays.
void set_log_level(log_level);

// The one line of a request, unless `log.requests` is off: 503 is a warning, other 5xx are errors.
void log_request(std::string_view method, std::string_view route, int status,
                 std::uint64_t duration_us, std::string_view trace_id, std::string_view remote);

// Lines given up so far, for a metric.
std::uint64_t log_lines_dropped();

} // namespace boxoffice::config
