// What goes to the journal: an entity's facts, and what may leave once they are durable.
#pragma once

#include "actors/messages.hpp"

namespace boxoffice::actors {

// Counts the store's failures. What was decided in an earlier generation counts no more.
using generation = std::uint64_t;

struct client_answer {
  request_id request = 0;
  outcome what;
};

// What may leave once a change is durable.
using release = std::variant<client_answer, letter>;

// An entity's facts, to be made durable in order, and what may leave then. Without facts it is
// released together with the group it joins: what it tells may rest on any append before it.
struct change {
  generation decided_in = 0;
  std::uint64_t ticket = 0; // the entity's own count of its appends
  domain::events facts;
  std::vector<release> releases;
};

} // namespace boxoffice::actors
