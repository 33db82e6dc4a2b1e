#include "actors/sale_metrics.hpp"

#include "actors/service.hpp"

#include <algorithm>

namespace boxoffice::actors {

namespace {

constexpr const char* seats_name = "boxoffice_seats";
constexpr const char* seats_help = "Seats of a performance that has not begun, by state.";
constexpr std::array<const char*, 3> state_names{"free", "held", "sold"};

const std::vector<double> group_bounds{1, 2, 5, 10, 20, 50, 100, 200, 512, 1000};

config::metric_labels labels_of(domain::option_id option, const char* state) {
  return {{"concert_option_id", std::to_string(option.value)}, {"state", state}};
}

} // namespace

sale_metrics::sale_metrics(config::metrics& all, domain::time_point last_time)
    : all_(all),
      last_time_(last_time),
      commits_(all.count("boxoffice_journal_commits_total", "Groups of changes made durable.")),
      failures_(all.count("boxoffice_journal_failures_total", "Times that the store failed.")),
      changes_(all.count("boxoffice_journal_changes_total", "Changes made durable.")),
      charges_(all.count("boxoffice_charges_total", "Charges of wallets.")),
      debits_(all.count("boxoffice_payments_total", "Payments that wallets decided, by result.",
                        {{"result", "debited"}})),
      refusals_(all.count("boxoffice_payments_total", "Payments that wallets decided, by result.",
                          {{"result", "refused"}})),
      refunds_(all.count("boxoffice_refunds_total", "Prices put back into wallets.")),
      group_size_(all.spread("boxoffice_journal_group_size", "Changes a commit.", group_bounds)),
      commit_time_(all.spread("boxoffice_journal_commit_seconds", "Time a commit takes.",
                              config::latency_bounds())),
      waiting_(all.level("boxoffice_journal_waiting_changes",
                         "Changes that came while the last commit was made.")),
      payments_(all.level("boxoffice_payments_under_way", "Bookings that are PAYING.")),
      oldest_payment_(all.level("boxoffice_oldest_payment_seconds",
                                "Age of the oldest booking that is PAYING.")) {}

// What each fact adds. Facts that nobody watches for add nothing.
struct sale_metrics::counting {
  sale_metrics& to;

  void booking(const char* what) {
    const auto known = to.bookings_.find(what);
    if (known != to.bookings_.end()) return known->second.add();
    auto fresh = to.all_.count("boxoffice_bookings_total", "Bookings, by what happened to them.",
                               {{"event", what}});
    fresh.add();
    to.bookings_.emplace(what, fresh);
  }
  void ends(domain::booking_id paid) {
    const std::lock_guard guard(to.mutex_);
    to.paying_.erase(paid);
    to.doubted_.erase(paid);
  }

  void operator()(const domain::token_issued& e) { to.of_queue(e.concert, "issued").add(); }
  void operator()(const domain::token_admitted& e) { to.of_queue(e.concert, "admitted").add(); }
  void operator()(const domain::token_expired& e) { to.of_queue(e.concert, "ended").add(); }
  void operator()(const domain::booking_created&) { booking("created"); }
  void operator()(const domain::booking_expired& e) {
    booking("expired");
    ends(e.booking);
  }
  void operator()(const domain::booking_confirmed& e) {
    booking("confirmed");
    ends(e.booking);
  }
  void operator()(const domain::payment_started& e) {
    const std::lock_guard guard(to.mutex_);
    to.paying_[e.booking] = e.at;
    to.doubted_.erase(e.booking);
  }
  void operator()(const domain::payment_refused& e) { ends(e.booking); }
  void operator()(const domain::booking_cancelled&) { booking("cancelled"); }
  void operator()(const domain::wallet_refunded&) { to.refunds_.add(); }
  void operator()(const domain::wallet_charged&) { to.charges_.add(); }
  void operator()(const domain::wallet_debited&) { to.debits_.add(); }
  void operator()(const domain::debit_refused&) { to.refusals_.add(); }
  template <class Other>
  void operator()(const Other&) {}
};

config::counter& sale_metrics::of_queue(domain::concert_id concert, const char* what) {
  const std::pair key{concert, std::string(what)};
  const auto known = queues_.find(key);
  if (known != queues_.end()) return known->second;
  return queues_
      .emplace(key, all_.count("boxoffice_queue_tokens_total",
                               "Tokens of a concert's queue, by what happened to them.",
                               {{"concert_id", std::to_string(concert.value)}, {"event", what}}))
      .first->second;
}

void sale_metrics::on_commit(const domain::events& facts, std::size_t changes, std::size_t waiting,
                             std::chrono::nanoseconds took) {
  commits_.add();
  changes_.add(static_cast<double>(changes));
  group_size_.observe(static_cast<double>(changes));
  commit_time_.observe(std::chrono::duration<double>(took).count());
  waiting_.set(static_cast<double>(waiting));
  counting count{*this};
  for (const auto& fact : facts) std::visit(count, fact);
}

// A commit that seemed to fail may have ended payments, and nobody reads those again.
void sale_metrics::on_failure() {
  failures_.add();
  const std::lock_guard guard(mutex_);
  doubted_.merge(paying_); // failures may follow one another before anything was read
  paying_.clear();
}

// The store does not say when a payment began. It was before the hold ran out, and, if it was not
// in this life, before the last commit of an earlier one: from the earlier of the two on it is
// PAYING for certain.
void sale_metrics::on_read(const domain::booking& b) {
  const std::lock_guard guard(mutex_);
  if (b.status != domain::booking_status::paying) {
    paying_.erase(b.id); // a commit that seemed to fail may have ended its payment
    return;
  }
  const auto doubted = doubted_.find(b.id);
  paying_.emplace(b.id, doubted != doubted_.end()
                            ? doubted->second
                            : std::max(b.created_at, std::min(b.expires_at, last_time_)));
}

void sale_metrics::watch(const service& watched, const clock& time) {
  auto ready = all_.level("boxoffice_ready", "1 while changes are taken, 0 while the store fails.");
  auto living = all_.level("boxoffice_entities", "Entities in memory.");
  all_.when_scraped([this, &watched, &time, ready, living]() mutable {
    ready.set(watched.ready() ? 1 : 0);
    living.set(static_cast<double>(watched.living()));
    look_up_seats(watched, time.now());
    look_up_lines(watched);
    look_up_payments(time.now());
  });
}

// A performance that has begun sells nothing: it leaves the page.
void sale_metrics::look_up_seats(const service& watched, domain::time_point now) {
  for (const auto& [id, option] : watched.catalogue()->options) {
    const auto known = seats_.find(id);
    if (option->starts_at <= now) {
      if (known == seats_.end()) continue;
      for (const auto* state : state_names) all_.forget_level(seats_name, labels_of(id, state));
      seats_.erase(known);
      continue;
    }
    const auto map = watched.seats(id);
    if (map == nullptr) continue;
    std::array<int, 3> counts{};
    for (int at = 0; at < map->size(); ++at)
      ++counts[static_cast<std::size_t>(
          map->status(domain::seat_id{map->first_seat().value + at}))];
    const auto gauge_of = [&](const char* state) {
      return all_.level(seats_name, seats_help, labels_of(id, state));
    };
    auto& shown =
        known != seats_.end()
            ? known->second
            : seats_
                  .emplace(id, by_state{gauge_of(state_names[0]), gauge_of(state_names[1]),
                                        gauge_of(state_names[2])})
                  .first->second;
    for (std::size_t state = 0; state < counts.size(); ++state) shown[state].set(counts[state]);
  }
}

void sale_metrics::look_up_lines(const service& watched) {
  for (const auto& [concert, line] : watched.lines()) {
    const auto show = [this, id = std::to_string(concert.value)](const char* state, std::size_t n) {
      all_.level("boxoffice_queue_length", "Live tokens of a concert's queue, by state.",
                 {{"concert_id", id}, {"state", state}})
          .set(static_cast<double>(n));
    };
    show("waiting", line.waiting);
    show("processing", line.processing);
  }
}

void sale_metrics::look_up_payments(domain::time_point now) {
  const std::lock_guard guard(mutex_);
  auto oldest = now;
  for (const auto& [booking, since] : paying_) oldest = std::min(oldest, since);
  payments_.set(static_cast<double>(paying_.size()));
  oldest_payment_.set(std::chrono::duration<double>(now - oldest).count());
}

} // namespace boxoffice::actors
