// Which requests are let through, by the address they come from and by the user who asks; and what
// clients are told of it, by the fields RateLimit and RateLimit-Policy of
// draft-ietf-httpapi-ratelimit-headers-10 (structured fields):
//
//   RateLimit-Policy: "address";q=200;w=2      200 at once, filled up again within 2 seconds
//   RateLimit: "address";r=199;t=1             199 left, all of them again in 1 second
#pragma once

#include "actors/domain/error.hpp"
#include "actors/domain/user.hpp"
#include "config/addresses.hpp"
#include "http/message.hpp"
#include "http/rate_limiter.hpp"

#include <atomic>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace boxoffice::http {

struct rates {
  rate address, user;
  bool loopback = false; // whether requests from this machine are limited too
};

// Whom a request comes from: the address at the other end, or, as long as that is a proxy's that is
// trusted, what the proxy wrote down last in X-Forwarded-For. Text that is no address is not gone
// beyond. Nothing when the other end itself is none.
std::optional<config::internet_address>
client_address(const request&, const std::vector<config::address_range>& trusted);

// Any thread.
class request_limits {
public:
  request_limits(const rates&, std::vector<config::address_range> trusted_proxies);

  void set(const rates&);

  // Each gives RATE_LIMITED, or nothing, and adds to `also` what the answer is to say of it.
  std::optional<domain::rejection> admit_address(const request&, domain::time_point now,
                                                 header_list& also);
  // Only for a user who has proven to be one: by a mere claim anybody could shut out anybody.
  std::optional<domain::rejection> admit_user(const request&, const domain::user_id&,
                                              domain::time_point now, header_list& also);

private:
  // Nothing when this client is not limited; else what one client is told apart by.
  std::optional<std::string> limited_client(const request&) const;

  const std::vector<config::address_range> trusted_;
  rate_limiter addresses_, users_;
  std::atomic<bool> loopback_{false};
};

} // namespace boxoffice::http
