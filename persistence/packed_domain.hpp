// What the domain's plain data consists of, for all that is packed.
#pragma once

#include "actors/domain/booking.hpp"
#include "actors/domain/catalogue.hpp"
#include "actors/domain/history.hpp"
#include "actors/domain/queue.hpp"
#include "actors/domain/request_key.hpp"
#include "actors/domain/retention.hpp"
#include "persistence/packed.hpp"

namespace boxoffice::persistence::packed {

// clang-format off

// --- names and amounts

template <class E, class Tag> auto fields(E& e, of<domain::id<Tag>>) { return std::tie(e.value); }
template <class E> auto fields(E& e, of<domain::user_id>) { return std::tie(e.value); }
template <class E> auto fields(E& e, of<domain::money>) { return std::tie(e.minor); }
template <class E> auto fields(E& e, of<domain::token_key>) {
  return list(opaque(e.high), opaque(e.low));
}
template <class E> auto fields(E& e, of<domain::fingerprint>) { return std::tie(e.bytes); }
template <class E> auto fields(E&, of<domain::whole_catalogue>) { return std::tie(); }
template <class E> auto fields(E& e, of<domain::calendar_date>) {
  return std::tie(e.year, e.month, e.day);
}
template <class E> auto fields(E& e, of<domain::seat_name>) {
  return std::tie(e.section, e.number);
}

// --- users and the catalogue

template <class E> auto fields(E& e, of<domain::user>) { return std::tie(e.id, e.name, e.email); }
template <class E> auto fields(E& e, of<domain::user_account>) {
  return std::tie(e.who, e.created_at);
}
template <class E> auto fields(E& e, of<domain::concert>) {
  return std::tie(e.id, e.title, e.created_at);
}
template <class E> auto fields(E& e, of<domain::section>) {
  return std::tie(e.name, e.first_seat, e.seats, e.price);
}
template <class E> auto fields(E& e, of<domain::concert_option>) {
  return list(e.id, e.concert, e.starts_at, e.venue, e.time_zone, e.local_date, e.sales_open_at,
              e.sales_close_at, e.sections, since(2, e.cancelled));
}
template <class E> auto fields(E& e, of<domain::cancellation>) {
  return std::tie(e.requested_at, e.bookings, e.remaining, e.completed_at);
}
template <class E> auto fields(E& e, of<domain::wanted_section>) {
  return std::tie(e.name, e.seats, e.price);
}
template <class E> auto fields(E& e, of<domain::wanted_option>) {
  return std::tie(e.concert, e.starts_at, e.venue, e.time_zone, e.zone_offset, e.sales_open_at,
                  e.sales_close_at, e.sections);
}

// --- queues

constexpr std::size_t known(of<domain::token_status>, int) { return 3; }
static_assert(static_cast<int>(domain::token_status::expired) == 2);

template <class E> auto fields(E& e, of<domain::token_view>) {
  return std::tie(e.key, e.user, e.status, e.position, e.issued_at, e.expires_at, e.concert,
                  e.priority, e.admitted_at, e.eta, e.poll_after, e.fresh);
}
template <class E> auto fields(E& e, of<domain::queue_view>) {
  return std::tie(e.concert, e.active_limit, e.admit_per_second, e.paused, e.waiting,
                  e.processing);
}
template <class E> auto fields(E& e, of<domain::queue_change>) {
  return std::tie(e.active_limit, e.admit_per_second, e.paused);
}

// --- bookings

constexpr std::size_t known(of<domain::booking_status>, int) { return 6; }
static_assert(static_cast<int>(domain::booking_status::expired) == 5);

template <class E> auto fields(E& e, of<domain::booked_seat>) {
  return std::tie(e.seat, e.reservation, e.name, e.price);
}
template <class E> auto fields(E& e, of<domain::best_seats>) {
  return std::tie(e.count, e.section);
}
template <class E> auto fields(E& e, of<domain::booking>) {
  return std::tie(e.id, e.option, e.concert, e.user, e.token, e.seats, e.total, e.created_at,
                  e.expires_at, e.status, e.payment, e.paid_with, e.confirmed_at, e.settled);
}
template <class E> auto fields(E& e, of<domain::past_booking>) {
  return std::tie(e.booking, e.option, e.user, e.status, e.held_until, e.is_asked_for);
}
template <class E> auto fields(E& e, of<domain::payment_claim>) {
  return std::tie(e.user, e.concert, e.seats, e.token, e.token_concert, e.user_of_token);
}

// --- money and the past

constexpr std::size_t known(of<domain::entry_kind>, int) { return 4; }
static_assert(static_cast<int>(domain::entry_kind::adjustment) == 3);

template <class E> auto fields(E& e, of<domain::wallet_entry>) {
  return std::tie(e.id, e.user, e.kind, e.amount, e.balance, e.payment, e.booking, e.reason, e.at);
}
template <class E> auto fields(E& e, of<domain::payment_record>) {
  return std::tie(e.id, e.booking, e.user, e.amount, e.at);
}
template <class E> auto fields(E& e, of<domain::audit_record>) {
  return std::tie(e.id, e.at, e.act, e.subject, e.reason);
}
template <class E, class T> auto fields(E& e, of<domain::page<T>>) {
  return std::tie(e.items, e.next);
}

// --- requests and refusals

constexpr std::size_t known(of<domain::error_code>, int) { return 33; }
static_assert(static_cast<int>(domain::error_code::internal_error) == 32);

template <class E> auto fields(E& e, of<domain::request_key>) {
  return std::tie(e.owner, e.route, e.actor, e.key, e.print, e.detail);
}
template <class E> auto fields(E& e, of<domain::written_answer>) {
  return std::tie(e.status, e.body, e.location);
}
template <class E> auto fields(E& e, of<domain::body_fault>) {
  return std::tie(e.pointer, e.detail);
}
template <class E> auto fields(E& e, of<domain::rejection>) {
  return std::tie(e.code, e.detail, e.faults, e.retry_after);
}

// clang-format on

} // namespace boxoffice::persistence::packed
