// A request that its client may safely repeat: the Idempotency-Key it carried, and what else tells
// it from others (CONTRACT 5).
#pragma once

#include "actors/domain/ids.hpp"
#include "actors/domain/user.hpp"

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <variant>

namespace boxoffice::domain {

// What is on offer as a whole: the owner of requests that add to it.
struct whole_catalogue {
  friend bool operator==(whole_catalogue, whole_catalogue) { return true; }
  friend bool operator<(whole_catalogue, whole_catalogue) { return false; }
};

// What a keyed request changes, and who therefore remembers it: a user's wallet, a performance, a
// booking, or the catalogue.
using request_owner = std::variant<whole_catalogue, user_id, option_id, booking_id>;

std::string to_string(const request_owner&); // "user ann", "option 3", "booking 12", "catalogue"

// SHA-256 of the request's method, path and body.
struct fingerprint {
  std::array<unsigned char, 32> bytes{};

  friend bool operator==(const fingerprint& a, const fingerprint& b) { return a.bytes == b.bytes; }
  friend bool operator!=(const fingerprint& a, const fingerprint& b) { return !(a == b); }
};

std::string to_string(const fingerprint&); // 64 hexadecimal digits
std::optional<fingerprint> parse_fingerprint(std::string_view);

struct request_key {
  request_owner owner;
  std::string route; // "POST /mock/balance"
  std::string actor; // the user acted on, "operator", or "" where the owner says it all
  std::string key;   // as the client chose it
  fingerprint print;
  std::string detail; // what the answer repeats of the request, should it be written without it
};

// Within these a key means one request.
inline auto scope_of(const request_key& k) { return std::tie(k.owner, k.route, k.actor, k.key); }

// How requests carry it on; nothing = the client sent no key.
using request_key_ptr = std::shared_ptr<const request_key>;

// An answer as its client got it.
struct written_answer {
  int status = 0;
  std::string body;
  std::string location; // of what was created; may be empty

  friend bool operator==(const written_answer& a, const written_answer& b) {
    return a.status == b.status && a.body == b.body && a.location == b.location;
  }
};

} // namespace boxoffice::domain
