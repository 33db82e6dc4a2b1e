#include "http/answer.hpp"

#include <utility>

namespace boxoffice::http {

response bare_answer(const answer_context& context, int status) {
  response r;
  r.status = status;
  constexpr std::size_t usual_fields = 11;
  r.headers.reserve(usual_fields + context.also.size());
  r.headers.emplace_back("X-Content-Type-Options", "nosniff");
  // Every answer is somebody's own, or of this moment: seats, balances, places in a line.
  r.headers.emplace_back("Cache-Control", "no-store");
  // No answer is a page, unless it says so itself: a browser runs and frames nothing of it.
  r.headers.emplace_back("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
  r.headers.emplace_back("X-Frame-Options", "DENY");
  r.headers.emplace_back("Referrer-Policy", "no-referrer");
  auto trace = to_header(context.trace);
  r.headers.emplace_back("traceparent", trace);
  r.headers.emplace_back("traceresponse", std::move(trace));
  r.headers.insert(r.headers.end(), context.also.begin(), context.also.end());
  return r;
}

response json_answer(const answer_context& context, std::string body) {
  auto r = bare_answer(context, 200);
  r.headers.emplace_back("Content-Type", "application/json");
  r.body = std::move(body);
  return r;
}

response created_answer(const answer_context& context, std::string body, std::string location) {
  auto r = json_answer(context, std::move(body));
  r.status = 201;
  r.headers.emplace_back("Location", std::move(location));
  return r;
}

response json_answer(const answer_context& context, std::shared_ptr<const std::string> body) {
  auto r = json_answer(context, std::string());
  r.shared_body = std::move(body);
  return r;
}

} // namespace boxoffice::http
