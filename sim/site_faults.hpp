// What is wrong with one machine just now: its disk, its clock, its threads. Faults set it; the
// site asks it.
#pragma once

#include "sim/agenda.hpp"
#include "sim/coverage.hpp"
#include "sim/disk.hpp"
#include "sim/random.hpp"

#include <deque>

namespace boxoffice::sim {

class site_faults final : public disk_faults {
public:
  site_faults(random chance, coverage& reached) : chance_(chance), reached_(reached) {}

  // --- the disk
  void fail_next_commit(commit_fate how) { next_fates_.push_back(how); }
  void fail_next_probes(int n) { failing_probes_ += n; }
  void fail_next_read(read_fate how) { next_reads_.push_back(how); }
  bool full = false;           // no commit or probe works
  moment store_takes_most{};   // each call of it takes up to this long
  unsigned stalls_percent = 0; // of its calls take `stall`
  moment stall{};

  // --- threads and entities
  unsigned slow_actors_percent = 0; // of the messages keep their actor up to `slowness`
  moment slowness{};
  void kill_next_entity() { ++doomed_entities_; }
  // Whether the entity that reads the clock now is to fail over it.
  bool entity_dies();

  // --- the clock: what the wall clock is off by at the next start
  moment wall_offset{};

  // All is well from now on.
  void stop();
  // While true all reads succeed: it is the checker who reads.
  bool checker_reads = false;

  // How long the store takes for its next call.
  moment next_store_delay();
  // How long an actor takes for its next message, on top.
  moment next_slowness();

  commit_fate next_commit(std::size_t facts) override;
  std::size_t torn_records(std::size_t records) override;
  bool next_probe_fails() override;
  read_fate next_read() override;
  bool doubtful_group_survives() override;

private:
  random chance_;
  coverage& reached_;
  std::deque<commit_fate> next_fates_;
  std::deque<read_fate> next_reads_;
  int failing_probes_ = 0;
  int doomed_entities_ = 0;
};

} // namespace boxoffice::sim
