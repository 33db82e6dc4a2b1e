#include "http/problem.hpp"

#include "http/json_writer.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace boxoffice::http {

namespace {

using domain::error_code;

struct kind {
  int status;
  std::string_view title;
};

// The one table of codes and statuses (CONTRACT 5).
kind kind_of(error_code code) {
  switch (code) {
  case error_code::invalid_request: return {400, "The request is not valid"};
  case error_code::unauthenticated: return {401, "Who asks is not known"};
  case error_code::queue_token_missing: return {401, "A queue token is needed"};
  case error_code::insufficient_balance: return {402, "Too little balance"};
  case error_code::forbidden: return {403, "Not allowed"};
  case error_code::queue_token_invalid: return {403, "The queue token is not valid here"};
  case error_code::queue_token_not_found: return {404, "There is no such queue token"};
  case error_code::queue_token_waiting: return {403, "The queue token still waits"};
  case error_code::sale_not_open: return {403, "The sale is not open yet"};
  case error_code::sale_closed: return {403, "The sale is closed"};
  case error_code::user_not_found: return {404, "No such user"};
  case error_code::concert_not_found: return {404, "No such concert"};
  case error_code::concert_option_not_found: return {404, "No such performance"};
  case error_code::seat_not_found: return {404, "No such seat"};
  case error_code::booking_not_found: return {404, "No such booking"};
  case error_code::route_not_found: return {404, "Nothing is here"};
  case error_code::method_not_allowed: return {405, "Not with this method"};
  case error_code::seat_already_reserved: return {409, "A seat is taken"};
  case error_code::booking_not_pending: return {409, "The booking is not pending"};
  case error_code::duplicate_request: return {409, "The same request twice"};
  case error_code::request_in_progress: return {409, "The request is still under way"};
  case error_code::user_already_exists: return {409, "The user exists already"};
  case error_code::user_in_use: return {409, "The user is in use"};
  case error_code::balance_limit: return {409, "The balance would be too high"};
  case error_code::seat_limit: return {409, "Too many seats for one user"};
  case error_code::booking_expired: return {410, "The booking has expired"};
  case error_code::payload_too_large: return {413, "The body is too large"};
  case error_code::unsupported_media_type: return {415, "The body is of another type"};
  case error_code::idempotency_key_reused: return {422, "The key was used for another request"};
  case error_code::rate_limited: return {429, "Too many requests"};
  case error_code::overloaded: return {503, "Too busy at the moment"};
  case error_code::store_unavailable: return {503, "The store does not answer at the moment"};
  case error_code::internal_error: return {500, "Something went wrong here"};
  }
  return {500, "Something went wrong here"};
}

// Faults of HTTP itself, which no rule of ours ever refuses by.
struct protocol_fault {
  int status;
  std::string_view code, title;
};
constexpr protocol_fault protocol_faults[] = {
    {408, "REQUEST_TIMEOUT", "The request took too long to arrive"},
    {414, "URI_TOO_LONG", "The address is too long"},
    {417, "EXPECTATION_FAILED", "The expectation cannot be met"},
    {431, "REQUEST_HEADER_FIELDS_TOO_LARGE", "The header is too large"},
    {501, "NOT_IMPLEMENTED", "Not a method or coding of this service"},
    {505, "HTTP_VERSION_NOT_SUPPORTED", "Not a version of HTTP for this service"},
};

// Which of our own codes says what the transport met.
error_code code_of(int status, bool unanswered) {
  switch (status) {
  case 400: return error_code::invalid_request;
  case 413: return error_code::payload_too_large;
  // Too many connections is being busy. A request that was taken has an unknown fate, which is
  // what STORE_UNAVAILABLE tells.
  case 503: return unanswered ? error_code::store_unavailable : error_code::overloaded;
  default: return error_code::internal_error;
  }
}

std::string type_of(std::string_view code) {
  std::string type = "/problems/";
  for (const char c : code)
    type += c == '_' ? '-' : c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
  return type;
}

struct problem_words {
  int status;
  std::string_view code, title, detail;
};

response write_problem(const answer_context& context, const problem_words& words,
                       const std::vector<domain::body_fault>& faults) {
  auto r = bare_answer(context, words.status);
  r.headers.emplace_back("Content-Type", "application/problem+json");
  json_writer out(r.body);
  const auto text = [&out](std::string_view name, std::string_view value) {
    out.key(name);
    out.string(value);
  };
  out.begin_object();
  text("type", type_of(words.code));
  text("title", words.title);
  out.key("status");
  out.integer(words.status);
  text("detail", words.detail);
  text("code", words.code);
  text("traceId", trace_id(context.trace));
  if (!faults.empty()) {
    out.key("errors");
    out.begin_array();
    for (const auto& fault : faults) {
      out.begin_object();
      text("pointer", fault.pointer);
      text("detail", fault.detail);
      out.end_object();
    }
    out.end_array();
  }
  if (context.seed_route) text("responseResult", "FAIL");
  out.end_object();
  return r;
}

// How long to wait before asking again; 0 when the refusal says nothing of it.
std::chrono::seconds wait_of(const domain::rejection& refusal) {
  using std::chrono::seconds;
  if (refusal.retry_after) return std::max(*refusal.retry_after, seconds(1));
  switch (refusal.code) {
  case error_code::queue_token_waiting:
  case error_code::rate_limited:
  case error_code::overloaded:
  case error_code::store_unavailable: return seconds(1);
  default: return seconds(0);
  }
}

// How to say who one is; a 401 has to name a way (RFC 9110, 15.5.2).
std::string_view challenge_of(error_code code) {
  return code == error_code::queue_token_missing ? "Queue-Token" : "Bearer";
}

} // namespace

int status_of(error_code code) { return kind_of(code).status; }

response problem(const answer_context& context, const domain::rejection& refusal) {
  const auto [status, title] = kind_of(refusal.code);
  auto r = write_problem(context, {status, to_string(refusal.code), title, refusal.detail},
                         refusal.faults);
  if (const auto wait = wait_of(refusal); wait > std::chrono::seconds(0))
    r.headers.emplace_back("Retry-After", std::to_string(wait.count()));
  if (status == 401) r.headers.emplace_back("WWW-Authenticate", challenge_of(refusal.code));
  return r;
}

response protocol_problem(const answer_context& context, int status, std::string_view detail,
                          bool unanswered) {
  for (const auto& fault : protocol_faults)
    if (fault.status == status)
      return write_problem(context, {status, fault.code, fault.title, detail}, {});
  return problem(context, domain::reject(code_of(status, unanswered), std::string(detail)));
}

} // namespace boxoffice::http
