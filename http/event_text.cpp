#include "http/event_text.hpp"

#include <cassert>

namespace boxoffice::http {

std::string event_text(std::string_view name, std::string_view id, std::string_view data) {
  assert(data.find_first_of("\r\n") == data.npos);
  std::string text;
  text.reserve(name.size() + id.size() + data.size() + 24);
  text.append("event: ").append(name);
  if (!id.empty()) text.append("\nid: ").append(id);
  text.append("\ndata: ").append(data).append("\n\n");
  return text;
}

event_piece retry_piece(std::uint64_t client) {
  constexpr std::uint64_t shortest = 1000, spread = 4001;
  constexpr std::uint64_t golden = 0x9E3779B97F4A7C15u; // neighbours land far from each other
  const auto milliseconds = shortest + (client * golden >> 32) % spread;
  return event_piece("retry: " + std::to_string(milliseconds) + "\n\n");
}

} // namespace boxoffice::http
