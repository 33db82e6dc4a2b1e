#include "http/booking_handler.hpp"

#include "http/body.hpp"
#include "http/mock_documents.hpp"
#include "http/queue_token.hpp"
#include "http/request_key.hpp"

namespace boxoffice::http {

namespace {

response tell_booking(const answer_context& context, const actors::booking_view& view,
                      const telling& t) {
  std::string body;
  json_writer out(body);
  write_booking(out, view, t.catalogue);
  return json_answer(context, std::move(body));
}

} // namespace

void add_booking_answers(answer_book& book) { book.add("POST /mock/booking", tell_booking); }

// Whoever shows no token is told so first; then all that is wrong with the body; then the rest. A
// replay comes before all of it.
void create_booking(const handler_context& api, const call& c) {
  const auto* token_field = queue_token_field(c.asked);
  if (!token_field && !has_request_key(c.asked)) return c.refuse(queue_token_missing());
  auto body = read_body(c.asked);
  if (const auto* refusal = domain::refused(body))
    return c.refuse(token_field ? *refusal : queue_token_missing());
  auto& fields = std::get<body_fields>(body);
  actors::create_booking command;
  command.user = fields.user("userId");
  command.option = fields.id<domain::option_id>("concertOptionId");
  command.seats = fields.seats("seats", api.options.max_seats);
  auto key = read_request_key(c, command.option, command.user.value);
  if (const auto* refusal = domain::refused(key)) return c.refuse(*refusal);
  auto& keyed = std::get<domain::request_key_ptr>(key);
  if (const auto no = api.access.require_user(c, command.user)) return c.refuse(*no);
  const auto refuse = [&](domain::rejection why) {
    refuse_keyed(api, c, urgency::change, keyed, std::move(why));
  };
  if (!token_field) return refuse(queue_token_missing());
  if (auto faults = fields.faults()) return refuse(*std::move(faults));

  const auto token = read_queue_token(*token_field);
  if (!token) return refuse(domain::invalid_token());
  command.token = *token;
  if (!api.service.catalogue()->option(command.option)) return c.refuse(domain::unknown_option());
  ask_keyed(api, c, urgency::change, std::move(command), std::move(keyed), tell_booking);
}

} // namespace boxoffice::http
