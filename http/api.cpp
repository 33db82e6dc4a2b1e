#include "http/api.hpp"

#include "http/booking_handler.hpp"
#include "http/concert_handler.hpp"
#include "http/payment_handler.hpp"
#include "http/queue_handler.hpp"
#include "http/routes.hpp"
#include "http/uri.hpp"
#include "http/wallet_handler.hpp"

#include <optional>
#include <utility>
#include <vector>

namespace boxoffice::http {

namespace {

std::vector<route> routes_of(const handler_context& context) {
  route_table table(context);
  for (const auto add_rows :
       {add_mock_routes, add_operation_routes, add_documentation_routes, add_v1_user_routes,
        add_v1_catalogue_routes, add_v1_seat_routes, add_v1_queue_routes, add_v1_booking_routes,
        add_v1_history_routes, add_v1_wallet_routes, add_v1_stream_routes})
    add_rows(table);
  return table.routes();
}

// Whether a path, or a pattern, is of the seed's API. All under /mock is, even what is not there.
bool is_seeds(std::string_view path) {
  constexpr std::string_view mock = "/mock/";
  return path.substr(0, mock.size()) == mock || path == "/users/points/charge" ||
         path == "/payments/payment";
}

answer_context context_of(const router::match& place, std::string_view path, trace t) {
  return {t, is_seeds(place.found ? std::string_view(place.found->pattern) : path)};
}

response with_allow(response r, const std::string& allow) {
  r.headers.emplace_back("Allow", allow);
  return r;
}

std::optional<std::vector<std::string>> decode_all(std::vector<std::string> encoded) {
  for (auto& text : encoded) {
    auto plain = percent_decode(text);
    if (!plain) return std::nullopt;
    text = *std::move(plain);
  }
  return encoded;
}

} // namespace

void add_mock_routes(route_table& table) {
  table.add("POST", "/mock/queue", enter_queue);
  table.add("GET", "/mock/concerts", list_concerts, audience::everybody);
  table.add("GET", "/mock/available-seats", list_free_seats, audience::everybody);
  table.add("POST", "/mock/booking", create_booking);
  table.add("POST", "/mock/balance", charge_balance);
  table.add("GET", "/mock/balance/:userId", read_balance);
  table.add("POST", "/mock/payment", pay_booking);
  table.add("PATCH", "/users/points/charge", charge_points);
  table.add("PATCH", "/payments/payment", pay_pending);
}

api::api(api_options options, backend& service, gateway& commands)
    : options_(std::move(options)),
      access_(options_.access),
      live_(options_.live, service),
      context_{options_, service, commands, documents_, access_, live_},
      routes_(routes_of(context_)),
      traces_(options_.trace_seed) {}

void api::handle(request&& asked, const exchange& reply) {
  using domain::error_code;
  auto place = routes_.find(asked.path());
  const auto context = context_of(place, asked.path(), traces_.begin(asked.header("traceparent")));
  reply.label(place.found ? place.found->pattern : std::string(), trace_id(context.trace));

  if (asked.method == "OPTIONS" && (place.found || asked.target == "*"))
    return reply.send(with_allow(bare_answer(context, 204),
                                 place.found ? place.found->allow : routes_.allow_anywhere()));
  call c{std::move(asked), reply, context, {}, {}};
  if (!place.found)
    return c.refuse(domain::reject(error_code::route_not_found, "Nothing is at this address."));
  const auto* handle_call = place.found->find(c.asked.method);
  if (!handle_call)
    return c.answer(with_allow(
        problem(context, domain::reject(error_code::method_not_allowed,
                                        "This address allows " + place.found->allow + ".")),
        place.found->allow));

  auto parameters = decode_all(std::move(place.parameters));
  if (!parameters)
    return c.refuse(
        domain::reject(error_code::invalid_request,
                       "A '%' in the address is not followed by two hexadecimal digits."));
  c.parameters = *std::move(parameters);
  (*handle_call)(std::move(c));
}

response api::fault(int status, std::string_view detail, const request* partial) {
  const auto path = partial ? partial->path() : std::string_view();
  const auto* traceparent = partial ? partial->header("traceparent") : nullptr;
  const auto context = context_of(routes_.find(path), path, traces_.begin(traceparent));
  // A 503 about a request that is known at all is the transport's deadline.
  return protocol_problem(context, status, detail, partial != nullptr);
}

} // namespace boxoffice::http
