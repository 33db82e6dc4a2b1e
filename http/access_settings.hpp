// From the service's settings to who may call.
#pragma once

#include "config/settings.hpp"
#include "http/access.hpp"

namespace boxoffice::http {

// Reads the key file, if there is one. Throws std::runtime_error when it can't.
access_options access_of(const config::settings&);

} // namespace boxoffice::http
