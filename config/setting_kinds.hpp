// Kinds of settings whose value may be nothing: it is written `none`. Private to this room; the
// other kinds stand in settings_table.cpp.
#pragma once

#include "config/settings_table.hpp"

#include <algorithm>
#include <cctype>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace boxoffice::config {

inline bool has_control_character(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](unsigned char byte) { return std::iscntrl(byte) != 0; });
}

inline bool is_nothing(std::string_view given) { return given.empty() || given == "none"; }

// Words, or a path. `Member` maps settings to the member, const or not.
template <class Member>
setting_row optional_text(const char* name, Member member, std::size_t longest, const char* text) {
  const std::string expected =
      "up to " + std::to_string(longest) + " bytes without control characters, or none";
  setting_row row{name, "text", expected, text};
  row.store = [=](settings& values, std::string_view given) -> std::optional<std::string> {
    if (given.size() > longest || has_control_character(given)) return expected;
    member(values) = is_nothing(given) ? std::string() : std::string(given);
    return std::nullopt;
  };
  row.show = [=](const settings& values) {
    return member(values).empty() ? std::string("none") : member(values);
  };
  return row;
}

// Items between commas, each of which `is_right` accepts.
template <class Member>
setting_row list(const char* name, Member member, bool (*is_right)(std::string_view),
                 const char* expected, const char* text) {
  constexpr std::size_t most_items = 64;
  setting_row row{name, "list", expected, text};
  row.store = [=](settings& values, std::string_view given) -> std::optional<std::string> {
    std::vector<std::string> items;
    for (auto rest = is_nothing(given) ? std::string_view() : given; !rest.empty();) {
      const auto comma = rest.find(',');
      auto item = rest.substr(0, comma);
      item.remove_prefix(std::min(item.find_first_not_of(' '), item.size()));
      item = item.substr(0, item.find_last_not_of(' ') + 1);
      if (!is_right(item) || items.size() == most_items) return std::string(expected);
      items.emplace_back(item);
      // A comma at the end would have something behind it.
      if (comma != rest.npos && comma + 1 == rest.size()) return std::string(expected);
      rest = comma == rest.npos ? std::string_view() : rest.substr(comma + 1);
    }
    member(values) = std::move(items);
    return std::nullopt;
  };
  row.show = [=](const settings& values) {
    std::string all;
    for (const auto& item : member(values)) all += (all.empty() ? "" : ",") + item;
    return all.empty() ? std::string("none") : all;
  };
  return row;
}

// scheme://host[:port] as a browser sends it in the field Origin.
bool is_web_origin(std::string_view text);

} // namespace boxoffice::config
