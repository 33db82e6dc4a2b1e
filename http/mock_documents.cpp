#include "http/mock_documents.hpp"

namespace boxoffice::http {

namespace {

// The seed knows two words of its own; the others are CONTRACT 1's.
std::string_view to_word(domain::booking_status status) {
  switch (status) {
  case domain::booking_status::pending:
  case domain::booking_status::paying: return "PENDING";
  case domain::booking_status::confirmed: return "COMPLETE";
  case domain::booking_status::refunding:
  case domain::booking_status::cancelled:
  case domain::booking_status::expired: break;
  }
  return domain::to_string(status);
}

void write_booked_concert(json_writer& out, const domain::booking& b,
                          const domain::catalogue& catalogue) {
  const auto& option = *catalogue.options.at(b.option);
  out.begin_object();
  out.key("concertId");
  out.integer(b.concert.value);
  out.key("name");
  out.string(catalogue.concerts.at(b.concert).title);
  out.key("date");
  out.date_time(option.starts_at);
  out.key("seats");
  out.begin_array();
  for (const auto& s : b.seats) {
    out.begin_object();
    write_seat_fields(out, s.seat, s.name, true, s.price);
    out.end_object();
  }
  out.end_array();
  out.key("concertOptionId");
  out.integer(b.option.value);
  out.end_object();
}

} // namespace

void write_token(json_writer& out, const domain::token_view& t) {
  out.begin_object();
  out.key("queueToken");
  out.string(domain::to_string(t.key));
  out.key("position");
  out.integer(static_cast<std::int64_t>(t.position));
  out.key("issueTime");
  out.date_time(t.issued_at);
  out.key("expirationTime");
  out.date_time(t.expires_at);
  out.key("queueStatus");
  out.string(domain::to_string(t.status));
  out.end_object();
}

void write_user_id(json_writer& out, const domain::user_id& user) {
  if (domain::is_numeric_user_id(user.value))
    out.raw(user.value);
  else
    out.string(user.value);
}

void write_user(json_writer& out, const actors::wallet_view& wallet) {
  out.begin_object();
  out.key("userId");
  write_user_id(out, wallet.owner.id);
  out.key("name");
  out.string(wallet.owner.name);
  out.key("balance");
  out.points(wallet.balance);
  out.end_object();
}

void write_seat_fields(json_writer& out, domain::seat_id id, const domain::seat_name& name,
                       bool reserved, domain::money price) {
  out.key("seatId");
  out.integer(id.value);
  out.key("seatNumber");
  out.integer(name.number);
  out.key("reserved");
  out.boolean(reserved);
  out.key("section");
  out.string(name.section);
  out.key("price");
  out.points(price);
}

void write_booking(json_writer& out, const actors::booking_view& view,
                   const domain::catalogue& catalogue) {
  const auto& b = view.booking;
  out.begin_object();
  out.key("responseResult");
  out.string("SUCCESS");
  out.key("bookingId");
  out.integer(b.id.value);
  out.key("bookingStatus");
  out.string(to_word(b.status));
  out.key("bookingTime");
  out.date_time(b.created_at);
  out.key("user");
  write_user(out, view.wallet);
  out.key("concert");
  write_booked_concert(out, b, catalogue);
  out.end_object();
}

} // namespace boxoffice::http
