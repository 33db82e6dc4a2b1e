#include "persistence/event_format.hpp"

#include "persistence/packed_domain.hpp"
#include "persistence/store.hpp"

#include <utility>

namespace boxoffice::persistence {

// --- the fields of every event; what they are made of: packed_domain.hpp

namespace packed {

template <class E>
auto fields(E& e, of<domain::user_created>) {
  return std::tie(e.who, e.wallet, e.at);
}
template <class E>
auto fields(E& e, of<domain::user_changed>) {
  return std::tie(e.who, e.at);
}
template <class E>
auto fields(E& e, of<domain::user_erased>) {
  return std::tie(e.user, e.at);
}
template <class E>
auto fields(E& e, of<domain::concert_created>) {
  return std::tie(e.what);
}
template <class E>
auto fields(E& e, of<domain::option_created>) {
  return std::tie(e.what);
}
template <class E>
auto fields(E& e, of<domain::option_drafted>) {
  return std::tie(e.what);
}
template <class E>
auto fields(E& e, of<domain::seats_laid>) {
  return std::tie(e.option, e.concert, e.section, e.first, e.first_number, e.count, e.price);
}
template <class E>
auto fields(E& e, of<domain::option_published>) {
  return std::tie(e.what);
}
template <class E>
auto fields(E& e, of<domain::option_cancelled>) {
  return std::tie(e.option, e.at);
}
template <class E>
auto fields(E& e, of<domain::cancellation_completed>) {
  return std::tie(e.option, e.at);
}
template <class E>
auto fields(E& e, of<domain::token_issued>) {
  return std::tie(e.token, e.row, e.concert, e.user, e.arrival, e.priority, e.at, e.expires_at);
}
template <class E>
auto fields(E& e, of<domain::token_admitted>) {
  return std::tie(e.token, e.concert, e.user, e.at, e.expires_at);
}
template <class E>
auto fields(E& e, of<domain::token_expired>) {
  return std::tie(e.token, e.concert, e.user, e.at);
}
template <class E>
auto fields(E& e, of<domain::token_prioritized>) {
  return std::tie(e.token, e.concert, e.priority, e.at);
}
template <class E>
auto fields(E& e, of<domain::queue_configured>) {
  return std::tie(e.concert, e.active_limit, e.admit_per_second, e.paused, e.at);
}
template <class E>
auto fields(E& e, of<domain::booking_created>) {
  return std::tie(e.booking, e.option, e.concert, e.user, e.token, e.seats, e.total, e.at,
                  e.expires_at);
}
template <class E>
auto fields(E& e, of<domain::booking_expired>) {
  return std::tie(e.booking, e.option, e.seats, e.at);
}
template <class E>
auto fields(E& e, of<domain::payment_started>) {
  return std::tie(e.booking, e.payment, e.token, e.at);
}
template <class E>
auto fields(E& e, of<domain::payment_refused>) {
  return std::tie(e.booking, e.payment, e.at);
}
template <class E>
auto fields(E& e, of<domain::booking_confirmed>) {
  return std::tie(e.booking, e.option, e.payment, e.seats, e.at);
}
template <class E>
auto fields(E& e, of<domain::booking_settled>) {
  return std::tie(e.booking);
}
template <class E>
auto fields(E& e, of<domain::refund_started>) {
  return std::tie(e.booking, e.payment, e.at);
}
template <class E>
auto fields(E& e, of<domain::booking_cancelled>) {
  return std::tie(e.booking, e.option, e.seats, e.at);
}
template <class E>
auto fields(E& e, of<domain::wallet_charged>) {
  return std::tie(e.user, e.entry, e.amount, e.balance, e.guards_double_submit, e.at);
}
template <class E>
auto fields(E& e, of<domain::wallet_debited>) {
  return std::tie(e.user, e.entry, e.payment, e.booking, e.amount, e.balance, e.at);
}
template <class E>
auto fields(E& e, of<domain::debit_refused>) {
  return std::tie(e.user, e.payment, e.booking, e.amount, e.at);
}
template <class E>
auto fields(E& e, of<domain::wallet_refunded>) {
  return std::tie(e.user, e.entry, e.payment, e.booking, e.amount, e.balance, e.at);
}
template <class E>
auto fields(E& e, of<domain::wallet_adjusted>) {
  return std::tie(e.user, e.entry, e.amount, e.balance, e.reason, e.at);
}
template <class E>
auto fields(E& e, of<domain::operator_acted>) {
  return std::tie(e.act, e.subject, e.reason, e.at);
}
template <class E>
auto fields(E& e, of<domain::request_begun>) {
  return std::tie(e.key, e.booking, e.at);
}
template <class E>
auto fields(E& e, of<domain::request_answered>) {
  return std::tie(e.key, e.booking, e.answer, e.at, e.expires_at);
}
template <class E>
auto fields(E& e, of<domain::request_dropped>) {
  return std::tie(e.key);
}
template <class E>
auto fields(E& e, of<domain::tokens_forgotten>) {
  return std::tie(e.concert, e.tokens, e.at);
}
template <class E>
auto fields(E& e, of<domain::bookings_forgotten>) {
  return std::tie(e.option, e.bookings, e.at);
}

} // namespace packed

std::string encode(const domain::events& facts) {
  packed::writer out(event_format);
  for (const auto& fact : facts) out.put(fact);
  return std::move(out.bytes);
}

domain::events decode(std::string_view bytes) {
  domain::events facts;
  try {
    for (packed::reader in(bytes, event_format); !in.at_end();) in.take(facts.emplace_back());
  } catch (const packed::unreadable&) {
    throw store_failed(store_failed::reason::damaged,
                       "The log of events holds bytes that are no events.");
  }
  return facts;
}

} // namespace boxoffice::persistence
