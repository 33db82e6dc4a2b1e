#include "http/booking_handler.hpp"

#include "http/body.hpp"
#include "http/mock_documents.hpp"
#include "http/queue_token.hpp"

namespace boxoffice::http {

// Whoever shows no token is told so first; then all that is wrong with the body; then the rest.
void create_booking(const handler_context& api, const call& c) {
  const auto* token_field = queue_token_field(c.asked);
  if (!token_field) return c.refuse(queue_token_missing());
  auto body = read_body(c.asked);
  if (const auto* refusal = domain::refused(body)) return c.refuse(*refusal);
  auto& fields = std::get<body_fields>(body);
  actors::create_booking command;
  command.user = fields.user("userId");
  command.option = fields.id<domain::option_id>("concertOptionId");
  command.seats = fields.seats("seats", api.options.max_seats);
  if (const auto faults = fields.faults()) return c.refuse(*faults);
  if (const auto no = api.access.require_user(c, command.user)) return c.refuse(*no);

  const auto token = read_queue_token(*token_field);
  if (!token) return c.refuse(domain::invalid_token());
  command.token = *token;
  if (!api.service.catalogue()->option(command.option))
    return c.refuse(domain::reject(domain::error_code::concert_option_not_found,
                                   "There is no such performance."));
  const auto write = [&service = api.service](json_writer& out, const actors::booking_view& view) {
    write_booking(out, view, *service.catalogue());
  };
  ask<actors::booking_view>(api, c, urgency::change, std::move(command), write);
}

} // namespace boxoffice::http
