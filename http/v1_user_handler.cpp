// Users of /v1.
#include "http/routes.hpp"
#include "http/v1_documents.hpp"
#include "http/v1_request.hpp"

namespace boxoffice::http {

namespace {

constexpr std::size_t max_name = 100;
constexpr std::size_t max_email = 254;

response tell_account(const answer_context& context, const domain::user_account& account) {
  std::string body;
  json_writer out(body);
  write_account(out, account);
  return json_answer(context, std::move(body));
}

void create_user(const handler_context& api, const call& c) {
  auto body = read_v1_body(c);
  if (const auto* refusal = domain::refused(body)) return c.refuse(*refusal);
  auto& fields = std::get<body_fields>(body);
  actors::create_user command;
  command.who.id = fields.v1_user("userId");
  command.who.name = fields.words("name", max_name);
  command.who.email = fields.words("email", max_email);
  if (const auto faults = fields.faults()) return c.refuse(*faults);
  if (const auto no = api.access.require_user(c, command.who.id)) return c.refuse(*no);

  const auto tell = [](const answer_context& context, const domain::user_account& account) {
    std::string text;
    json_writer out(text);
    write_account(out, account);
    return created_answer(context, std::move(text), user_path(account.who.id));
  };
  ask_for<domain::user_account>(api, c, urgency::change, std::move(command), tell);
}

void read_user(const handler_context& api, const call& c) {
  const auto user = read_own_user(c, api.access);
  if (const auto* refusal = domain::refused(user)) return c.refuse(*refusal);
  const auto& id = std::get<domain::user_id>(user);
  ask_for<domain::user_account>(api, c, urgency::poll, actors::query(actors::read_user{id}),
                                tell_account);
}

void change_user(const handler_context& api, const call& c) {
  auto user = read_path_user(c);
  if (const auto* refusal = domain::refused(user)) return c.refuse(*refusal);
  auto body = read_v1_body(c);
  if (const auto* refusal = domain::refused(body)) return c.refuse(*refusal);
  auto& fields = std::get<body_fields>(body);
  actors::change_user command;
  command.who.id = std::get<domain::user_id>(std::move(user));
  command.who.name = fields.words("name", max_name);
  command.who.email = fields.words("email", max_email);
  if (const auto faults = fields.faults()) return c.refuse(*faults);
  if (const auto no = api.access.require_user(c, command.who.id)) return c.refuse(*no);
  ask_for<domain::user_account>(api, c, urgency::change, std::move(command), tell_account);
}

void erase_user(const handler_context& api, const call& c) {
  const auto user = read_own_user(c, api.access);
  if (const auto* refusal = domain::refused(user)) return c.refuse(*refusal);
  const auto& id = std::get<domain::user_id>(user);
  const auto tell = [](const answer_context& context, const actors::done&) {
    return bare_answer(context, 204);
  };
  ask_for<actors::done>(api, c, urgency::change, actors::erase_user{id}, tell);
}

} // namespace

void add_v1_user_routes(route_table& table) {
  table.add("POST", "/v1/users", create_user);
  table.add("GET", "/v1/users/:userId", read_user);
  table.add("PUT", "/v1/users/:userId", change_user);
  table.add("DELETE", "/v1/users/:userId", erase_user);
}

} // namespace boxoffice::http
