// JSON Web Tokens as a login service would sign them, and as nobody should.
#pragma once

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <memory>
#include <string>
#include <string_view>

namespace boxoffice::http::test {

inline std::string base64url(std::string_view bytes) {
  constexpr std::string_view alphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string text;
  unsigned waiting = 0, bits = 0;
  for (const char c : bytes) {
    waiting = waiting << 8 | static_cast<unsigned char>(c);
    for (bits += 8; bits >= 6; bits -= 6) text += alphabet[waiting >> (bits - 6) & 63U];
    waiting &= (1U << bits) - 1;
  }
  if (bits > 0) text += alphabet[waiting << (6 - bits) & 63U];
  return text;
}

inline std::string hmac(const std::string& key, const std::string& text) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest, &size);
  return {reinterpret_cast<const char*>(digest), size};
}

inline std::string hs256(const std::string& key, const std::string& claims,
                         const std::string& header = R"({"alg":"HS256","typ":"JWT"})") {
  const auto text = base64url(header) + "." + base64url(claims);
  return text + "." + base64url(hmac(key, text));
}

class rsa_key {
public:
  explicit rsa_key(unsigned bits = 2048) : key_(EVP_RSA_gen(bits), EVP_PKEY_free) {}

  std::string public_pem() const {
    const std::unique_ptr<BIO, decltype(&BIO_free)> out(BIO_new(BIO_s_mem()), BIO_free);
    PEM_write_bio_PUBKEY(out.get(), key_.get());
    char* text = nullptr;
    const auto size = BIO_get_mem_data(out.get(), &text);
    return {text, static_cast<std::size_t>(size)};
  }

  std::string sign(const std::string& text) const {
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                          EVP_MD_CTX_free);
    EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key_.get());
    std::string signature(static_cast<std::size_t>(EVP_PKEY_size(key_.get())), '\0');
    auto size = signature.size();
    EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                   reinterpret_cast<const unsigned char*>(text.data()), text.size());
    signature.resize(size);
    return signature;
  }

  std::string rs256(const std::string& claims,
                    const std::string& header = R"({"alg":"RS256"})") const {
    const auto text = base64url(header) + "." + base64url(claims);
    return text + "." + base64url(sign(text));
  }

private:
  std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key_;
};

} // namespace boxoffice::http::test
