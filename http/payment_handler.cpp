#include "http/payment_handler.hpp"

#include "http/body.hpp"
#include "http/mock_documents.hpp"
#include "http/queue_token.hpp"
#include "http/request_key.hpp"

namespace boxoffice::http {

namespace {

constexpr std::size_t most_seats_ever = 1000; // what booking.max_seats may be at most

response tell_paid(const answer_context& context, const actors::booking_view& view,
                   const telling& t) {
  std::string body;
  json_writer out(body);
  out.begin_object();
  out.key("responseResult");
  out.string("SUCCESS");
  out.key("bookingResponse");
  write_booking(out, view, t.catalogue);
  out.end_object();
  return json_answer(context, std::move(body));
}

// The detail is the payment method.
response tell_payment(const answer_context& context, const actors::booking_view& view,
                      const telling& t) {
  std::string body;
  json_writer out(body);
  out.begin_object();
  out.key("paymentId");
  out.integer(view.booking.payment.value);
  out.key("userId");
  write_user_id(out, view.booking.user);
  out.key("amount");
  out.points(view.booking.total);
  out.key("paymentMethod");
  out.string(t.detail);
  out.end_object();
  return json_answer(context, std::move(body));
}

} // namespace

void add_payment_answers(answer_book& book) {
  book.add("POST /mock/payment", tell_paid);
  book.add("PATCH /payments/payment", tell_payment);
}

// The order of checks is that of create_booking.
void pay_booking(const handler_context& api, const call& c) {
  const auto* token_field = queue_token_field(c.asked);
  if (!token_field && !has_request_key(c.asked)) return c.refuse(queue_token_missing());
  auto body = read_body(c.asked);
  if (const auto* refusal = domain::refused(body))
    return c.refuse(token_field ? *refusal : queue_token_missing());
  auto& fields = std::get<body_fields>(body);
  actors::pay_booking command;
  command.booking = fields.id<domain::booking_id>("bookingId");
  command.concert = fields.id<domain::concert_id>("concertId");
  command.claim.user = fields.user("userId");
  command.claim.concert = command.concert;
  // The booking's seats are compared, not counted: it may be from before a limit was lowered.
  command.claim.seats = fields.seats("seats", most_seats_ever);
  auto key = read_request_key(c, command.booking, command.claim.user.value);
  if (const auto* refusal = domain::refused(key)) return c.refuse(*refusal);
  auto& keyed = std::get<domain::request_key_ptr>(key);
  if (const auto no = api.access.require_user(c, command.claim.user)) return c.refuse(*no);
  const auto refuse = [&](domain::rejection why) {
    refuse_keyed(api, c, urgency::payment, keyed, std::move(why));
  };
  if (!token_field) return refuse(queue_token_missing());
  if (auto faults = fields.faults()) return refuse(*std::move(faults));

  command.claim.token = read_queue_token(*token_field);
  if (!command.claim.token) return refuse(domain::invalid_token());
  ask_keyed(api, c, urgency::payment, std::move(command), std::move(keyed), tell_paid);
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
  auto key = read_request_key(c, command.option, command.user.value, method);
  if (const auto* refusal = domain::refused(key)) return c.refuse(*refusal);
  auto& keyed = std::get<domain::request_key_ptr>(key);
  if (const auto no = api.access.require_user(c, command.user)) return c.refuse(*no);
  if (auto faults = fields.faults())
    return refuse_keyed(api, c, urgency::payment, keyed, *std::move(faults));

  if (!api.service.catalogue()->option(command.option)) return c.refuse(domain::unknown_option());
  ask_keyed(api, c, urgency::payment, std::move(command), std::move(keyed), tell_payment,
            std::move(method), "/amount");
}

} // namespace boxoffice::http
