// Events as bytes, for the log of what PostgreSQL does not have yet. Private to this room.
//
// Events one after the other: the kind's place in domain::event, then its fields in the order of
// their list in event_format.cpp, as packed.hpp writes them.
#pragma once

#include "actors/domain/events.hpp"

#include <string>
#include <string_view>

namespace boxoffice::persistence {

// Of the versions of packed.hpp the one that encode() writes, and that decode() knows: the last in
// which events changed.
constexpr int event_format = 1;

std::string encode(const domain::events&);

// Throws store_failed, damaged, when the bytes are no events of this format.
domain::events decode(std::string_view);

} // namespace boxoffice::persistence
