#include "http/entity_tag.hpp"

namespace boxoffice::http {

namespace {

constexpr std::string_view blanks = " \t";

bool matches(std::string_view list, std::string_view tag) {
  while (true) {
    const auto start = list.find_first_not_of(" \t,");
    if (start == list.npos) return false;
    list.remove_prefix(start);
    if (list.substr(0, 2) == "W/") list.remove_prefix(2);
    const auto end = list.empty() || list.front() != '"' ? list.npos : list.find('"', 1);
    if (end == list.npos) return false;
    if (list.substr(0, end + 1) == tag) return true;
    list.remove_prefix(end + 1);
  }
}

bool is_any(std::string_view text) {
  const auto first = text.find_first_not_of(blanks);
  return first != text.npos && text[first] == '*' &&
         text.find_first_not_of(blanks, first + 1) == text.npos;
}

} // namespace

bool has_already(const request& asked, std::string_view tag) {
  for (const auto& [name, value] : asked.headers)
    if (equal_ignoring_case(name, "If-None-Match") && (is_any(value) || matches(value, tag)))
      return true;
  return false;
}

} // namespace boxoffice::http
