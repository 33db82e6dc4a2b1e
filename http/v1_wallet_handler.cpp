// Wallets of /v1.
#include "http/request_key.hpp"
#include "http/routes.hpp"
#include "http/v1_documents.hpp"
#include "http/v1_request.hpp"

namespace boxoffice::http {

namespace {

response tell_new_entry(const answer_context& context, const actors::entry_view& view,
                        const telling&) {
  std::string body;
  json_writer out(body);
  write_entry(out, view.entry);
  return created_answer(context, std::move(body),
                        user_path(view.entry.user) + "/wallet/entries/" +
                            std::to_string(view.entry.id.value));
}

void read_wallet(const handler_context& api, const call& c) {
  const auto user = read_own_user(c, api.access);
  if (const auto* refusal = domain::refused(user)) return c.refuse(*refusal);
  const auto& id = std::get<domain::user_id>(user);
  ask<actors::wallet_view>(api, c, urgency::poll, actors::read_wallet{id}, write_wallet);
}

void charge_wallet(const handler_context& api, const call& c) {
  auto user = read_path_user(c);
  if (const auto* refusal = domain::refused(user)) return c.refuse(*refusal);
  auto body = read_v1_body(c);
  if (const auto* refusal = domain::refused(body)) return c.refuse(*refusal);
  auto& fields = std::get<body_fields>(body);
  actors::charge_wallet command;
  command.user = std::get<domain::user_id>(std::move(user));
  command.amount = fields.minor_amount("amount");
  if (const auto no = api.access.require_user(c, command.user)) return c.refuse(*no);
  auto key = read_request_key(c, command.user, command.user.value);
  if (const auto* refusal = domain::refused(key)) return c.refuse(*refusal);
  auto& keyed = std::get<domain::request_key_ptr>(key);
  if (auto faults = fields.faults())
    return refuse_keyed(api, c, urgency::change, keyed, *std::move(faults));
  ask_keyed(api, c, urgency::change, std::move(command), std::move(keyed), tell_new_entry, {},
            "/amount");
}

void list_entries(const handler_context& api, const call& c) {
  const auto user = read_own_user(c, api.access);
  if (const auto* refusal = domain::refused(user)) return c.refuse(*refusal);
  const auto& id = std::get<domain::user_id>(user);
  const auto bounds = read_page(c, list_kind::entries);
  if (const auto* refusal = domain::refused(bounds)) return c.refuse(*refusal);
  using entries = domain::page<domain::wallet_entry>;
  const auto write = [](json_writer& out, const entries& page) {
    write_list(out, page.items, list_kind::entries, page.next, write_entry);
  };
  const actors::list_entries wanted{id, std::get<domain::page_bounds>(bounds)};
  ask<entries>(api, c, urgency::poll, actors::query(wanted), write);
}

void read_entry(const handler_context& api, const call& c) {
  const auto user = read_own_user(c, api.access);
  if (const auto* refusal = domain::refused(user)) return c.refuse(*refusal);
  const auto& id = std::get<domain::user_id>(user);
  const auto entry = read_path_id<domain::entry_id>(c, 1);
  if (const auto* refusal = domain::refused(entry)) return c.refuse(*refusal);
  const actors::read_entry wanted{id, std::get<domain::entry_id>(entry)};
  ask<domain::wallet_entry>(api, c, urgency::poll, actors::query(wanted), write_entry);
}

void adjust_wallet(const handler_context& api, const call& c) {
  auto user = read_path_user(c);
  if (const auto* refusal = domain::refused(user)) return c.refuse(*refusal);
  auto body = read_v1_body(c);
  if (const auto* refusal = domain::refused(body)) return c.refuse(*refusal);
  auto& fields = std::get<body_fields>(body);
  actors::adjust_wallet command;
  command.user = std::get<domain::user_id>(std::move(user));
  command.amount = fields.signed_minor_amount("amount");
  command.reason = fields.words("reason", domain::max_reason);
  auto key = read_request_key(c, command.user, acting_operator);
  if (const auto* refusal = domain::refused(key)) return c.refuse(*refusal);
  auto& keyed = std::get<domain::request_key_ptr>(key);
  if (auto faults = fields.faults())
    return refuse_keyed(api, c, urgency::change, keyed, *std::move(faults));
  ask_keyed(api, c, urgency::change, std::move(command), std::move(keyed), tell_new_entry, {},
            "/amount");
}

} // namespace

void add_v1_wallet_answers(answer_book& book) {
  book.add("POST /v1/users/:userId/wallet/charges", tell_new_entry);
  book.add("POST /v1/users/:userId/wallet/adjustments", tell_new_entry);
}

void add_v1_wallet_routes(route_table& table) {
  table.add("GET", "/v1/users/:userId/wallet", read_wallet);
  table.add("POST", "/v1/users/:userId/wallet/charges", charge_wallet);
  table.add("GET", "/v1/users/:userId/wallet/entries", list_entries);
  table.add("GET", "/v1/users/:userId/wallet/entries/:entryId", read_entry);
  table.add("POST", "/v1/users/:userId/wallet/adjustments", adjust_wallet, audience::operators);
}

} // namespace boxoffice::http
