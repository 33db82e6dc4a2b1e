#include "actors/say.hpp"
#include "actors/words.hpp"

namespace boxoffice::actors {
namespace {

using saying::counted;
using saying::line;
using saying::say;

// --- events

std::string tell(const domain::user_created& e) {
  return line("user ", e.who.id, " created: ", e.wallet);
}
std::string tell(const domain::concert_created& e) {
  return line(e.what.id, " created: \"", e.what.title, "\"");
}
std::string tell(const domain::option_created& e) {
  return line(e.what.id, " created: ", counted(e.what.seat_count(), "seat"), " of ", e.what.concert,
              ", sold from ", e.what.sales_open_at, " to ", e.what.sales_close_at);
}
std::string tell(const domain::token_issued& e) {
  return line(e.token, " issued: ", e.user, " is number ", e.arrival, " of ", e.concert,
              ", priority ", e.priority, ", until ", e.expires_at);
}
std::string tell(const domain::token_admitted& e) {
  return line(e.token, " admitted: ", e.user, " to ", e.concert, " until ", e.expires_at);
}
std::string tell(const domain::token_expired& e) {
  return line(e.token, " expired: ", e.user, "'s for ", e.concert);
}
std::string tell(const domain::booking_created& e) {
  return line(e.booking, " created: ", e.user, " holds ", e.seats, " of ", e.option, " until ",
              e.expires_at, " for ", e.total, " with ", e.token);
}
std::string tell(const domain::booking_expired& e) {
  return line(e.booking, " expired: ", e.seats, " of ", e.option, " are free");
}
std::string tell(const domain::payment_started& e) {
  const auto token = e.token ? line(" with ", *e.token) : "";
  return line(e.payment, " started: ", e.booking, " is being paid", token);
}
std::string tell(const domain::payment_refused& e) {
  return line(e.payment, " refused: ", e.booking, " is pending again");
}
std::string tell(const domain::booking_confirmed& e) {
  return line(e.booking, " confirmed: ", e.payment, " buys ", e.seats, " of ", e.option);
}
std::string tell(const domain::booking_settled& e) { return line(e.booking, " settled"); }
std::string tell(const domain::wallet_charged& e) {
  return line("wallet of ", e.user, " charged: ", e.amount, ", now ", e.balance);
}
std::string tell(const domain::wallet_debited& e) {
  return line("wallet of ", e.user, " debited: ", e.amount, " for ", e.payment, " of ", e.booking,
              ", now ", e.balance);
}
std::string tell(const domain::user_changed& e) {
  return line("user ", e.who.id, " changed: \"", e.who.name, "\"");
}
std::string tell(const domain::user_erased& e) { return line("user ", e.user, " erased"); }
std::string tell(const domain::wallet_adjusted& e) {
  return line("wallet of ", e.user, " adjusted: ", e.amount, ", now ", e.balance, ": ", e.reason);
}
std::string tell(const domain::operator_acted& e) {
  return line("operator: ", e.act, " ", e.subject, e.reason ? ": " + *e.reason : "");
}
std::string tell(const domain::debit_refused& e) {
  return line("wallet of ", e.user, " short: no ", e.amount, " for ", e.payment, " of ", e.booking);
}

std::string tell(const domain::option_drafted& e) {
  return line(e.what.id, " drafted: ", counted(e.what.seat_count(), "seat"), " of ",
              e.what.concert);
}
std::string tell(const domain::seats_laid& e) {
  return line(e.option, ": seats ", e.first.value, " to ", e.first.value + e.count - 1, " laid");
}
std::string tell(const domain::option_published& e) {
  return line(e.what.id, " published: ", counted(e.what.seat_count(), "seat"), " of ",
              e.what.concert, ", sold from ", e.what.sales_open_at, " to ", e.what.sales_close_at);
}
std::string tell(const domain::token_prioritized& e) {
  return line(e.token, " prioritized: it goes by ", e.priority, " in the line of ", e.concert);
}
std::string tell(const domain::queue_configured& e) {
  return line("queue of ", e.concert, " configured: limit ", say(e.active_limit), ", rate ",
              say(e.admit_per_second), e.paused ? ", paused" : "");
}
std::string tell(const domain::refund_started& e) {
  return line(e.booking, " refunding: ", e.payment, " is to be paid back");
}
std::string tell(const domain::booking_cancelled& e) {
  return line(e.booking, " cancelled: ", e.seats, " of ", e.option, " are free");
}
std::string tell(const domain::option_cancelled& e) {
  return line(e.option, " cancelled: its bookings are to be ended");
}
std::string tell(const domain::cancellation_completed& e) {
  return line(e.option, " wound up: none of its bookings lives");
}
std::string tell(const domain::wallet_refunded& e) {
  return line("wallet of ", e.user, " refunded: ", e.amount, " of ", e.payment, " for ", e.booking,
              ", now ", e.balance);
}

std::string say(const domain::request_key& k) {
  return line("\"", k.key, "\" of ", domain::to_string(k.owner));
}
std::string tell(const domain::request_begun& e) {
  return line("request ", say(e.key), " begun: ", e.booking, " will answer it");
}
std::string tell(const domain::request_answered& e) {
  return line("request ", say(e.key), " answered: ", e.answer.status, ", kept until ",
              e.expires_at);
}
std::string tell(const domain::request_dropped& e) {
  return line("request ", say(e.key), " dropped: it came to nothing");
}
std::string tell(const domain::tokens_forgotten& e) {
  return line("dead tokens of ", e.concert, " forgotten: ", e.tokens);
}
std::string tell(const domain::bookings_forgotten& e) {
  return line("unpaid bookings of ", e.option, " forgotten: ", e.bookings);
}

} // namespace

std::string words(const domain::event& e) {
  return std::visit([](const auto& each) { return tell(each); }, e);
}

} // namespace boxoffice::actors
