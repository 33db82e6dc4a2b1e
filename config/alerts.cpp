#include "config/alerts.hpp"

#include "config/logging.hpp"

#include <curl/curl.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <condition_variable>
#include <csignal>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

namespace boxoffice::config {

namespace {

using steady = std::chrono::steady_clock;

constexpr std::size_t most_lines = 20; // in one message; further ones are counted
constexpr std::chrono::milliseconds post_timeout{5000};
constexpr std::chrono::milliseconds farewell{500};

struct curl_handle {
  CURL* it = curl_easy_init();
  curl_slist* headers = curl_slist_append(nullptr, "Content-Type: application/json");
  curl_handle() = default;
  curl_handle(const curl_handle&) = delete;
  curl_handle& operator=(const curl_handle&) = delete;
  ~curl_handle() {
    curl_easy_cleanup(it);
    curl_slist_free_all(headers);
  }
};

std::size_t throw_away(char*, std::size_t size, std::size_t count, void*) { return size * count; }

} // namespace

std::string slack_message(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '&')
      escaped += "&amp;";
    else if (c == '<')
      escaped += "&lt;";
    else if (c == '>')
      escaped += "&gt;";
    else
      escaped += c;
  }
  return nlohmann::json{{"text", escaped}}.dump(-1, ' ', false,
                                                nlohmann::json::error_handler_t::replace);
}

class alerts::impl {
public:
  explicit impl(alert_options chosen) : chosen_(std::move(chosen)) {
    curl_global_init(CURL_GLOBAL_DEFAULT);
    thread_ = std::thread([this] { run(); });
  }

  ~impl() {
    {
      const std::lock_guard guard(mutex_);
      end_by_ = steady::now() + farewell;
    }
    changed_.notify_all();
    thread_.join();
    curl_global_cleanup();
  }

  void tell(std::string line) {
    {
      const std::lock_guard guard(mutex_);
      if (lines_.size() < most_lines)
        lines_.push_back(std::move(line));
      else
        ++further_;
    }
    changed_.notify_all();
  }

private:
  void run() {
    // The signals of the process are for its other threads.
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, nullptr);

    curl_handle curl;
    set_up(curl);
    auto next = steady::now();
    std::unique_lock hold(mutex_);
    for (;;) {
      changed_.wait(hold, [this] { return end_by_ || !lines_.empty(); });
      if (lines_.empty()) return;
      if (changed_.wait_until(hold, next, [this] { return end_by_.has_value(); }) && gone()) return;
      auto lines = std::exchange(lines_, {});
      const auto further = std::exchange(further_, 0);
      hold.unlock();
      const bool taken = post(curl, message_of(lines, further));
      next = steady::now() + chosen_.interval;
      hold.lock();
      if (!taken) keep(std::move(lines), further);
      if (end_by_ && (!taken || lines_.empty() || gone())) return;
    }
  }

  // Puts back what was not taken, before what came meanwhile.
  void keep(std::deque<std::string> lines, std::size_t further) {
    for (auto& newer : lines_) lines.push_back(std::move(newer));
    further_ += further;
    if (lines.size() > most_lines) {
      further_ += lines.size() - most_lines;
      lines.resize(most_lines);
    }
    lines_ = std::move(lines);
  }

  bool gone() const { return end_by_ && steady::now() >= *end_by_; }

  static std::string message_of(const std::deque<std::string>& lines, std::size_t further) {
    std::string text;
    for (const auto& line : lines) text += (text.empty() ? "" : "\n") + line;
    if (further > 0) text += "\nand " + std::to_string(further) + " more";
    return slack_message(text);
  }

  void set_up(curl_handle& curl) {
    curl_easy_setopt(curl.it, CURLOPT_URL, chosen_.webhook.c_str());
    curl_easy_setopt(curl.it, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl.it, CURLOPT_HTTPHEADER, curl.headers);
    curl_easy_setopt(curl.it, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl.it, CURLOPT_TIMEOUT_MS, static_cast<long>(post_timeout.count()));
    curl_easy_setopt(curl.it, CURLOPT_WRITEFUNCTION, throw_away);
    curl_easy_setopt(curl.it, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(curl.it, CURLOPT_XFERINFODATA, this);
    curl_easy_setopt(curl.it, CURLOPT_XFERINFOFUNCTION, ask_whether_to_stop);
  }

  // libcurl asks about once a second, and whenever something moves.
  static int ask_whether_to_stop(void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    auto& me = *static_cast<impl*>(self);
    const std::lock_guard guard(me.mutex_);
    return me.gone() ? 1 : 0;
  }

  // Its own failure is a warning: an error would be told again, and so on.
  static bool post(curl_handle& curl, const std::string& body) {
    curl_easy_setopt(curl.it, CURLOPT_POSTFIELDS, body.c_str());
    curl_easy_setopt(curl.it, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
    const auto result = curl_easy_perform(curl.it);
    if (result != CURLE_OK) {
      log(log_level::warning, "the alerts' webhook can't be reached",
          {{"why", curl_easy_strerror(result)}});
      return false;
    }
    long status = 0;
    curl_easy_getinfo(curl.it, CURLINFO_RESPONSE_CODE, &status);
    if (status / 100 == 2) return true;
    log(log_level::warning, "the alerts' webhook refused a message", {{"status", status}});
    return false;
  }

  const alert_options chosen_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::string> lines_; // not yet told, oldest first
  std::size_t further_ = 0;       // that found no place
  std::optional<steady::time_point> end_by_;
  std::thread thread_;
};

alerts::alerts(alert_options chosen) : impl_(std::make_unique<impl>(std::move(chosen))) {}
alerts::~alerts() = default;

void alerts::tell(std::string_view line) noexcept {
  try {
    impl_->tell(std::string(line));
  } catch (const std::exception&) {
    // Out of memory: the log has it.
  }
}

} // namespace boxoffice::config
