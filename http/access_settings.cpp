#include "http/access_settings.hpp"

#include "config/key_file.hpp"

#include <utility>

namespace boxoffice::http {

access_options access_of(const config::settings& s) {
  access_options o;
  o.admin_token = s.admin.token;
  if (s.auth.mode == config::auth_mode::none) return o;
  jwt_options jwt;
  const bool rsa = s.auth.jwt_algorithm == config::jwt_algorithm_name::rs256;
  jwt.algorithm = rsa ? jwt_algorithm::rs256 : jwt_algorithm::hs256;
  jwt.key =
      s.auth.jwt_secret.empty() ? config::read_key_file(s.auth.jwt_key_file) : s.auth.jwt_secret;
  jwt.issuer = s.auth.jwt_issuer;
  jwt.audience = s.auth.jwt_audience;
  jwt.leeway = s.auth.jwt_leeway;
  o.jwt = std::move(jwt);
  return o;
}

rates rates_of(const config::settings& s) {
  const auto& l = s.limits;
  return {{l.address_per_second, l.address_burst}, {l.user_per_second, l.user_burst}, l.loopback};
}

std::vector<config::address_range> trusted_proxies_of(const config::settings& s) {
  std::vector<config::address_range> ranges;
  for (const auto& text : s.http.trusted_proxies)
    if (const auto range = config::read_address_range(text)) ranges.push_back(*range);
  return ranges;
}

} // namespace boxoffice::http
