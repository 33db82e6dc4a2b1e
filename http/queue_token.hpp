// The header field Queue-Token, with which a client shows its place in the queue.
#pragma once

#include "actors/domain/error.hpp"
#include "actors/domain/queue.hpp"
#include "actors/domain/token_key.hpp"
#include "http/message.hpp"

#include <optional>
#include <string>

namespace boxoffice::http {

// nullptr when the client shows none.
inline const std::string* queue_token_field(const request& asked) {
  const auto* field = asked.header("Queue-Token");
  return field && !field->empty() ? field : nullptr;
}

inline domain::rejection queue_token_missing() {
  return domain::reject(domain::error_code::queue_token_missing,
                        "The header Queue-Token is missing.");
}

// Nothing when no token could look like this; the nil UUID is "no token" inside.
inline std::optional<domain::token_key> read_queue_token(const std::string& field) {
  const auto key = domain::parse_token_key(field);
  return key && *key ? key : std::nullopt;
}

} // namespace boxoffice::http
