#include "http/access.hpp"

#include "http/call.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <stdexcept>
#include <utility>

namespace boxoffice::http {

namespace {

constexpr std::size_t digest_bytes = 32;

std::array<unsigned char, digest_bytes> sha256(std::string_view text) {
  std::array<unsigned char, digest_bytes> digest{};
  if (EVP_Digest(text.data(), text.size(), digest.data(), nullptr, EVP_sha256(), nullptr) != 1)
    throw std::runtime_error("SHA-256 is not available");
  return digest;
}

domain::rejection unauthenticated(std::string detail) {
  return domain::reject(domain::error_code::unauthenticated, std::move(detail));
}

// What stands behind "Bearer", nothing when the field is of another scheme.
std::optional<std::string_view> bearer_token(std::string_view field) {
  constexpr std::string_view scheme = "Bearer ";
  if (!equal_ignoring_case(field.substr(0, scheme.size()), scheme)) return std::nullopt;
  const auto begin = field.find_first_not_of(' ', scheme.size());
  return begin == field.npos ? std::string_view() : field.substr(begin);
}

} // namespace

access::access(const access_options& o)
    : operator_(o.admin_token.empty() ? std::nullopt : std::optional(sha256(o.admin_token))),
      users_(o.jwt ? std::make_unique<const jwt_verifier>(*o.jwt) : nullptr) {}

caller access::identify(const request& asked, domain::time_point now) const {
  const auto* field = asked.header("Authorization");
  if (!field) return {};
  const auto token = bearer_token(*field);
  if (!token) return {false, {}, unauthenticated("Only the scheme Bearer is known here.")};
  if (operator_) {
    // Digests are of one length, and tell nothing of how much of a token was right.
    const auto shown = sha256(*token);
    if (CRYPTO_memcmp(shown.data(), operator_->data(), digest_bytes) == 0) return {true, {}, {}};
  }
  if (!users_) return {false, {}, unauthenticated("The bearer token is not the operator's.")};
  auto subject = users_->verify(*token, now);
  if (auto* refusal = std::get_if<domain::rejection>(&subject))
    return {false, {}, std::move(*refusal)};
  return {false, std::get<domain::user_id>(std::move(subject)), {}};
}

std::optional<domain::rejection> access::admit(const call& c, audience whom) const {
  if (whom == audience::everybody) return std::nullopt;
  if (whom == audience::operators) return require_operator(c);
  if (!users_ || c.who.is_operator || c.who.user) return std::nullopt;
  return c.who.refused
             ? c.who.refused
             : unauthenticated("The header Authorization with a bearer token is missing.");
}

std::optional<domain::rejection> access::require_operator(const call& c) const {
  if (c.who.is_operator) return std::nullopt;
  if (c.who.user || c.who.refused) return unauthenticated("This call needs the operator's token.");
  return unauthenticated("The header Authorization with the operator's token is missing.");
}

std::optional<domain::rejection> access::require_user(const call& c,
                                                      const domain::user_id& acted_on) const {
  if (auto refusal = admit(c, audience::users)) return refusal;
  if (!domain::may_act_on(acting_for(c), acted_on)) return domain::not_yours();
  return std::nullopt;
}

std::optional<domain::user_id> access::acting_for(const call& c) const {
  if (!users_ || c.who.is_operator) return std::nullopt;
  return c.who.user;
}

} // namespace boxoffice::http
