#include "sim/behind.hpp"

#include "sim/invariants.hpp"

#include <algorithm>
#include <utility>

namespace boxoffice::sim {

using persistence::commit_number;
using persistence::shipping_state;

namespace {

// Whoever owes an answer for longer counts as away.
constexpr std::chrono::seconds longest_silence{3};

} // namespace

behind::behind(const postgres_plan& what, disk& store, random chance, coverage& reached,
               hearers told)
    : plan_(what),
      store_(store),
      chance_(chance.stream(1)),
      reached_(reached),
      told_(std::move(told)),
      trouble_(chance.stream(2), reached),
      postgres_(trouble_, *this, store) {}

behind::~behind() = default;

// --- the process

std::shared_ptr<persistence::log_window> behind::open_window() {
  return window_ = std::make_shared<persistence::log_window>();
}

void behind::begin() {
  state_ = shipping_state::connecting;
  lacks_since_.reset();
  full_ = away_ = silent_ = {};
  away_.close(told_.now());
  asks_ = pings_ = waits_for_commit_ = has_heard_ = false;
  due_ = told_.now();
  if (arrived_ == 0) kept_at_first_ = store_.kept_from();
  log_ = store_.open_log();
  persistence::shipping_host& host = *this;
  shipper_ = std::make_unique<persistence::shipper>(*log_, *window_, host, plan_.batch);
  try {
    shipper_->connect_at_start();
  } catch (const persistence::open_failed& refusal) {
    told_.judge([&] { broken(invariant::postgres_prefix, refusal.what()); });
  }
}

// A batch that was under way is done, or never will be; nobody is told.
void behind::end(bool in_order) {
  if (!runs()) return;
  if (!in_order && asks_ && has_news()) {
    reached_.reached("postgres: the process died within a batch");
    trouble_.fail_batch_under_way(chance_.one_in(2) ? batch_fate::lost : batch_fate::in_flight);
    shipper_->step();
  }
  shipper_.reset();
  log_.reset();
}

shipping_state behind::seen() const {
  const auto silent_for = asks_ && shipper_->is_settled() ? told_.now() - asked_at_ : moment(0);
  return persistence::as_seen(state_, silent_for);
}

bool behind::has_all() const {
  return runs() && seen() == shipping_state::following &&
         window_->now().shipped >= window_->now().committed;
}

bool behind::takes_changes() const {
  if (!runs()) return false;
  const persistence::backlog_bound bound{plan_.answers_wait, plan_.max_backlog};
  return bound.takes_changes(window_->now(), seen());
}

// --- run by the world

bool behind::has_news() const { return window_->now().committed > shipper_->last(); }

bool behind::is_due() const {
  if (!runs()) return false;
  return told_.now() >= due_ || (waits_for_commit_ && has_news());
}

// First it asks, and when PostgreSQL has taken its time it is answered.
void behind::step() {
  if (!asks_) {
    pings_ = waits_for_commit_ && !has_news();
    waits_for_commit_ = false;
    asks_ = true;
    asked_at_ = told_.now();
    due_ =
        asked_at_ + chance_.between(plan_.latency_low, plan_.latency_high) + trouble_.next_delay();
    if (due_ > asked_at_) return;
  }
  if (shipper_->is_settled() && told_.now() > asked_at_ + longest_silence) {
    reached_.reached("postgres: it was silent for too long");
    silent_.close(asked_at_ + longest_silence);
    silent_.open(told_.now());
  }
  asks_ = false;
  const auto rest = pings_ ? shipper_->ping() : shipper_->step();
  pings_ = false;
  waits_for_commit_ = rest.ends_with_a_commit;
  due_ = told_.now() + rest.at_most;
  if (!shipper_->is_settled())
    away_.close(told_.now());
  else if (state_ == shipping_state::following)
    away_.open(told_.now());
  told_.judge([this] { judge_window(); });
}

// --- shipping_host

void behind::entered(shipping_state s, const std::string& /*cause*/) {
  if (s == state_) return;
  state_ = s;
  reached_.reached(std::string("postgres: ") + persistence::to_string(s));
  told_.tell([s] { return std::string("write-behind is ") + persistence::to_string(s); });
}

void behind::shipped(commit_number last) {
  told_.judge([&] {
    require(last <= postgres_.last_commit(), invariant::postgres_prefix,
            "the process hears that PostgreSQL has commit ", last, ", it has ",
            postgres_.last_commit());
  });
  has_heard_ = true;
  told_.shipped(last);
}

void behind::report(bool, const std::string& text) {
  told_.tell([&] { return text; });
}

// --- postgres_listener

void behind::arrived(commit_number before, commit_number after, const domain::events& facts) {
  told_.tell([&] {
    return "PostgreSQL has commits " + std::to_string(before + 1) + " to " + std::to_string(after);
  });
  told_.judge([&] {
    require(after <= store_.last_commit(), invariant::postgres_prefix,
            "PostgreSQL is given commit ", after, ", the store has ", store_.last_commit());
    std::size_t at = 0;
    for (auto n = before + 1; n <= after; ++n)
      for (const auto& fact : store_.facts_of(n)) {
        require(at < facts.size() && facts[at].index() == fact.index(), invariant::postgres_prefix,
                "the commits ", before + 1, " to ", after,
                " come to PostgreSQL otherwise than they were made");
        ++at;
      }
    require(at == facts.size(), invariant::postgres_prefix, "the commits ", before + 1, " to ",
            after, " come to PostgreSQL with ", facts.size(), " facts, they have ", at);
  });
  note_arrived(after);
}

void behind::copied(commit_number last) {
  reached_.reached("postgres: everything was copied");
  note_arrived(last);
}

void behind::refused(commit_number before, const std::string& why) {
  told_.judge([&] {
    broken(invariant::postgres_prefix, "the tables of PostgreSQL refuse the batch behind commit ",
           before, ": ", why);
  });
}

void behind::sent_astray(commit_number before, commit_number has) {
  told_.judge([&] {
    broken(invariant::postgres_prefix, "a batch behind commit ", before,
           " is sent to PostgreSQL, which has commit ", has);
  });
}

void behind::note_arrived(commit_number last) {
  while (!lacking_.empty() && lacking_.front().first <= last) {
    lacking_facts_ -= lacking_.front().second;
    lacking_.pop_front();
  }
  if (lacking_facts_ <= plan_.max_backlog) full_.open(told_.now());
  if (last <= arrived_) return;
  const auto first = arrived_ + 1;
  arrived_ = last;
  told_.arrived(first, last);
}

// --- the machine

void behind::empty() {
  reached_.reached("postgres: an empty one took its place");
  postgres_.empty();
}

commit_number behind::rebuild() {
  postgres_.settle_in_flight();
  lacking_.clear();
  lacking_facts_ = 0;
  return postgres_.last_commit();
}

// --- for whoever judges

void behind::committed(commit_number n) {
  if (runs()) told_.judge([this] { judge_window(); });
  if (!runs() || n <= postgres_.last_commit()) return;
  if (!lacking_.empty() && lacking_.back().first >= n) return;
  const auto facts = static_cast<std::int64_t>(store_.count_facts(n - 1, n));
  lacking_.emplace_back(n, facts);
  lacking_facts_ += facts;
  if (lacking_facts_ <= plan_.max_backlog) return;
  full_.close(told_.now());
  reached_.reached("postgres: the backlog was full");
}

bool behind::was_closed(moment from, moment until) const {
  if (full_.covers(from, until)) return true;
  return plan_.answers_wait && (away_.covers(from, until) || silent_.covers(from, until));
}

void behind::judge_log() const {
  require(store_.kept_from() <= std::max(arrived_ + 1, kept_at_first_), invariant::log_kept,
          "the log reaches back to commit ", store_.kept_from(), ", PostgreSQL has commit ",
          arrived_);
}

// What an operator, and the bound of the backlog, go by.
void behind::judge_window() const {
  const auto reach = window_->now();
  const auto there = has_heard_ ? postgres_.last_commit() : arrived_;
  require(reach.shipped <= there && reach.committed <= store_.last_commit(), invariant::true_lag,
          "PostgreSQL is said to have commit ", reach.shipped, " of ", reach.committed, ", it has ",
          there, " of ", store_.last_commit());
  const auto kept = std::max(reach.shipped, store_.kept_from() - 1);
  const auto lacking = static_cast<std::int64_t>(store_.count_facts(kept, reach.committed));
  require(reach.changes == lacking, invariant::true_lag, "PostgreSQL is said to have commit ",
          reach.shipped, " of ", reach.committed, " and to lack ", reach.changes,
          " changes; it lacks ", lacking);
}

void behind::judge_end() const {
  require(has_all() && postgres_.last_commit() == store_.last_commit(), invariant::catches_up,
          "PostgreSQL is ", persistence::to_string(seen()), " with commit ",
          postgres_.last_commit(), ", the store has ", store_.last_commit());
  const auto reach = window_->now();
  require(reach.changes == 0 && !lacks_since_, invariant::true_lag,
          "PostgreSQL has all, and is said to lack ", reach.changes, " changes",
          lacks_since_ ? ", and a commit" : "");
}

} // namespace boxoffice::sim
