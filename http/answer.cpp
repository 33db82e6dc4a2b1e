#include "http/answer.hpp"

#include <utility>

namespace boxoffice::http {

response bare_answer(const answer_context& context, int status) {
  response r;
  r.status = status;
  r.headers.reserve(6);
  r.headers.emplace_back("X-Content-Type-Options", "nosniff");
  // Every answer is somebody's own, or of this moment: seats, balances, places in a line.
  r.headers.emplace_back("Cache-Control", "no-store");
  r.headers.emplace_back("traceresponse", to_header(context.trace));
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
