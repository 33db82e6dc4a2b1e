// How one fact changes the simulated store's rows, and what refuses it. Private to the tables.
#pragma once

#include "sim/tables.hpp"

#include <algorithm>
#include <set>
#include <string>

namespace boxoffice::sim {

// --- refusals, as a database's constraints word them

namespace rows {

[[noreturn]] inline void refuse(const std::string& what) {
  throw persistence::store_failed(persistence::store_failed::reason::refused, what);
}

inline std::string name_of(domain::token_key token) { return to_string(token); }
inline std::string name_of(const domain::user_id& user) { return user.value; }
inline std::string name_of(const domain::request_key& key) { return key.key; }
template <class Tag>
std::string name_of(domain::id<Tag> id) {
  return std::to_string(id.value);
}

// The text is built only when it is told: that is not cheap.
template <class Id>
void require(bool held, const char* entity, const Id& id, const char* fault) {
  if (!held) refuse(std::string(entity) + ' ' + name_of(id) + ' ' + fault);
}

template <class Table, class Id>
auto& existing(Table& rows, const char* entity, const Id& id) {
  const auto found = rows.find(id);
  require(found != rows.end(), entity, id, "does not exist.");
  return found->second;
}

// Ids mostly rise, so the end is where a new one belongs.
template <class Id>
void add_key(std::set<Id>& keys, const char* entity, const Id& id) {
  const auto before = keys.size();
  keys.insert(keys.end(), id);
  require(keys.size() > before, entity, id, "exists already.");
}

} // namespace rows

struct tables::change {
  tables& t;

  template <class Id>
  void used(domain::id_kind kind, Id id) const {
    auto& next = t.next_ids_[static_cast<std::size_t>(kind)];
    next = std::max(next, id.value + 1);
  }
  seat_row& find_seat(domain::seat_id id) const;
  domain::booking& booking_in(domain::booking_id, domain::booking_status, const char* fault) const;
  void move_seats(const domain::booking&, const std::vector<domain::seat_id>&,
                  domain::seat_status from, seat_row to) const;
  void add_option(const domain::concert_option&, bool published) const;
  void add_section(const domain::concert_option&, const domain::section&, int seats) const;
  domain::wallet& wallet_of(const domain::user_id&) const; // of one who isn't erased
  void change_balance(domain::wallet&, domain::money added, domain::money balance) const;
  void add_entry(domain::wallet_entry) const;

  void operator()(const domain::user_created&) const;
  void operator()(const domain::concert_created&) const;
  void operator()(const domain::option_created&) const;
  void operator()(const domain::option_drafted&) const;
  void operator()(const domain::seats_laid&) const;
  void operator()(const domain::option_published&) const;
  void operator()(const domain::token_issued&) const;
  void operator()(const domain::token_admitted&) const;
  void operator()(const domain::token_expired&) const;
  void operator()(const domain::booking_created&) const;
  void operator()(const domain::booking_expired&) const;
  void operator()(const domain::payment_started&) const;
  void operator()(const domain::payment_refused&) const;
  void operator()(const domain::booking_confirmed&) const;
  void operator()(const domain::booking_settled&) const;
  void operator()(const domain::wallet_charged&) const;
  void operator()(const domain::wallet_debited&) const;
  void operator()(const domain::debit_refused&) const;
  void operator()(const domain::option_cancelled&) const;
  void operator()(const domain::cancellation_completed&) const;
  void operator()(const domain::refund_started&) const;
  void operator()(const domain::booking_cancelled&) const;
  void operator()(const domain::wallet_refunded&) const;
  void operator()(const domain::token_prioritized&) const;
  void operator()(const domain::queue_configured&) const;
  void operator()(const domain::user_changed&) const;
  void operator()(const domain::user_erased&) const;
  void operator()(const domain::wallet_adjusted&) const;
  void operator()(const domain::operator_acted&) const;
  void operator()(const domain::request_begun&) const;
  void operator()(const domain::request_answered&) const;
  void operator()(const domain::request_dropped&) const;
  void operator()(const domain::tokens_forgotten&) const;
  void operator()(const domain::bookings_forgotten&) const;
};

} // namespace boxoffice::sim
