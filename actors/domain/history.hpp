// What readers are told of the past: a wallet's entries, payments, the log of operators' acts; and
// how a list of them is told in pages.
#pragma once

#include "actors/domain/events.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace boxoffice::domain {

// A user as others see him, while he is not erased.
struct user_account {
  user who;
  time_point created_at;
};

enum class entry_kind { charge, payment, refund, adjustment };

// One change of a balance.
struct wallet_entry {
  entry_id id;
  user_id user;
  entry_kind kind = entry_kind::charge;
  money amount;  // added; below 0: taken off
  money balance; // after it
  payment_id payment;
  booking_id booking;
  std::optional<std::string> reason; // of an adjustment
  time_point at;
};

wallet_entry entry_of(const wallet_charged&);
wallet_entry entry_of(const wallet_debited&);
wallet_entry entry_of(const wallet_refunded&);
wallet_entry entry_of(const wallet_adjusted&);

// Money that was taken for a booking.
struct payment_record {
  payment_id id;
  booking_id booking;
  user_id user;
  money amount;
  time_point at;
};

// An act of an operator's, numbered by the store in the order in which acts became durable.
struct audit_record {
  audit_id id;
  time_point at;
  std::string act;
  std::string subject;
  std::optional<std::string> reason;
};

// A page of a list that goes from the newest, the highest id, to the oldest.
struct page_bounds {
  std::optional<std::int64_t> before; // only ids below this one
  std::size_t limit = 100;            // at least 1
};

template <class T>
struct page {
  std::vector<T> items;
  std::optional<std::int64_t> next; // the last item's id, when there are more behind it
};

} // namespace boxoffice::domain
