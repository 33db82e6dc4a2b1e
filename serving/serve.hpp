// The service put together: the one place where every room meets.
#pragma once

#include "config/command_line.hpp"

#include <functional>

namespace boxoffice {

// Reads command line, environment and config file, as often as it is called.
using settings_source = std::function<config::parsed_command()>;

// Sells until SIGTERM or SIGINT; takes over what may change at SIGHUP, from `read_settings`. Gives
// the process's exit status. Throws persistence::open_failed and what else keeps it from starting.
int serve(config::settings, const settings_source& read_settings);

} // namespace boxoffice
