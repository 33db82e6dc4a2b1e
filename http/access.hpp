// Who asks, and who may. Proof is the header field `Authorization: Bearer …`: the operator's token
// (admin.token) or, where users prove who they are (auth.mode = jwt), a JSON Web Token.
#pragma once

#include "actors/domain/error.hpp"
#include "actors/domain/time.hpp"
#include "actors/domain/user.hpp"
#include "http/jwt.hpp"
#include "http/message.hpp"

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace boxoffice::http {

struct call;

struct access_options {
  std::string admin_token;        // empty: nobody is the operator
  std::optional<jwt_options> jwt; // nothing: users need not prove who they are
};

// Whom a call is for; it is checked before anything else of the request is looked at.
enum class audience {
  everybody, // public: catalogue, seats, health
  users,     // each what is theirs; whom that is, the handler asks by require_user or acting_for
  operators,
};

// Who asks, as far as that was shown.
struct caller {
  bool is_operator = false;
  std::optional<domain::user_id> user;      // by a valid JSON Web Token
  std::optional<domain::rejection> refused; // a bearer token was shown that proves nothing
};

// Any thread.
class access {
public:
  // Throws std::runtime_error when the key for users' tokens is none.
  explicit access(const access_options&);

  caller identify(const request&, domain::time_point now) const;

  // Each gives the refusal, or nothing when all is well. The operator may act for anybody.
  // UNAUTHENTICATED when nobody has proven to be who is asked for, FORBIDDEN for another user.
  std::optional<domain::rejection> admit(const call&, audience) const;
  std::optional<domain::rejection> require_operator(const call&) const;
  std::optional<domain::rejection> require_user(const call&, const domain::user_id& acted_on) const;

  // For commands on what only the store knows the owner of: the one user for whom the caller may
  // act; nothing = for anybody. (Ask admit first: whoever proves nothing is not let so far.)
  std::optional<domain::user_id> acting_for(const call&) const;

private:
  using digest = std::array<unsigned char, 32>;

  const std::optional<digest> operator_;            // of the token
  const std::unique_ptr<const jwt_verifier> users_; // nullptr: everybody is believed
};

} // namespace boxoffice::http
