// What the process was asked to do: a value, decided without side effects but reading the config
// file. Nothing here prints or exits.
#pragma once

#include "config/rush_options.hpp"
#include "config/settings.hpp"
#include "config/sim_options.hpp"

#include <string>
#include <variant>
#include <vector>

namespace boxoffice::config {

enum class exit_code { success = 0, failure = 1, usage = 2 };

enum class command { serve, audit, backup, migrate, rebuild, sim, rush };

// A command for the caller to carry out. The warnings are for the log, once it runs.
struct invocation {
  command what = command::serve;
  settings values; // the defaults with sim and rush, which take none
  std::vector<std::string> warnings;
  sim_options sim = {};    // sim's
  rush_options rush = {};  // rush's
  std::string target = {}; // backup's: the directory that the copy goes into
};

// Nothing is left to do but to print and to exit: help, version, check-config, or an error. The
// text belongs on standard output after success, on standard error otherwise.
struct ending {
  exit_code code = exit_code::success;
  std::string text;
};

using parsed_command = std::variant<invocation, ending>;

parsed_command parse(int argc, const char* const* argv, const environment& variables);

} // namespace boxoffice::config
