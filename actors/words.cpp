#include "actors/words.hpp"

#include "actors/say.hpp"

#include <algorithm>
#include <string_view>

namespace boxoffice::actors {
namespace {

using saying::counted;
using saying::line;
using saying::say;

// --- commands, without their names: a letter bears the same content under its own

std::string wish(const enter_queue& c) {
  return line(c.user, " wants a place in the queue of ", c.concert, ", priority ", c.priority);
}
std::string by_whom(const std::optional<domain::user_id>& user) {
  return user ? line(" for ", *user) : "";
}
std::string wish(const read_token& c) {
  return line("how does ", c.token, " stand", by_whom(c.acting_for), "?");
}
std::string wish(const leave_queue& c) { return line(c.token, " leaves", by_whom(c.acting_for)); }
std::string wish(const prioritize_token& c) {
  return line("give ", c.token, " priority ", c.priority);
}
std::string wish(const watch_tokens& c) {
  return line("how do ", c.tokens.size(), " tokens of ", c.concert, " stand?");
}
std::string wish(const read_queue& c) { return line("how is the queue of ", c.concert, "?"); }
std::string wish(const configure_queue& c) {
  auto text = line("set up the queue of ", c.concert);
  if (c.change.active_limit) text += line(", limit ", say(*c.change.active_limit));
  if (c.change.admit_per_second) text += line(", rate ", say(*c.change.admit_per_second));
  if (c.change.paused) text += *c.change.paused ? ", paused" : ", not paused";
  return text;
}
std::string wish(const create_booking& c) {
  const auto seats = c.best.count == 0 ? say(c.seats)
                                       : line("the best ", c.best.count, " together",
                                              c.best.section ? " in " + *c.best.section : "");
  return line(c.user, " wants ", seats, " of ", c.option, " with ", c.token);
}
std::string wish(const pay_booking& c) {
  const auto token = c.claim.token ? line(" with ", *c.claim.token) : "";
  return line(c.claim.user, " pays ", c.booking, " of ", c.concert, token);
}
std::string wish(const pay_pending& c) {
  return line(c.user, " pays ", c.amount, " for what is pending in ", c.option);
}
std::string wish(const cancel_booking& c) {
  return line(c.acting_for ? c.acting_for->value : "somebody", " gives up ", c.booking);
}
std::string wish(const release_booking& c) {
  return line("an operator takes ", c.booking, " back: \"", c.reason, "\"");
}
std::string wish(const cancel_option& c) {
  return line("an operator cancels ", c.option, c.reason ? ": " + *c.reason : "");
}
std::string wish(const charge_wallet& c) { return line(c.user, " charges ", c.amount); }
std::string wish(const read_wallet& c) { return line(c.user, " reads the wallet"); }
std::string wish(const adjust_wallet& c) {
  return line("the balance of ", c.user, " changes by ", c.amount, ": ", c.reason);
}
std::string wish(const create_user& c) { return line(c.who.id, " wants to be a user"); }
std::string wish(const change_user& c) { return line(c.who.id, " is called otherwise"); }
std::string wish(const erase_user& c) { return line(c.user, " wants to go"); }
std::string wish(const read_user& q) { return line("who is ", q.user, "?"); }
std::string wish(const read_booking& q) { return line("what is ", q.booking, "?"); }
std::string wish(const read_payment& q) { return line("what was paid for ", q.booking, "?"); }
std::string wish(const read_entry& q) { return line("what is ", q.entry, " of ", q.user, "?"); }
std::string wish(const domain::page_bounds& b) {
  return b.before ? line(b.limit, " before ", *b.before) : line("the last ", b.limit);
}
std::string wish(const list_entries& q) {
  return line("entries of ", q.user, ", ", wish(q.bounds));
}
std::string wish(const list_user_bookings& q) {
  return line("bookings of ", q.user, ", ", wish(q.bounds));
}
std::string wish(const list_option_bookings& q) {
  return line("bookings of ", q.option, ", ", wish(q.bounds));
}
std::string wish(const list_audit& q) { return "operators' acts, " + wish(q.bounds); }
std::string wish(const query& q) {
  return std::visit([](const auto& each) { return wish(each); }, q);
}
std::string wish(const recall_answer& c) {
  return line("was this answered before? else ", domain::to_string(c.otherwise.code));
}

std::string wish(const create_concert& c) { return line("a concert \"", c.title, "\""); }
std::string wish(const create_option& c) {
  return line("a performance of ", c.wanted.concert, " at ", c.wanted.starts_at);
}

std::string_view name_of(const create_concert&) { return "create_concert"; }
std::string_view name_of(const create_option&) { return "create_option"; }
std::string_view name_of(const enter_queue&) { return "enter_queue"; }
std::string_view name_of(const read_token&) { return "read_token"; }
std::string_view name_of(const leave_queue&) { return "leave_queue"; }
std::string_view name_of(const prioritize_token&) { return "prioritize_token"; }
std::string_view name_of(const watch_tokens&) { return "watch_tokens"; }
std::string_view name_of(const read_queue&) { return "read_queue"; }
std::string_view name_of(const configure_queue&) { return "configure_queue"; }
std::string_view name_of(const create_booking&) { return "create_booking"; }
std::string_view name_of(const pay_booking&) { return "pay_booking"; }
std::string_view name_of(const pay_pending&) { return "pay_pending"; }
std::string_view name_of(const charge_wallet&) { return "charge_wallet"; }
std::string_view name_of(const read_wallet&) { return "read_wallet"; }
std::string_view name_of(const cancel_booking&) { return "cancel_booking"; }
std::string_view name_of(const release_booking&) { return "release_booking"; }
std::string_view name_of(const cancel_option&) { return "cancel_option"; }
std::string_view name_of(const query&) { return "query"; }
std::string_view name_of(const adjust_wallet&) { return "adjust_wallet"; }
std::string_view name_of(const create_user&) { return "create_user"; }
std::string_view name_of(const change_user&) { return "change_user"; }
std::string_view name_of(const erase_user&) { return "erase_user"; }
std::string_view name_of(const recall_answer&) { return "recall_answer"; }

std::string say(const domain::request_key& k) {
  return line("\"", k.key, "\" of ", domain::to_string(k.owner));
}

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
std::string tell(const domain::queue_view& q) {
  return line("queue of ", q.concert, ": ", q.waiting, " waiting, ", q.processing, " of ",
              q.active_limit, " admitted, ", q.admit_per_second, " a second",
              q.paused ? ", paused" : "");
}
std::string tell(const tokens_view& all) {
  std::string text = "tokens:";
  for (const auto& t : all.tokens) text += " [" + tell(t) + "]";
  return text;
}
std::string tell(const wallet_view& w) { return line(w.id, " of ", w.owner.id, ": ", w.balance); }
std::string state_of(const domain::booking& b) {
  return line(b.id, " of ", b.user, ": ", b.status, b.settled ? " and settled" : "", ", ", b.seats,
              " of ", b.option, " for ", b.total);
}
std::string tell(const domain::booking& b) { return "shown: " + state_of(b); }
std::string tell(const booking_view& b) { return line(state_of(b.booking), "; ", tell(b.wallet)); }

std::string tell(const option_called_off& o) { return line(o.what.id, " is cancelled"); }

std::string tell(const domain::concert& c) { return line(c.id, " \"", c.title, "\""); }
std::string tell(const option_view& v) {
  return line(v.what.id, " of ", v.what.concert, " with ", counted(v.what.seat_count(), "seat"));
}

std::string tell(const domain::wallet_entry& e) {
  return line(e.id, " of ", e.user, ": ", e.amount, ", now ", e.balance);
}
std::string tell(const entry_view& v) { return line("new ", tell(v.entry), "; ", tell(v.wallet)); }
std::string tell(const done&) { return "done"; }
std::string tell(const domain::user_account& u) {
  return line("user ", u.who.id, ": ", u.who.name);
}
std::string tell(const domain::payment_record& p) {
  return line(p.id, " of ", p.booking, ": ", p.amount, " of ", p.user);
}
const char* kind_of(const domain::wallet_entry&) { return "entries"; }
const char* kind_of(const domain::booking&) { return "bookings"; }
const char* kind_of(const domain::audit_record&) { return "acts"; }
template <class T>
std::string tell(const domain::page<T>& p) {
  return line("a page of ", p.items.size(), ' ', kind_of(T{}), p.next ? ", not the last" : "");
}
std::string tell(const domain::written_answer& a) {
  return line("written ", a.status, ": ", a.body);
}
std::string tell(const replayed_answer& a) {
  return line("replayed ", a.first.status, ": ", a.first.body);
}

// --- letters

template <class Command>
std::string by_request(const asked<Command>& m) {
  const auto key = m.key ? line(", keyed ", say(*m.key)) : "";
  return line(" of request ", m.request, key, ": ", wish(m.command));
}

std::string tell(const stock_demo& m) {
  return line("stock_demo of request ", m.request, ": put the demo's data on offer");
}
std::string tell(const add_concert& m) { return "add_concert" + by_request(m); }
std::string tell(const add_option& m) { return "add_option" + by_request(m); }
std::string tell(const sale_announced& m) {
  return line("sale_announced: ", m.concert, " has a new performance");
}
std::string tell(const join_queue& m) { return "join_queue" + by_request(m); }
std::string tell(const ask_of_token& m) { return "ask_of_token" + by_request(m); }
std::string tell(const quit_line& m) { return "quit_line" + by_request(m); }
std::string tell(const move_in_line& m) { return "move_in_line" + by_request(m); }
std::string tell(const watch_line& m) { return "watch_line" + by_request(m); }
std::string tell(const survey_line& m) { return "survey_line" + by_request(m); }
std::string tell(const set_up_line& m) { return "set_up_line" + by_request(m); }
std::string tell(const admit_booking& m) { return "admit_booking" + by_request(m); }
std::string tell(const admit_payment& m) { return "admit_payment" + by_request(m); }
std::string tell(const release_tokens& m) {
  return line("release_tokens: ", m.booking, " is paid, expire ", m.tokens, " of ", m.concert);
}
template <class T, class Words>
std::string read_or_not_words(const read_or_not<T>& what, const char* none, Words words_of) {
  if (const auto* there = std::get_if<T>(&what)) return words_of(*there);
  return std::holds_alternative<no_rows>(what) ? none : "unreadable";
}
std::string tell(const token_traced& m) {
  return line("token_traced: question ", m.correlation, " of ", m.concert, ": the token is ",
              read_or_not_words(m.owner, "nobody's", [](const auto& owner) {
                return line(owner.user, "'s for ", owner.concert);
              }));
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
  return line("owner_described: to ", m.asker, ", question ", m.correlation, ": ",
              read_or_not_words(m.wallet, "no such user", [](const auto& w) { return tell(w); }));
}
std::string tell(const open_sale& m) { return "open_sale" + by_request(m); }
std::string tell(const pay_at_desk& m) { return "pay_at_desk" + by_request(m); }
std::string tell(const attempt_lost& m) {
  return line("attempt_lost: ", m.booking, " of ", m.user, " got no seats of ", m.option);
}
std::string tell(const request_noted& m) {
  return line("request_noted: to ", m.option, ", ", words(m.fact));
}
std::string tell(const booking_noted& m) { return "booking_noted: " + state_of(m.booking); }
std::string tell(const open_booking& m) {
  return line("open_booking of request ", m.request, ": ", m.draft.booking, " is to claim ",
              m.draft.seats, " of ", m.draft.option, " for ", m.draft.user);
}
std::string tell(const seat_answered& m) {
  return line("seat_answered: ", m.seat, " is ", m.word, ", to ", m.booking);
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
std::string tell(const credit_wallet& m) {
  return line("credit_wallet: ", m.amount, " back to ", m.user, " for ", m.payment, " of ",
              m.booking);
}
std::string tell(const call_off& m) { return "call_off" + by_request(m); }
std::string tell(const give_up_booking& m) { return "give_up_booking" + by_request(m); }
std::string tell(const take_back_booking& m) { return "take_back_booking" + by_request(m); }
std::string tell(const wind_up_booking& m) {
  return line("wind_up_booking: the performance of ", m.booking, " is cancelled");
}
std::string tell(const money_returned& m) {
  return line("money_returned: the price of ", m.booking, " is back");
}
std::string tell(const adjust& m) { return "adjust" + by_request(m); }
std::string tell(const open_account& m) { return "open_account" + by_request(m); }
std::string tell(const change_account& m) { return "change_account" + by_request(m); }
std::string tell(const close_account& m) { return "close_account" + by_request(m); }
std::string tell(const inquiry_begun& m) {
  return line("inquiry_begun: ", m.asked, " were asked after ", m.user, ", question ",
              m.correlation);
}
std::string tell(const user_traced& m) {
  return line("user_traced: ", m.user,
              m.unreadable ? " may be"
              : m.in_use   ? " is"
                           : " is not",
              " in use, question ", m.correlation);
}
std::string tell(const asked_after_user& m) {
  return line("asked_after_user: to ", m.whom, ", is ", m.user, " in use? question ",
              m.correlation);
}
std::string tell(const recall& m) {
  const auto key = m.key ? say(*m.key) : "nothing";
  const auto next = m.next ? "it goes on" : domain::to_string(m.otherwise.code);
  return line("recall of request ", m.request, ": was ", key, " answered before? else ", next);
}
std::string tell(const clean_up&) { return "clean_up: forget what is past"; }
std::string tell(const past_found& m) {
  return line("past_found: ", counted(static_cast<std::ptrdiff_t>(m.what.tokens.size()), "token"),
              ", ", counted(static_cast<std::ptrdiff_t>(m.what.bookings.size()), "booking"));
}
std::string tell(const bookings_gone& m) {
  return line("bookings_gone: to ", m.option, ", ",
              counted(static_cast<std::ptrdiff_t>(m.bookings.size()), "booking"));
}
std::string tell(const booking_gone& m) { return line("booking_gone: ", m.booking); }
std::string tell(const refusals_gone& m) {
  return line("refusals_gone: to ", m.user, ", ",
              counted(static_cast<std::ptrdiff_t>(m.bookings.size()), "booking"));
}
std::string tell(const wake& m) { return line("wake: ", m.whom); }
std::string tell(const flushed& m) { return line("flushed: ", m.whom, " up to mark ", m.mark); }

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
  case entity_kind::caretaker: return "caretaker";
  }
  return "?";
}

std::string words(const command& c) {
  return std::visit([](const auto& each) { return line(name_of(each), ": ", wish(each)); }, c);
}

std::string words(const outcome& o) { return told(o); }
std::string words(const letter& l) { return told(l); }

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
