#include "persistence/shipper.hpp"

#include "persistence/postgres_options.hpp"

#include <algorithm>

namespace boxoffice::persistence {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds shortest_wait{100}, longest_wait{2'000}; // for PostgreSQL to come back
constexpr milliseconds longest_silence{3'000};
constexpr milliseconds between_refusals{5'000};
constexpr milliseconds without_commits{500};

const char* old_copy() {
  return "PostgreSQL has commits that this store lacks: it is an old copy. Restore the newer "
         "store, or make one by `boxoffice rebuild`.";
}

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

shipping_state as_seen(shipping_state known, std::chrono::nanoseconds owes_an_answer_for) {
  const bool hangs = owes_an_answer_for > longest_silence;
  return hangs && known == shipping_state::following ? shipping_state::connecting : known;
}

shipper::shipper(commit_log& log, log_window& window, shipping_host& host, std::size_t batch)
    : log_(log), window_(window), host_(host), batch_(batch), wait_(shortest_wait) {
  window_.found(0, log_.count_changes_after(0));
}

// An old copy of the store must not sell a moment: what it sells next is not what was sold.
void shipper::connect_at_start() {
  try {
    target_ = host_.connect();
    if (target_->settle() > log_.last_commit()) throw open_failed(old_copy());
  } catch (const store_failed& away) {
    report_away(away.what());
  } catch (const unreachable& away) {
    report_away(away.what());
  }
}

// Once, until it is there again.
void shipper::report_away(const std::string& why) {
  if (!away_) host_.report(true, "PostgreSQL is away, commits are kept for it: " + why);
  away_ = true;
}

template <class Work>
shipper::rest shipper::attempt(Work work) {
  try {
    return work();
  } catch (const store_failed& failure) {
    return on_failure(failure);
  } catch (const unreachable& failure) {
    return on_failure({store_failed::reason::unavailable, failure.what()});
  } catch (const open_failed& failure) {
    // It went away, and what came back is not what it was.
    return on_failure({store_failed::reason::refused, failure.what()});
  }
}

shipper::rest shipper::step() {
  return attempt([this]() -> rest {
    if (!target_) target_ = host_.connect();
    if (!settled_) settle();
    if (ship_batch()) return {};
    host_.entered(shipping_state::following);
    return {without_commits, true};
  });
}

shipper::rest shipper::ping() {
  return attempt([this]() -> rest {
    target_->ping();
    return {};
  });
}

// What PostgreSQL has, by its own word; everything else follows from that.
void shipper::settle() {
  last_ = target_->settle();
  const auto here = log_.last_commit();
  is_old_copy_ = is_old_copy_ || last_ > here; // and stays one, however much it sells
  if (is_old_copy_) throw store_failed(store_failed::reason::refused, old_copy());
  if (!log_.reaches_back_to(last_)) copy_everything();
  window_.found(last_, log_.count_changes_after(last_));
  host_.shipped(last_);
  settled_ = true;
  wait_ = shortest_wait;
  if (away_) host_.report(false, "PostgreSQL is there again, shipping goes on.");
  away_ = false;
  host_.entered(shipping_state::catching_up);
}

void shipper::copy_everything() {
  host_.entered(shipping_state::copying);
  host_.report(false, "PostgreSQL lacks more than the log holds: everything is shipped.");
  int tenths = 0;
  last_ = target_->replace_all([&](std::int64_t done, std::int64_t all) {
    if (host_.ends()) throw store_failed(store_failed::reason::unavailable, "The service ends.");
    const int now = all == 0 ? 10 : static_cast<int>(done * 10 / all);
    if (now == tenths) return;
    tenths = now;
    host_.report(false, "Shipping everything: " + std::to_string(done) + " of " +
                            std::to_string(all) + " rows (" + std::to_string(now * 10) + " %).");
  });
}

// The next commits of the log. False: there are none.
bool shipper::ship_batch() {
  auto batch = log_.read_after(last_, batch_);
  if (!batch) {
    host_.lacks_since(std::nullopt);
    return false;
  }
  host_.lacks_since(batch->since);
  const auto changes = batch->facts.size();
  target_->commit(batch->facts, last_, batch->last, batch->at);
  last_ = batch->last;
  if (!said_.empty()) host_.report(false, "PostgreSQL takes the batch now, shipping goes on.");
  said_.clear();
  window_.shipped(last_, changes);
  host_.shipped(last_);
  return true;
}

shipper::rest shipper::on_failure(const store_failed& failure) {
  settled_ = false;
  if (host_.ends()) return {};
  const bool refused = failure.why != store_failed::reason::unavailable;
  const std::string what = failure.what();
  if (refused) {
    if (what != said_)
      host_.report(true, "Shipping to PostgreSQL halts, nothing is skipped: " + what);
    said_ = what;
    away_ = false;
  } else {
    report_away(what);
  }
  host_.entered(refused ? shipping_state::halted : shipping_state::connecting);
  try {
    host_.lacks_since(log_.find_oldest_after(last_));
  } catch (const store_failed&) {
    // The store itself reports what is wrong with it.
  }
  const auto pause = refused ? between_refusals : wait_;
  wait_ = std::min(wait_ * 2, longest_wait);
  return {pause, false};
}

} // namespace boxoffice::persistence
