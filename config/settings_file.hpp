// Reads the config file; what its keys mean is not its business.
#pragma once

#include "config/settings.hpp"

#include <string>
#include <vector>

namespace boxoffice::config {

struct settings_file {
  std::vector<raw_setting> settings; // names with their section, in the order of the file
  std::vector<std::string> errors;   // lines that are no setting, and a file that can't be read
};

settings_file read_settings_file(const std::string& path);

} // namespace boxoffice::config
