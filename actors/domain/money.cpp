#include "actors/domain/money.hpp"

#include <charconv>
#include <cstdlib>

namespace boxoffice::domain {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// The parts of a JSON number: -digits.digits e exponent.
struct decimal {
  bool negative = false;
  std::string digits; // without the point
  int decimals = 0;   // how many of the digits stand behind the point; less than 0 = zeros missing
};

// More digits or a longer exponent than any sensible amount: not worth reading.
constexpr std::size_t max_digits = 64;
constexpr int max_exponent = 99;

std::optional<decimal> read_decimal(std::string_view text) {
  decimal number;
  auto take_digits = [&text, &number] {
    std::size_t n = 0;
    while (n < text.size() && is_digit(text[n])) ++n;
    number.digits.append(text.substr(0, n));
    text.remove_prefix(n);
    return n;
  };
  auto take = [&text](char c) {
    if (text.empty() || text.front() != c) return false;
    text.remove_prefix(1);
    return true;
  };

  number.negative = take('-');
  const bool leading_zero = !text.empty() && text.front() == '0';
  const auto whole_digits = take_digits();
  if (whole_digits == 0 || (leading_zero && whole_digits > 1)) return std::nullopt;
  if (take('.')) {
    const auto n = take_digits();
    if (n == 0 || n > max_digits) return std::nullopt;
    number.decimals = static_cast<int>(n);
  }
  if (take('e') || take('E')) {
    const bool down = take('-');
    if (!down) take('+');
    int exponent = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), exponent);
    if (error != std::errc{} || exponent < 0 || exponent > max_exponent) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    number.decimals += down ? exponent : -exponent;
  }
  if (!text.empty() || number.digits.size() > max_digits) return std::nullopt;
  return number;
}

} // namespace

std::optional<money> parse_points(std::string_view text) {
  const auto number = read_decimal(text);
  if (!number || number->decimals > 2) return std::nullopt;

  std::int64_t minor = 0;
  auto push = [&minor](int digit) {
    minor = minor * 10 + digit;
    return minor <= max_money.minor;
  };
  for (const char c : number->digits)
    if (!push(c - '0')) return std::nullopt;
  for (int missing = 2 - number->decimals; missing > 0 && minor != 0; --missing)
    if (!push(0)) return std::nullopt;
  return money{number->negative ? -minor : minor};
}

std::string to_points(money amount) {
  const auto whole = std::abs(amount.minor) / minor_units_per_point;
  const auto hundredths = std::abs(amount.minor) % minor_units_per_point;
  std::string text = amount.minor < 0 ? "-" : "";
  text += std::to_string(whole);
  if (hundredths == 0) return text;
  text += '.';
  text += static_cast<char>('0' + hundredths / 10);
  if (hundredths % 10 != 0) text += static_cast<char>('0' + hundredths % 10);
  return text;
}

} // namespace boxoffice::domain
