// Entity tags (RFC 9110, 8.8.3 and 13.1.2).
#pragma once

#include "http/message.hpp"

#include <string_view>

namespace boxoffice::http {

// Whether the request's If-None-Match has this tag (quotes included), so that 304 is the answer: a
// list of tags, compared weakly, or "*". What is malformed in the list matches nothing.
bool has_already(const request&, std::string_view tag);

} // namespace boxoffice::http
