#include "config/setting_kinds.hpp"

namespace boxoffice::config {

bool is_web_origin(std::string_view text) {
  constexpr std::size_t longest = 300; // a host's name has up to 253
  constexpr std::string_view marks = "-._:[]";
  const auto scheme = text.find("://");
  if (text.size() > longest || scheme == text.npos) return false;
  if (text.substr(0, scheme) != "http" && text.substr(0, scheme) != "https") return false;
  const auto host = text.substr(scheme + 3);
  // Browsers write the host in small letters, and neither a slash nor a default port behind it.
  return !host.empty() && std::all_of(host.begin(), host.end(), [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || marks.find(c) != marks.npos;
  });
}

} // namespace boxoffice::config
