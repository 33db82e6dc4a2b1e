#include "actors/domain/option_desk.hpp"

#include <algorithm>

namespace boxoffice::domain {

void option_desk::note(const booking& b) {
  auto& who = customers[b.user];
  switch (b.status) {
  case booking_status::pending:
  case booking_status::paying:
  case booking_status::confirmed:
  case booking_status::refunding: who.live[b.id] = {b.status, b.seats.size(), b.total}; break;
  case booking_status::expired:
    who.live.erase(b.id);
    who.had_expired = true;
    break;
  case booking_status::cancelled: who.live.erase(b.id); break;
  }
}

namespace {

std::size_t seats_of(const option_desk& desk, const user_id& user) {
  const auto who = desk.customers.find(user);
  if (who == desk.customers.end()) return 0;
  std::size_t seats = 0;
  for (const auto& [id, share] : who->second.live) seats += share.seats;
  return seats;
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

  if (seats_of(desk, user) + seats.size() > rules.max_seats_per_user)
    return reject(error_code::seat_limit, "A user has at most " +
                                              std::to_string(rules.max_seats_per_user) +
                                              " seats in one performance.");
  return seats;
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
  if (who->second.had_expired)
    return reject(error_code::booking_expired, "The hold on these seats has run out.");
  return reject(error_code::booking_not_found, "This user has no booking for this performance.");
}

} // namespace boxoffice::domain
