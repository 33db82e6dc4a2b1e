// What one carrier says to another, in a line of English: for traces. (What entities say is told
// by words.hpp.)
#pragma once

#include <caf/fwd.hpp>
#include <string>

namespace boxoffice::actors {

std::string carrier_words(const caf::message&);

} // namespace boxoffice::actors
