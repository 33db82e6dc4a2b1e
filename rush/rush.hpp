// `boxoffice rush`: an opening sale's load, put on a server from outside.
#pragma once

#include "config/rush_options.hpp"

namespace boxoffice::rush {

// Prints progress on stderr when that is a terminal, and the summary on stdout. False when the
// books are wrong or could not be read, or the server went away. Throws std::runtime_error when it
// can't begin.
bool run_rush(const config::rush_options& options);

} // namespace boxoffice::rush
