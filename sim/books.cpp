#include "sim/books.hpp"

#include <algorithm>
#include <cassert>
#include <set>

namespace boxoffice::sim {

using domain::booking_status;
using domain::seat_status;
using domain::token_status;

seat_book* option_book::find(domain::seat_id seat) {
  const auto at = seat.value - what.first_seat().value;
  if (at < 0 || at >= static_cast<std::int64_t>(seats.size())) return nullptr;
  return &seats[static_cast<std::size_t>(at)];
}

seat_book* option_book::find(const domain::seat_name& name) {
  for (auto& s : seats)
    if (s.name == name) return &s;
  return nullptr;
}

void sale_books::note_clock(domain::time_point at) {
  for (const auto id : undated_options) options.at(id).known_at = at;
  undated_options.clear();
  for (const auto id : undated_bookings) bookings.at(id).known_at = at;
  undated_bookings.clear();
  for (const auto id : undated_payments) payments.at(id).known_at = at;
  undated_payments.clear();
}

bool sale_books::use_id(domain::id_kind kind, std::int64_t id) {
  const auto k = static_cast<std::size_t>(kind);
  highest_id[k] = std::max(highest_id[k], id);
  return id > 0 && used_ids[k].insert(id).second;
}

user_book* sale_books::find_user(const domain::user_id& u) { return found_in(users, u); }

bool sale_books::was_nobody(const domain::user_id& id, instant since) {
  const auto* user = find_user(id);
  return user == nullptr || user->since > since || user->erased_since != 0;
}

queue_book* sale_books::find_queue(domain::concert_id c) { return found_in(queues, c); }
option_book* sale_books::find_option(domain::option_id o) { return found_in(options, o); }
booking_book* sale_books::find_booking(domain::booking_id b) { return found_in(bookings, b); }
payment_book* sale_books::find_payment(domain::payment_id p) { return found_in(payments, p); }
token_book* sale_books::find_token(domain::token_key t) { return found_in(tokens, t); }

customer_book* sale_books::find_customer(const domain::user_id& u, domain::option_id o) {
  auto* user = find_user(u);
  return user == nullptr ? nullptr : found_in(user->as_customer, o);
}

void sale_books::set_seat(option_book& option, domain::seat_id id, seat_state state) {
  auto* seat = option.find(id);
  const auto before = seat->states.now().status;
  reached.reached(before == seat_status::free         ? "seat: free -> held"
                  : state.status == seat_status::sold ? "seat: held -> sold"
                  : before == seat_status::sold       ? "seat: sold -> free"
                                                      : "seat: held -> free");
  --option.count[static_cast<std::size_t>(before)];
  ++option.count[static_cast<std::size_t>(state.status)];
  option.changes.push_back(
      {last_commit, static_cast<std::size_t>(id.value - option.what.first_seat().value), before});
  seat->states.add(now, state);
}

namespace {

void count(standing& s, booking_status status, std::size_t seats, bool add) {
  auto& bookings = status == booking_status::pending     ? s.pending
                   : status == booking_status::expired   ? s.expired
                   : status == booking_status::cancelled ? s.cancelled
                                                         : s.paying_or_paid;
  add ? ++bookings : --bookings;
  if (status == booking_status::paying) add ? ++s.paying : --s.paying;
  const bool lives = status != booking_status::expired && status != booking_status::cancelled;
  if (lives) add ? s.seats += seats : s.seats -= seats;
}

} // namespace

void sale_books::set_status(booking_book& b, booking_status status) {
  auto& customer = users.at(b.what.user).as_customer[b.what.option];
  auto s = customer.states.empty() ? standing{} : customer.states.now();
  if (b.states.empty())
    customer.bookings.push_back(b.what.id);
  else
    count(s, b.states.now(), b.what.seats.size(), false);
  count(s, status, b.what.seats.size(), true);
  customer.states.add(now, s);
  b.states.add(now, status);
  b.what.status = status;
  if (status == booking_status::expired) b.expired_since = now;
  if (status == booking_status::cancelled) b.cancelled_since = now;
  auto& option = options.at(b.what.option);
  if (b.states.size() == 1) ++option.live_bookings;
  if (status == booking_status::expired || status == booking_status::cancelled)
    --option.live_bookings;
}

// What was said of it stays in the books; what the store holds of its user is less.
void sale_books::forget(booking_book& b) {
  auto& user = users.at(b.what.user);
  auto& customer = user.as_customer.at(b.what.option);
  auto s = customer.states.now();
  count(s, b.states.now(), b.what.seats.size(), false);
  customer.states.add(now, s);
  user.refused.erase(b.what.id);
  b.forgotten_since = now;
}

// The store counts its admission no more; it was long before any that the rate depends on.
void sale_books::forget(token_book& t) {
  auto& admissions = queues.at(t.concert).admissions;
  if (t.was_admitted) {
    const auto at = std::find(admissions.begin(), admissions.end(), t.what.admitted_at);
    if (at != admissions.end()) admissions.erase(at);
  }
  t.forgotten_since = now;
}

namespace {

using waiting_token = std::pair<domain::place_in_line, domain::token_key>;

domain::place_in_line place_of(const token_book& t) { return {t.what.priority, t.what.arrival}; }

auto find_place(queue_book& q, domain::place_in_line place) {
  return std::lower_bound(q.line.begin(), q.line.end(), place,
                          [](const waiting_token& w, const auto& p) { return w.first < p; });
}

} // namespace

void sale_books::set_processing(queue_book& q, std::size_t n) {
  q.processing = n;
  q.processing_then.add(now, n);
}

void sale_books::join_line(queue_book& q, const token_book& t) {
  const auto place = place_of(t);
  q.line.insert(find_place(q, place), {place, t.what.key});
  q.waiting_then.add(now, q.line.size());
  q.changes.push_back({now, place, true});
}

void sale_books::leave_line(queue_book& q, const token_book& t) {
  const auto place = place_of(t);
  const auto found = find_place(q, place);
  assert(found != q.line.end() && found->second == t.what.key);
  q.line.erase(found);
  q.waiting_then.add(now, q.line.size());
  q.changes.push_back({now, place, false});
}

domain::queue_rules sale_books::rules_of(const queue_book& q) const {
  auto in_force = rules.queue;
  if (q.set.empty()) return in_force;
  const auto& set = q.set.now();
  if (set.active_limit) in_force.active_limit = *set.active_limit;
  if (set.admit_per_second) in_force.admit_per_second = *set.admit_per_second;
  in_force.paused = set.paused;
  return in_force;
}

std::optional<bool> sale_books::sells(domain::concert_id concert, domain::time_point at) const {
  bool opens_later = false;
  for (const auto& [id, option] : options) {
    const auto& what = option.what;
    if (what.concert != concert) continue;
    if (option.cancelled || !option.known_at || *option.known_at >= at) return std::nullopt;
    const auto end = std::min(what.sales_close_at, what.starts_at);
    if (what.sales_open_at >= end || at >= end) continue;
    if (at >= what.sales_open_at) return true;
    opens_later = true;
  }
  return !opens_later;
}

std::size_t sale_books::recent_admissions(const queue_book& q, domain::time_point at) {
  const auto first =
      std::upper_bound(q.admissions.begin(), q.admissions.end(), at - std::chrono::seconds(1));
  return static_cast<std::size_t>(q.admissions.end() - first);
}

namespace {

// The same for a token whose own place changed: the whole line is set up again as it was.
bool had_place_then(const queue_book& q, const token_book& t, instant since, std::size_t position) {
  std::set<domain::place_in_line> line;
  for (const auto& [place, key] : q.line) line.insert(place);
  for (auto c = q.changes.rbegin();; ++c) {
    std::size_t before = 0;
    for (const auto& place : line) {
      ++before;
      if (place.arrival == t.what.arrival && before == position) return true;
    }
    if (c == q.changes.rend() || c->since <= since) return false;
    if (c->came)
      line.erase(c->place);
    else
      line.insert(c->place);
  }
}

} // namespace

// The line is walked back from what it is now: who stood before the token then?
bool had_place(const queue_book& q, const token_book& t, instant since, std::size_t position) {
  if (position == 0) return t.states.was(since, token_status::processing);
  const bool moved =
      t.priorities.ever(0, [&](std::int32_t other) { return other != t.what.priority; });
  if (moved) return had_place_then(q, t, since, position);
  const auto place = place_of(t);
  const auto is = [](const domain::place_in_line& a, const domain::place_in_line& b) {
    return !(a < b) && !(b < a);
  };
  const auto here = std::lower_bound(q.line.begin(), q.line.end(), place,
                                     [](const auto& w, const auto& p) { return w.first < p; });
  auto before = static_cast<std::size_t>(here - q.line.begin());
  bool waits = t.states.now() == token_status::waiting;
  for (auto c = q.changes.rbegin();; ++c) {
    if (waits && before + 1 == position) return true;
    if (c == q.changes.rend() || c->since <= since) return false;
    if (is(c->place, place))
      waits = !c->came;
    else if (c->place < place)
      c->came ? --before : ++before;
  }
}

bool same_booking(const domain::booking& x, const domain::booking& y) {
  const auto same_seat = [](const domain::booked_seat& s, const domain::booked_seat& t) {
    return s.seat == t.seat && s.reservation == t.reservation && s.name == t.name &&
           s.price == t.price;
  };
  return x.id == y.id && x.option == y.option && x.concert == y.concert && x.user == y.user &&
         x.token == y.token && x.total == y.total && x.created_at == y.created_at &&
         x.expires_at == y.expires_at &&
         std::equal(x.seats.begin(), x.seats.end(), y.seats.begin(), y.seats.end(), same_seat);
}

std::vector<domain::seat_name> names_of(const std::vector<domain::booked_seat>& seats) {
  std::vector<domain::seat_name> names;
  for (const auto& s : seats) names.push_back(s.name);
  return names;
}

std::string seats_in_order(std::vector<domain::seat_name> names) {
  std::sort(names.begin(), names.end());
  return domain::to_string(names);
}

std::string wish_of(const domain::best_seats& best) {
  return std::to_string(best.count) + " together" + (best.section ? " in " + *best.section : "");
}

std::string wish_of(const actors::create_booking& c) {
  return c.best.count > 0 ? wish_of(c.best) : seats_in_order(c.seats);
}

bool side_by_side(const std::vector<domain::booked_seat>& seats) {
  for (std::size_t i = 1; i < seats.size(); ++i)
    if (seats[i].name.section != seats[0].name.section ||
        seats[i].name.number != seats[i - 1].name.number + 1)
      return false;
  return true;
}

} // namespace boxoffice::sim
