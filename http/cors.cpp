#include "http/cors.hpp"

#include <algorithm>

namespace boxoffice::http {

namespace {

// What a page may send beyond what it always may, and what it may read of an answer.
constexpr const char* sendable_fields =
    "Authorization, Content-Type, Idempotency-Key, If-None-Match, Last-Event-ID, Queue-Token, "
    "traceparent, tracestate";
constexpr const char* readable_fields =
    "ETag, Idempotency-Replayed, Location, RateLimit, RateLimit-Policy, Retry-After, traceparent, "
    "traceresponse, WWW-Authenticate";
constexpr const char* remember_seconds = "600";

} // namespace

const std::string* cors::allowed_origin(const request& asked) const {
  const auto* origin = asked.header("Origin");
  if (!origin) return nullptr;
  const auto found = std::find(origins_.begin(), origins_.end(), *origin);
  return found == origins_.end() ? nullptr : &*found;
}

void cors::add_fields(const request& asked, header_list& also) const {
  if (origins_.empty()) return;
  // A cache must not give one origin's answer to another.
  also.emplace_back("Vary", "Origin");
  const auto* origin = allowed_origin(asked);
  if (!origin) return;
  also.emplace_back("Access-Control-Allow-Origin", *origin);
  also.emplace_back("Access-Control-Expose-Headers", readable_fields);
}

void cors::add_preflight_fields(const request& asked, const std::string& allowed,
                                header_list& also) const {
  if (!allowed_origin(asked) || !asked.header("Access-Control-Request-Method")) return;
  also.emplace_back("Access-Control-Allow-Methods", allowed);
  also.emplace_back("Access-Control-Allow-Headers", sendable_fields);
  also.emplace_back("Access-Control-Max-Age", remember_seconds);
}

} // namespace boxoffice::http
