#include "tests/domain/queue_model.hpp"

#include <algorithm>

namespace boxoffice::domain::test {

namespace {

bool is_live(const token& t) { return t.status != token_status::expired; }

bool goes_before(const token& a, const token& b) {
  return a.priority > b.priority || (a.priority == b.priority && a.arrival < b.arrival);
}

} // namespace

token& queue_model::live_token(token_key key) {
  const auto found = std::find_if(tokens_.begin(), tokens_.end(),
                                  [key](const token& t) { return t.key == key && is_live(t); });
  require(found != tokens_.end(), "an event names a token that is not live");
  return *found;
}

std::vector<token_key> queue_model::live() const {
  std::vector<token_key> keys;
  for (const auto& t : tokens_)
    if (is_live(t)) keys.push_back(t.key);
  return keys;
}

std::size_t queue_model::processing() const {
  return static_cast<std::size_t>(std::count_if(tokens_.begin(), tokens_.end(), [](const auto& t) {
    return t.status == token_status::processing;
  }));
}

std::size_t queue_model::admitted_in_the_second_up_to(time_point now) const {
  return static_cast<std::size_t>(
      std::count_if(admissions_.begin(), admissions_.end(), [now](time_point at) {
        return at > now - std::chrono::seconds(1) && at <= now;
      }));
}

std::size_t queue_model::ahead_of(const token& t) const {
  return static_cast<std::size_t>(
      std::count_if(tokens_.begin(), tokens_.end(), [&t](const auto& o) {
        return o.status == token_status::waiting && goes_before(o, t);
      }));
}

void queue_model::observe(const event& e) {
  if (const auto* i = std::get_if<token_issued>(&e))
    issued(*i);
  else if (const auto* a = std::get_if<token_admitted>(&e))
    admitted(*a);
  else if (const auto* x = std::get_if<token_expired>(&e))
    expired(*x);
  else if (const auto* p = std::get_if<token_prioritized>(&e))
    live_token(p->token).priority = p->priority;
  else if (const auto* c = std::get_if<queue_configured>(&e))
    set_ = {c->active_limit, c->admit_per_second, c->paused};
  else if (!std::holds_alternative<operator_acted>(e))
    BOOST_FAIL("not a queue's event");
}

queue_rules queue_model::rules() const {
  auto r = settings_;
  if (set_.active_limit) r.active_limit = *set_.active_limit;
  if (set_.admit_per_second) r.admit_per_second = *set_.admit_per_second;
  return r;
}

void queue_model::issued(const token_issued& e) {
  require(tokens_.empty() || e.arrival == tokens_.back().arrival + 1,
          "arrivals are numbered without gaps");
  for (const auto& t : tokens_)
    require(!is_live(t) || t.user != e.user, "a user has one live token");
  require(settings_.honour_client_priority || e.priority == 0, "a client's priority counts as 0");
  require(e.expires_at == e.at + settings_.abandon_after, "a waiting token expires unless polled");
  token t;
  t.key = e.token;
  t.row = e.row;
  t.user = e.user;
  t.arrival = e.arrival;
  t.priority = e.priority;
  t.issued_at = t.last_polled = e.at;
  tokens_.push_back(t);
}

void queue_model::admitted(const token_admitted& e) {
  auto& t = live_token(e.token);
  require(t.status == token_status::waiting, "only who waits is admitted");
  require(e.user == t.user, "the token is admitted for its own user");
  require(ahead_of(t) == 0, "nobody who goes first is passed over");
  require(!set_.paused, "nobody is admitted while the queue is paused");
  require(e.at >= opens_at_, "nobody is admitted before the sale opens");
  require(processing() < rules().active_limit, "admissions stay within the limit");
  require(admitted_in_the_second_up_to(e.at) < rules().admit_per_second,
          "admissions stay within the rate");
  require(e.expires_at == e.at + settings_.active_ttl, "an admission lasts active_ttl");
  t.status = token_status::processing;
  t.admitted_at = e.at;
  t.expires_at = e.expires_at;
  admissions_.push_back(e.at);
}

void queue_model::expired(const token_expired& e) {
  auto& t = live_token(e.token);
  const auto end =
      t.status == token_status::waiting ? t.last_polled + settings_.abandon_after : t.expires_at;
  require(end <= e.at || paid_.count(t.key) != 0, "no token expires before its time");
  t.status = token_status::expired;
}

void queue_model::polled(token_key key, time_point now) {
  auto& t = live_token(key);
  if (t.status == token_status::waiting) t.last_polled = std::max(t.last_polled, now);
}

void queue_model::check_nothing_is_due(time_point now) const {
  bool somebody_waits = false;
  for (const auto& t : tokens_) {
    if (t.status == token_status::processing)
      require(t.expires_at > now, "an admission outlived its time");
    if (t.status != token_status::waiting) continue;
    somebody_waits = true;
    require(t.last_polled + settings_.abandon_after > now, "an abandoned token was not dropped");
  }
  const bool could_admit = !set_.paused && now >= opens_at_ &&
                           processing() < rules().active_limit &&
                           admitted_in_the_second_up_to(now) < rules().admit_per_second;
  require(!somebody_waits || !could_admit, "somebody waits for no reason");
}

void queue_model::check_agrees(const queue& q, time_point now) const {
  std::size_t waiting = 0;
  for (const auto& t : tokens_) {
    const auto* real = q.find(t.key);
    require((real != nullptr) == is_live(t), "the queue knows the live tokens and no other");
    if (!is_live(t)) continue;
    const bool waits = t.status == token_status::waiting;
    waiting += waits ? 1 : 0;
    require(q.find_live(t.user) == real, "a user's live token is found by name");
    require(real->status == t.status, "statuses agree");
    require(q.position(*real) == (waits ? ahead_of(t) + 1 : 0), "positions agree");
    const auto told = view(q, settings_, *real, now);
    require(told.expires_at == (waits ? t.last_polled + settings_.abandon_after : t.expires_at),
            "expirations agree");
    require(told.issued_at == t.issued_at && told.user == t.user && told.priority == t.priority,
            "the rest agrees too");
  }
  require(q.waiting() == waiting && q.processing() == processing(), "counts agree");
}

void queue_model::check_every_window(std::size_t highest_rate) const {
  require(std::is_sorted(admissions_.begin(), admissions_.end()), "time goes forward");
  for (auto i = highest_rate; i < admissions_.size(); ++i)
    require(admissions_[i] - admissions_[i - highest_rate] >= std::chrono::seconds(1),
            "no second saw more admissions than the rate");
}

queue queue_model::restarted(time_point now, dice& d) {
  for (auto& t : tokens_) t.last_polled = now; // a restart counts as a poll
  auto as_read = tokens_;
  d.shuffle(as_read);
  queue q(concert_id{2});
  q.restore_override(set_);
  for (const auto& t : as_read) q.restore(t);
  if (!tokens_.empty()) q.restore_arrivals(tokens_.back().arrival);
  return q;
}

} // namespace boxoffice::domain::test
