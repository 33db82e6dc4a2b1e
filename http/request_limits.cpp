#include "http/request_limits.hpp"

#include <algorithm>
#include <utility>

namespace boxoffice::http {

namespace {

constexpr std::string_view blanks = " \t";

std::string_view trim(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size()));
  return text.substr(0, text.find_last_not_of(blanks) + 1);
}

// "192.0.2.1", "2001:db8::1", and both as some proxies write them: "192.0.2.1:80",
// "[2001:db8::1]:80".
std::optional<config::internet_address> read_hop(std::string_view text) {
  if (!text.empty() && text.front() == '[') {
    const auto end = text.find(']');
    return end == text.npos ? std::nullopt : config::read_internet_address(text.substr(1, end - 1));
  }
  if (std::count(text.begin(), text.end(), ':') == 1) text = text.substr(0, text.find(':'));
  return config::read_internet_address(text);
}

// All fields of that name, as one list.
std::string joined_fields(const request& asked, std::string_view name) {
  std::string all;
  for (const auto& [field, value] : asked.headers)
    if (equal_ignoring_case(field, name)) all += (all.empty() ? "" : ",") + value;
  return all;
}

void append_item(header_list& also, std::string_view name, std::string item) {
  for (auto& [field, value] : also)
    if (field == name) {
      value += ", " + item;
      return;
    }
  also.emplace_back(name, std::move(item));
}

std::optional<domain::rejection> told(std::string_view policy, const rate_limiter& limiter,
                                      const rate_verdict& verdict, header_list& also) {
  const auto name = '"' + std::string(policy) + '"';
  append_item(also, "RateLimit-Policy",
              name + ";q=" + std::to_string(limiter.burst()) +
                  ";w=" + std::to_string(limiter.window().count()));
  append_item(also, "RateLimit",
              name + ";r=" + std::to_string(verdict.left) +
                  ";t=" + std::to_string(verdict.full_in.count()));
  if (verdict.allowed) return std::nullopt;
  auto refusal = domain::reject(domain::error_code::rate_limited,
                                "Too many requests by this " + std::string(policy) + ".");
  refusal.retry_after = verdict.ask_again_in;
  return refusal;
}

} // namespace

std::optional<config::internet_address>
client_address(const request& asked, const std::vector<config::address_range>& trusted) {
  auto address = config::read_internet_address(asked.remote_address);
  if (!address || trusted.empty()) return address;
  const auto is_trusted = [&trusted](const config::internet_address& one) {
    return std::any_of(trusted.begin(), trusted.end(),
                       [&one](const auto& range) { return config::holds(range, one); });
  };
  // The proxy next to us has written last, and each one only behind what it was told: from the end
  // on, the first address that is not a trusted proxy's is the last that can be believed.
  const auto all = joined_fields(asked, "X-Forwarded-For");
  std::string_view rest = all;
  while (is_trusted(*address) && !rest.empty()) {
    const auto comma = rest.rfind(',');
    const auto hop = read_hop(trim(comma == rest.npos ? rest : rest.substr(comma + 1)));
    if (!hop) break;
    address = hop;
    rest = comma == rest.npos ? std::string_view() : rest.substr(0, comma);
  }
  return address;
}

request_limits::request_limits(const rates& r, std::vector<config::address_range> trusted_proxies)
    : trusted_(std::move(trusted_proxies)),
      addresses_(r.address),
      users_(r.user),
      loopback_(r.loopback) {}

void request_limits::set(const rates& r) {
  addresses_.set(r.address);
  users_.set(r.user);
  loopback_ = r.loopback;
}

std::optional<std::string> request_limits::limited_client(const request& asked) const {
  const auto address = client_address(asked, trusted_);
  if (!address) return asked.remote_address;
  if (!loopback_ && config::is_loopback(*address)) return std::nullopt;
  // Whoever has IPv6 has at least 2^64 addresses: all of them are one client.
  constexpr std::size_t ipv6_prefix_bytes = 8;
  const auto told_by = config::is_ipv4(*address) ? address->size() : ipv6_prefix_bytes;
  return std::string(address->begin(), address->begin() + static_cast<std::ptrdiff_t>(told_by));
}

std::optional<domain::rejection>
request_limits::admit_address(const request& asked, domain::time_point now, header_list& also) {
  if (!addresses_.on()) return std::nullopt;
  const auto client = limited_client(asked);
  if (!client) return std::nullopt;
  return told("address", addresses_, addresses_.ask(*client, now), also);
}

std::optional<domain::rejection> request_limits::admit_user(const request& asked,
                                                            const domain::user_id& user,
                                                            domain::time_point now,
                                                            header_list& also) {
  if (!users_.on() || !limited_client(asked)) return std::nullopt;
  return told("user", users_, users_.ask(user.value, now), also);
}

} // namespace boxoffice::http
