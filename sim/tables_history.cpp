#include "sim/tables.hpp"

#include <algorithm>

namespace boxoffice::sim {

using domain::booking_status;

namespace {

// `ids` ascend; `row(id)` gives an item.
template <class T, class Ids, class Row>
domain::page<T> page_of(const Ids& ids, const domain::page_bounds& bounds, Row row) {
  domain::page<T> page;
  for (auto id = ids.rbegin(); id != ids.rend(); ++id) {
    if (bounds.before && id->value >= *bounds.before) continue;
    if (page.items.size() == bounds.limit) {
      page.next = page.items.back().id.value;
      break;
    }
    page.items.push_back(row(*id));
  }
  return page;
}

} // namespace

std::optional<domain::user_account> tables::find_user(const domain::user_id& user) const {
  const auto found = wallets_.find(user);
  if (found == wallets_.end() || found->second.erased) return std::nullopt;
  return domain::user_account{found->second.owner, found->second.created_at};
}

std::optional<domain::wallet_entry> tables::find_entry(const domain::user_id& user,
                                                       domain::entry_id entry) const {
  const auto found = entries_.find(entry);
  if (!find_user(user) || found == entries_.end() || found->second.user != user)
    return std::nullopt;
  return found->second;
}

std::optional<domain::page<domain::wallet_entry>>
tables::find_entries(const domain::user_id& user, const domain::page_bounds& bounds) const {
  if (!find_user(user)) return std::nullopt;
  const auto ids = entries_of_.find(user);
  if (ids == entries_of_.end()) return domain::page<domain::wallet_entry>{};
  return page_of<domain::wallet_entry>(ids->second, bounds,
                                       [this](domain::entry_id id) { return entries_.at(id); });
}

std::optional<domain::page<domain::booking>>
tables::find_user_bookings(const domain::user_id& user, const domain::page_bounds& bounds) const {
  if (!find_user(user)) return std::nullopt;
  const auto ids = bookings_of_.find(user);
  if (ids == bookings_of_.end()) return domain::page<domain::booking>{};
  return page_of<domain::booking>(ids->second, bounds,
                                  [this](domain::booking_id id) { return bookings_.at(id); });
}

domain::page<domain::booking>
tables::find_option_bookings(domain::option_id option, const domain::page_bounds& bounds) const {
  std::set<domain::booking_id> ids; // a desk's bookings come in the order of their commits
  if (const auto found = options_.find(option); found != options_.end())
    for (const auto* b : found->second.bookings) ids.insert(b->id);
  return page_of<domain::booking>(ids, bounds,
                                  [this](domain::booking_id id) { return bookings_.at(id); });
}

std::optional<domain::payment_record> tables::find_payment(domain::booking_id booking) const {
  const auto found = debits_.find(booking);
  if (found == debits_.end()) return std::nullopt;
  return found->second;
}

domain::page<domain::audit_record> tables::find_acts(const domain::page_bounds& bounds) const {
  std::vector<domain::audit_id> ids;
  for (const auto& act : acts_) ids.push_back(act.id);
  return page_of<domain::audit_record>(ids, bounds, [this](domain::audit_id id) {
    return acts_.at(static_cast<std::size_t>(id.value) - 1);
  });
}

bool tables::is_in_use(const domain::user_id& user, domain::time_point now) const {
  const auto is_live = [&](domain::booking_id id) {
    const auto& b = bookings_.at(id);
    switch (b.status) {
    case booking_status::pending:
    case booking_status::paying:
    case booking_status::refunding: return true;
    case booking_status::confirmed: return options_.at(b.option).what->starts_at > now;
    case booking_status::cancelled:
    case booking_status::expired: return false;
    }
    return false;
  };
  const auto ids = bookings_of_.find(user);
  if (ids != bookings_of_.end() && std::any_of(ids->second.begin(), ids->second.end(), is_live))
    return true;
  return std::any_of(concerts_.begin(), concerts_.end(),
                     [&](const auto& c) { return c.second.live.count(user) != 0; });
}

} // namespace boxoffice::sim
