#include "actors/domain/retention.hpp"

#include <algorithm>
#include <map>

namespace boxoffice::domain {

duration look_back_every(const retention_rules& rules) {
  const auto shortest = std::min(rules.dead_tokens, rules.unpaid_bookings);
  return std::min<duration>(shortest / 4, std::chrono::hours(1));
}

past_bounds begin_of_past(const retention_rules& rules, time_point now, std::size_t most) {
  past_bounds bounds;
  bounds.tokens.until = now - rules.dead_tokens;
  bounds.bookings.until = now - rules.unpaid_bookings;
  bounds.most = most;
  bounds.now = now;
  return bounds;
}

past_bounds next_of_past(const past_bounds& bounds, const past& part) {
  auto next = bounds;
  next.begins = false;
  if (!part.tokens.empty())
    next.tokens.after = {part.tokens.back().died_at, part.tokens.back().row};
  if (!part.bookings.empty())
    next.bookings.after = {part.bookings.back().held_until, part.bookings.back().booking};
  return next;
}

namespace {

bool may_go(const past_token& t, const retention_rules& rules, time_point now) {
  return !t.is_last && !t.is_named && t.died_at + rules.dead_tokens <= now;
}

bool may_go(const past_booking& b, const retention_rules& rules, time_point now) {
  return !b.is_asked_for && b.held_until + rules.unpaid_bookings <= now;
}

} // namespace

events decide_forgetting(const past& part, const retention_rules& rules, time_point now,
                         held_back& waiting) {
  std::map<concert_id, tokens_forgotten> tokens;
  for (const auto& t : part.tokens)
    if (may_go(t, rules, now)) tokens[t.concert].tokens.push_back(t.token);
  waiting.insert(part.overdue.begin(), part.overdue.end());
  std::map<option_id, bookings_forgotten> bookings;
  for (const auto& b : part.bookings)
    if (!may_go(b, rules, now))
      waiting.emplace(b.option, b.user);
    else if (waiting.count({b.option, b.user}) == 0)
      bookings[b.option].bookings.push_back(b.booking);

  events facts;
  for (auto& [concert, fact] : tokens) {
    fact.concert = concert;
    fact.at = now;
    facts.push_back(std::move(fact));
  }
  for (auto& [option, fact] : bookings) {
    fact.option = option;
    fact.at = now;
    facts.push_back(std::move(fact));
  }
  return facts;
}

} // namespace boxoffice::domain
