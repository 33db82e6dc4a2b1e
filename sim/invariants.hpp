// What must hold, by name, and how the checker says that it doesn't. Private to this room.
#pragma once

#include "actors/domain/events.hpp"
#include "sim/checker.hpp"

#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace boxoffice::sim {

namespace invariant {

// --- of facts
constexpr char ids_name_one_thing[] = "an id names one thing for ever";
constexpr char known_things[] = "facts are about things that exist";
constexpr char asked_for[] = "nothing happens that nobody asked for";
constexpr char time_goes_on[] = "time never goes back";
constexpr char one_holder[] = "one holder a seat";
constexpr char seats_add_up[] = "sold, held and free seats add up";
constexpr char seats_as_offered[] = "seats are sold as they are on offer";
constexpr char seats_together[] = "seats chosen together are side by side";
constexpr char option_whole[] = "an option appears with all its seats or not at all";
constexpr char admitted_book[] = "only who is admitted books";
constexpr char sale_hours[] = "nothing is sold outside the hours of sale";
constexpr char seat_limits[] = "nobody has more seats than the limits";
constexpr char hold_time[] = "a hold lasts its time, no less and no longer";
constexpr char booking_steps[] = "a booking goes from step to step";
constexpr char tokens_end[] = "a payment ends its tokens before it is settled";
constexpr char wallet_decides[] = "a payment ends as the wallet decided";
constexpr char paid_once[] = "a booking is paid once";
constexpr char paid_back_once[] = "a cancelled booking is paid back once";
constexpr char money_before_seats[] = "seats are free only when the money is back";
constexpr char called_off[] = "nothing is sold of a cancelled performance";
constexpr char money_conserved[] = "money is conserved";
constexpr char charge_limits[] = "charges and balances keep to the limits";
constexpr char double_submit[] = "a double submit charges once";
constexpr char one_token[] = "one live token a user and concert";
constexpr char order_kept[] = "admission goes by priority, then by arrival";
constexpr char active_limit[] = "no more are admitted at once than the limit";
constexpr char admission_rate[] = "no more admissions a second than the rate";
constexpr char admits_in_time[] = "nobody is admitted while a queue is paused or nothing sells yet";
constexpr char room_is_used[] = "who comes when there is room is admitted";
constexpr char token_life[] = "a token lives its time";
constexpr char erased_alone[] = "nobody is erased while anything of theirs is alive";
constexpr char acts_are_logged[] = "an operator's act is in the log, once";
constexpr char kept_its_time[] = "what is over is kept as long as the settings say";
constexpr char kept_while_needed[] = "nothing is forgotten that somebody may need";
constexpr char on_time[] = "nothing is done later than it is due";

// --- of answers
constexpr char one_answer[] = "one answer a request";
constexpr char fitting_answer[] = "an answer fits its question";
constexpr char durable_first[] = "no answer before its facts are durable";
constexpr char told_once[] = "a success is told once";
constexpr char true_answer[] = "an answer tells what is so";
constexpr char place_kept[] = "a token keeps its place";
constexpr char token_first[] = "a token is judged before all else";
constexpr char true_refusal[] = "a refusal is true";
constexpr char pages_are_whole[] = "a page of a list leaves nothing out";
constexpr char seats_shown[] = "readers are shown the durable seats";

// --- of the store and the end
constexpr char store_agrees[] = "the store holds what was made durable";
constexpr char postgres_prefix[] = "PostgreSQL has the store's commits, each once and in order";
constexpr char log_kept[] = "the log keeps what PostgreSQL lacks";
constexpr char true_lag[] = "what PostgreSQL lacks is told as it is";
constexpr char backlog_bound[] = "nothing is taken while PostgreSQL is away or lacks too much";
constexpr char catches_up[] = "PostgreSQL catches up";
constexpr char keyed_once[] = "a keyed request is done once";
constexpr char keyed_kept[] = "an act and the answer to its key are one commit";
constexpr char keyed_told[] = "whoever asks again with a key is told the same";
constexpr char all_answered[] = "every request is answered";
constexpr char past_goes[] = "what is over is not kept for ever";
constexpr char nothing_left[] = "everything comes to an end";

} // namespace invariant

// --- saying what was seen

template <class T>
void put(std::ostream& out, const T& plain) {
  out << plain;
}
inline void put(std::ostream& out, domain::concert_id i) { out << "concert " << i.value; }
inline void put(std::ostream& out, domain::option_id i) { out << "option " << i.value; }
inline void put(std::ostream& out, domain::seat_id i) { out << "seat " << i.value; }
inline void put(std::ostream& out, domain::booking_id i) { out << "booking " << i.value; }
inline void put(std::ostream& out, domain::payment_id i) { out << "payment " << i.value; }
inline void put(std::ostream& out, domain::point_id i) { out << "wallet " << i.value; }
inline void put(std::ostream& out, domain::entry_id i) { out << "entry " << i.value; }
inline void put(std::ostream& out, const domain::user_id& u) { out << u.value; }
inline void put(std::ostream& out, domain::token_key k) { out << "token " << domain::to_string(k); }
inline void put(std::ostream& out, domain::money m) { out << domain::to_points(m) << " points"; }
inline void put(std::ostream& out, domain::time_point t) { out << domain::to_sql_text(t); }
inline void put(std::ostream& out, domain::duration d) { out << d.count() << " us"; }
inline void put(std::ostream& out, domain::token_status s) { out << domain::to_string(s); }
inline void put(std::ostream& out, domain::booking_status s) { out << domain::to_string(s); }
inline void put(std::ostream& out, domain::seat_status s) {
  constexpr const char* names[] = {"free", "held", "sold"};
  out << names[static_cast<int>(s)];
}

inline void put(std::ostream& out, const std::vector<domain::booked_seat>& seats) {
  const char* gap = "";
  for (const auto& s : seats) {
    out << gap << domain::to_string(s.name) << " (" << s.seat.value << ")";
    gap = ", ";
  }
}

template <class... Parts>
std::string say(const Parts&... parts) {
  std::ostringstream out;
  (put(out, parts), ...);
  return out.str();
}

template <class... Parts>
[[noreturn]] void broken(const char* name, const Parts&... seen) {
  throw broken_invariant(name, say(seen...));
}

template <class... Parts>
void require(bool holds, const char* name, const Parts&... seen) {
  if (!holds) broken(name, seen...);
}

} // namespace boxoffice::sim
