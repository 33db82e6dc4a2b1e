// Keys that are too long or too secret for a command line.
#pragma once

#include <string>

namespace boxoffice::config {

// The bytes of a file that holds a key, without a newline at its end. Throws std::runtime_error
// that names the file when it can't be read, is empty, or is larger than any key.
std::string read_key_file(const std::string& path);

} // namespace boxoffice::config
