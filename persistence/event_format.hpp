// Events as bytes, for the log of what PostgreSQL does not have yet. Private to this room.
//
// Format 1. Events one after the other: the kind's place in domain::event, then its fields in the
// order of their list in event_format.cpp. An integer is zigzag-coded in groups of seven bits, low
// ones first; a text or a list is its size and what is in it; what may be missing is 0, or 1 and
// the value; times are microseconds since 1970, tokens 16 bytes, fingerprints 32.
#pragma once

#include "actors/domain/events.hpp"

#include <string>
#include <string_view>

namespace boxoffice::persistence {

constexpr int event_format = 1; // what encode() writes, and the one decode() knows

std::string encode(const domain::events&);

// Throws store_failed, damaged, when the bytes are no events of this format.
domain::events decode(std::string_view);

} // namespace boxoffice::persistence
