#include "sim/medium.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>
#include <utility>

namespace boxoffice::sim {

using persistence::commit_number;
using persistence::store_failed;

namespace {

[[noreturn]] void fail(store_failed::reason why, const char* what) {
  throw store_failed(why, what);
}

[[noreturn]] void fail_unavailable(const char* what) {
  fail(store_failed::reason::unavailable, what);
}

} // namespace

void medium::require_power(session_number session) const {
  if (!powered_ || session != session_) fail_unavailable("The simulated disk is gone.");
}

// --- opening

session_number medium::open(std::shared_ptr<persistence::log_window> window) {
  ++session_;
  window_ = std::move(window);
  read_log();
  powered_ = true;
  settle_doubtful();
  if (window_)
    window_->committed(tables_.last_commit(), 0);
  else
    kept_from_ = tables_.last_commit() + 1;
  listener_.told(tables_.last_commit());
  return session_;
}

// Makes the tables anew from the whole groups, and cuts off a torn one.
void medium::read_log() {
  tables_ = tables();
  starts_.clear();
  std::size_t at = 0;
  while (at < log_.size()) {
    const auto* head = std::get_if<group_head>(&log_[at]);
    if (head == nullptr || head->number != tables_.last_commit() + 1)
      throw std::logic_error("The simulated disk's log is out of step.");
    if (log_.size() - at - 1 < head->facts) break;
    for (std::size_t i = 1; i <= head->facts; ++i)
      tables_.apply(std::get<domain::event>(log_[at + i]));
    tables_.end_commit(head->number, head->time);
    starts_.push_back(at);
    at += head->facts + 1;
  }
  log_.erase(log_.begin() + static_cast<std::ptrdiff_t>(at), log_.end());
}

void medium::settle_doubtful() {
  if (!doubtful_) return;
  const auto kept = std::move(*doubtful_);
  doubtful_.reset();
  if (!faults_.doubtful_group_survives()) return;
  try {
    apply_or_refuse(kept.head, kept.facts);
  } catch (const store_failed&) {
    return; // it could never have been written, and the listener knows
  }
  write(kept.head, kept.facts);
  listener_.durable(kept.head.number, kept.facts);
}

// --- writing

commit_number medium::commit(session_number session, const domain::events& facts,
                             domain::time_point now) {
  require_power(session);
  doubtful_.reset(); // whatever becomes of this commit, it is written to the same place
  const auto fate = faults_.next_commit(facts.size());
  if (window_) window_->doubted(facts.size(), now);
  const group_head head{tables_.last_commit() + 1, facts.size(), now};
  if (fate == commit_fate::lost) fail_unavailable("The simulated commit is lost.");
  if (fate == commit_fate::doubtful) {
    doubtful_ = group{head, facts};
    fail_unavailable("The simulated commit is in doubt.");
  }

  apply_or_refuse(head, facts);
  if (fate == commit_fate::torn_by_crash) {
    const auto records = faults_.torn_records(facts.size() + 1);
    write_records(head, facts, std::min(records, facts.size()));
    cut_power();
    fail_unavailable("The simulated power went within the commit.");
  }
  write(head, facts);
  if (fate == commit_fate::done_by_crash) cut_power();
  listener_.durable(head.number, facts);
  if (fate == commit_fate::done_by_crash)
    fail_unavailable("The simulated power went after the commit.");
  if (fate == commit_fate::done_untold) fail_unavailable("The simulated commit is done, untold.");
  if (window_) window_->committed(head.number, facts.size(), now);
  listener_.told(head.number);
  return head.number;
}

// What the tables refuse is so rare that they needn't be able to undo it: the log has all.
void medium::apply_or_refuse(const group_head& head, const domain::events& facts) {
  try {
    for (const auto& fact : facts) tables_.apply(fact);
  } catch (const store_failed& refusal) {
    const std::string why = refusal.what();
    read_log();
    listener_.refused(facts, why);
    throw;
  }
  tables_.end_commit(head.number, head.time);
}

void medium::write(const group_head& head, const domain::events& facts) {
  starts_.push_back(log_.size());
  write_records(head, facts, facts.size() + 1);
  keep_for_postgres();
}

// As the embedded store does within each commit: what PostgreSQL has goes, a few commits at a time.
void medium::keep_for_postgres() {
  if (!window_) {
    kept_from_ = tables_.last_commit() + 1;
    return;
  }
  constexpr persistence::commit_number most_pruned = 8;
  const auto shipped = std::min(window_->now().shipped, tables_.last_commit());
  kept_from_ = std::max(kept_from_, std::min(kept_from_ + most_pruned, shipped + 1));
  const auto there = window_->now();
  if (there.shipped_at && there.shipped > known_there_.last)
    known_there_ = {there.shipped, there.shipped_at};
}

void medium::write_records(const group_head& head, const domain::events& facts,
                           std::size_t records) {
  if (records == 0) return;
  log_.emplace_back(head);
  for (std::size_t i = 0; i + 1 < records; ++i) log_.emplace_back(facts[i]);
}

commit_number medium::probe(session_number session) {
  require_power(session);
  if (faults_.next_probe_fails()) fail_unavailable("The simulated disk does not answer.");
  doubtful_.reset(); // a probe writes to the same place
  if (window_) window_->settled(tables_.last_commit());
  listener_.told(tables_.last_commit());
  return tables_.last_commit();
}

// --- what is kept for PostgreSQL

const group_head& medium::head_of(commit_number number) const {
  return std::get<group_head>(log_[starts_.at(static_cast<std::size_t>(number - 1))]);
}

domain::events medium::facts_of(commit_number number) const {
  const auto at = starts_.at(static_cast<std::size_t>(number - 1));
  domain::events facts;
  for (std::size_t i = 1; i <= head_of(number).facts; ++i)
    facts.push_back(std::get<domain::event>(log_[at + i]));
  return facts;
}

std::size_t medium::count_facts(commit_number after, commit_number up_to) const {
  if (up_to <= after) return 0;
  const auto groups = static_cast<std::size_t>(up_to - after);
  const auto begin = starts_.at(static_cast<std::size_t>(after));
  const auto last = starts_.at(static_cast<std::size_t>(up_to - 1));
  return last + 1 + head_of(up_to).facts - begin - groups;
}

void medium::forget_after(commit_number last) {
  const auto groups = static_cast<std::size_t>(last);
  if (groups < starts_.size())
    log_.erase(log_.begin() + static_cast<std::ptrdiff_t>(starts_[groups]), log_.end());
  doubtful_.reset();
  kept_from_ = last + 1;
  known_there_ = last > 0 ? persistence::standing{last, time_of(last)} : persistence::standing{};
}

// --- reading

const tables& medium::read_whole(session_number session) const {
  require_power(session);
  return tables_;
}

const tables& medium::read_entity(session_number session) const {
  require_power(session);
  switch (faults_.next_read()) {
  case read_fate::done: break;
  case read_fate::unavailable: fail_unavailable("The simulated disk does not answer.");
  case read_fate::damaged:
    fail(store_failed::reason::damaged, "The simulated row holds what nobody wrote.");
  }
  return tables_;
}

} // namespace boxoffice::sim
