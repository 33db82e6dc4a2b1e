// The flags of `boxoffice rush`, from which its help and its options are made. Private to this
// room.
#pragma once

#include "config/rush_options.hpp"
#include "config/settings.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace boxoffice::config {

struct rush_flag {
  std::string name;        // without the dashes
  std::string kind;        // of value, for the reader
  std::string expected;    // what would be right
  std::string explanation; // what it does
  bool is_switch = false;  // may stand alone and then means `true`

  // Stores the value; false when it is not what is expected.
  std::function<bool(rush_options&, std::string_view)> store = {};
};

const std::vector<rush_flag>& rush_flags();

struct resolved_rush_options {
  rush_options values;
  std::vector<std::string> errors;
};

// Takes each flag once, then judges them together.
resolved_rush_options resolve_rush_options(const std::vector<raw_setting>& given);

// "http://host:port", separated by commas; nothing when one of them is no such address.
std::vector<rush_address> parse_rush_urls(std::string_view text);

} // namespace boxoffice::config
