#include "config/logging.hpp"

#include "config/log_line.hpp"

#include <spdlog/async_logger.h>
#include <spdlog/details/null_mutex.h>
#include <spdlog/details/thread_pool.h>
#include <spdlog/sinks/base_sink.h>

#include <poll.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace boxoffice::config {
namespace {

// Lines that found no place: outside start and stop, or on an output that is gone.
std::atomic<std::uint64_t> lines_lost{0};

bool write_all(int file_descriptor, std::string_view text) {
  while (!text.empty()) {
    const auto count = ::write(file_descriptor, text.data(), text.size());
    if (count >= 0) {
      text.remove_prefix(static_cast<std::size_t>(count));
    } else if (errno == EAGAIN) {
      pollfd waiting{file_descriptor, POLLOUT, 0};
      ::poll(&waiting, 1, -1);
    } else if (errno != EINTR) {
      return false;
    }
  }
  return true;
}

// Where spdlog's thread hands over finished lines, one after another.
class descriptor_sink : public spdlog::sinks::base_sink<spdlog::details::null_mutex> {
public:
  explicit descriptor_sink(log_format format, log_output output)
      : format_(format), output_(std::move(output)) {}

  // Called before the first line, when the pool that feeds this sink exists.
  void watch(spdlog::details::thread_pool& pool) { pool_ = &pool; }

  std::uint64_t lines_taken() const { return lines_taken_.load(); }

protected:
  void sink_it_(const spdlog::details::log_msg& message) override {
    put(std::string(message.payload.data(), message.payload.size()));
    report_overrun();
    lines_taken_.fetch_add(1);
  }

  void flush_() override {}

private:
  void put(std::string line) {
    line += '\n';
    if (!write_all(output_.file_descriptor, line)) lines_lost.fetch_add(1);
  }

  // A gap in the log says so in the log.
  void report_overrun() {
    const std::uint64_t overrun = pool_->overrun_counter();
    if (overrun == overrun_reported_) return;
    put(format_log_line(format_, output_.clock(), log_level::warning, "log lines dropped",
                        {{"dropped", overrun - overrun_reported_}}));
    overrun_reported_ = overrun;
  }

  log_format format_;
  log_output output_;
  spdlog::details::thread_pool* pool_ = nullptr;
  std::uint64_t overrun_reported_ = 0;
  std::atomic<std::uint64_t> lines_taken_{0};
};

// The signals of the process are for its other threads; with SIGPIPE blocked, a reader that went
// away is an error of write(2) rather than the end of the process.
void block_signals() {
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, nullptr);
}

struct log_pipeline {
  log_pipeline(const log_settings& settings, const log_output& output)
      : chosen(settings),
        level(settings.level),
        clock(output.clock),
        pool(std::make_shared<spdlog::details::thread_pool>(output.queue_lines, 1, block_signals)),
        sink(std::make_shared<descriptor_sink>(settings.format, output)),
        logger(std::make_shared<spdlog::async_logger>(
            "boxoffice", sink, pool, spdlog::async_overflow_policy::overrun_oldest)) {
    sink->watch(*pool);
    logger->set_level(spdlog::level::trace);
    // spdlog would tell standard error, which may be the very thing that failed.
    logger->set_error_handler([](const std::string&) { lines_lost.fetch_add(1); });
  }

  void put(const std::string& line) {
    lines_put.fetch_add(1);
    logger->log(spdlog::level::info, spdlog::string_view_t(line));
  }

  // The overrun first: a line that it counts later only makes this answer too careful.
  bool drained() { return pool->overrun_counter() + sink->lines_taken() >= lines_put.load(); }

  const log_settings chosen;
  std::atomic<log_level> level;
  const std::function<std::chrono::system_clock::time_point()> clock;
  std::shared_ptr<spdlog::details::thread_pool> pool;
  std::shared_ptr<descriptor_sink> sink;
  std::shared_ptr<spdlog::async_logger> logger;
  std::atomic<std::uint64_t> lines_put{0};
};

std::atomic<log_pipeline*> running{nullptr};
std::mutex pipelines_mutex;
std::atomic<error_listener*> errors_heard_by{nullptr};

// Every pipeline ever started, never destroyed: a thread may still be about to log through it, and
// the writing thread of one whose output is stuck could not be joined.
std::vector<log_pipeline*>& pipelines() {
  static auto* all = new std::vector<log_pipeline*>;
  return *all;
}

void write_at_once(log_level level, std::string_view message,
                   std::initializer_list<log_field> fields) {
  pollfd standard_error{2, POLLOUT, 0};
  const auto line =
      format_log_line(log_format::text, std::chrono::system_clock::now(), level, message, fields) +
      "\n";
  const bool ready = ::poll(&standard_error, 1, 0) == 1 && (standard_error.revents & POLLOUT) != 0;
  if (!ready || !write_all(2, line)) lines_lost.fetch_add(1);
}

} // namespace

void start_logging(const log_settings& chosen, log_output output) {
  const std::lock_guard guard(pipelines_mutex);
  pipelines().push_back(new log_pipeline(chosen, output));
  running.store(pipelines().back());
}

bool stop_logging(std::chrono::milliseconds patience) {
  running.store(nullptr);
  log_pipeline* pipeline = nullptr;
  {
    const std::lock_guard guard(pipelines_mutex);
    if (pipelines().empty()) return true;
    pipeline = pipelines().back();
  }
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (!pipeline->drained()) {
    if (std::chrono::steady_clock::now() >= deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return true;
}

void log(log_level level, std::string_view message, std::initializer_list<log_field> fields) {
  if (auto* const listener = errors_heard_by.load(); listener && level == log_level::error)
    listener->on_error(format_log_line(log_format::text, std::chrono::system_clock::now(), level,
                                       message, fields));
  auto* const pipeline = running.load();
  if (pipeline == nullptr) return write_at_once(level, message, fields);
  if (level < pipeline->level.load()) return;
  pipeline->put(
      format_log_line(pipeline->chosen.format, pipeline->clock(), level, message, fields));
}

void listen_to_errors(error_listener* listener) { errors_heard_by.store(listener); }

void set_log_level(log_level level) {
  if (auto* const pipeline = running.load()) pipeline->level.store(level);
}

void log_request(std::string_view method, std::string_view route, int status,
                 std::uint64_t duration_us, std::string_view trace_id, std::string_view remote) {
  auto* const pipeline = running.load();
  if (pipeline != nullptr && !pipeline->chosen.requests) return;
  const auto level = status == 503   ? log_level::warning
                     : status >= 500 ? log_level::error
                                     : log_level::info;
  log(level, "request",
      {{"method", method},
       {"route", route},
       {"status", status},
       {"duration_us", duration_us},
       {"trace_id", trace_id},
       {"remote", remote}});
}

std::uint64_t log_lines_dropped() {
  std::uint64_t dropped = lines_lost.load();
  const std::lock_guard guard(pipelines_mutex);
  for (auto* const pipeline : pipelines()) dropped += pipeline->pool->overrun_counter();
  return dropped;
}

} // namespace boxoffice::config
