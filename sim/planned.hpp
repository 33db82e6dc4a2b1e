// Faults that wait for their turn.
#pragma once

#include <deque>

namespace boxoffice::sim {

// The first of those that wait, which then waits no more; `otherwise` when none does.
template <class Fault>
Fault take_next(std::deque<Fault>& waiting, Fault otherwise) {
  if (waiting.empty()) return otherwise;
  const auto next = waiting.front();
  waiting.pop_front();
  return next;
}

} // namespace boxoffice::sim
