// The table of all settings, from which flags, environment, file keys, help, check-config and the
// reference are made. Private to this room.
#pragma once

#include "config/settings.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace boxoffice::config {

struct setting_row {
  std::string name;
  std::string kind;        // of value, for the reader: `number`, `duration`, …
  std::string expected;    // what would be right: `a whole number from 0 to 65535`
  std::string explanation; // what it does
  bool is_switch = false;  // true when the flag may stand alone and then means `true`
  bool secret = false;     // its value is never shown

  // Stores the value; says what would be right when it can't be.
  std::function<std::optional<std::string>(settings&, std::string_view)> store = {};
  std::function<std::string(const settings&)> show = {};
};

const std::vector<setting_row>& settings_table();
const setting_row* find_setting(std::string_view name);

// `http.port` → `BOXOFFICE_HTTP_PORT`
std::string environment_name(std::string_view setting);

// `; did you mean http.port?` when a name is much like one of the table's, else empty.
std::string did_you_mean(std::string_view name);

} // namespace boxoffice::config
