#include "actors/domain/queue.hpp"

#include <algorithm>
#include <cassert>

namespace boxoffice::domain {

namespace {

constexpr duration rate_window = std::chrono::seconds(1);

place_in_line place(const token& t) { return {t.priority, t.arrival}; }

bool admits_any(const queue_rules& rules) {
  return !rules.paused && rules.active_limit > 0 && rules.admit_per_second > 0;
}

} // namespace

const char* to_string(token_status status) {
  switch (status) {
  case token_status::waiting: return "WAITING";
  case token_status::processing: return "PROCESSING";
  case token_status::expired: return "EXPIRED";
  }
  return "";
}

std::optional<token_status> to_token_status(std::string_view word) {
  for (const auto status : {token_status::waiting, token_status::processing, token_status::expired})
    if (word == to_string(status)) return status;
  return std::nullopt;
}

void queue::restore(const token& t) {
  if (t.status != token_status::waiting) remember_admission(t.admitted_at);
  if (t.status != token_status::expired) insert(t);
}

void queue::insert(const token& t) {
  tokens_[t.key] = t;
  by_user_[t.user] = t.key;
  if (t.status == token_status::waiting) {
    line_.insert({place(t), t.key});
    abandoning_.insert({t.last_polled, t.key});
  } else {
    expiring_.insert({t.expires_at, t.key});
  }
}

void queue::erase(const token& t) {
  if (t.status == token_status::waiting) {
    line_.erase(place(t));
    abandoning_.erase({t.last_polled, t.key});
  } else {
    expiring_.erase({t.expires_at, t.key});
  }
  by_user_.erase(t.user);
  tokens_.erase(token_key{t.key}); // a copy: t itself goes with the element
}

void queue::remember_admission(time_point at) {
  // Restored tokens come in any order, live ones in order of time.
  admissions_.insert(std::upper_bound(admissions_.begin(), admissions_.end(), at), at);
  while (admissions_.front() + rate_window <= admissions_.back()) admissions_.pop_front();
}

const token* queue::find(token_key key) const {
  const auto found = tokens_.find(key);
  return found == tokens_.end() ? nullptr : &found->second;
}

const token* queue::find_live(const user_id& user) const {
  const auto found = by_user_.find(user);
  return found == by_user_.end() ? nullptr : find(found->second);
}

std::size_t queue::position(const token& t) const {
  return t.status == token_status::waiting ? line_.order_of_key(place(t)) + 1 : 0;
}

std::vector<const token*> queue::head_of_line(std::size_t n) const {
  std::vector<const token*> head;
  for (auto i = line_.begin(); i != line_.end() && head.size() < n; ++i)
    head.push_back(find(i->second));
  return head;
}

std::size_t queue::recent_admissions(time_point now) const {
  const auto first = std::upper_bound(admissions_.begin(), admissions_.end(), now - rate_window);
  return static_cast<std::size_t>(admissions_.end() - first);
}

void queue::polled(token_key key, time_point now) {
  const auto found = tokens_.find(key);
  if (found == tokens_.end() || found->second.status != token_status::waiting) return;
  auto& t = found->second;
  abandoning_.erase({t.last_polled, key});
  t.last_polled = std::max(t.last_polled, now);
  abandoning_.insert({t.last_polled, key});
}

struct queue::evolution {
  queue& q;

  void operator()(const token_issued& e) const {
    token t;
    t.key = e.token;
    t.row = e.row;
    t.user = e.user;
    t.arrival = e.arrival;
    t.priority = e.priority;
    t.issued_at = t.last_polled = e.at;
    assert(q.find_live(e.user) == nullptr);
    q.insert(t);
    q.next_arrival_ = std::max(q.next_arrival_, e.arrival + 1);
  }
  void operator()(const token_admitted& e) const {
    const auto* known = q.find(e.token);
    assert(known != nullptr && known->status == token_status::waiting);
    auto t = *known;
    q.turnover_.elapse(q.processing(), e.at);
    q.erase(*known);
    t.status = token_status::processing;
    t.admitted_at = e.at;
    t.expires_at = e.expires_at;
    q.insert(t);
    q.remember_admission(e.at);
  }
  void operator()(const token_expired& e) const {
    const auto* known = q.find(e.token);
    if (known == nullptr) return;
    if (known->status == token_status::processing) {
      q.turnover_.elapse(q.processing(), e.at);
      q.turnover_.place_freed();
    }
    q.erase(*known);
  }
  void operator()(const token_prioritized& e) const {
    const auto* known = q.find(e.token);
    assert(known != nullptr);
    auto t = *known;
    q.erase(*known);
    t.priority = e.priority;
    q.insert(t);
  }
  void operator()(const queue_configured& e) const {
    q.override_ = {e.active_limit, e.admit_per_second, e.paused};
  }
  void operator()(const operator_acted&) const {} // for the log
  template <class Other>
  void operator()(const Other&) const {
    assert(!"not a queue's event");
  }
};

void queue::evolve(const event& e) { std::visit(evolution{*this}, e); }

queue_rules in_force(const queue_rules& settings, const queue& q, time_point admits_from) {
  auto rules = settings;
  const auto& set = q.overridden();
  rules.active_limit = set.active_limit.value_or(settings.active_limit);
  rules.admit_per_second = set.admit_per_second.value_or(settings.admit_per_second);
  rules.paused = set.paused;
  rules.admits_from = admits_from;
  return rules;
}

token_view view(const queue& q, const queue_rules& rules, const token& t, time_point now) {
  const bool waits = t.status == token_status::waiting;
  token_view v;
  v.key = t.key;
  v.user = t.user;
  v.status = t.status;
  v.position = q.position(t);
  v.issued_at = t.issued_at;
  v.expires_at = waits ? t.last_polled + rules.abandon_after : t.expires_at;
  v.concert = q.concert();
  v.priority = t.priority;
  if (!waits) v.admitted_at = t.admitted_at;
  v.eta = estimate_wait(q, rules, t, now);
  if (waits) v.poll_after = poll_after(t.key, v.eta, rules);
  return v;
}

queue_view overview(const queue& q, const queue_rules& rules) {
  return {q.concert(),  rules.active_limit, rules.admit_per_second,
          rules.paused, q.waiting(),        q.processing()};
}

events decide_enter(const queue& q, const queue_rules& rules, const user_id& user, token_key fresh,
                    token_id row, std::int32_t client_priority, time_point now) {
  assert(q.find_live(user) == nullptr);
  const std::int32_t priority = rules.honour_client_priority ? client_priority : 0;
  events out{token_issued{fresh, row, q.concert(), user, q.next_arrival(), priority, now,
                          now + rules.abandon_after}};
  const bool admitted = admits_any(rules) && rules.admits_from <= now && q.waiting() == 0 &&
                        q.processing() < rules.active_limit &&
                        q.recent_admissions(now) < rules.admit_per_second;
  if (admitted)
    out.push_back(token_admitted{fresh, q.concert(), user, now, now + rules.active_ttl});
  return out;
}

events advance(const queue& q, const queue_rules& rules, time_point now, std::size_t most) {
  events out;
  auto expire = [&](token_key key) {
    out.push_back(token_expired{key, q.concert_, q.find(key)->user, now});
  };

  std::size_t expired = 0;
  for (const auto& [at, key] : q.expiring_) {
    if (at > now || out.size() == most) break;
    expire(key);
    ++expired;
  }
  std::set<token_key> dropped;
  for (const auto& [polled, key] : q.abandoning_) {
    if (polled + rules.abandon_after > now || out.size() == most) break;
    expire(key);
    dropped.insert(key);
  }

  const auto active = q.processing() - expired;
  const auto recent = q.recent_admissions(now);
  if (!admits_any(rules) || now < rules.admits_from) return out;
  auto places = std::min(active < rules.active_limit ? rules.active_limit - active : 0,
                         recent < rules.admit_per_second ? rules.admit_per_second - recent : 0);
  for (auto i = q.line_.begin(); i != q.line_.end() && places > 0 && out.size() < most; ++i) {
    if (dropped.count(i->second) != 0) continue;
    const auto* t = q.find(i->second);
    out.push_back(token_admitted{t->key, q.concert_, t->user, now, now + rules.active_ttl});
    --places;
  }
  return out;
}

std::optional<time_point> next_wake(const queue& q, const queue_rules& rules, time_point now) {
  std::optional<time_point> wake;
  auto sooner = [&wake](time_point t) { wake = wake ? std::min(*wake, t) : t; };
  if (!q.expiring_.empty()) sooner(q.expiring_.begin()->first);
  if (!q.abandoning_.empty()) sooner(q.abandoning_.begin()->first + rules.abandon_after);
  if (admits_any(rules) && q.waiting() > 0 && q.processing() < rules.active_limit) {
    const auto recent = q.recent_admissions(now);
    auto next = std::max(now, rules.admits_from);
    if (recent >= rules.admit_per_second)
      next = std::max(next,
                      q.admissions_[q.admissions_.size() - rules.admit_per_second] + rate_window);
    sooner(next);
  }
  return wake;
}

events decide_release(const queue& q, token_key key, time_point now) {
  const auto* t = q.find(key);
  if (t == nullptr) return {};
  return {token_expired{key, q.concert(), t->user, now}};
}

events decide_priority(const queue& q, token_key key, std::int32_t priority, time_point now) {
  const auto* t = q.find(key);
  if (t == nullptr || t->priority == priority) return {};
  return {token_prioritized{key, q.concert(), priority, now},
          operator_acted{"token.prioritize", "token " + to_string(key), std::nullopt, now}};
}

events decide_configuration(const queue& q, const queue_change& change, time_point now) {
  auto set = q.overridden();
  if (change.active_limit) set.active_limit = *change.active_limit;
  if (change.admit_per_second) set.admit_per_second = *change.admit_per_second;
  if (change.paused) set.paused = *change.paused;
  if (set == q.overridden()) return {};
  return {queue_configured{q.concert(), set.active_limit, set.admit_per_second, set.paused, now},
          operator_acted{"queue.configure", "concert " + std::to_string(q.concert().value),
                         std::nullopt, now}};
}

std::optional<rejection> check_admission(const queue& q, const queue_rules& rules, token_key key,
                                         const user_id& user, time_point now) {
  const auto* t = q.find(key);
  if (t == nullptr || t->user != user) return invalid_token();
  if (t->status == token_status::waiting) {
    auto wait = reject(error_code::queue_token_waiting, "The token still waits in the queue.");
    wait.retry_after = poll_after(key, estimate_wait(q, rules, *t, now), rules);
    return wait;
  }
  if (t->expires_at <= now) return invalid_token();
  return std::nullopt;
}

} // namespace boxoffice::domain
