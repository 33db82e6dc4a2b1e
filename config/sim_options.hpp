// What `boxoffice sim` was asked to do. What is absent, the simulator draws from each run's seed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace boxoffice::config {

struct sim_options {
  std::optional<std::uint64_t> seed; // the first; absent: fresh ones
  std::uint64_t seeds = 1000; // runs: seed, seed + 1, ...; 0 with `hours`, which says when to end
  double hours = 0;           // 0: as many runs as `seeds` says
  std::optional<unsigned> nodes;
  // By name; whether there is such a fault or workload only the simulator knows. Empty: none.
  std::optional<std::vector<std::string>> faults, workloads;
  // What stands behind the stores: "none", or PostgreSQL, and answers wait for "local" or
  // "postgres".
  std::optional<std::string> postgres;
  std::optional<unsigned> users;
  std::optional<unsigned> acts; // of all users together
  unsigned jobs = 1;            // runs at once
  bool trace = false;           // of the one run
  bool minimize = false;        // the runs that fail
};

} // namespace boxoffice::config
