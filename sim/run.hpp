// One simulated sale, from its opening until nothing is left to do.
#pragma once

#include "sim/coverage.hpp"
#include "sim/plan.hpp"
#include "sim/world.hpp"

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>

namespace boxoffice::sim {

struct failure {
  std::string invariant; // the same for the same kind of fault
  std::string seen;
};

struct run_report {
  std::uint64_t seed = 0;
  std::uint64_t messages = 0; // taken by actors
  std::uint64_t commits = 0;
  std::uint64_t recoveries = 0; // nodes that started on what a crash had left
  moment simulated{};
  std::uint64_t trace_hash = 0; // equal for equal plans, in any process and build
  bool stopped = false;         // before its end
  std::optional<failure> broken;
};

// Runs the plan to its end or to the first broken invariant. Any thread; several at a time. Ends
// early when `stop` becomes true.
run_report run(const plan&, coverage&, world::listener trace = nullptr,
               const std::atomic<bool>* stop = nullptr);

// The seed that the calling thread runs: for whoever has to report an abort. 0 when it runs none.
std::uint64_t seed_under_way();

} // namespace boxoffice::sim
