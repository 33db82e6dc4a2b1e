#include "http/payment_handler.hpp"

#include "http/body.hpp"
#include "http/mock_documents.hpp"
#include "http/queue_token.hpp"

namespace boxoffice::http {

namespace {

constexpr std::size_t most_seats_ever = 1000; // what booking.max_seats may be at most

} // namespace

// The order of checks is that of create_booking.
void pay_booking(const handler_context& api, const call& c) {
  const auto* token_field = queue_token_field(c.asked);
  if (!token_field) return c.refuse(queue_token_missing());
  auto body = read_body(c.asked);
  if (const auto* refusal = domain::refused(body)) return c.refuse(*refusal);
  auto& fields = std::get<body_fields>(body);
  actors::pay_booking command;
  command.booking = fields.id<domain::booking_id>("bookingId");
  command.concert = fields.id<domain::concert_id>("concertId");
  command.claim.user = fields.user("userId");
  command.claim.concert = command.concert;
  // The booking's seats are compared, not counted: it may be from before a limit was lowered.
  command.claim.seats = fields.seats("seats", most_seats_ever);
  if (const auto faults = fields.faults()) return c.refuse(*faults);
  if (const auto no = api.access.require_user(c, command.claim.user)) return c.refuse(*no);

  command.claim.token = read_queue_token(*token_field);
  if (!command.claim.token) return c.refuse(domain::invalid_token());
  const auto write = [&service = api.service](json_writer& out, const actors::booking_view& view) {
    out.begin_object();
    out.key("responseResult");
    out.string("SUCCESS");
    out.key("bookingResponse");
    write_booking(out, view, *service.catalogue());
    out.end_object();
  };
  ask<actors::booking_view>(api, c, urgency::payment, std::move(command), write);
}

void pay_pending(const handler_context& api, const call& c) {
  auto body = read_body(c.asked);
  if (const auto* refusal = domain::refused(body)) return c.refuse(*refusal);
  auto& fields = std::get<body_fields>(body);
  actors::pay_pending command;
  command.user = fields.user("userId");
  command.amount = fields.amount("amount");
  command.option = fields.id<domain::option_id>("concertOptionId");
  auto method = fields.words("paymentMethod", max_payment_method);
  if (const auto faults = fields.faults()) return c.refuse(*faults);
  if (const auto no = api.access.require_user(c, command.user)) return c.refuse(*no);

  if (!api.service.catalogue()->option(command.option))
    return c.refuse(domain::reject(domain::error_code::concert_option_not_found,
                                   "There is no such performance."));
  const auto write = [method = std::move(method)](json_writer& out,
                                                  const actors::booking_view& view) {
    out.begin_object();
    out.key("paymentId");
    out.integer(view.booking.payment.value);
    out.key("userId");
    write_user_id(out, view.booking.user);
    out.key("amount");
    out.points(view.booking.total);
    out.key("paymentMethod");
    out.string(method);
    out.end_object();
  };
  ask<actors::booking_view>(api, c, urgency::payment, std::move(command), write, "/amount");
}

} // namespace boxoffice::http
