#include "actors/words.hpp"

#include <algorithm>
#include <string_view>
#include <type_traits>

namespace boxoffice::actors {
namespace {

// --- small things; an id says what it is the id of

std::string say(std::string_view text) { return std::string(text); }
template <class Number, std::enable_if_t<std::is_integral_v<Number>, int> = 0>
std::string say(Number n) {
  return std::to_string(n);
}
std::string say(const entity_ref& r) { return words(r); }
std::string say(domain::concert_id c) { return "concert " + std::to_string(c.value); }
std::string say(domain::option_id o) { return "option " + std::to_string(o.value); }
std::string say(domain::seat_id s) { return "seat " + std::to_string(s.value); }
std::string say(domain::booking_id b) { return "booking " + std::to_string(b.value); }
std::string say(domain::payment_id p) { return "payment " + std::to_string(p.value); }
std::string say(domain::point_id p) { return "wallet " + std::to_string(p.value); }
std::string say(const domain::user_id& u) { return u.value.empty() ? "nobody" : u.value; }
std::string say(domain::money m) { return domain::to_points(m) + " points"; }
std::string say(domain::token_key k) {
  return k ? "token " + domain::to_string(k).substr(0, 8) : "no token";
}
std::string say(domain::time_point t) {
  constexpr std::size_t day = 11, to_the_millisecond = 12;
  return domain::to_sql_text(t).substr(day, to_the_millisecond);
}
std::string say(const std::vector<domain::seat_name>& seats) {
  return seats.empty() ? "no seats" : domain::to_string(seats);
}
std::string say(const std::vector<domain::booked_seat>& seats) {
  std::vector<domain::seat_name> names;
  for (const auto& s : seats) names.push_back(s.name);
  return say(names);
}
std::string say(const std::vector<domain::seat_id>& seats) {
  std::string text;
  for (const auto s : seats) text += (text.empty() ? "seats " : ",") + std::to_string(s.value);
  return text.empty() ? "no seats" : text;
}
std::string say(const std::vector<domain::token_key>& tokens) {
  std::string text;
  for (const auto t : tokens) text += (text.empty() ? "" : ", ") + say(t);
  return text.empty() ? "no tokens" : text;
}
std::string say(domain::booking_status s) {
  switch (s) {
  case domain::booking_status::pending: return "pending";
  case domain::booking_status::paying: return "paying";
  case domain::booking_status::confirmed: return "confirmed";
  case domain::booking_status::refunding: return "refunding";
  case domain::booking_status::cancelled: return "cancelled";
  case domain::booking_status::expired: return "expired";
  }
  return "?";
}
std::string say(seat_fate f) {
  switch (f) {
  case seat_fate::held: return "held";
  case seat_fate::withdrawn: return "withdrawn";
  case seat_fate::sold: return "sold";
  case seat_fate::released: return "released";
  }
  return "?";
}

template <class... Parts>
std::string line(const Parts&... parts) {
  std::string text;
  ((text += say(parts)), ...);
  return text;
}

std::string counted(std::ptrdiff_t n, const char* thing) {
  return line(n, " ", thing, n == 1 ? "" : "s");
}

// --- commands, without their names: a letter bears the same content under its own

std::string wish(const enter_queue& c) {
  return line(c.user, " wants a place in the queue of ", c.concert, ", priority ", c.priority);
}
std::string wish(const create_booking& c) {
  return line(c.user, " wants ", c.seats, " of ", c.option, " with ", c.token);
}
std::string wish(const pay_booking& c) {
  const auto token = c.claim.token ? line(" with ", *c.claim.token) : "";
  return line(c.claim.user, " pays ", c.booking, " of ", c.concert, token);
}
std::string wish(const pay_pending& c) {
  return line(c.user, " pays ", c.amount, " for what is pending in ", c.option);
}
std::string wish(const charge_wallet& c) { return line(c.user, " charges ", c.amount); }
std::string wish(const read_wallet& c) { return line(c.user, " reads the wallet"); }

std::string_view name_of(const enter_queue&) { return "enter_queue"; }
std::string_view name_of(const create_booking&) { return "create_booking"; }
std::string_view name_of(const pay_booking&) { return "pay_booking"; }
std::string_view name_of(const pay_pending&) { return "pay_pending"; }
std::string_view name_of(const charge_wallet&) { return "charge_wallet"; }
std::string_view name_of(const read_wallet&) { return "read_wallet"; }

// --- outcomes

std::string tell(const domain::rejection& r) {
  auto text = line(domain::to_string(r.code), ": ", r.detail);
  for (const auto& f : r.faults) text += line(" [", f.pointer, ": ", f.detail, "]");
  if (r.retry_after) text += line(" [again in ", r.retry_after->count(), "s]");
  return text;
}
std::string tell(const domain::token_view& t) {
  const auto head = line(t.key, " of ", t.user, ": ");
  switch (t.status) {
  case domain::token_status::waiting: return line(head, "waiting at ", t.position);
  case domain::token_status::processing: return line(head, "admitted until ", t.expires_at);
  case domain::token_status::expired: return line(head, "expired");
  }
  return head + "?";
}
std::string tell(const wallet_view& w) { return line(w.id, " of ", w.owner.id, ": ", w.balance); }
std::string tell(const domain::booking& b) {
  return line(b.id, " of ", b.user, ": ", b.status, b.settled ? " and settled" : "", ", ", b.seats,
              " of ", b.option, " for ", b.total);
}
std::string tell(const booking_view& b) { return line(tell(b.booking), "; ", tell(b.wallet)); }

// --- letters

template <class Command>
std::string by_request(const asked<Command>& m) {
  return line(" of request ", m.request, ": ", wish(m.command));
}

std::string tell(const stock_demo& m) {
  return line("stock_demo of request ", m.request, ": put the demo's data on offer");
}
std::string tell(const join_queue& m) { return "join_queue" + by_request(m); }
std::string tell(const admit_booking& m) { return "admit_booking" + by_request(m); }
std::string tell(const admit_payment& m) { return "admit_payment" + by_request(m); }
std::string tell(const release_tokens& m) {
  return line("release_tokens: ", m.booking, " is paid, expire ", m.tokens, " of ", m.concert);
}
std::string tell(const token_traced& m) {
  const auto owner =
      m.owner ? line(m.owner->user, "'s for ", m.owner->concert) : std::string("nobody's");
  return line("token_traced: question ", m.correlation, " of ", m.concert, ": the token is ",
              owner);
}
std::string tell(const charge& m) { return "charge" + by_request(m); }
std::string tell(const read_balance& m) { return "read_balance" + by_request(m); }
std::string tell(const describe_owner& m) {
  return line("describe_owner: ", m.asker, " asks for ", m.user, ", question ", m.correlation);
}
std::string tell(const debit_wallet& m) {
  return line("debit_wallet: ", m.amount, " of ", m.user, " for ", m.payment, " of ", m.booking);
}
std::string tell(const owner_described& m) {
  const auto what = m.unreadable ? "unreadable" : m.wallet ? tell(*m.wallet) : "no such user";
  return line("owner_described: to ", m.asker, ", question ", m.correlation, ": ", what);
}
std::string tell(const open_sale& m) { return "open_sale" + by_request(m); }
std::string tell(const pay_at_desk& m) { return "pay_at_desk" + by_request(m); }
std::string tell(const attempt_lost& m) {
  return line("attempt_lost: ", m.booking, " of ", m.user, " got no seats of ", m.option);
}
std::string tell(const booking_noted& m) { return "booking_noted: " + tell(m.booking); }
std::string tell(const open_booking& m) {
  return line("open_booking of request ", m.request, ": ", m.draft.booking, " is to claim ",
              m.draft.seats, " of ", m.draft.option, " for ", m.draft.user);
}
std::string tell(const seat_answered& m) {
  const auto word = m.unreadable ? " is unreadable" : m.granted ? " is granted" : " is taken";
  return line("seat_answered: ", m.seat, word, ", to ", m.booking);
}
std::string tell(const start_payment& m) { return "start_payment" + by_request(m); }
std::string tell(const debit_decided& m) {
  return line("debit_decided: ", m.payment, " of ", m.booking, m.debited ? " debited" : " refused",
              "; ", tell(m.wallet));
}
std::string tell(const tokens_released& m) {
  return line("tokens_released: those of ", m.booking, " are expired");
}
std::string tell(const check_expiry& m) {
  return line("check_expiry: has the hold of ", m.booking, " run out?");
}
std::string tell(const claim_seat& m) {
  return line("claim_seat: ", m.booking, " asks for ", m.seat, " of ", m.option);
}
std::string tell(const settle_seat& m) {
  return line("settle_seat: ", m.seat, " is ", m.fate, " by ", m.booking);
}
std::string tell(const wake& m) { return line("wake: ", m.whom); }
std::string tell(const flushed& m) { return line("flushed: ", m.whom, " up to mark ", m.mark); }

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
std::string tell(const domain::debit_refused& e) {
  return line("wallet of ", e.user, " short: no ", e.amount, " for ", e.payment, " of ", e.booking);
}

template <class Variant>
std::string told(const Variant& v) {
  return std::visit([](const auto& each) { return tell(each); }, v);
}

} // namespace

std::string words(const entity_ref& r) {
  switch (r.kind) {
  case entity_kind::catalogue: return "catalogue";
  case entity_kind::queue: return line("queue of ", domain::concert_id{r.number});
  case entity_kind::wallet: return line("wallet of ", domain::user_id{r.user});
  case entity_kind::option: return line("desk of ", domain::option_id{r.number});
  case entity_kind::booking: return say(domain::booking_id{r.number});
  case entity_kind::seat: return say(domain::seat_id{r.number});
  }
  return "?";
}

std::string words(const command& c) {
  return std::visit([](const auto& each) { return line(name_of(each), ": ", wish(each)); }, c);
}

std::string words(const outcome& o) { return told(o); }
std::string words(const letter& l) { return told(l); }
std::string words(const domain::event& e) { return told(e); }

std::string words(const change& c) {
  auto text = line("change ", c.ticket, ": ");
  for (const auto& e : c.facts) text += line(&e == &c.facts.front() ? "" : "; ", words(e));
  if (c.facts.empty()) text += "no facts";
  const auto answers = std::count_if(c.releases.begin(), c.releases.end(), [](const release& r) {
    return std::holds_alternative<client_answer>(r);
  });
  const auto letters = static_cast<std::ptrdiff_t>(c.releases.size()) - answers;
  if (answers > 0) text += line("; releases ", counted(answers, "answer"));
  if (letters > 0) text += line("; releases ", counted(letters, "letter"));
  return text;
}

} // namespace boxoffice::actors
