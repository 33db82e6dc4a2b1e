#include "sim/request_table.hpp"

#include <utility>

namespace boxoffice::sim {

bool request_table::has_expired(const row& r, domain::time_point now) const {
  return r.answered && r.answered->expires_at <= now;
}

void request_table::put(const scope& where, row what) {
  take_out(where);
  if (what.booking) by_booking_.insert({what.booking, where});
  rows_.emplace(where, std::move(what));
}

void request_table::take_out(const scope& where) {
  const auto found = rows_.find(where);
  if (found == rows_.end()) return;
  by_booking_.erase({found->second.booking, where});
  rows_.erase(found);
}

bool request_table::write(const domain::request_begun& e) {
  const scope where = scope_of(e.key);
  const auto found = rows_.find(where);
  if (found != rows_.end() && !has_expired(found->second, e.at)) return false;
  put(where, {e.key, e.booking, e.at, std::nullopt});
  return true;
}

bool request_table::write(const domain::request_answered& e) {
  const scope where = scope_of(e.key);
  const auto found = rows_.find(where);
  const bool is_new = found == rows_.end() || has_expired(found->second, e.at);
  if (!is_new && found->second.answered) return false;
  put(where, {e.key, e.booking, is_new ? e.at : found->second.created_at, e});
  return true;
}

bool request_table::write(const domain::request_dropped& e) {
  const scope where = scope_of(e.key);
  const auto found = rows_.find(where);
  if (found == rows_.end() || found->second.answered) return false;
  take_out(where);
  return true;
}

bool request_table::keeps_any(domain::booking_id booking, domain::time_point now) const {
  for (auto i = by_booking_.lower_bound({booking, {}});
       i != by_booking_.end() && i->first == booking; ++i)
    if (!has_expired(rows_.at(i->second), now)) return true;
  return false;
}

domain::kept_requests request_table::load(const domain::request_owner& owner,
                                          domain::time_point now) const {
  domain::kept_requests all;
  const auto take = [&](const row& r) {
    if (has_expired(r, now)) return;
    if (r.answered)
      all.evolve(*r.answered);
    else
      all.evolve(domain::request_begun{r.key, r.booking, r.created_at});
  };
  if (const auto* booking = std::get_if<domain::booking_id>(&owner)) {
    for (auto i = by_booking_.lower_bound({*booking, {}});
         i != by_booking_.end() && i->first == *booking; ++i)
      take(rows_.at(i->second));
    return all;
  }
  for (auto i = rows_.lower_bound({owner, {}, {}, {}});
       i != rows_.end() && std::get<0>(i->first) == owner; ++i)
    take(i->second);
  return all;
}

} // namespace boxoffice::sim
