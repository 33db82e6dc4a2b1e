// The flags of `boxoffice sim`, from which its help and its options are made. Private to this room.
#pragma once

#include "config/settings.hpp"
#include "config/sim_options.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace boxoffice::config {

struct sim_flag {
  std::string name;        // without the dashes
  std::string kind;        // of value, for the reader
  std::string expected;    // what would be right: `a whole number from 1 to 5`
  std::string explanation; // what it does
  bool is_switch = false;  // may stand alone and then means `true`

  // Stores the value; false when it is not what is expected.
  std::function<bool(sim_options&, std::string_view)> store = {};
};

const std::vector<sim_flag>& sim_flags();

struct resolved_sim_options {
  sim_options values;
  std::vector<std::string> errors;
};

// Takes each flag once, then judges them together.
resolved_sim_options resolve_sim_options(const std::vector<raw_setting>& given);

} // namespace boxoffice::config
