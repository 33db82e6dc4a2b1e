// Carries guests: threads with an event loop each, connections they share, and an agenda of who
// asks what when. Open loop: what is due is due, and its time counts from then, whether a
// connection is free or not.
#pragma once

#include "config/rush_options.hpp"
#include "rush/guest.hpp"
#include "rush/tally.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace boxoffice::rush {

struct appointment {
  std::chrono::microseconds at{}; // from the start
  guest* who = nullptr;
};

struct crowd_plan {
  std::vector<config::rush_address> urls;
  unsigned threads = 1, connections = 1;
  std::chrono::microseconds length = std::chrono::hours(24); // then nobody begins anything
};

// What can be seen while it runs.
struct crowd_view {
  std::chrono::seconds since_start{};
  std::uint64_t answers = 0, unexpected = 0, lost = 0;
  std::size_t arrived = 0, done = 0, under_way = 0;
};

struct crowd_result {
  tally counted;
  std::chrono::microseconds took{};
  bool server_away = false; // it ended because nothing was answered any more
  double cpu_share = 0;     // of the threads' time, that they computed
};

// `watch` hears once a second. Throws std::runtime_error when an address can't be resolved.
crowd_result run_crowd(const crowd_plan& plan, const std::vector<appointment>& guests,
                       const std::function<void(const crowd_view&)>& watch = {});

} // namespace boxoffice::rush
