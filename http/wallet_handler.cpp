#include "http/wallet_handler.hpp"

#include "http/body.hpp"
#include "http/mock_documents.hpp"
#include "http/payment_handler.hpp"

namespace boxoffice::http {

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
  if (const auto faults = fields.faults()) return c.refuse(*faults);
  if (const auto no = api.access.require_user(c, command.user)) return c.refuse(*no);
  ask<actors::wallet_view>(api, c, urgency::change, std::move(command), write_user, "/balance");
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
  if (const auto faults = fields.faults()) return c.refuse(*faults);
  if (const auto no = api.access.require_user(c, command.user)) return c.refuse(*no);

  const auto write = [method = std::move(method)](json_writer& out,
                                                  const actors::wallet_view& wallet) {
    out.begin_object();
    out.key("pointId");
    out.integer(wallet.id.value);
    out.key("amount");
    out.points(wallet.balance);
    out.key("paymentMethod");
    out.string(method);
    out.key("user");
    write_user(out, wallet);
    out.end_object();
  };
  ask<actors::wallet_view>(api, c, urgency::change, std::move(command), write, "/amount");
}

} // namespace boxoffice::http
