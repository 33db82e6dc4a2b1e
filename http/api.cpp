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

// Whoever watches over the process asks these, and must hear how it is.
bool is_probe(const router::match& place) {
  return place.found && (place.found->pattern == "/livez" || place.found->pattern == "/readyz");
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
      cors_(options_.cors_origins),
      limits_(options_.limits, options_.trusted_proxies),
      live_(options_.live, service, commands),
      context_{options_, service, commands, documents_, access_, limits_, live_, seat_maps_},
      routes_(routes_of(context_)),
      traces_(options_.trace_seed) {}

// `asked` is nullptr when nothing is known of it.
answer_context api::context_of(const router::match& place, const request* asked) {
  if (!asked) return {traces_.begin(nullptr)};
  const auto path = place.found ? std::string_view(place.found->pattern) : asked->path();
  answer_context context{traces_.begin(asked->sole_header("traceparent")), is_seeds(path)};
  cors_.add_fields(*asked, context.also);
  return context;
}

// Also the question that a browser asks before it lets a page call.
response api::answer_options(const request& asked, const router::match& place,
                             answer_context context) const {
  const auto& allowed = place.found ? place.found->allow : routes_.allow_anywhere();
  cors_.add_preflight_fields(asked, allowed, context.also);
  return with_allow(bare_answer(context, 204), allowed);
}

void api::handle(request&& asked, const exchange& reply) {
  using domain::error_code;
  auto place = routes_.find(asked.path());
  auto context = context_of(place, &asked);
  reply.label(place.found ? place.found->pattern : std::string(), trace_id(context.trace));

  if (!is_probe(place))
    if (const auto no = limits_.admit_address(asked, context_.service.now(), context.also))
      return reply.send(problem(context, *no));
  if (asked.method == "OPTIONS" && (place.found || asked.target == "*"))
    return reply.send(answer_options(asked, place, std::move(context)));
  call c{std::move(asked), reply, std::move(context), {}, {}, {}};
  if (!place.found)
    return c.refuse(domain::reject(error_code::route_not_found, "Nothing is at this address."));
  const auto* handle_call = place.found->find(c.asked.method);
  if (!handle_call)
    return c.answer(with_allow(
        problem(c.context, domain::reject(error_code::method_not_allowed,
                                          "This address allows " + place.found->allow + ".")),
        place.found->allow));

  auto parameters = decode_all(std::move(place.parameters));
  if (!parameters)
    return c.refuse(
        domain::reject(error_code::invalid_request,
                       "A '%' in the address is not followed by two hexadecimal digits."));
  c.parameters = *std::move(parameters);
  c.pattern = place.found->pattern;
  (*handle_call)(std::move(c));
}

response api::fault(int status, std::string_view detail, const request* partial) {
  const auto place = partial ? routes_.find(partial->path()) : router::match{};
  const auto context = context_of(place, partial);
  // A 503 about a request that is known at all is the transport's deadline.
  return protocol_problem(context, status, detail, partial != nullptr);
}

} // namespace boxoffice::http
