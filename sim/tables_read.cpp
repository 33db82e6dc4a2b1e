#include "sim/tables.hpp"

#include <algorithm>
#include <iterator>

namespace boxoffice::sim {

using domain::seat_status;
using domain::token_status;

// --- options

std::int64_t tables::live_bookings(const option_row& row) {
  return std::count_if(row.bookings.begin(), row.bookings.end(), [](const domain::booking* b) {
    return b->status != domain::booking_status::expired &&
           b->status != domain::booking_status::cancelled;
  });
}

std::shared_ptr<const domain::concert_option> tables::as_it_stands(const option_row& row) {
  if (!row.cancelled) return row.what;
  auto option = std::make_shared<domain::concert_option>(*row.what);
  option->cancelled = row.cancelled;
  option->cancelled->remaining = live_bookings(row);
  return option;
}

// --- the image

persistence::image tables::load_image() const {
  persistence::image whole;
  whole.empty = wallets_.empty() && concerts_.empty();
  for (const auto& [id, row] : concerts_)
    whole.catalogue.concerts.emplace_hint(whole.catalogue.concerts.end(), id, row.what);
  for (const auto& [id, row] : options_)
    if (row.published)
      whole.catalogue.options.emplace_hint(whole.catalogue.options.end(), id, as_it_stands(row));
  whole.incarnation = "simulated";
  for (const auto& [first, section] : sections_) {
    auto id = first;
    for (const auto& seat : section.seats) {
      if (seat.status != seat_status::free)
        whole.taken.push_back({section.option, id, seat.status, seat.holder});
      ++id.value;
    }
  }
  for (const auto& [id, row] : concerts_)
    for (const auto& [user, token] : row.live)
      whole.tokens.push_back({token->what.key, id, token->what.status});
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
  work.drafts = std::any_of(options_.begin(), options_.end(),
                            [](const auto& entry) { return !entry.second.published; });
  for (const auto& [id, row] : options_)
    if (row.cancelled && !row.cancelled->completed_at) work.options.push_back(id);
  return work;
}

// --- entities

std::vector<domain::option_draft> tables::load_drafts() const {
  std::vector<domain::option_draft> drafts;
  for (const auto& [id, row] : options_) {
    if (row.published) continue;
    domain::option_draft draft{*row.what, 0};
    for (const auto& s : row.what->sections)
      draft.laid += static_cast<int>(sections_.at(s.first_seat).seats.size());
    drafts.push_back(std::move(draft));
  }
  return drafts;
}

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
  queue.restore_override(concert.set);
  queue.restore_arrivals(concert.by_arrival.empty() ? 0 : concert.by_arrival.rbegin()->first);
  return queue;
}

std::optional<domain::option_desk> tables::load_desk(domain::option_id id) const {
  const auto found = options_.find(id);
  if (found == options_.end() || !found->second.published) return std::nullopt;
  domain::option_desk desk;
  for (const auto* booking : found->second.bookings) desk.note(*booking);
  if (const auto& cancelled = found->second.cancelled) {
    desk.cancelled = true;
    desk.wound_up = cancelled->completed_at.has_value();
  }
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
  const auto& [what, concert] = found->second;
  persistence::token_owner owner;
  owner.user = what.user;
  owner.concert = concert;
  owner.status = what.status;
  owner.priority = what.priority;
  owner.issued_at = what.issued_at;
  if (what.admitted_at != domain::time_point{}) owner.admitted_at = what.admitted_at;
  owner.expires_at = what.expires_at;
  return owner;
}

} // namespace boxoffice::sim
