// Why a request is refused. A rejection is a value that a rule returns, not an exception.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace boxoffice::domain {

// The codes of CONTRACT 5.
enum class error_code {
  invalid_request,
  unauthenticated,
  queue_token_missing,
  insufficient_balance,
  forbidden,
  queue_token_invalid,
  queue_token_waiting,
  queue_token_not_found,
  sale_not_open,
  sale_closed,
  user_not_found,
  concert_not_found,
  concert_option_not_found,
  seat_not_found,
  booking_not_found,
  route_not_found,
  method_not_allowed,
  seat_already_reserved,
  booking_not_pending,
  duplicate_request,
  request_in_progress,
  user_already_exists,
  user_in_use,
  balance_limit,
  seat_limit,
  booking_expired,
  payload_too_large,
  unsupported_media_type,
  idempotency_key_reused,
  rate_limited,
  overloaded,
  store_unavailable,
  internal_error,
};

// "SEAT_ALREADY_RESERVED"
std::string_view to_string(error_code);

// One fault of a body: where (an RFC 6901 pointer, "/seats") and what.
struct body_fault {
  std::string pointer;
  std::string detail;
};

struct rejection {
  error_code code = error_code::internal_error;
  std::string detail; // one sentence for the person who called
  std::vector<body_fault> faults;
  std::optional<std::chrono::seconds> retry_after;
};

template <class T>
using result = std::variant<T, rejection>;

template <class T>
const rejection* refused(const result<T>& r) {
  return std::get_if<rejection>(&r);
}

rejection reject(error_code, std::string detail);

// QUEUE_TOKEN_INVALID
rejection invalid_token();

// Of what is asked for there is none: the *_NOT_FOUND of its kind.
rejection unknown_user();
rejection unknown_concert();
rejection unknown_option();
rejection unknown_booking();
rejection unknown_token();
// BOOKING_NOT_FOUND for its payer: there is none, or it is another's.
rejection not_of_this_user();

// FORBIDDEN: another user's.
rejection not_yours();

// A bad body: INVALID_REQUEST that names the place.
rejection reject_body(std::string pointer, std::string detail);

} // namespace boxoffice::domain
