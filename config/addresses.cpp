#include "config/addresses.hpp"

#include "config/values.hpp"

#include <arpa/inet.h>

#include <algorithm>

namespace boxoffice::config {

namespace {

constexpr internet_address ipv4_prefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
constexpr std::size_t ipv4_at = 12; // where the four bytes of an IPv4 address stand
constexpr unsigned ipv4_bits = 8 * ipv4_at;

// The address with all but its first `bits` bits 0.
internet_address beginning(internet_address address, unsigned bits) {
  for (unsigned at = 0; at < address.size(); ++at) {
    const auto kept = std::clamp(static_cast<int>(bits) - static_cast<int>(8 * at), 0, 8);
    address[at] = static_cast<std::uint8_t>(address[at] & (0xFF00U >> kept & 0xFFU));
  }
  return address;
}

} // namespace

std::optional<internet_address> read_internet_address(std::string_view text) {
  const std::string terminated(text);
  if (terminated.find('\0') != terminated.npos) return std::nullopt;
  auto address = ipv4_prefix;
  if (inet_pton(AF_INET, terminated.c_str(), address.data() + ipv4_at) == 1) return address;
  if (inet_pton(AF_INET6, terminated.c_str(), address.data()) == 1) return address;
  return std::nullopt;
}

bool is_ipv4(const internet_address& address) {
  return std::equal(ipv4_prefix.begin(), ipv4_prefix.begin() + ipv4_at, address.begin());
}

bool is_loopback(const internet_address& address) {
  if (is_ipv4(address)) return address[ipv4_at] == 127;
  internet_address one{};
  one.back() = 1;
  return address == one;
}

std::optional<address_range> read_address_range(std::string_view text) {
  const auto slash = text.find('/');
  const auto base = read_internet_address(text.substr(0, slash));
  if (!base) return std::nullopt;
  const bool four = text.find(':') == text.npos;
  const unsigned most = four ? 32 : 128;
  address_range range{*base, 128};
  if (slash != text.npos) {
    const auto bits = parse_whole(text.substr(slash + 1));
    if (!bits || *bits > most) return std::nullopt;
    range.bits = static_cast<unsigned>(*bits) + (four ? ipv4_bits : 0);
  }
  if (beginning(range.base, range.bits) != range.base) return std::nullopt;
  return range;
}

bool holds(const address_range& range, const internet_address& address) {
  return beginning(address, range.bits) == range.base;
}

} // namespace boxoffice::config
