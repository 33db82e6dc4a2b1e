// How one line of the log looks. Private to this room.
#pragma once

#include "config/logging.hpp"

#include <chrono>
#include <initializer_list>
#include <string>
#include <string_view>

namespace boxoffice::config {

// Without the end of line; never holds a control character, whatever the message and fields do.
std::string format_log_line(log_format format, std::chrono::system_clock::time_point time,
                            log_level level, std::string_view message,
                            std::initializer_list<log_field> fields);

} // namespace boxoffice::config
