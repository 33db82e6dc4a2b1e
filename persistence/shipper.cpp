#include "persistence/shipper.hpp"

#include "persistence/postgres_options.hpp"

#include <algorithm>
#include <utility>

namespace boxoffice::persistence {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds shortest_wait{100}, longest_wait{2'000}; // for PostgreSQL to come back
constexpr milliseconds longest_silence{3'000};
// Between attempts at what somebody must mend, and at what may end by itself.
constexpr milliseconds between_refusals{2'000}, between_attempts{1'000};
// What is shipped as a whole is begun from its start each time, and costs what it costs.
constexpr milliseconds shortest_copy_wait{1'000}, longest_copy_wait{60'000};
constexpr milliseconds without_commits{500};

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

using ends = hindrance::ends;

// What keeps PostgreSQL from having the next commits.
struct shipper::setback {
  std::string what;  // for people
  std::string cause; // for machines
  ends how = ends::soon;

  static setback of(const store_failed& failure) {
    if (const auto* known = dynamic_cast<const hindrance*>(&failure))
      return {known->what(), known->cause, known->how};
    if (failure.why == store_failed::reason::refused)
      return {failure.what(), "content", ends::by_somebody};
    if (failure.why == store_failed::reason::damaged)
      return {failure.what(), "log", ends::by_somebody};
    return {failure.what(), "unreachable", ends::soon};
  }
  bool halts() const { return how != ends::soon; }
  // Which of them are one, so that each is told once: the same words, where they name a row.
  const std::string& identity() const { return cause == "content" ? what : cause; }
};

bool is_silent(shipping_state known, std::chrono::nanoseconds owes_an_answer_for) {
  return owes_an_answer_for > longest_silence && known != shipping_state::halted;
}

shipping_state as_seen(shipping_state known, std::chrono::nanoseconds owes_an_answer_for) {
  return is_silent(known, owes_an_answer_for) ? shipping_state::connecting : known;
}

shipper::shipper(commit_log& log, log_window& window, shipping_host& host, std::size_t batch)
    : log_(log),
      window_(window),
      host_(host),
      batch_(batch),
      wait_(shortest_wait),
      copy_wait_(shortest_copy_wait) {}

// Before PostgreSQL has said what it has: what it had when the store last heard of it.
void shipper::suppose() {
  const auto known = log_.last_known_there();
  last_ = known.last;
  note_lacking(!log_.reaches_back_to(last_), known.at);
}

// An old copy of the store must not sell a moment: what it sells next is not what was sold.
void shipper::connect_at_start() {
  suppose();
  try {
    target_ = host_.connect();
    take_stock();
  } catch (const store_failed& failure) {
    on_failure(setback::of(failure));
  } catch (const unreachable& away) {
    on_failure({away.what(), "unreachable", ends::soon});
  }
}

// Until it has recovered.
void shipper::report_once(const setback& s) {
  if (!s.halts()) {
    if (!away_) host_.report(true, "PostgreSQL is away, commits are kept for it: " + s.what);
    away_ = true;
  } else if (s.identity() != said_) {
    host_.report(true, "Shipping to PostgreSQL halts, nothing is skipped: " + s.what);
    said_ = s.identity();
    away_ = false;
  }
}

template <class Work>
shipper::rest shipper::attempt(Work work) {
  try {
    return work();
  } catch (const store_failed& failure) {
    return on_failure(setback::of(failure));
  } catch (const unreachable& failure) {
    return on_failure({failure.what(), "unreachable", ends::soon});
  } catch (const postgres_unfit& failure) {
    // It went away, and what came back is not what it was.
    if (failure.bars_selling()) host_.bars_selling(true);
    return on_failure({failure.what(), failure.name(), ends::by_somebody});
  } catch (const open_failed& failure) {
    return on_failure({failure.what(), "other", ends::by_somebody});
  }
}

shipper::rest shipper::step() {
  return attempt([this]() -> rest {
    if (!target_) target_ = host_.connect();
    if (!settled_) settle();
    if (ship_batch()) return {};
    note_recovered();
    enter(shipping_state::following);
    return {without_commits, true};
  });
}

shipper::rest shipper::ping() {
  return attempt([this]() -> rest {
    target_->ping();
    return {};
  });
}

// What PostgreSQL has, by its own word, and what it lacks therefore.
void shipper::take_stock() {
  const auto there = target_->settle();
  if (!was_ours(there)) is_old_copy_ = true; // and stays one, however much it sells
  if (is_old_copy_)
    throw postgres_unfit(
        postgres_unfit::fault::old_copy,
        "PostgreSQL has commits that this store lacks, up to commit " + std::to_string(there.last) +
            ": it is an old copy. Restore the newer store, or make one by `boxoffice rebuild`. (If "
            "this one is right all the same, empty the database and start again: everything is "
            "shipped.)");
  last_ = there.last;
  note_lacking(!log_.reaches_back_to(last_), there.at);
}

// Whether this store was in that state. An old copy may have sold on by now, under numbers that
// mean other commits there, and without a PostgreSQL no log says so. No two commits are of the same
// microsecond, and what PostgreSQL was known to have, and all before it, was this store's.
bool shipper::was_ours(const standing& there) {
  if (there.last == 0) return true;
  if (there.last > log_.last_commit()) return false;
  const auto is_of = [&](const std::optional<domain::time_point>& time) {
    return !time || !there.at || *time == *there.at;
  };
  if (const auto here = log_.find_time_of(there.last)) return is_of(here);
  const auto known = log_.last_known_there();
  // An older version kept no time; then a lower number may be of anybody's.
  return (known.at && there.last < known.last) || (there.last == known.last && is_of(known.at));
}

// `all`: what was before the log, too; then `at` is when the last was made that PostgreSQL has.
void shipper::note_lacking(bool all, std::optional<domain::time_point> at) {
  const auto then = window_.now();
  window_.found(then, last_, log_.count_changes(last_, then.committed), at);
  lacks_all_ = all;
  window_.lacks_rows(all ? log_.count_rows() : 0);
  if (!all)
    host_.lacks_since(log_.find_oldest_after(last_));
  else
    host_.lacks_since(at && last_ > 0 ? at : log_.find_beginning());
}

// Everything else follows from what PostgreSQL says it has.
void shipper::settle() {
  take_stock();
  if (lacks_all_) {
    copy_everything();
    take_stock();
  }
  host_.bars_selling(false);
  host_.shipped(last_);
  settled_ = true;
  if (said_.empty()) enter(shipping_state::catching_up); // else it may be what it was
}

// Where it fails and is begun again, nothing is told twice.
void shipper::copy_everything() {
  copies_ = true;
  if (said_.empty()) enter(shipping_state::copying); // else it may be what it was
  if (!copy_told_)
    host_.report(false, "PostgreSQL lacks more than the log holds: everything is shipped.");
  copy_told_ = true;
  target_->replace_all([&](std::int64_t done, std::int64_t all) {
    window_.lacks_rows(std::max<std::int64_t>(all - done, 1)); // until the last of it is committed
    if (host_.ends()) throw store_failed(store_failed::reason::unavailable, "The service ends.");
    const int now = all == 0 ? 10 : static_cast<int>(done * 10 / all);
    if (now <= tenths_told_) return;
    tenths_told_ = now;
    enter(shipping_state::copying); // it gets further than it did
    host_.report(false, "Shipping everything: " + std::to_string(done) + " of " +
                            std::to_string(all) + " rows (" + std::to_string(now * 10) + " %).");
  });
  copies_ = copy_told_ = false;
  tenths_told_ = 0;
  copy_wait_ = shortest_copy_wait;
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
  note_recovered();
  window_.shipped(last_, changes, batch->at);
  host_.shipped(last_);
  return true;
}

shipper::rest shipper::on_failure(const setback& s) {
  settled_ = false;
  if (host_.ends()) return {};
  report_once(s);
  cause_ = s.cause;
  enter(s.halts() ? shipping_state::halted : shipping_state::connecting);
  try {
    if (!lacks_all_) host_.lacks_since(log_.find_oldest_after(last_));
  } catch (const store_failed&) {
    // The store itself reports what is wrong with it.
  }
  return {pause_after(s), false};
}

milliseconds shipper::pause_after(const setback& s) {
  const auto doubled = [](milliseconds& wait, milliseconds longest) {
    return std::exchange(wait, std::min(wait * 2, longest));
  };
  if (std::exchange(copies_, false)) return doubled(copy_wait_, longest_copy_wait);
  if (!s.halts()) return doubled(wait_, longest_wait);
  return s.how == ends::by_somebody ? between_refusals : between_attempts;
}

// It has taken what it was given, or lacks nothing.
void shipper::note_recovered() {
  wait_ = shortest_wait;
  if (cause_.empty()) return;
  if (!said_.empty())
    host_.report(false, "PostgreSQL takes what it is given now, shipping goes on.");
  else
    host_.report(false, "PostgreSQL is there again, shipping goes on.");
  said_.clear();
  cause_.clear();
  away_ = false;
  enter(shipping_state::catching_up);
}

} // namespace boxoffice::persistence
