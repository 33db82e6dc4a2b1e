// JSON Web Tokens (RFC 7519) in their compact form, signed with HS256 or RS256 (RFC 7515, 7518).
// The cryptography is OpenSSL's.
#pragma once

#include "actors/domain/error.hpp"
#include "actors/domain/time.hpp"
#include "actors/domain/user.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

namespace boxoffice::http {

enum class jwt_algorithm { hs256, rs256 };

struct jwt_options {
  jwt_algorithm algorithm = jwt_algorithm::hs256;
  std::string key;              // HS256: the secret's bytes; RS256: the public key as PEM
  std::string issuer, audience; // what `iss` and `aud` must say; empty: anything
  domain::duration leeway{};    // by which the issuer's clock may differ from ours
};

// Any thread.
class jwt_verifier {
public:
  // Throws std::runtime_error, which says what is wrong with the key but shows none of it.
  explicit jwt_verifier(const jwt_options&);
  ~jwt_verifier();
  jwt_verifier(const jwt_verifier&) = delete;
  jwt_verifier& operator=(const jwt_verifier&) = delete;

  // Whom the token speaks for: its `sub`. UNAUTHENTICATED when its algorithm is not the one set,
  // its signature is another's, it has no `exp` or has expired, is not valid yet, or is for another
  // audience. Never throws for what a token holds.
  domain::result<domain::user_id> verify(std::string_view token, domain::time_point now) const;

private:
  class signature_check;

  const jwt_options options_; // without the key
  const std::unique_ptr<const signature_check> check_;
};

} // namespace boxoffice::http
