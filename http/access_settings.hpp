// From the service's settings to who may call, how often, and from where.
#pragma once

#include "config/settings.hpp"
#include "http/access.hpp"
#include "http/request_limits.hpp"

#include <vector>

namespace boxoffice::http {

// Reads the key file, if there is one. Throws std::runtime_error when it can't.
access_options access_of(const config::settings&);

rates rates_of(const config::settings&);
std::vector<config::address_range> trusted_proxies_of(const config::settings&);

} // namespace boxoffice::http
