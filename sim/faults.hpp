// What goes wrong: each fault arranges for one misfortune to befall one machine or the network. A
// run switches on a random part of them.
//
// A fault knows nothing of workloads or of the checker. To add one, write its function and give it
// a line in the table (docs/SIMULATOR.md).
#pragma once

#include "sim/world.hpp"

#include <vector>

namespace boxoffice::sim {

// The numbers that a fault draws, and whom it befalls.
struct misfortune {
  world& around;
  random& chance;
  std::size_t victim; // a site's number
  site& machine() { return around.at(victim); }
};

struct fault {
  const char* name;
  const char* what; // one line, for people
  // Happens now, and brings about its own end.
  void (*begin)(misfortune);
  unsigned most; // times in a run
};

const std::vector<fault>& all_faults();
// Those of PostgreSQL, for runs that have one behind their stores.
const std::vector<fault>& postgres_faults_there_are();

// What is counted when a fault is really met, by the name that the coverage has for it.
const std::vector<const char*>& all_troubles();

// Spreads the plan's faults over the time that the sale is open.
void arrange_faults(world&);
// Ends all of them: machines come up, the network is mended, disks work.
void end_faults(world&);

} // namespace boxoffice::sim
