#include "http/health_handler.hpp"

#include "http/routes.hpp"

namespace boxoffice::http {

void say_alive(const handler_context&, const call& c) {
  c.answer(json_answer(c.context, std::string(R"({"status":"ok"})")));
}

void say_ready(const handler_context& api, const call& c) {
  const auto lag = api.options.lag();
  if (!api.service.ready()) {
    auto refusal =
        problem(c.context, domain::reject(domain::error_code::store_unavailable,
                                          "The store does not take changes at the moment."));
    if (lag) refusal.body.insert(refusal.body.rfind('}'), R"(,"postgres":)" + *lag);
    return c.answer(std::move(refusal));
  }
  c.answer(json_answer(c.context, lag ? R"({"status":"ok","postgres":)" + *lag + "}"
                                      : std::string(R"({"status":"ok"})")));
}

void show_metrics(const handler_context& api, const call& c) {
  auto page = bare_answer(c.context, 200);
  page.headers.emplace_back("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
  page.body = api.options.scrape();
  c.answer(std::move(page));
}

void add_operation_routes(route_table& table) {
  table.add("GET", "/livez", say_alive, audience::everybody);
  table.add("GET", "/readyz", say_ready, audience::everybody);
  table.add("GET", "/metrics", show_metrics, audience::everybody);
}

} // namespace boxoffice::http
