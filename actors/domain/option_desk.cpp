#include "actors/domain/option_desk.hpp"

#include <algorithm>
#include <cassert>

namespace boxoffice::domain {

past_share past_share_of(const booking& b) {
  return {b.confirmed_at ? time_point::max() : b.expires_at, b.id};
}

void option_desk::note(const booking& b) {
  auto& who = customers[b.user];
  switch (b.status) {
  case booking_status::pending:
  case booking_status::paying:
  case booking_status::confirmed:
  case booking_status::refunding: who.live[b.id] = {b.status, b.seats.size(), b.total}; break;
  case booking_status::expired:
    who.live.erase(b.id);
    who.expired = std::max(who.expired, std::optional(past_share_of(b)));
    break;
  case booking_status::cancelled:
    who.live.erase(b.id);
    who.cancelled = std::max(who.cancelled, std::optional(past_share_of(b)));
    break;
  }
}

void option_desk::forget(const user_id& user, booking_status status, const past_share& gone) {
  const auto found = customers.find(user);
  if (found == customers.end()) return;
  auto& who = found->second;
  auto& last = status == booking_status::expired ? who.expired : who.cancelled;
  if (last && *last <= gone) last.reset();
  if (who.live.empty() && !who.expired && !who.cancelled) customers.erase(found);
}

result<events> decide_cancellation(const concert_option& option, const option_desk& desk,
                                   time_point now) {
  if (desk.cancelled) return events{};
  if (now >= option.starts_at) return reject(error_code::sale_closed, "The performance has begun.");
  return events{option_cancelled{option.id, now}};
}

std::vector<booking_id> live_bookings(const option_desk& desk) {
  std::vector<booking_id> all;
  for (const auto& [user, who] : desk.customers)
    for (const auto& [id, share] : who.live) all.push_back(id);
  std::sort(all.begin(), all.end());
  return all;
}

namespace {

struct desk_evolution {
  option_desk& desk;

  void operator()(const option_cancelled&) const {
    assert(!desk.cancelled);
    desk.cancelled = true;
  }
  void operator()(const cancellation_completed&) const {
    assert(desk.cancelled && !desk.wound_up);
    desk.wound_up = true;
  }
  void operator()(const operator_acted&) const {} // told beside what it did
  template <class Other>
  void operator()(const Other&) const {
    assert(!"not a desk's event");
  }
};

} // namespace

void evolve(option_desk& desk, const event& e) { std::visit(desk_evolution{desk}, e); }

bool has_live_booking(const option_desk& desk, const user_id& user, time_point starts_at,
                      time_point now) {
  const auto who = desk.customers.find(user);
  if (who == desk.customers.end()) return false;
  const auto& live = who->second.live;
  return std::any_of(live.begin(), live.end(), [&](const auto& share) {
    return share.second.status != booking_status::confirmed || starts_at > now;
  });
}

namespace {

// Whether the user may have `more` seats here, by one more booking.
std::optional<rejection> check_share(const option_desk& desk, const booking_rules& rules,
                                     const user_id& user, std::size_t more) {
  std::size_t seats = more;
  std::size_t holds = 1;
  if (const auto who = desk.customers.find(user); who != desk.customers.end())
    for (const auto& [id, share] : who->second.live) {
      seats += share.seats;
      // One that is being paid may come back.
      if (share.status == booking_status::pending || share.status == booking_status::paying)
        ++holds;
    }
  if (seats > rules.max_seats_per_user)
    return reject(error_code::seat_limit, "A user has at most " +
                                              std::to_string(rules.max_seats_per_user) +
                                              " seats in one performance.");
  if (holds > rules.max_holds_per_user)
    return reject(error_code::seat_limit, "A user has at most " +
                                              std::to_string(rules.max_holds_per_user) +
                                              " bookings in one performance that wait to be paid.");
  return std::nullopt;
}

// A seat named twice would be granted twice to the same booking, and paid twice.
std::optional<rejection> check_request(std::vector<seat_name> names, const booking_rules& rules) {
  if (names.empty()) return reject_body("/seats", "A booking has at least one seat.");
  if (names.size() > rules.max_seats)
    return reject_body("/seats",
                       "At most " + std::to_string(rules.max_seats) + " seats a booking.");
  std::sort(names.begin(), names.end());
  const auto twice = std::adjacent_find(names.begin(), names.end());
  if (twice != names.end())
    return reject_body("/seats", "The seat " + to_string(*twice) + " is named twice.");
  return std::nullopt;
}

} // namespace

result<std::vector<booked_seat>>
decide_admission(const concert_option& option, const option_desk& desk, const booking_rules& rules,
                 const user_id& user, const std::vector<seat_name>& names, time_point now) {
  if (auto fault = check_request(names, rules)) return *fault;
  if (desk.cancelled) return reject(error_code::sale_closed, "The performance is cancelled.");
  if (auto closed = check_sale_hours(option, now)) return *closed;

  std::vector<booked_seat> seats;
  for (const auto& name : names) {
    const auto place = find_seat(option, name);
    if (!place)
      return reject(error_code::seat_not_found, "There is no seat " + to_string(name) + ".");
    seats.push_back({place->id, {}, name, place->price});
  }
  std::sort(seats.begin(), seats.end(),
            [](const auto& a, const auto& b) { return a.seat < b.seat; });

  if (auto full = check_share(desk, rules, user, seats.size())) return *full;
  return seats;
}

std::optional<rejection> check_best(const concert_option& option, const option_desk& desk,
                                    const booking_rules& rules, const user_id& user,
                                    const best_seats& wish, time_point now) {
  if (wish.count < 1 || wish.count > rules.max_seats)
    return reject_body("/count",
                       "A booking has 1 to " + std::to_string(rules.max_seats) + " seats.");
  if (desk.cancelled) return reject(error_code::sale_closed, "The performance is cancelled.");
  if (auto closed = check_sale_hours(option, now)) return *closed;
  const auto is_meant = [&](const section& s) { return s.name == *wish.section; };
  if (wish.section && std::none_of(option.sections.begin(), option.sections.end(), is_meant))
    return reject(error_code::seat_not_found, "There is no section " + *wish.section + ".");
  return check_share(desk, rules, user, wish.count);
}

rejection none_together(const best_seats& wish) {
  return reject(error_code::seat_already_reserved,
                "No " + std::to_string(wish.count) + " free seats side by side are left" +
                    (wish.section ? " in section " + *wish.section : "") + ".");
}

result<booking_id> find_payable(const option_desk& desk, const user_id& user, money amount) {
  const auto who = desk.customers.find(user);
  if (who == desk.customers.end())
    return reject(error_code::booking_not_found, "This user has no booking for this performance.");

  std::string pending;
  std::size_t count = 0;
  const std::pair<const booking_id, booking_share>* payable = nullptr;
  for (const auto& entry : who->second.live) {
    if (entry.second.status != booking_status::pending) continue;
    payable = &entry;
    if (count++ > 0) pending += ", ";
    pending += std::to_string(entry.first.value);
  }
  if (count > 1)
    return reject(error_code::booking_not_pending,
                  "Several bookings are pending, so none was paid: " + pending + ".");
  if (count == 1) {
    if (payable->second.total != amount)
      return reject_body("/amount",
                         "The booking costs " + to_points(payable->second.total) + " points.");
    return payable->first;
  }
  if (!who->second.live.empty())
    return reject(error_code::booking_not_pending, "The booking is being paid or paid already.");
  if (who->second.expired)
    return reject(error_code::booking_expired, "The hold on these seats has run out.");
  if (who->second.cancelled)
    return reject(error_code::booking_not_pending, "The booking is cancelled.");
  return reject(error_code::booking_not_found, "This user has no booking for this performance.");
}

} // namespace boxoffice::domain
