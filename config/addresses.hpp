// Addresses of the Internet, as they are compared: one form for IPv4 and IPv6.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace boxoffice::config {

// An IPv6 address; an IPv4 one stands in ::ffff:0:0/96, as the kernel shows it to a socket that
// speaks both.
using internet_address = std::array<std::uint8_t, 16>;

std::optional<internet_address> read_internet_address(std::string_view text);
bool is_loopback(const internet_address&);
bool is_ipv4(const internet_address&);

// All addresses that begin alike: `10.0.0.0/8`, `::1`.
struct address_range {
  internet_address base{};
  unsigned bits = 128; // how many are the same, of the 128
};

// Nothing when it is no address, the length is impossible, or bits are set behind it.
std::optional<address_range> read_address_range(std::string_view text);
bool holds(const address_range&, const internet_address&);

} // namespace boxoffice::config
