#include "http/v1_documents.hpp"

namespace boxoffice::http {

namespace {

void append_digits(std::string& out, int value, std::size_t width) {
  const auto digits = std::to_string(value);
  if (digits.size() < width) out.append(width - digits.size(), '0');
  out += digits;
}

} // namespace

std::string to_rfc3339(domain::time_point t) {
  const auto c = domain::to_calendar(t);
  auto text = domain::to_string(c.date) + 'T';
  append_digits(text, c.hour, 2);
  text += ':';
  append_digits(text, c.minute, 2);
  text += ':';
  append_digits(text, c.second, 2);
  if (const int micros = c.nanosecond / 1000; micros != 0) {
    text += '.';
    append_digits(text, micros, 6);
    text.erase(text.find_last_not_of('0') + 1);
  }
  return text + 'Z';
}

void write_time(json_writer& out, domain::time_point t) { out.string(to_rfc3339(t)); }

void write_time(json_writer& out, const std::optional<domain::time_point>& t) {
  if (t)
    write_time(out, *t);
  else
    write_null(out);
}

void write_minor(json_writer& out, domain::money amount) { out.integer(amount.minor); }

void write_v1_user_id(json_writer& out, const domain::user_id& user) { out.string(user.value); }

void write_null(json_writer& out) { out.raw("null"); }

std::string user_path(const domain::user_id& user) { return "/v1/users/" + user.value; }

namespace {

template <class Id>
std::optional<Id> present(Id id) {
  return id ? std::optional(id) : std::nullopt;
}

void write_words(json_writer& out, const std::optional<std::string>& text) {
  if (text)
    out.string(*text);
  else
    write_null(out);
}

const char* word_of(domain::entry_kind kind) {
  switch (kind) {
  case domain::entry_kind::charge: return "CHARGE";
  case domain::entry_kind::payment: return "PAYMENT";
  case domain::entry_kind::refund: return "REFUND";
  case domain::entry_kind::adjustment: return "ADJUSTMENT";
  }
  return "";
}

void write_booked_seat(json_writer& out, const domain::booked_seat& seat) {
  out.begin_object();
  out.key("seatId");
  out.integer(seat.seat.value);
  out.key("section");
  out.string(seat.name.section);
  out.key("number");
  out.integer(seat.name.number);
  out.key("name");
  out.string(domain::to_string(seat.name));
  out.key("price");
  write_minor(out, seat.price);
  out.end_object();
}

} // namespace

void write_account(json_writer& out, const domain::user_account& account) {
  out.begin_object();
  out.key("userId");
  write_v1_user_id(out, account.who.id);
  out.key("name");
  out.string(account.who.name);
  out.key("email");
  out.string(account.who.email);
  out.key("createdAt");
  write_time(out, account.created_at);
  out.end_object();
}

void write_wallet(json_writer& out, const actors::wallet_view& wallet) {
  out.begin_object();
  out.key("userId");
  write_v1_user_id(out, wallet.owner.id);
  out.key("pointId");
  out.integer(wallet.id.value);
  out.key("balance");
  write_minor(out, wallet.balance);
  out.end_object();
}

void write_entry(json_writer& out, const domain::wallet_entry& entry) {
  out.begin_object();
  out.key("entryId");
  out.integer(entry.id.value);
  out.key("userId");
  write_v1_user_id(out, entry.user);
  out.key("kind");
  out.string(word_of(entry.kind));
  out.key("amount");
  write_minor(out, entry.amount);
  out.key("balance");
  write_minor(out, entry.balance);
  out.key("bookingId");
  write_id(out, present(entry.booking));
  out.key("paymentId");
  write_id(out, present(entry.payment));
  out.key("reason");
  write_words(out, entry.reason);
  out.key("createdAt");
  write_time(out, entry.at);
  out.end_object();
}

// The payment of an attempt that is under way, or came to nothing, is nobody's business yet.
void write_v1_booking(json_writer& out, const domain::booking& booking) {
  out.begin_object();
  out.key("bookingId");
  out.integer(booking.id.value);
  out.key("userId");
  write_v1_user_id(out, booking.user);
  out.key("concertId");
  out.integer(booking.concert.value);
  out.key("concertOptionId");
  out.integer(booking.option.value);
  out.key("status");
  out.string(domain::to_string(booking.status));
  out.key("seats");
  out.begin_array();
  for (const auto& seat : booking.seats) write_booked_seat(out, seat);
  out.end_array();
  out.key("amount");
  write_minor(out, booking.total);
  out.key("createdAt");
  write_time(out, booking.created_at);
  out.key("expiresAt");
  write_time(out, booking.expires_at);
  out.key("paymentId");
  write_id(out, booking.confirmed_at ? present(booking.payment) : std::nullopt);
  out.key("confirmedAt");
  write_time(out, booking.confirmed_at);
  out.end_object();
}

void write_payment(json_writer& out, const domain::payment_record& payment) {
  out.begin_object();
  out.key("paymentId");
  out.integer(payment.id.value);
  out.key("bookingId");
  out.integer(payment.booking.value);
  out.key("userId");
  write_v1_user_id(out, payment.user);
  out.key("amount");
  write_minor(out, payment.amount);
  out.key("paidAt");
  write_time(out, payment.at);
  out.end_object();
}

void write_act(json_writer& out, const domain::audit_record& act) {
  out.begin_object();
  out.key("auditId");
  out.integer(act.id.value);
  out.key("at");
  write_time(out, act.at);
  out.key("act");
  out.string(act.act);
  out.key("subject");
  out.string(act.subject);
  out.key("reason");
  write_words(out, act.reason);
  out.end_object();
}

} // namespace boxoffice::http
