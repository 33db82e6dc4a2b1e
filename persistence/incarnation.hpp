// Private to this room.
#pragma once

#include <string>

namespace boxoffice::persistence {

// What tells a store from every other: 128 random bits in hexadecimal. Throws store_failed.
std::string draw_incarnation();

} // namespace boxoffice::persistence
