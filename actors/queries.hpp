// What clients may ask of the store: what is committed, read by the librarian without troubling an
// entity. A committed row is at least as new as every answer already given. Plain data.
#pragma once

#include "actors/domain/booking.hpp"
#include "actors/domain/history.hpp"

#include <optional>
#include <variant>

namespace boxoffice::actors {

// `acting_for`: who asks is this user and may see his own only (403 FORBIDDEN); nothing: anybody's.

// Answer: domain::user_account.
struct read_user {
  domain::user_id user;
};
// Answer: domain::booking.
struct read_booking {
  domain::booking_id booking;
  std::optional<domain::user_id> acting_for;
};
// What was paid for a booking. Answer: domain::payment_record.
struct read_payment {
  domain::booking_id booking;
  std::optional<domain::user_id> acting_for;
};
// Answer: domain::wallet_entry.
struct read_entry {
  domain::user_id user;
  domain::entry_id entry;
};
// Answer: page<wallet_entry>.
struct list_entries {
  domain::user_id user;
  domain::page_bounds bounds;
};
// Answer: page<booking>.
struct list_user_bookings {
  domain::user_id user;
  domain::page_bounds bounds;
};
// Answer: page<booking>.
struct list_option_bookings {
  domain::option_id option;
  domain::page_bounds bounds;
};
// Answer: page<audit_record>.
struct list_audit {
  domain::page_bounds bounds;
};

using query = std::variant<read_user, read_booking, read_payment, read_entry, list_entries,
                           list_user_bookings, list_option_bookings, list_audit>;

} // namespace boxoffice::actors
