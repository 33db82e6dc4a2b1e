#include "http/wallet_handler.hpp"

#include "http/body.hpp"
#include "http/mock_documents.hpp"
#include "http/payment_handler.hpp"
#include "http/request_key.hpp"

namespace boxoffice::http {

namespace {

response tell_user(const answer_context& context, const actors::entry_view& charged,
                   const telling&) {
  std::string body;
  json_writer out(body);
  write_user(out, charged.wallet);
  return json_answer(context, std::move(body));
}

// The detail is the payment method.
response tell_points(const answer_context& context, const actors::entry_view& charged,
                     const telling& t) {
  const auto& wallet = charged.wallet;
  std::string body;
  json_writer out(body);
  out.begin_object();
  out.key("pointId");
  out.integer(wallet.id.value);
  out.key("amount");
  out.points(wallet.balance);
  out.key("paymentMethod");
  out.string(t.detail);
  out.key("user");
  write_user(out, wallet);
  out.end_object();
  return json_answer(context, std::move(body));
}

} // namespace

void add_wallet_answers(answer_book& book) {
  book.add("POST /mock/balance", tell_user);
  book.add("PATCH /users/points/charge", tell_points);
}

void read_balance(const handler_context& api, const call& c) {
  const auto& user = c.parameters.front();
  if (!domain::is_valid_user_id(user))
    return c.refuse(domain::reject(domain::error_code::invalid_request,
                                   "A user id is 1 to 64 letters, digits and -_.@."));
  if (const auto no = api.access.require_user(c, {user})) return c.refuse(*no);
  ask<actors::wallet_view>(api, c, urgency::poll, actors::read_wallet{{user}}, write_user);
}

void charge_balance(const handler_context& api, const call& c) {
  auto body = read_body(c.asked);
  if (const auto* refusal = domain::refused(body)) return c.refuse(*refusal);
  auto& fields = std::get<body_fields>(body);
  actors::charge_wallet command;
  command.user = fields.user("userId");
  command.amount = fields.amount("balance");
  auto key = read_request_key(c, command.user, command.user.value);
  if (const auto* refusal = domain::refused(key)) return c.refuse(*refusal);
  auto& keyed = std::get<domain::request_key_ptr>(key);
  if (const auto no = api.access.require_user(c, command.user)) return c.refuse(*no);
  if (auto faults = fields.faults())
    return refuse_keyed(api, c, urgency::change, keyed, *std::move(faults));
  ask_keyed(api, c, urgency::change, std::move(command), std::move(keyed), tell_user, {},
            "/balance");
}

void charge_points(const handler_context& api, const call& c) {
  auto body = read_body(c.asked);
  if (const auto* refusal = domain::refused(body)) return c.refuse(*refusal);
  auto& fields = std::get<body_fields>(body);
  actors::charge_wallet command;
  fields.optional_integer("pointId");
  command.user = fields.user("userId");
  auto method = fields.words("paymentMethod", max_payment_method);
  command.amount = fields.amount("amount");
  fields.optional_time("paymentTime");
  auto key = read_request_key(c, command.user, command.user.value, method);
  if (const auto* refusal = domain::refused(key)) return c.refuse(*refusal);
  auto& keyed = std::get<domain::request_key_ptr>(key);
  if (const auto no = api.access.require_user(c, command.user)) return c.refuse(*no);
  if (auto faults = fields.faults())
    return refuse_keyed(api, c, urgency::change, keyed, *std::move(faults));
  ask_keyed(api, c, urgency::change, std::move(command), std::move(keyed), tell_points,
            std::move(method), "/amount");
}

} // namespace boxoffice::http
