#include "actors/domain/user.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>

namespace boxoffice::domain {

bool is_valid_user_id(std::string_view text) {
  constexpr std::size_t max_length = 64;
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.' || c == '@';
  };
  return !text.empty() && text.size() <= max_length &&
         std::all_of(text.begin(), text.end(), allowed);
}

bool is_numeric_user_id(std::string_view text) {
  constexpr std::uint64_t largest_exact_in_json = (std::uint64_t{1} << 53) - 1;
  if (text.empty() || text.front() < '0' || text.front() > '9') return false;
  if (text.size() > 1 && text.front() == '0') return false;
  std::uint64_t value = 0;
  const auto end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  return error == std::errc{} && stop == end && value <= largest_exact_in_json;
}

} // namespace boxoffice::domain
