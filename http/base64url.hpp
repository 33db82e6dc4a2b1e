// Base64 with the alphabet for addresses and without padding (RFC 4648, 5).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace boxoffice::http {

// Nothing when a character is not of the alphabet, the length is impossible, or bits are set that
// stand for nothing: each sequence of bytes has one spelling.
std::optional<std::string> decode_base64url(std::string_view);

} // namespace boxoffice::http
