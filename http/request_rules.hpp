// What a request head must satisfy beyond its grammar, so that everyone on the path agrees where
// the request ends and whom it is for (RFC 9110, 9112). Pure functions; the parser applies them
// before a byte of the body is believed.
#pragma once

#include "http/limits.hpp"
#include "http/message.hpp"

#include <string_view>

namespace boxoffice::http {

// A refusal: the status to answer and a text that may be shown. status 0 means no objection.
struct refusal {
  int status = 0;
  std::string_view detail; // a literal
  explicit operator bool() const { return status != 0; }
};

// What the head says about the connection and the body.
struct head_facts {
  bool keep_alive = true;
  bool chunked = false;
  bool expects_continue = false;
};

// The request line without its CRLF: three words, a known method, a known version.
refusal check_request_line(std::string_view line, const limits& bounds);

// The whole head, as parsed. Reduces an absolute-form target to its origin form and puts its
// authority into Host. minor is 0 or 1, of HTTP/1.minor. Fills facts when there is no objection.
refusal check_head(request& head, int minor, const limits& bounds, head_facts& facts);

} // namespace boxoffice::http
