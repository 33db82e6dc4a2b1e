// Queues and their tokens of /v1.
#include "http/mock_documents.hpp"
#include "http/queue_token.hpp"
#include "http/routes.hpp"
#include "http/v1_documents.hpp"
#include "http/v1_request.hpp"

#include <string>
#include <utility>

namespace boxoffice::http {

namespace {

constexpr std::int32_t highest_priority = 1000;
// As of the settings queue.active_limit and queue.admit_per_second.
constexpr std::int64_t highest_limit = 10'000'000, highest_rate = 1'000'000;

void write_v1_token(json_writer& out, const domain::token_view& t) {
  out.begin_object();
  out.key("token");
  out.string(domain::to_string(t.key));
  out.key("concertId");
  out.integer(t.concert.value);
  out.key("userId");
  write_v1_user_id(out, t.user);
  out.key("status");
  out.string(domain::to_string(t.status));
  out.key("position");
  out.integer(static_cast<std::int64_t>(t.position));
  out.key("etaSeconds");
  if (t.eta)
    out.integer(t.eta->count());
  else
    write_null(out);
  out.key("priority");
  out.integer(t.priority);
  out.key("issuedAt");
  write_time(out, t.issued_at);
  out.key("admittedAt");
  write_time(out, t.admitted_at);
  out.key("expiresAt");
  write_time(out, t.expires_at);
  out.end_object();
}

response token_answer(const answer_context& context, const domain::token_view& t) {
  std::string body;
  json_writer out(body);
  write_v1_token(out, t);
  auto r = json_answer(context, std::move(body));
  if (t.status == domain::token_status::waiting)
    r.headers.emplace_back("Retry-After", std::to_string(t.poll_after.count()));
  return r;
}

// Whoever comes is told where the place is, and whether it was had before.
response place_answer(const answer_context& context, const domain::token_view& t) {
  auto r = token_answer(context, t);
  if (t.fresh) r.status = 201;
  r.headers.emplace_back("Location", "/v1/queue/tokens/" + domain::to_string(t.key));
  return r;
}

void write_queue(json_writer& out, const domain::queue_view& q) {
  out.begin_object();
  out.key("concertId");
  out.integer(q.concert.value);
  out.key("activeLimit");
  out.integer(static_cast<std::int64_t>(q.active_limit));
  out.key("admitPerSecond");
  out.integer(static_cast<std::int64_t>(q.admit_per_second));
  out.key("paused");
  out.boolean(q.paused);
  out.key("waiting");
  out.integer(static_cast<std::int64_t>(q.waiting));
  out.key("processing");
  out.integer(static_cast<std::int64_t>(q.processing));
  out.end_object();
}

// The concert in the path, if there is one.
domain::result<domain::concert_id> read_concert(const handler_context& api, const call& c) {
  auto concert = read_path_id<domain::concert_id>(c);
  const auto* id = std::get_if<domain::concert_id>(&concert);
  if (id != nullptr && api.service.catalogue()->concerts.count(*id) == 0)
    return domain::unknown_concert();
  return concert;
}

// What no token can look like is none.
domain::result<domain::token_key> read_token_key(const call& c) {
  if (const auto key = read_queue_token(c.parameters.at(0))) return *key;
  return domain::unknown_token();
}

std::optional<std::int32_t> read_priority(body_fields& fields) {
  const auto priority = fields.optional_small_integer("priority");
  if (priority && (*priority < -highest_priority || *priority > highest_priority))
    fields.fault("priority", "This is an integer from -1000 to 1000.");
  return priority;
}

void enter(const handler_context& api, const call& c) {
  auto concert = read_concert(api, c);
  if (const auto* refusal = domain::refused(concert)) return c.refuse(*refusal);
  auto body = read_v1_body(c);
  if (const auto* refusal = domain::refused(body)) return c.refuse(*refusal);
  auto& fields = std::get<body_fields>(body);
  actors::enter_queue command;
  command.concert = std::get<domain::concert_id>(concert);
  command.user = fields.v1_user("userId");
  command.priority = read_priority(fields).value_or(0);
  if (const auto faults = fields.faults()) return c.refuse(*faults);
  if (const auto no = api.access.require_user(c, command.user)) return c.refuse(*no);
  ask_for<domain::token_view>(api, c, urgency::poll, std::move(command), place_answer);
}

void read(const handler_context& api, const call& c) {
  const auto key = read_token_key(c);
  if (const auto* refusal = domain::refused(key)) return c.refuse(*refusal);
  ask_for<domain::token_view>(
      api, c, urgency::poll,
      actors::read_token{std::get<domain::token_key>(key), api.access.acting_for(c), {}},
      token_answer);
}

void leave(const handler_context& api, const call& c) {
  const auto key = read_token_key(c);
  if (const auto* refusal = domain::refused(key)) return c.refuse(*refusal);
  ask_for<domain::token_view>(
      api, c, urgency::change,
      actors::leave_queue{std::get<domain::token_key>(key), api.access.acting_for(c), {}},
      [](const answer_context& context, const domain::token_view&) {
        return bare_answer(context, 204);
      });
}

void prioritize(const handler_context& api, const call& c) {
  const auto key = read_token_key(c);
  if (const auto* refusal = domain::refused(key)) return c.refuse(*refusal);
  auto body = read_v1_body(c);
  if (const auto* refusal = domain::refused(body)) return c.refuse(*refusal);
  auto& fields = std::get<body_fields>(body);
  const auto priority = read_priority(fields);
  if (fields.value("priority") == nullptr) fields.fault("priority", "This is missing.");
  if (const auto faults = fields.faults()) return c.refuse(*faults);
  ask_for<domain::token_view>(
      api, c, urgency::change,
      actors::prioritize_token{std::get<domain::token_key>(key), priority.value_or(0), {}},
      token_answer);
}

void survey(const handler_context& api, const call& c) {
  const auto concert = read_concert(api, c);
  if (const auto* refusal = domain::refused(concert)) return c.refuse(*refusal);
  ask<domain::queue_view>(api, c, urgency::poll,
                          actors::read_queue{std::get<domain::concert_id>(concert)}, write_queue);
}

// Nothing: the body does not speak of it. Nothing within: null, back to the setting.
std::optional<std::optional<std::size_t>> read_limit(body_fields& fields, const char* name,
                                                     std::int64_t highest) {
  if (!fields.has(name)) return std::nullopt;
  const auto* value = fields.value(name);
  if (value == nullptr) return std::optional<std::size_t>();
  if (value->kind != json_kind::integer || value->integer < 1 || value->integer > highest) {
    fields.fault(name, "This is an integer from 1 to " + std::to_string(highest) + ", or null.");
    return std::nullopt;
  }
  return static_cast<std::size_t>(value->integer);
}

void configure(const handler_context& api, const call& c) {
  const auto concert = read_concert(api, c);
  if (const auto* refusal = domain::refused(concert)) return c.refuse(*refusal);
  auto body = read_v1_body(c);
  if (const auto* refusal = domain::refused(body)) return c.refuse(*refusal);
  auto& fields = std::get<body_fields>(body);
  actors::configure_queue command;
  command.concert = std::get<domain::concert_id>(concert);
  auto& change = command.change;
  change.active_limit = read_limit(fields, "activeLimit", highest_limit);
  change.admit_per_second = read_limit(fields, "admitPerSecond", highest_rate);
  if (fields.has("paused")) {
    const auto* paused = fields.value("paused");
    change.paused = paused != nullptr && paused->integer != 0;
    if (paused != nullptr && paused->kind != json_kind::boolean)
      fields.fault("paused", "This is true, false or null.");
  }
  if (const auto faults = fields.faults()) return c.refuse(*faults);
  if (!change.active_limit && !change.admit_per_second && !change.paused)
    return c.refuse(domain::reject_body("", "At least one of activeLimit, admitPerSecond and "
                                            "paused is to be changed."));
  ask<domain::queue_view>(api, c, urgency::change, std::move(command), write_queue);
}

} // namespace

void add_v1_queue_routes(route_table& table) {
  table.add("POST", "/v1/concerts/:concertId/queue/tokens", enter);
  table.add("GET", "/v1/queue/tokens/:token", read);
  table.add("DELETE", "/v1/queue/tokens/:token", leave);
  table.add("PATCH", "/v1/queue/tokens/:token", prioritize, audience::operators);
  table.add("GET", "/v1/concerts/:concertId/queue", survey, audience::operators);
  table.add("PATCH", "/v1/concerts/:concertId/queue", configure, audience::operators);
}

} // namespace boxoffice::http
