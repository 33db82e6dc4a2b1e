#include "persistence/shipping.hpp"

#include "persistence/event_log.hpp"
#include "persistence/full_shipment.hpp"
#include "persistence/postgres_commits.hpp"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <thread>
#include <utility>

namespace boxoffice::persistence {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds shortest_wait{100}, longest_wait{2'000}; // for PostgreSQL to come back
constexpr milliseconds longest_silence{3'000};
constexpr milliseconds between_refusals{5'000};
constexpr milliseconds without_commits{500};

// Since when PostgreSQL owes an answer.
class being_asked {
public:
  explicit being_asked(std::atomic<std::int64_t>& since) : since_(since) {
    since_ = std::chrono::steady_clock::now().time_since_epoch().count();
  }
  being_asked(const being_asked&) = delete;
  being_asked& operator=(const being_asked&) = delete;
  ~being_asked() { since_ = 0; }

private:
  std::atomic<std::int64_t>& since_;
};

} // namespace

const char* to_string(shipping_state s) {
  switch (s) {
  case shipping_state::connecting: return "connecting";
  case shipping_state::copying: return "copying";
  case shipping_state::catching_up: return "catching_up";
  case shipping_state::following: return "following";
  case shipping_state::halted: return "halted";
  }
  return "";
}

class shipping::impl {
public:
  explicit impl(shipping_options options)
      : options_(std::move(options)), log_(options_.directory), incarnation_(log_.incarnation()) {
    behind_.found(0, log_.count_changes_after(0));
    connect_at_start();
    thread_ = std::thread([this] { run(); });
  }

  ~impl() {
    begin_to_stop();
    thread_.join();
  }

  bool stop(milliseconds within) {
    begin_to_stop();
    std::unique_lock hold(mutex_);
    return changed_.wait_for(hold, within, [this] { return ended_; });
  }

  // Whoever does not answer for so long is away, though its connection stands.
  shipping_state state() const {
    const auto asked = asked_at_.load();
    const auto now = std::chrono::steady_clock::now().time_since_epoch().count();
    const bool hangs =
        asked != 0 && now - asked > std::chrono::nanoseconds(longest_silence).count();
    const auto known = state_.load();
    return hangs && known == shipping_state::following ? shipping_state::connecting : known;
  }

  std::optional<domain::time_point> lacks_since() const {
    std::lock_guard hold(mutex_);
    return lacks_since_;
  }

  bool wait_for(commit_number wanted, milliseconds at_most) const {
    std::unique_lock hold(mutex_);
    return changed_.wait_for(hold, at_most, [&] { return shipped_ >= wanted || stops_; }) &&
           shipped_ >= wanted;
  }

private:
  void begin_to_stop() {
    {
      std::lock_guard hold(mutex_);
      stops_ = true;
    }
    changed_.notify_all();
    behind_.wake();
  }

  static std::string old_copy() {
    return "PostgreSQL has commits that this store lacks: it is an old copy. Restore the newer "
           "store, or make one by `boxoffice rebuild`.";
  }
  void connect();
  void connect_at_start();
  void run();
  void step();
  void settle();
  void copy_everything();
  bool ship_batch();
  void enter(shipping_state s) { state_ = s; }
  void note_shipped(commit_number);
  void note_lacking(std::optional<domain::time_point>);
  void pause(milliseconds);
  void report_away(const std::string& why);
  void on_failure(const store_failed&);

  shipping_options options_;
  log_window& behind_ = *options_.log;
  event_log log_;
  std::string incarnation_;
  std::unique_ptr<postgres_commits> postgres_;
  bool settled_ = false; // what PostgreSQL has is known
  bool is_old_copy_ = false;
  commit_number last_ = 0;
  milliseconds wait_ = shortest_wait;
  std::string said_;  // the refusal that was reported last
  bool away_ = false; // that PostgreSQL is, was reported

  std::atomic<shipping_state> state_{shipping_state::connecting};
  std::atomic<std::int64_t> asked_at_{0}; // ns of the steady clock; 0: PostgreSQL is not asked
  std::atomic<bool> stops_{false};
  mutable std::mutex mutex_; // of what follows
  mutable std::condition_variable changed_;
  commit_number shipped_ = 0;
  bool ended_ = false; // the thread has nothing left to do
  std::optional<domain::time_point> lacks_since_;

  std::thread thread_;
};

void shipping::impl::connect() {
  postgres_ = std::make_unique<postgres_commits>(postgres_options{options_.url, options_.synced},
                                                 feeder::local_store, incarnation_);
}

// An old copy of the store must not sell a moment: what it sells next is not what was sold.
void shipping::impl::connect_at_start() {
  try {
    connect();
    if (postgres_->settle() > log_.last_commit()) throw open_failed(old_copy());
  } catch (const store_failed& away) {
    report_away(away.what());
  } catch (const unreachable& away) {
    report_away(away.what());
  }
}

// Once, until it is there again.
void shipping::impl::report_away(const std::string& why) {
  if (!away_) options_.report(true, "PostgreSQL is away, commits are kept for it: " + why);
  away_ = true;
}

void shipping::impl::run() {
  while (!stops_) {
    try {
      step();
    } catch (const store_failed& failure) {
      on_failure(failure);
    } catch (const unreachable& failure) {
      on_failure({store_failed::reason::unavailable, failure.what()});
    } catch (const open_failed& failure) {
      // It went away, and what came back is not what it was.
      on_failure({store_failed::reason::refused, failure.what()});
    }
  }
  postgres_.reset();
  std::lock_guard hold(mutex_);
  ended_ = true;
  changed_.notify_all();
}

void shipping::impl::step() {
  if (!postgres_) connect();
  if (!settled_) settle();
  if (ship_batch()) return;
  enter(shipping_state::following);
  // Between commits it is asked now and then, so that who waits for it hears soon that it is away.
  if (!behind_.wait_beyond(last_, without_commits)) {
    const being_asked now(asked_at_);
    postgres_->ping();
  }
}

// What PostgreSQL has, by its own word; everything else follows from that.
void shipping::impl::settle() {
  last_ = postgres_->settle();
  const auto here = log_.last_commit();
  is_old_copy_ = is_old_copy_ || last_ > here; // and stays one, however much it sells
  if (is_old_copy_) throw store_failed(store_failed::reason::refused, old_copy());
  if (!log_.reaches_back_to(last_)) copy_everything();
  behind_.found(last_, log_.count_changes_after(last_));
  note_shipped(last_);
  settled_ = true;
  wait_ = shortest_wait;
  if (away_) options_.report(false, "PostgreSQL is there again, shipping goes on.");
  away_ = false;
  enter(shipping_state::catching_up);
}

void shipping::impl::copy_everything() {
  enter(shipping_state::copying);
  options_.report(false, "PostgreSQL lacks more than the log holds: everything is shipped.");
  int tenths = 0;
  last_ = postgres_->replace_all(log_.connection(), [&](std::int64_t done, std::int64_t all) {
    if (stops_) throw store_failed(store_failed::reason::unavailable, "The service ends.");
    const int now = all == 0 ? 10 : static_cast<int>(done * 10 / all);
    if (now == tenths) return;
    tenths = now;
    options_.report(false, "Shipping everything: " + std::to_string(done) + " of " +
                               std::to_string(all) + " rows (" + std::to_string(now * 10) + " %).");
  });
}

// The next commits of the log. False: there are none.
bool shipping::impl::ship_batch() {
  auto batch = log_.read_after(last_, options_.batch);
  if (!batch) {
    note_lacking(std::nullopt);
    return false;
  }
  note_lacking(batch->since);
  const auto changes = batch->facts.size();
  {
    const being_asked now(asked_at_);
    postgres_->commit(batch->facts, last_, batch->last, batch->at);
  }
  last_ = batch->last;
  if (!said_.empty()) options_.report(false, "PostgreSQL takes the batch now, shipping goes on.");
  said_.clear();
  behind_.shipped(last_, changes);
  note_shipped(last_);
  return true;
}

void shipping::impl::on_failure(const store_failed& failure) {
  settled_ = false;
  if (stops_) return;
  const bool refused = failure.why != store_failed::reason::unavailable;
  const std::string what = failure.what();
  if (refused) {
    if (what != said_)
      options_.report(true, "Shipping to PostgreSQL halts, nothing is skipped: " + what);
    said_ = what;
    away_ = false;
  } else {
    report_away(what);
  }
  enter(refused ? shipping_state::halted : shipping_state::connecting);
  try {
    note_lacking(log_.find_oldest_after(last_));
  } catch (const store_failed&) {
    // The store itself reports what is wrong with it.
  }
  pause(refused ? between_refusals : wait_);
  wait_ = std::min(wait_ * 2, longest_wait);
}

void shipping::impl::note_shipped(commit_number last) {
  {
    std::lock_guard hold(mutex_);
    shipped_ = last;
  }
  changed_.notify_all();
  options_.on_shipped(last);
}

void shipping::impl::note_lacking(std::optional<domain::time_point> since) {
  std::lock_guard hold(mutex_);
  lacks_since_ = since;
}

void shipping::impl::pause(milliseconds length) {
  std::unique_lock hold(mutex_);
  changed_.wait_for(hold, length, [this] { return stops_.load(); });
}

shipping::shipping(shipping_options options) : impl_(std::make_unique<impl>(std::move(options))) {}
shipping::~shipping() = default;
bool shipping::stop(milliseconds within) { return impl_->stop(within); }
shipping_state shipping::state() const { return impl_->state(); }
std::optional<domain::time_point> shipping::lacks_since() const { return impl_->lacks_since(); }
bool shipping::wait_for(commit_number wanted, milliseconds at_most) const {
  return impl_->wait_for(wanted, at_most);
}

} // namespace boxoffice::persistence
