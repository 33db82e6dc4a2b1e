// What rules ask of text alike.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace boxoffice::domain {

// Characters, not bytes: those that continue a UTF-8 sequence don't count.
inline std::size_t count_characters(std::string_view utf8) {
  return static_cast<std::size_t>(std::count_if(utf8.begin(), utf8.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

} // namespace boxoffice::domain
