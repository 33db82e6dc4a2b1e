#include "actors/domain/user.hpp"

#include "actors/domain/text.hpp"

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

namespace {

constexpr std::size_t max_name = 100;
constexpr std::size_t min_email = 3, max_email = 254;

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }

bool is_name(std::string_view text) {
  return !text.empty() && count_characters(text) <= max_name &&
         std::none_of(text.begin(), text.end(), is_control);
}

bool is_email(std::string_view text) {
  const auto length = count_characters(text);
  const auto at = text.find('@');
  return length >= min_email && length <= max_email && at != text.npos && at > 0 &&
         at + 1 < text.size() && text.find('@', at + 1) == text.npos &&
         std::none_of(text.begin(), text.end(), [](char c) { return c == ' ' || is_control(c); });
}

} // namespace

std::optional<rejection> check_person(const user& who) {
  auto all = reject(error_code::invalid_request, "The request body is not valid.");
  if (!is_name(who.name))
    all.faults.push_back({"/name", "A name is 1 to 100 characters, without control characters."});
  if (!is_email(who.email))
    all.faults.push_back({"/email", "An email is 3 to 254 characters with one '@' between others, "
                                    "without blanks or control characters."});
  if (all.faults.empty()) return std::nullopt;
  return all;
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
