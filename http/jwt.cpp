#include "http/jwt.hpp"

#include "http/base64url.hpp"
#include "http/json_reader.hpp"

#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <optional>
#include <stdexcept>
#include <utility>

namespace boxoffice::http {

namespace {

constexpr std::size_t least_secret_bytes = 32; // RFC 7518, 3.2: no shorter than the hash
constexpr int least_rsa_bits = 2048;           // RFC 7518, 3.3

template <auto Free>
struct freed_by {
  template <class T>
  void operator()(T* object) const {
    Free(object);
  }
};
using key_handle = std::unique_ptr<EVP_PKEY, freed_by<EVP_PKEY_free>>;
using bio_handle = std::unique_ptr<BIO, freed_by<BIO_free>>;
using digest_handle = std::unique_ptr<EVP_MD_CTX, freed_by<EVP_MD_CTX_free>>;

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

// A public key must never serve as an HMAC secret: everybody knows it.
bool looks_like_pem(std::string_view key) { return key.find("-----BEGIN") != key.npos; }

key_handle read_rsa_key(const std::string& pem) {
  const bio_handle text(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  key_handle key(text ? PEM_read_bio_PUBKEY(text.get(), nullptr, nullptr, nullptr) : nullptr);
  ERR_clear_error();
  if (!key || EVP_PKEY_base_id(key.get()) != EVP_PKEY_RSA)
    throw std::runtime_error("expected an RSA public key in PEM, BEGIN PUBLIC KEY");
  if (EVP_PKEY_bits(key.get()) < least_rsa_bits)
    throw std::runtime_error("the RSA key is too short, expected at least 2048 bits");
  return key;
}

domain::rejection unauthenticated(std::string detail) {
  return domain::reject(domain::error_code::unauthenticated, std::move(detail));
}

std::optional<json_object> read_part(std::string_view part) {
  const auto text = decode_base64url(part);
  if (!text) return std::nullopt;
  auto object = read_json_object(*text);
  if (auto* read = std::get_if<json_object>(&object)) return std::move(*read);
  return std::nullopt;
}

bool is_text(const json_value* value, std::string_view text) {
  return value && value->kind == json_kind::string && value->text == text;
}

// A NumericDate: seconds since 1970, perhaps with a fraction. Nothing when it is no such number.
std::optional<domain::time_point> read_time(const json_value& value) {
  if (value.kind != json_kind::integer && value.kind != json_kind::number) return std::nullopt;
  const double seconds = std::strtod(value.text.c_str(), nullptr);
  if (!std::isfinite(seconds)) return std::nullopt;
  constexpr double farthest = 4e9 * 60; // some seven thousand years: for ever
  return domain::from_micros(
      static_cast<std::int64_t>(std::clamp(seconds, -farthest, farthest) * 1e6));
}

// `aud` is a text or a list of texts.
bool is_for(const json_value* audience, const std::string& us) {
  if (is_text(audience, us)) return true;
  if (!audience || audience->kind != json_kind::array) return false;
  return std::any_of(audience->items.begin(), audience->items.end(),
                     [&us](const json_value& one) { return is_text(&one, us); });
}

std::optional<domain::rejection> fault_of_times(const json_object& claims, domain::duration leeway,
                                                domain::time_point now) {
  const auto* expiry = claims.find("exp");
  const auto expires_at = expiry ? read_time(*expiry) : std::nullopt;
  if (!expires_at) return unauthenticated("The token does not say when it expires.");
  if (now >= *expires_at + leeway) return unauthenticated("The token has expired.");
  if (const auto* beginning = claims.find("nbf")) {
    const auto begins_at = read_time(*beginning);
    if (!begins_at || now + leeway < *begins_at)
      return unauthenticated("The token is not valid yet.");
  }
  return std::nullopt;
}

} // namespace

class jwt_verifier::signature_check {
public:
  explicit signature_check(const jwt_options& o) {
    if (o.algorithm == jwt_algorithm::rs256) {
      public_key_ = read_rsa_key(o.key);
      return;
    }
    if (looks_like_pem(o.key))
      throw std::runtime_error("a PEM key is no secret, expected random bytes for HS256");
    if (o.key.size() < least_secret_bytes)
      throw std::runtime_error("the secret is too short, expected at least 32 bytes for HS256");
    secret_ = o.key;
  }

  bool accepts(std::string_view signed_text, std::string_view signature) const {
    return public_key_ ? is_rsa(signed_text, signature) : is_hmac(signed_text, signature);
  }

private:
  bool is_hmac(std::string_view text, std::string_view signature) const {
    std::array<unsigned char, EVP_MAX_MD_SIZE> ours{};
    unsigned size = 0;
    if (!HMAC(EVP_sha256(), secret_.data(), static_cast<int>(secret_.size()), bytes_of(text),
              text.size(), ours.data(), &size))
      return false;
    return signature.size() == size && CRYPTO_memcmp(ours.data(), signature.data(), size) == 0;
  }

  bool is_rsa(std::string_view text, std::string_view signature) const {
    const digest_handle context(EVP_MD_CTX_new());
    const bool good = context &&
                      EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr,
                                           public_key_.get()) == 1 &&
                      EVP_DigestVerify(context.get(), bytes_of(signature), signature.size(),
                                       bytes_of(text), text.size()) == 1;
    ERR_clear_error(); // a wrong signature leaves its errors in this thread's queue
    return good;
  }

  std::string secret_;
  key_handle public_key_; // OpenSSL's to be read by several threads
};

jwt_verifier::jwt_verifier(const jwt_options& o)
    : options_{o.algorithm, {}, o.issuer, o.audience, o.leeway},
      check_(std::make_unique<const signature_check>(o)) {}

jwt_verifier::~jwt_verifier() = default;

domain::result<domain::user_id> jwt_verifier::verify(std::string_view token,
                                                     domain::time_point now) const {
  const auto first = token.find('.');
  const auto last = token.rfind('.');
  if (first == token.npos || first == last || token.find('.', first + 1) != last)
    return unauthenticated("The bearer token is no JSON Web Token.");
  const auto header = read_part(token.substr(0, first));
  if (!header) return unauthenticated("The bearer token is no JSON Web Token.");
  const auto* algorithm = options_.algorithm == jwt_algorithm::hs256 ? "HS256" : "RS256";
  // The token may not choose: what it names must be what is set, and nothing that we would have to
  // understand beside it.
  if (!is_text(header->find("alg"), algorithm) || header->find("crit"))
    return unauthenticated("The token is not signed in the way expected here.");
  const auto signature = decode_base64url(token.substr(last + 1));
  if (!signature || !check_->accepts(token.substr(0, last), *signature))
    return unauthenticated("The token's signature is not valid.");

  const auto claims = read_part(token.substr(first + 1, last - first - 1));
  if (!claims) return unauthenticated("The token's claims are no JSON object.");
  if (auto fault = fault_of_times(*claims, options_.leeway, now)) return *std::move(fault);
  if (!options_.issuer.empty() && !is_text(claims->find("iss"), options_.issuer))
    return unauthenticated("The token is by another issuer.");
  if (!options_.audience.empty() && !is_for(claims->find("aud"), options_.audience))
    return unauthenticated("The token is for another audience.");
  const auto* subject = claims->find("sub");
  if (!subject || subject->kind != json_kind::string || !domain::is_valid_user_id(subject->text))
    return unauthenticated("The token names no user.");
  return domain::user_id{subject->text};
}

} // namespace boxoffice::http
