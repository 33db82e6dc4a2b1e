// Booking, paying, cancelling on /v1.
#include "http/queue_token.hpp"
#include "http/request_key.hpp"
#include "http/routes.hpp"
#include "http/v1_catalogue_documents.hpp"
#include "http/v1_documents.hpp"
#include "http/v1_request.hpp"

#include <algorithm>

namespace boxoffice::http {

namespace {

constexpr std::size_t longest_reason = 500; // characters
constexpr std::size_t longest_section = 16;

std::string booking_path(domain::booking_id id) {
  return "/v1/bookings/" + std::to_string(id.value);
}

// ["A_10","A_11"]
std::vector<domain::seat_name> read_seats(body_fields& fields, std::size_t max_seats) {
  const auto* value = fields.value("seats");
  std::vector<domain::seat_name> names;
  if (value->kind != json_kind::array || value->length == 0 || value->length > max_seats) {
    fields.fault("seats", "This is an array of 1 to " + std::to_string(max_seats) +
                              " names of seats, like [\"A_10\",\"A_11\"].");
    return names;
  }
  for (std::size_t i = 0; i < value->items.size(); ++i) {
    const auto& item = value->items[i];
    const auto place = "seats/" + std::to_string(i);
    auto name = item.kind == json_kind::string ? domain::parse_seat_name(item.text) : std::nullopt;
    if (!name)
      fields.fault(place, "A seat is written as section and number, like \"A_10\".");
    else if (std::find(names.begin(), names.end(), *name) != names.end())
      fields.fault(place, "The seat " + domain::to_string(*name) + " is named twice.");
    else
      names.push_back(*std::move(name));
  }
  return names;
}

// {"count":2,"section":"A"}: the best that are free together.
domain::best_seats read_best(body_fields& fields, std::size_t max_seats) {
  domain::best_seats wish;
  const auto count = fields.optional_small_integer("count").value_or(0);
  if (count < 1 || static_cast<std::size_t>(count) > max_seats)
    fields.fault("count", "This is an integer from 1 to " + std::to_string(max_seats) + ".");
  else
    wish.count = static_cast<std::size_t>(count);
  wish.section = fields.optional_words("section", longest_section);
  return wish;
}

response tell_booking(const answer_context& context, const actors::booking_view& view,
                      const telling&) {
  std::string text;
  json_writer out(text);
  write_v1_booking(out, view.booking);
  return created_answer(context, std::move(text), booking_path(view.booking.id));
}

// The order of checks is that of POST /mock/booking.
void create_booking(const handler_context& api, const call& c) {
  const auto* token_field = queue_token_field(c.asked);
  if (!token_field && !has_request_key(c.asked)) return c.refuse(queue_token_missing());
  auto body = read_v1_body(c);
  if (const auto* refusal = domain::refused(body))
    return c.refuse(token_field ? *refusal : queue_token_missing());
  auto& fields = std::get<body_fields>(body);
  actors::create_booking command;
  command.user = fields.v1_user("userId");
  command.option = fields.id<domain::option_id>("concertOptionId");
  if (fields.has("seats") && (fields.has("count") || fields.has("section")))
    fields.fault("seats", "Either name the seats, or say how many.");
  else if (fields.value("seats") != nullptr)
    command.seats = read_seats(fields, api.options.max_seats);
  else
    command.best = read_best(fields, api.options.max_seats);
  auto key = read_request_key(c, command.option, command.user.value);
  if (const auto* refusal = domain::refused(key)) return c.refuse(*refusal);
  auto& keyed = std::get<domain::request_key_ptr>(key);
  const auto refuse = [&](domain::rejection why) {
    refuse_keyed(api, c, urgency::change, keyed, std::move(why));
  };
  const auto faults = fields.faults();
  if (!faults)
    if (const auto no = api.access.require_user(c, command.user)) return c.refuse(*no);
  if (!token_field) return refuse(queue_token_missing());
  if (faults) return refuse(*faults);

  const auto token = read_queue_token(*token_field);
  if (!token) return refuse(domain::invalid_token());
  command.token = *token;
  if (!api.service.catalogue()->option(command.option)) return c.refuse(domain::unknown_option());
  ask_keyed(api, c, urgency::change, std::move(command), std::move(keyed), tell_booking);
}

response tell_ended(const answer_context& context, const domain::booking& booking, const telling&) {
  std::string body;
  json_writer out(body);
  write_v1_booking(out, booking);
  return json_answer(context, std::move(body));
}

void give_up_booking(const handler_context& api, const call& c) {
  const auto id = read_path_id<domain::booking_id>(c);
  if (const auto* refusal = domain::refused(id)) return c.refuse(*refusal);
  actors::cancel_booking command{std::get<domain::booking_id>(id), api.access.acting_for(c)};
  const auto actor = command.acting_for ? command.acting_for->value : std::string();
  auto key = read_request_key(c, command.booking, actor);
  if (const auto* refusal = domain::refused(key)) return c.refuse(*refusal);
  ask_keyed(api, c, urgency::change, std::move(command),
            std::get<domain::request_key_ptr>(std::move(key)), tell_ended);
}

void release_booking(const handler_context& api, const call& c) {
  const auto id = read_path_id<domain::booking_id>(c);
  if (const auto* refusal = domain::refused(id)) return c.refuse(*refusal);
  auto body = read_v1_body(c);
  if (const auto* refusal = domain::refused(body)) return c.refuse(*refusal);
  auto& fields = std::get<body_fields>(body);
  actors::release_booking command{std::get<domain::booking_id>(id),
                                  fields.words("reason", longest_reason)};
  auto key = read_request_key(c, command.booking, acting_operator);
  if (const auto* refusal = domain::refused(key)) return c.refuse(*refusal);
  auto& keyed = std::get<domain::request_key_ptr>(key);
  if (auto faults = fields.faults())
    return refuse_keyed(api, c, urgency::change, keyed, *std::move(faults));
  ask_keyed(api, c, urgency::change, std::move(command), std::move(keyed), tell_ended);
}

void write_paid(json_writer& out, const actors::booking_view& view) {
  const auto& b = view.booking;
  out.begin_object();
  out.key("paymentId");
  out.integer(b.payment.value);
  out.key("bookingId");
  out.integer(b.id.value);
  out.key("userId");
  write_v1_user_id(out, b.user);
  out.key("amount");
  write_minor(out, b.total);
  out.key("balance");
  write_minor(out, view.wallet.balance);
  out.key("paidAt");
  write_time(out, b.confirmed_at);
  out.key("booking");
  write_v1_booking(out, b);
  out.end_object();
}

response tell_paid(const answer_context& context, const actors::booking_view& view,
                   const telling&) {
  std::string text;
  json_writer out(text);
  write_paid(out, view);
  return created_answer(context, std::move(text), booking_path(view.booking.id) + "/payment");
}

// Whose token is shown pays; who says whom it is for is held to it.
void pay_booking(const handler_context& api, const call& c) {
  const auto* token_field = queue_token_field(c.asked);
  if (!token_field && !has_request_key(c.asked)) return c.refuse(queue_token_missing());
  const auto id = read_path_id<domain::booking_id>(c);
  if (const auto* refusal = domain::refused(id)) return c.refuse(*refusal);
  auto body = read_optional_v1_body(c);
  if (const auto* refusal = domain::refused(body)) return c.refuse(*refusal);
  auto& fields = std::get<body_fields>(body);
  actors::pay_booking command;
  command.booking = std::get<domain::booking_id>(id);
  auto user = fields.optional_v1_user("userId");
  const auto faults = fields.faults();
  if (user && !faults) {
    if (const auto no = api.access.require_user(c, *user)) return c.refuse(*no);
  } else if (!user) {
    user = api.access.acting_for(c);
  }
  command.claim.user_of_token = !user;
  if (user) command.claim.user = *std::move(user);
  auto key = read_request_key(c, command.booking, command.claim.user.value);
  if (const auto* refusal = domain::refused(key)) return c.refuse(*refusal);
  auto& keyed = std::get<domain::request_key_ptr>(key);
  const auto refuse = [&](domain::rejection why) {
    refuse_keyed(api, c, urgency::payment, keyed, std::move(why));
  };
  if (!token_field) return refuse(queue_token_missing());
  if (faults) return refuse(*faults);
  command.claim.token = read_queue_token(*token_field);
  if (!command.claim.token) return refuse(domain::invalid_token());
  ask_keyed(api, c, urgency::payment, std::move(command), std::move(keyed), tell_paid);
}

response tell_called_off(const answer_context& context, const actors::option_called_off& view,
                         const telling&) {
  std::string text;
  json_writer out(text);
  write_option(out, view.what, view.free_seats, view.at);
  auto answer = json_answer(context, std::move(text));
  answer.status = 202;
  return answer;
}

void cancel_option(const handler_context& api, const call& c) {
  const auto id = read_path_id<domain::option_id>(c);
  if (const auto* refusal = domain::refused(id)) return c.refuse(*refusal);
  auto body = read_optional_v1_body(c);
  if (const auto* refusal = domain::refused(body)) return c.refuse(*refusal);
  auto& fields = std::get<body_fields>(body);
  actors::cancel_option command{std::get<domain::option_id>(id),
                                fields.optional_words("reason", longest_reason)};
  auto key = read_request_key(c, command.option, acting_operator);
  if (const auto* refusal = domain::refused(key)) return c.refuse(*refusal);
  auto& keyed = std::get<domain::request_key_ptr>(key);
  if (auto faults = fields.faults())
    return refuse_keyed(api, c, urgency::change, keyed, *std::move(faults));
  if (!api.service.catalogue()->option(command.option)) return c.refuse(domain::unknown_option());
  ask_keyed(api, c, urgency::change, std::move(command), std::move(keyed), tell_called_off);
}

} // namespace

void add_v1_booking_answers(answer_book& book) {
  book.add("POST /v1/bookings", tell_booking);
  book.add("DELETE /v1/bookings/:bookingId", tell_ended);
  book.add("POST /v1/bookings/:bookingId/release", tell_ended);
  book.add("POST /v1/bookings/:bookingId/payment", tell_paid);
  book.add("POST /v1/options/:optionId/cancel", tell_called_off);
}

void add_v1_booking_routes(route_table& table) {
  table.add("POST", "/v1/bookings", create_booking);
  table.add("DELETE", "/v1/bookings/:bookingId", give_up_booking);
  table.add("POST", "/v1/bookings/:bookingId/release", release_booking, audience::operators);
  table.add("POST", "/v1/bookings/:bookingId/payment", pay_booking);
  table.add("POST", "/v1/options/:optionId/cancel", cancel_option, audience::operators);
}

} // namespace boxoffice::http
