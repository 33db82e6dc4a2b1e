#include "actors/domain/error.hpp"

namespace boxoffice::domain {

std::string_view to_string(error_code code) {
  switch (code) {
  case error_code::invalid_request: return "INVALID_REQUEST";
  case error_code::unauthenticated: return "UNAUTHENTICATED";
  case error_code::queue_token_missing: return "QUEUE_TOKEN_MISSING";
  case error_code::insufficient_balance: return "INSUFFICIENT_BALANCE";
  case error_code::forbidden: return "FORBIDDEN";
  case error_code::queue_token_invalid: return "QUEUE_TOKEN_INVALID";
  case error_code::queue_token_waiting: return "QUEUE_TOKEN_WAITING";
  case error_code::queue_token_not_found: return "QUEUE_TOKEN_NOT_FOUND";
  case error_code::sale_not_open: return "SALE_NOT_OPEN";
  case error_code::sale_closed: return "SALE_CLOSED";
  case error_code::user_not_found: return "USER_NOT_FOUND";
  case error_code::concert_not_found: return "CONCERT_NOT_FOUND";
  case error_code::concert_option_not_found: return "CONCERT_OPTION_NOT_FOUND";
  case error_code::seat_not_found: return "SEAT_NOT_FOUND";
  case error_code::booking_not_found: return "BOOKING_NOT_FOUND";
  case error_code::route_not_found: return "ROUTE_NOT_FOUND";
  case error_code::method_not_allowed: return "METHOD_NOT_ALLOWED";
  case error_code::seat_already_reserved: return "SEAT_ALREADY_RESERVED";
  case error_code::booking_not_pending: return "BOOKING_NOT_PENDING";
  case error_code::duplicate_request: return "DUPLICATE_REQUEST";
  case error_code::request_in_progress: return "REQUEST_IN_PROGRESS";
  case error_code::user_already_exists: return "USER_ALREADY_EXISTS";
  case error_code::user_in_use: return "USER_IN_USE";
  case error_code::balance_limit: return "BALANCE_LIMIT";
  case error_code::seat_limit: return "SEAT_LIMIT";
  case error_code::booking_expired: return "BOOKING_EXPIRED";
  case error_code::payload_too_large: return "PAYLOAD_TOO_LARGE";
  case error_code::unsupported_media_type: return "UNSUPPORTED_MEDIA_TYPE";
  case error_code::idempotency_key_reused: return "IDEMPOTENCY_KEY_REUSED";
  case error_code::rate_limited: return "RATE_LIMITED";
  case error_code::overloaded: return "OVERLOADED";
  case error_code::store_unavailable: return "STORE_UNAVAILABLE";
  case error_code::internal_error: return "INTERNAL_ERROR";
  }
  return "INTERNAL_ERROR";
}

rejection reject(error_code code, std::string detail) {
  rejection r;
  r.code = code;
  r.detail = std::move(detail);
  return r;
}

rejection invalid_token() {
  return reject(error_code::queue_token_invalid,
                "The queue token is unknown, expired, or not this user's for this concert.");
}

rejection not_yours() { return reject(error_code::forbidden, "This is another user's."); }

rejection unknown_user() { return reject(error_code::user_not_found, "There is no such user."); }

rejection unknown_concert() {
  return reject(error_code::concert_not_found, "There is no such concert.");
}

rejection unknown_option() {
  return reject(error_code::concert_option_not_found, "There is no such performance.");
}

rejection unknown_booking() {
  return reject(error_code::booking_not_found, "There is no such booking.");
}

rejection not_of_this_user() {
  return reject(error_code::booking_not_found, "This user has no such booking.");
}

rejection unknown_token() {
  return reject(error_code::queue_token_not_found, "There is no such queue token.");
}

rejection reject_body(std::string pointer, std::string detail) {
  auto r = reject(error_code::invalid_request, "The request body is not valid.");
  r.faults.push_back({std::move(pointer), std::move(detail)});
  return r;
}

} // namespace boxoffice::domain
