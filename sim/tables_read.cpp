#include "sim/tables.hpp"

#include <iterator>

namespace boxoffice::sim {

using domain::seat_status;
using domain::token_status;

// --- the image

persistence::image tables::load_image() const {
  persistence::image whole;
  whole.empty = wallets_.empty() && concerts_.empty();
  for (const auto& [id, row] : concerts_)
    whole.catalogue.concerts.emplace_hint(whole.catalogue.concerts.end(), id, row.what);
  for (const auto& [id, row] : options_)
    whole.catalogue.options.emplace_hint(whole.catalogue.options.end(), id, row.what);
  for (const auto& [first, section] : sections_) {
    auto id = first;
    for (const auto& seat : section.seats) {
      if (seat.status != seat_status::free)
        whole.taken.push_back({section.option, id, seat.status});
      ++id.value;
    }
  }
  whole.next_ids = next_ids_;
  whole.last_commit = last_commit_;
  whole.last_time = last_time_;
  return whole;
}

persistence::unfinished_work tables::find_unfinished() const {
  persistence::unfinished_work work;
  for (const auto& [id, row] : concerts_)
    if (!row.live.empty()) work.queues.push_back(id);
  work.bookings.assign(unfinished_.begin(), unfinished_.end());
  return work;
}

// --- entities

std::optional<domain::wallet> tables::load_wallet(const domain::user_id& user) const {
  const auto found = wallets_.find(user);
  if (found == wallets_.end()) return std::nullopt;
  return found->second;
}

std::optional<domain::queue> tables::load_queue(domain::concert_id id,
                                                domain::time_point now) const {
  const auto found = concerts_.find(id);
  if (found == concerts_.end()) return std::nullopt;
  const auto& concert = found->second;
  domain::queue queue(id);
  for (const auto& [user, row] : concert.live) {
    auto token = row->what;
    token.last_polled = token.status == token_status::waiting ? now : token.issued_at;
    queue.restore(token);
  }
  // The rate counts admissions whose tokens have died since as well.
  const auto& admissions = concert.admissions;
  if (!admissions.empty()) {
    const auto window_begin = admissions.rbegin()->first - std::chrono::seconds(1);
    for (auto a = admissions.upper_bound(window_begin); a != admissions.end(); ++a)
      if (a->second->what.status == token_status::expired) queue.restore(a->second->what);
  }
  queue.restore_arrivals(concert.by_arrival.empty() ? 0 : concert.by_arrival.rbegin()->first);
  return queue;
}

std::optional<domain::option_desk> tables::load_desk(domain::option_id id) const {
  const auto found = options_.find(id);
  if (found == options_.end()) return std::nullopt;
  domain::option_desk desk;
  for (const auto* booking : found->second.bookings) desk.note(*booking);
  return desk;
}

std::optional<domain::booking> tables::load_booking(domain::booking_id id) const {
  const auto found = bookings_.find(id);
  if (found == bookings_.end()) return std::nullopt;
  return found->second;
}

tables::seat_place tables::find_seat(domain::seat_id id) const {
  const auto next = sections_.upper_bound(id);
  if (next == sections_.begin()) return {};
  const auto& section = std::prev(next)->second;
  const auto index = static_cast<std::size_t>(id.value - section.what.first_seat.value);
  if (index >= section.seats.size()) return {};
  return {&section, index};
}

std::optional<domain::seat> tables::load_seat(domain::seat_id id) const {
  const auto place = find_seat(id);
  if (place.section == nullptr) return std::nullopt;
  const auto& row = place.section->seats[place.index];
  domain::seat seat;
  seat.status = row.status;
  seat.holder = row.holder;
  return seat;
}

std::optional<persistence::token_owner> tables::find_token(domain::token_key key) const {
  const auto found = tokens_.find(key);
  if (found == tokens_.end()) return std::nullopt;
  return persistence::token_owner{found->second.what.user, found->second.concert};
}

} // namespace boxoffice::sim
