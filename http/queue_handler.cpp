#include "http/queue_handler.hpp"

#include "http/body.hpp"
#include "http/mock_documents.hpp"

namespace boxoffice::http {

void enter_queue(const handler_context& api, const call& c) {
  auto body = read_body(c.asked);
  if (const auto* refusal = domain::refused(body)) return c.refuse(*refusal);
  auto& fields = std::get<body_fields>(body);
  actors::enter_queue command;
  command.user = fields.user("userId");
  fields.optional_time("requestedTime");
  command.priority = fields.optional_small_integer("priority").value_or(0);
  command.concert =
      fields.optional_id<domain::concert_id>("concertId").value_or(api.options.default_concert);
  if (const auto faults = fields.faults()) return c.refuse(*faults);
  if (const auto no = api.access.require_user(c, command.user)) return c.refuse(*no);

  if (api.service.catalogue()->concerts.count(command.concert) == 0)
    return c.refuse(domain::unknown_concert());
  // Clients poll their place by asking for it again.
  ask<domain::token_view>(api, c, urgency::poll, std::move(command), write_token);
}

} // namespace boxoffice::http
