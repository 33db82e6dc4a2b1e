#include "actors/domain/request_key.hpp"

#include <type_traits>

namespace boxoffice::domain {

std::string to_string(const request_owner& owner) {
  return std::visit(
      [](const auto& each) -> std::string {
        using T = std::decay_t<decltype(each)>;
        if constexpr (std::is_same_v<T, user_id>)
          return "user " + each.value;
        else if constexpr (std::is_same_v<T, option_id>)
          return "option " + std::to_string(each.value);
        else if constexpr (std::is_same_v<T, booking_id>)
          return "booking " + std::to_string(each.value);
        else
          return "catalogue";
      },
      owner);
}

std::string to_string(const fingerprint& print) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  text.reserve(2 * print.bytes.size());
  for (const auto byte : print.bytes) {
    text += digits[byte >> 4];
    text += digits[byte & 15];
  }
  return text;
}

std::optional<fingerprint> parse_fingerprint(std::string_view text) {
  constexpr std::string_view digits = "0123456789abcdef";
  fingerprint print;
  if (text.size() != 2 * print.bytes.size()) return std::nullopt;
  for (std::size_t i = 0; i < print.bytes.size(); ++i) {
    const auto high = digits.find(text[2 * i]), low = digits.find(text[2 * i + 1]);
    if (high == digits.npos || low == digits.npos) return std::nullopt;
    print.bytes[i] = static_cast<unsigned char>(high << 4 | low);
  }
  return print;
}

} // namespace boxoffice::domain
