// How much is logged, and how it looks. Apart from settings.hpp so that a room that only logs does
// not see every setting.
#pragma once

namespace boxoffice::config {

enum class log_level { debug, info, warning, error };
enum class log_format { text, json };

struct log_settings {
  log_level level = log_level::info;    // the least severe level written
  log_format format = log_format::text; // one line of text, or one JSON object, a line
  bool requests = true;                 // one line for every HTTP request
};

} // namespace boxoffice::config
