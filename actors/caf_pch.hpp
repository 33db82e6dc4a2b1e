// CAF, for the few files of this room that run in actors. Precompiled.
#pragma once

#include <caf/all.hpp>
