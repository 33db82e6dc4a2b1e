#include "http/request_key.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace boxoffice::http {

namespace {

constexpr std::size_t longest_key = 255;

bool is_key(std::string_view text) {
  return !text.empty() && text.size() <= longest_key &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c <= '~'; });
}

bool names_nothing(const domain::request_owner& owner) {
  return std::visit(
      [](const auto& each) {
        using Owner = std::decay_t<decltype(each)>;
        if constexpr (std::is_same_v<Owner, domain::user_id>)
          return each.value.empty();
        else if constexpr (std::is_same_v<Owner, domain::whole_catalogue>)
          return false;
        else
          return each.value <= 0;
      },
      owner);
}

} // namespace

domain::fingerprint fingerprint_of(const request& asked) {
  const std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> digest(EVP_MD_CTX_new(),
                                                                  EVP_MD_CTX_free);
  bool is_well = digest && EVP_DigestInit_ex(digest.get(), EVP_sha256(), nullptr) == 1;
  const auto add = [&](std::string_view text) {
    is_well = is_well && EVP_DigestUpdate(digest.get(), text.data(), text.size()) == 1;
  };
  // Neither a method nor a target holds a line feed, so no two requests give the same bytes.
  add(asked.method);
  add("\n");
  add(asked.target);
  add("\n");
  add(asked.body);
  domain::fingerprint print;
  unsigned length = 0;
  is_well = is_well && EVP_DigestFinal_ex(digest.get(), print.bytes.data(), &length) == 1;
  if (!is_well || length != print.bytes.size()) throw std::runtime_error("OpenSSL has no SHA-256");
  return print;
}

domain::result<domain::request_key_ptr> read_request_key(const call& c, domain::request_owner owner,
                                                         std::string actor, std::string detail) {
  const std::string* text = nullptr;
  std::size_t fields = 0;
  for (const auto& [name, value] : c.asked.headers)
    if (equal_ignoring_case(name, "Idempotency-Key")) {
      text = &value;
      ++fields;
    }
  if (fields == 0) return nullptr;
  if (fields > 1 || !is_key(*text))
    return domain::reject(domain::error_code::invalid_request,
                          "An Idempotency-Key is one field of 1 to 255 visible ASCII characters.");
  if (names_nothing(owner)) return nullptr;
  return std::make_shared<domain::request_key>(
      domain::request_key{std::move(owner), c.asked.method + ' ' + std::string(c.pattern),
                          std::move(actor), *text, fingerprint_of(c.asked), std::move(detail)});
}

} // namespace boxoffice::http
