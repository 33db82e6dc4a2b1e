#include "actors/domain/queue.hpp"

#include <algorithm>
#include <cassert>

namespace boxoffice::domain {

namespace {

constexpr duration rate_window = std::chrono::seconds(1);

place_in_line place(const token& t) { return {t.priority, t.arrival}; }

} // namespace

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
    q.erase(*known);
    t.status = token_status::processing;
    t.admitted_at = e.at;
    t.expires_at = e.expires_at;
    q.insert(t);
    q.remember_admission(e.at);
  }
  void operator()(const token_expired& e) const {
    if (const auto* known = q.find(e.token)) q.erase(*known);
  }
  template <class Other>
  void operator()(const Other&) const {
    assert(!"not a queue's event");
  }
};

void queue::evolve(const event& e) { std::visit(evolution{*this}, e); }

token_view view(const queue& q, const queue_rules& rules, const token& t) {
  const bool waits = t.status == token_status::waiting;
  return {t.key,         t.user,      t.status,
          q.position(t), t.issued_at, waits ? t.last_polled + rules.abandon_after : t.expires_at};
}

events decide_enter(const queue& q, const queue_rules& rules, const user_id& user, token_key fresh,
                    token_id row, std::int32_t client_priority, time_point now) {
  assert(q.find_live(user) == nullptr);
  const std::int32_t priority = rules.honour_client_priority ? client_priority : 0;
  events out{token_issued{fresh, row, q.concert(), user, q.next_arrival(), priority, now,
                          now + rules.abandon_after}};
  const bool admitted = q.waiting() == 0 && q.processing() < rules.active_limit &&
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
  const bool admits_any = rules.admit_per_second > 0;
  if (admits_any && q.waiting() > 0 && q.processing() < rules.active_limit) {
    const auto recent = q.recent_admissions(now);
    if (recent < rules.admit_per_second)
      sooner(now);
    else
      sooner(q.admissions_[q.admissions_.size() - rules.admit_per_second] + rate_window);
  }
  return wake;
}

events decide_release(const queue& q, token_key key, time_point now) {
  const auto* t = q.find(key);
  if (t == nullptr) return {};
  return {token_expired{key, q.concert(), t->user, now}};
}

std::optional<rejection> check_admission(const queue& q, const queue_rules& rules, token_key key,
                                         const user_id& user, time_point now) {
  const auto* t = q.find(key);
  if (t == nullptr || t->user != user) return invalid_token();
  if (t->status == token_status::waiting) {
    constexpr std::size_t longest = 30;
    const auto rate = std::max<std::size_t>(rules.admit_per_second, 1);
    const auto estimate = q.position(*t) / rate + 1;
    auto wait = reject(error_code::queue_token_waiting, "The token still waits in the queue.");
    wait.retry_after = std::chrono::seconds(std::min(estimate, longest));
    return wait;
  }
  if (t->expires_at <= now) return invalid_token();
  return std::nullopt;
}

} // namespace boxoffice::domain
