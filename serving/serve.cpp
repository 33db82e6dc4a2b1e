#include "serving/serve.hpp"

#include "actors/real_environment.hpp"
#include "actors/sale_metrics.hpp"
#include "actors/service.hpp"
#include "config/alerts.hpp"
#include "config/logging.hpp"
#include "config/metrics.hpp"
#include "http/access_settings.hpp"
#include "http/answer_book.hpp"
#include "http/api.hpp"
#include "http/gateway.hpp"
#include "http/request_metrics.hpp"
#include "http/server.hpp"
#include "http/service_backend.hpp"
#include "persistence/postgres_store.hpp"
#include "persistence/sqlite_store.hpp"
#include "serving/write_behind.hpp"

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <memory>
#include <optional>
#include <thread>
#include <unistd.h>

namespace boxoffice {
namespace {

using config::log;
using config::log_level;

int exit_status(config::exit_code code) { return static_cast<int>(code); }

// The demo lets a crowd in at once, unless the operator says otherwise (CONTRACT 6).
void open_the_demo_wide(config::settings& s) {
  constexpr std::size_t demo_crowd = 1000;
  if (!s.given("queue.active_limit")) s.queue.active_limit = demo_crowd;
  if (!s.given("queue.admit_per_second")) s.queue.admit_per_second = demo_crowd;
}

// `log`: for PostgreSQL behind an embedded store; nothing where there is none.
std::unique_ptr<persistence::store> open_store(const config::settings& s,
                                               std::shared_ptr<persistence::log_window> log) {
  const bool synced = s.durability != config::durability_mode::none;
  if (s.store.kind == config::store_kind::postgres)
    return persistence::open_postgres_store({s.postgres.url, synced});
  persistence::sqlite_options o;
  o.directory = s.store.path;
  o.busy_timeout = s.store.busy_timeout;
  o.synced = synced;
  o.log = std::move(log);
  return persistence::open_sqlite_store(o);
}

bool has_postgres_behind(const config::settings& s) {
  return s.store.kind == config::store_kind::sqlite && !s.postgres.url.empty();
}

// `behind`: nullptr where nothing follows the store. It must outlive the service.
actors::service_options service_options(const config::settings& s,
                                        actors::commit_listener& listener,
                                        const write_behind* behind) {
  actors::service_options o;
  o.listener = &listener;
  if (behind != nullptr) {
    o.waits_for_shipping = s.durability == config::durability_mode::postgres;
    o.takes_changes = [behind] { return behind->takes_changes(); };
  }
  auto& queue = o.rules.queue;
  queue.active_limit = s.queue.active_limit;
  queue.admit_per_second = s.queue.admit_per_second;
  queue.active_ttl = s.queue.active_ttl;
  queue.abandon_after = s.queue.abandon_after;
  queue.honour_client_priority = s.queue.client_priority == config::client_priority_mode::honour;
  o.rules.booking = {s.booking.hold_for, s.booking.max_seats, s.booking.max_seats_per_user,
                     s.booking.max_holds_per_user};
  o.rules.wallet = {domain::money{s.wallet.max_charge}, domain::money{s.wallet.max_balance},
                    s.wallet.double_submit_window};
  o.rules.requests.keep_for = s.idempotency.keep_for;
  o.rules.retention = {s.retention.dead_tokens, s.retention.unpaid_bookings};
  o.writer = std::make_shared<http::answer_book>();
  o.max_group = s.journal.max_group;
  o.threads = static_cast<unsigned>(s.actors.threads);
  o.idle_after = s.actors.idle_after;
  o.report = [](bool is_error, const std::string& text) {
    log(is_error ? log_level::error : log_level::info, text);
  };
  return o;
}

http::limits http_limits(const config::http_settings& s) {
  http::limits l;
  l.header_bytes = s.max_header;
  l.body_bytes = s.max_body;
  l.connections = s.max_connections;
  l.head_timeout = s.head_timeout;
  l.body_timeout = s.body_timeout;
  l.idle_timeout = s.idle_timeout;
  l.write_timeout = s.write_timeout;
  l.answer_timeout = s.answer_timeout;
  return l;
}

http::hooks http_hooks(http::api& api, http::request_metrics& metrics) {
  http::hooks h;
  h.handle = [&api](http::request&& r, const http::exchange& e) { api.handle(std::move(r), e); };
  h.fault = [&api](int status, std::string_view detail, const http::request* partial) {
    return api.fault(status, detail, partial);
  };
  h.finished = [&metrics](const http::served& s) {
    metrics.finished(s);
    config::log_request(s.method, s.route, s.status, static_cast<std::uint64_t>(s.duration.count()),
                        s.trace_id, s.remote_address);
  };
  return h;
}

double size_of(const std::filesystem::path& file) {
  std::error_code absent;
  const auto size = std::filesystem::file_size(file, absent);
  return absent ? 0 : static_cast<double>(size);
}

// What no room counts by itself. All that it is given must outlive the last scrape.
void watch_bounds(config::metrics& all, const config::settings& s, const http::gateway& gateway,
                  const http::server& server) {
  all.level("boxoffice_connections_limit", "Connections open at once, at most.")
      .set(static_cast<double>(s.http.max_connections));
  auto most_in_flight = all.level("boxoffice_requests_in_flight_limit",
                                  "Requests that may wait for an answer at once.");
  auto in_flight = all.level("boxoffice_requests_in_flight", "Requests that wait for an answer.");
  auto connections = all.level("boxoffice_connections", "Connections open.");
  auto dropped = all.level("boxoffice_log_lines_dropped", "Log lines given up since the start.");
  const auto bytes = [&all](const char* file) {
    return all.level("boxoffice_store_bytes", "Size of the embedded store's files.",
                     {{"file", file}});
  };
  const auto database = std::filesystem::path(s.store.path) / "boxoffice.db";
  const auto log = std::filesystem::path(s.store.path) / "boxoffice.db-wal";
  all.when_scraped([=, &gateway, &server, database_bytes = bytes("database"),
                    log_bytes = bytes("wal")]() mutable {
    most_in_flight.set(static_cast<double>(gateway.max_in_flight()));
    in_flight.set(static_cast<double>(gateway.in_flight()));
    connections.set(static_cast<double>(server.connections()));
    dropped.set(static_cast<double>(config::log_lines_dropped()));
    database_bytes.set(size_of(database));
    log_bytes.set(size_of(log));
  });
}

// Signals are waited for, not handled: every thread started later inherits the mask.
class awaited_signals {
public:
  awaited_signals() {
    std::signal(SIGPIPE, SIG_IGN);
    sigemptyset(&set_);
    sigaddset(&set_, SIGTERM);
    sigaddset(&set_, SIGINT);
    sigaddset(&set_, SIGHUP);
    pthread_sigmask(SIG_BLOCK, &set_, nullptr);
  }
  // Until SIGTERM or SIGINT, which it names; calls `reload` for each SIGHUP.
  template <class Reload>
  const char* wait(Reload reload) const {
    for (;;) {
      int signal = 0;
      sigwait(&set_, &signal);
      if (signal != SIGHUP) return signal == SIGINT ? "SIGINT" : "SIGTERM";
      reload();
    }
  }

  // Whether SIGTERM or SIGINT has come, and waits to be waited for.
  static bool told_to_end() {
    sigset_t pending;
    sigpending(&pending);
    return sigismember(&pending, SIGTERM) == 1 || sigismember(&pending, SIGINT) == 1;
  }

private:
  sigset_t set_{};
};

// Errors go to the webhook, where one is named, for as long as this lives.
class alerting final : public config::error_listener {
public:
  explicit alerting(const config::alerts_settings& s) {
    if (s.slack_webhook.empty()) return;
    alerts_ = std::make_unique<config::alerts>(config::alert_options{s.slack_webhook, s.interval});
    config::listen_to_errors(this);
  }
  ~alerting() override { config::listen_to_errors(nullptr); }
  void on_error(std::string_view line) override { alerts_->tell(line); }

private:
  std::unique_ptr<config::alerts> alerts_;
};

// Reads the settings anew, as at the start, and takes over those that may change while it serves.
// Settings that are wrong change nothing.
void reload(const settings_source& read_settings, http::gateway& gateway, http::api& api) {
  const auto read = read_settings();
  if (const auto* wrong = std::get_if<config::ending>(&read)) {
    log(log_level::error, "the settings can't be reloaded, all stays as it was",
        {{"why", wrong->text}});
    return;
  }
  const auto& s = std::get<config::invocation>(read).values;
  config::set_log_level(s.log.level);
  gateway.bound(s.http.max_in_flight);
  api.limit(http::rates_of(s));
  log(log_level::info, "settings reloaded",
      {{"log.level", s.log.level == log_level::debug     ? "debug"
                     : s.log.level == log_level::info    ? "info"
                     : s.log.level == log_level::warning ? "warning"
                                                         : "error"},
       {"http.max_in_flight", s.http.max_in_flight},
       {"limits.address_per_second", s.limits.address_per_second},
       {"limits.user_per_second", s.limits.user_per_second}});
}

// What is left of a span of time that began with this object.
class remaining_time {
public:
  explicit remaining_time(std::chrono::milliseconds all)
      : end_(std::chrono::steady_clock::now() + all) {}
  std::chrono::milliseconds left() const {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        end_ - std::chrono::steady_clock::now());
    return std::max(left, std::chrono::milliseconds(0));
  }

private:
  std::chrono::steady_clock::time_point end_;
};

// For when the store hangs: its thread can't be ended, and all that was acknowledged is durable.
[[noreturn]] void end_process_now() {
  config::stop_logging(std::chrono::seconds(1));
  std::_Exit(exit_status(config::exit_code::success));
}

std::pair<domain::time_point, std::string> state_of(persistence::store& store) {
  auto image = store.open_reader()->load_image();
  return {image.last_time, std::move(image.incarnation)};
}

// The service hears what PostgreSQL has, while this lives.
class telling {
public:
  telling(write_behind* behind, actors::service& service) : behind_(behind) {
    if (behind_ != nullptr) behind_->tell(service);
  }
  telling(const telling&) = delete;
  telling& operator=(const telling&) = delete;
  ~telling() {
    if (behind_ != nullptr) behind_->release();
  }

private:
  write_behind* behind_;
};

// Where answers wait for PostgreSQL, nobody is served before it has what the store holds. False:
// the process is told to end.
bool wait_for_postgres(const write_behind& behind) {
  const auto a_while = std::chrono::milliseconds(100);
  if (!behind.wait_until_shipped(a_while))
    log(log_level::info, "waiting until PostgreSQL has what the store holds");
  while (!behind.wait_until_shipped(a_while) || !behind.follows()) {
    if (awaited_signals::told_to_end()) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return true;
}

} // namespace

int serve(config::settings s, const settings_source& read_settings) {
  const awaited_signals signals;
  const alerting to_people(s.alerts);
  if (s.demo) open_the_demo_wide(s);
  if (s.durability == config::durability_mode::none)
    log(log_level::warning,
        "durability is none: a crash loses what was answered; for measurements only");

  std::shared_ptr<persistence::log_window> log_of_events;
  if (has_postgres_behind(s)) log_of_events = std::make_shared<persistence::log_window>();
  auto store = open_store(s, log_of_events);
  const auto [last_time, incarnation] = state_of(*store);
  const actors::machine_clock clock(last_time);
  actors::machine_random random;
  // What nobody waits for any more still counts as under way for a while: it is.
  http::gateway gateway({s.http.max_in_flight, 6 * s.http.answer_timeout});
  config::metrics metrics;
  config::register_process_metrics(metrics);
  actors::sale_metrics sales(metrics, last_time);
  std::unique_ptr<write_behind> behind;
  if (log_of_events) behind = std::make_unique<write_behind>(s, log_of_events);
  if (s.durability == config::durability_mode::postgres && behind && !wait_for_postgres(*behind)) {
    if (!behind->stop(s.http.drain_for)) end_process_now();
    return exit_status(config::exit_code::success);
  }
  actors::service service(service_options(s, sales, behind.get()), std::move(store), clock, random,
                          gateway);
  if (behind) behind->watch(metrics, clock);
  const telling told(behind.get(), service); // ends before the service does
  if (s.demo) service.stock_demo_data();

  http::service_backend backend(service, clock);
  sales.watch(service, clock);
  http::request_metrics requests(metrics);
  http::api api({{s.queue.default_concert},
                 s.booking.max_seats,
                 random.next(),
                 [&metrics] { return metrics.scrape(); },
                 http::access_of(s),
                 http::rates_of(s),
                 http::trusted_proxies_of(s),
                 s.http.cors_origins,
                 {s.http.max_streams, random.next()},
                 incarnation + '-' + std::to_string(random.next()),
                 [&behind, &clock] {
                   return behind ? std::optional(behind->lag_as_json(clock.now())) : std::nullopt;
                 }},
                backend, gateway);
  auto server = std::make_unique<http::server>(s.http.address, s.http.port,
                                               static_cast<unsigned>(s.http.workers),
                                               http_limits(s.http), http_hooks(api, requests));
  watch_bounds(metrics, s, gateway, *server);
  log(log_level::info, "serving",
      {{"address", s.http.address},
       {"port", server->port()},
       {"store", s.store.kind == config::store_kind::postgres ? "postgres" : s.store.path}});

  const auto* const signal = signals.wait([&] { reload(read_settings, gateway, api); });
  log(log_level::info, "draining", {{"signal", signal}});
  const remaining_time drain(s.http.drain_for);
  const bool clean = server->drain(drain.left() * 4 / 5);
  server.reset(); // its threads end before what they call does
  const bool ended = service.stop(drain.left());
  if (behind && !(behind->follows() && behind->wait_until_shipped(drain.left() / 2)))
    log(log_level::warning, "PostgreSQL may lack commits; they are shipped at the next start");
  const bool settled = !behind || behind->stop(drain.left());
  log(log_level::info, "ended", {{"clean", clean && ended}});
  if (!ended || !settled) end_process_now();
  return exit_status(config::exit_code::success);
}

} // namespace boxoffice
