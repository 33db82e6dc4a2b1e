// Private to this room.
#pragma once

#include "actors/domain/ids.hpp"

#include <string_view>

namespace boxoffice::persistence {

// How the tables write an id_kind.
std::string_view to_string(domain::id_kind);

} // namespace boxoffice::persistence
