// The header field Idempotency-Key, by which a client may repeat a request safely (CONTRACT 5).
#pragma once

#include "actors/domain/error.hpp"
#include "actors/domain/request_key.hpp"
#include "http/call.hpp"

#include <string>

namespace boxoffice::http {

inline bool has_request_key(const request& asked) {
  return asked.header("Idempotency-Key") != nullptr;
}

// The actor of an operator's request.
constexpr char acting_operator[] = "operator";

// The call's key; nullptr when it has none, or when `owner` names nothing because the request did
// not. INVALID_REQUEST for a key that is not 1 to 255 visible characters of ASCII, or not the only
// one. `owner`: what the request changes. `actor`: the user acted on, "operator", or "" where the
// owner says it all. `detail`: what the answer repeats of the request and nothing else holds.
domain::result<domain::request_key_ptr> read_request_key(const call&, domain::request_owner owner,
                                                         std::string actor,
                                                         std::string detail = {});

// SHA-256 over method, path with query, and body.
domain::fingerprint fingerprint_of(const request&);

} // namespace boxoffice::http
