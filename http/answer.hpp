// What all answers have in common.
#pragma once

#include "http/message.hpp"
#include "http/trace.hpp"

#include <memory>
#include <string>

namespace boxoffice::http {

// What the answers to one request need to know of it.
struct answer_context {
  http::trace trace;
  bool seed_route = false; // one of the seed's API, whose errors say "responseResult":"FAIL"
  header_list also = {};   // fields of every answer to this request: of CORS, of rate limits
};

// An answer with the header fields that every answer carries.
response bare_answer(const answer_context&, int status);

response json_answer(const answer_context&, std::string body);
// 201, and where the new thing is: a path.
response created_answer(const answer_context&, std::string body, std::string location);
response json_answer(const answer_context&, std::shared_ptr<const std::string> body);

} // namespace boxoffice::http
