#include "http/v1_catalogue_documents.hpp"

#include "actors/domain/sale_hours.hpp"
#include "http/v1_documents.hpp"

namespace boxoffice::http {

namespace {

std::string_view word_of(domain::option_status status) {
  switch (status) {
  case domain::option_status::scheduled: return "SCHEDULED";
  case domain::option_status::on_sale: return "ON_SALE";
  case domain::option_status::closed: return "CLOSED";
  case domain::option_status::cancelled: return "CANCELLED";
  }
  return "CLOSED";
}

void write_cancellation(json_writer& out, const domain::cancellation& c) {
  out.begin_object();
  out.key("requestedAt");
  write_time(out, c.requested_at);
  out.key("bookings");
  out.integer(c.bookings);
  out.key("remaining");
  out.integer(c.remaining);
  out.key("completedAt");
  write_time(out, c.completed_at);
  out.end_object();
}

} // namespace

void write_option(json_writer& out, const domain::concert_option& option, int free_seats,
                  domain::time_point now) {
  out.begin_object();
  out.key("concertOptionId");
  out.integer(option.id.value);
  out.key("concertId");
  out.integer(option.concert.value);
  out.key("startsAt");
  write_time(out, option.starts_at);
  out.key("localDate");
  out.string(domain::to_string(option.local_date));
  out.key("venue");
  out.string(option.venue);
  out.key("timeZone");
  out.string(option.time_zone);
  out.key("salesOpenAt");
  write_time(out, option.sales_open_at);
  out.key("salesCloseAt");
  write_time(out, option.sales_close_at);
  out.key("status");
  out.string(word_of(domain::status_of(option, now)));
  out.key("seats");
  out.integer(option.seat_count());
  out.key("freeSeats");
  out.integer(free_seats);
  out.key("sections");
  out.begin_array();
  for (const auto& s : option.sections) {
    out.begin_object();
    out.key("name");
    out.string(s.name);
    out.key("seats");
    out.integer(s.seats);
    out.key("price");
    write_minor(out, s.price);
    out.key("firstSeatId");
    out.integer(s.first_seat.value);
    out.end_object();
  }
  out.end_array();
  if (option.cancelled) {
    out.key("cancellation");
    write_cancellation(out, *option.cancelled);
  }
  out.end_object();
}

void write_concert(json_writer& out, const domain::concert& concert,
                   const std::vector<offered_option>& options, domain::time_point now) {
  out.begin_object();
  out.key("concertId");
  out.integer(concert.id.value);
  out.key("name");
  out.string(concert.title);
  out.key("createdAt");
  write_time(out, concert.created_at);
  out.key("options");
  out.begin_array();
  for (const auto& o : options) write_option(out, *o.what, o.free_seats, now);
  out.end_array();
  out.end_object();
}

} // namespace boxoffice::http
