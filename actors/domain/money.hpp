// Points, exactly: an integer of minor units, 100 to a point (CONTRACT 2, Wallet). Never a float.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace boxoffice::domain {

struct money {
  std::int64_t minor = 0;

  friend bool operator==(money a, money b) { return a.minor == b.minor; }
  friend bool operator!=(money a, money b) { return a.minor != b.minor; }
  friend bool operator<(money a, money b) { return a.minor < b.minor; }
  friend bool operator>(money a, money b) { return b < a; }
  friend bool operator<=(money a, money b) { return !(b < a); }
  friend bool operator>=(money a, money b) { return !(a < b); }
  friend money operator+(money a, money b) { return {a.minor + b.minor}; }
  friend money operator-(money a, money b) { return {a.minor - b.minor}; }
};

// No amount this service handles comes near this, so sums of two never overflow.
constexpr money max_money{1'000'000'000'000'000};

constexpr std::int64_t minor_units_per_point = 100;
constexpr money points(std::int64_t whole) { return {whole * minor_units_per_point}; }

// Reads a JSON number ("100", "100.5", "-3.25", "1e2") as points, exactly. Nothing when it is no
// number, has more than two decimals ("1.000" has three), or is beyond max_money either way.
std::optional<money> parse_points(std::string_view);

// As the seed's API writes a balance: "100" when whole, else "100.5" or "100.05".
std::string to_points(money);

} // namespace boxoffice::domain
