#include "actors/domain/booking.hpp"

#include <algorithm>
#include <cassert>

namespace boxoffice::domain {

const char* to_string(booking_status status) {
  switch (status) {
  case booking_status::pending: return "PENDING";
  case booking_status::paying: return "PAYING";
  case booking_status::confirmed: return "CONFIRMED";
  case booking_status::refunding: return "REFUNDING";
  case booking_status::cancelled: return "CANCELLED";
  case booking_status::expired: return "EXPIRED";
  }
  return "";
}

std::optional<booking_status> to_booking_status(std::string_view word) {
  using s = booking_status;
  for (const auto status :
       {s::pending, s::paying, s::confirmed, s::refunding, s::cancelled, s::expired})
    if (word == to_string(status)) return status;
  return std::nullopt;
}

std::vector<seat_id> seat_ids(const booking& b) {
  std::vector<seat_id> ids;
  ids.reserve(b.seats.size());
  for (const auto& s : b.seats) ids.push_back(s.seat);
  return ids;
}

bool is_final(const booking& b) {
  switch (b.status) {
  case booking_status::pending:
  case booking_status::paying:
  case booking_status::refunding: return false;
  case booking_status::confirmed: return b.settled;
  case booking_status::cancelled:
  case booking_status::expired: return true;
  }
  return true;
}

namespace {

bool names_the_seats(const booking& b, std::vector<seat_name> names) {
  std::vector<seat_name> booked;
  for (const auto& s : b.seats) booked.push_back(s.name);
  std::sort(booked.begin(), booked.end());
  std::sort(names.begin(), names.end());
  return booked == names;
}

// A token of the concert that the payer names is in order, whatever the booking's concert is: what
// is wrong then is the name.
std::optional<rejection> check_payer(const booking& b, const payment_claim& claim) {
  if (claim.token_concert && *claim.token_concert != b.concert &&
      claim.token_concert != claim.concert)
    return invalid_token();
  if (claim.user != b.user && claim.user_of_token) return invalid_token();
  if (claim.user != b.user) return not_of_this_user();
  return std::nullopt;
}

std::optional<rejection> check_description(const booking& b, const payment_claim& claim) {
  if (claim.concert && *claim.concert != b.concert)
    return reject_body("/concertId", "The booking is for another concert.");
  if (claim.seats && !names_the_seats(b, *claim.seats))
    return reject_body("/seats", "These are not the seats of the booking.");
  return std::nullopt;
}

std::optional<rejection> check_payable(const booking& b, bool called_off, time_point now) {
  switch (b.status) {
  case booking_status::pending:
    if (now >= b.expires_at)
      return reject(error_code::booking_expired, "The hold on these seats has run out.");
    if (called_off) return reject(error_code::booking_not_pending, "The performance is cancelled.");
    return std::nullopt;
  case booking_status::expired:
    return reject(error_code::booking_expired, "The hold on these seats has run out.");
  case booking_status::paying:
    return reject(error_code::booking_not_pending, "This booking is being paid.");
  case booking_status::confirmed:
    return reject(error_code::booking_not_pending, "This booking is paid already.");
  case booking_status::refunding:
  case booking_status::cancelled:
    return reject(error_code::booking_not_pending, "This booking is cancelled.");
  }
  return reject(error_code::internal_error, "The booking is in an unknown state.");
}

std::optional<rejection> check_cancellable(const booking& b, time_point now) {
  switch (b.status) {
  case booking_status::pending:
    if (now < b.expires_at) return std::nullopt;
    return reject(error_code::booking_expired, "The hold on these seats has run out.");
  case booking_status::expired:
    return reject(error_code::booking_expired, "The hold on these seats has run out.");
  case booking_status::paying:
    return reject(error_code::booking_not_pending, "This booking is being paid.");
  case booking_status::confirmed: return std::nullopt;
  case booking_status::refunding:
    return reject(error_code::booking_not_pending, "This booking is being refunded.");
  case booking_status::cancelled:
    return reject(error_code::booking_not_pending, "This booking is cancelled.");
  }
  return reject(error_code::internal_error, "The booking is in an unknown state.");
}

} // namespace

result<events> decide_payment(const booking& b, const payment_claim& claim, payment_id attempt,
                              bool called_off, time_point now) {
  if (auto stranger = check_payer(b, claim)) return *stranger;
  if (auto refusal = check_payable(b, called_off, now)) return *refusal;
  if (auto mismatch = check_description(b, claim)) return *mismatch;
  return events{payment_started{b.id, attempt, claim.token, now}};
}

events decide_debit_outcome(const booking& b, payment_id attempt, bool debited, time_point now) {
  if (b.status != booking_status::paying || b.payment != attempt) return {};
  if (debited) return {booking_confirmed{b.id, b.option, attempt, seat_ids(b), now}};
  events out{payment_refused{b.id, attempt, now}};
  if (now >= b.expires_at) out.push_back(booking_expired{b.id, b.option, seat_ids(b), now});
  return out;
}

events decide_expiry(const booking& b, time_point now) {
  if (b.status != booking_status::pending || now < b.expires_at) return {};
  return {booking_expired{b.id, b.option, seat_ids(b), now}};
}

events decide_settled(const booking& b) {
  if (b.status != booking_status::confirmed || b.settled) return {};
  return {booking_settled{b.id}};
}

result<events> decide_cancel(const booking& b, cancelled_by whom, time_point starts_at,
                             time_point now) {
  if (auto refusal = check_cancellable(b, now)) return *refusal;
  if (whom == cancelled_by::user && now >= starts_at)
    return reject(error_code::booking_not_pending, "The performance has begun.");
  if (b.status == booking_status::pending)
    return events{booking_cancelled{b.id, b.option, seat_ids(b), now}};
  assert(b.settled);
  return events{refund_started{b.id, b.payment, now}};
}

events decide_refunded(const booking& b, time_point now) {
  if (b.status != booking_status::refunding) return {};
  return {booking_cancelled{b.id, b.option, seat_ids(b), now}};
}

booking created(const booking_created& e) {
  booking b;
  b.id = e.booking;
  b.option = e.option;
  b.concert = e.concert;
  b.user = e.user;
  b.token = e.token;
  b.seats = e.seats;
  b.total = e.total;
  b.created_at = e.at;
  b.expires_at = e.expires_at;
  return b;
}

namespace {

struct booking_evolution {
  booking& b;

  void operator()(const payment_started& e) const {
    assert(b.status == booking_status::pending);
    b.status = booking_status::paying;
    b.payment = e.payment;
    b.paid_with = e.token;
  }
  void operator()([[maybe_unused]] const payment_refused& e) const {
    assert(b.status == booking_status::paying && b.payment == e.payment);
    b.status = booking_status::pending;
  }
  void operator()(const booking_confirmed& e) const {
    assert(b.status == booking_status::paying && b.payment == e.payment);
    b.status = booking_status::confirmed;
    b.confirmed_at = e.at;
  }
  void operator()(const booking_expired&) const {
    assert(b.status == booking_status::pending);
    b.status = booking_status::expired;
  }
  void operator()(const booking_settled&) const {
    assert(b.status == booking_status::confirmed);
    b.settled = true;
  }
  void operator()([[maybe_unused]] const refund_started& e) const {
    assert(b.status == booking_status::confirmed && b.settled && b.payment == e.payment);
    b.status = booking_status::refunding;
  }
  void operator()(const booking_cancelled&) const {
    assert(b.status == booking_status::pending || b.status == booking_status::refunding);
    b.status = booking_status::cancelled;
  }
  void operator()(const operator_acted&) const {} // told beside what it did
  template <class Other>
  void operator()(const Other&) const {
    assert(!"not a booking's event");
  }
};

} // namespace

void evolve(booking& b, const event& e) { std::visit(booking_evolution{b}, e); }

} // namespace boxoffice::domain
