#include "serving/write_behind.hpp"

#include "config/logging.hpp"

#include <cstdio>
#include <utility>

namespace boxoffice {

namespace {

using persistence::shipping_state;

constexpr shipping_state states[] = {shipping_state::connecting, shipping_state::copying,
                                     shipping_state::catching_up, shipping_state::following,
                                     shipping_state::halted};

} // namespace

write_behind::write_behind(const config::settings& s, std::shared_ptr<persistence::log_window> log)
    : bound_{s.durability == config::durability_mode::postgres,
             static_cast<std::int64_t>(s.postgres.max_backlog)},
      log_(std::move(log)) {
  persistence::shipping_options o;
  o.directory = s.store.path;
  o.url = s.postgres.url;
  o.log = log_;
  o.synced = s.durability != config::durability_mode::none;
  o.report = [](bool is_error, const std::string& text) {
    config::log(is_error ? config::log_level::error : config::log_level::info, text);
  };
  o.on_shipped = [this](persistence::commit_number last) { on_shipped(last); };
  ships_ = std::make_unique<persistence::shipping>(std::move(o));
}

void write_behind::on_shipped(persistence::commit_number last) {
  std::lock_guard hold(mutex_);
  if (service_ != nullptr) service_->shipped(last);
}

void write_behind::tell(actors::service& service) {
  std::lock_guard hold(mutex_);
  service_ = &service;
  service_->shipped(log_->now().shipped);
}

void write_behind::release() {
  std::lock_guard hold(mutex_);
  service_ = nullptr;
}

bool write_behind::takes_changes() const {
  if (ships_->bars_selling()) return false;
  return bound_.takes_changes(log_->now(), ships_->state());
}

bool write_behind::follows() const { return ships_->state() == shipping_state::following; }

bool write_behind::wait_until_shipped(std::chrono::milliseconds at_most) const {
  return ships_->wait_for(log_->now().committed, at_most);
}

bool write_behind::stop(std::chrono::milliseconds within) { return ships_->stop(within); }

// While everything is on its way, what is not there yet of it counts as well.
std::int64_t write_behind::lag_changes() const {
  const auto reach = log_->now();
  return reach.changes + reach.rows;
}

double write_behind::lag_seconds(domain::time_point now) const {
  const auto since = ships_->lacks_since();
  if (!since || *since >= now) return 0;
  return std::chrono::duration<double>(now - *since).count();
}

void write_behind::watch(config::metrics& all, const actors::clock& time) const {
  auto changes = all.level("boxoffice_postgres_lag_changes",
                           "Events that PostgreSQL lacks, and rows while everything is shipped.");
  auto seconds = all.level("boxoffice_postgres_lag_seconds",
                           "Age of the oldest commit that PostgreSQL lacks.");
  auto limit = all.level("boxoffice_postgres_backlog_limit",
                         "Events that PostgreSQL may lack before changes are refused.");
  limit.set(static_cast<double>(bound_.most_changes));
  auto shipped = all.level("boxoffice_postgres_commit", "The last commit that PostgreSQL has.");
  all.when_scraped([this, &all, &time, changes, seconds, shipped]() mutable {
    changes.set(static_cast<double>(lag_changes()));
    seconds.set(lag_seconds(time.now()));
    shipped.set(static_cast<double>(log_->now().shipped));
    const auto now = ships_->state();
    for (const auto s : states)
      all.level("boxoffice_postgres_state", "1 for the state that write-behind is in.",
                {{"state", to_string(s)}})
          .set(s == now ? 1 : 0);
  });
}

std::string write_behind::lag_as_json(domain::time_point now) const {
  char text[200];
  const auto [state, cause] = ships_->now();
  std::snprintf(text, sizeof text, R"({"state":"%s",%s%s%s"lagChanges":%lld,"lagSeconds":%.3f})",
                to_string(state), cause.empty() ? "" : "\"cause\":\"", cause.c_str(),
                cause.empty() ? "" : "\",", static_cast<long long>(lag_changes()),
                lag_seconds(now));
  return text;
}

} // namespace boxoffice
