#include "sim/site_faults.hpp"

#include "sim/planned.hpp"

namespace boxoffice::sim {

namespace {

const char* name_of(commit_fate fate) {
  switch (fate) {
  case commit_fate::done: break;
  case commit_fate::lost: return "disk: a commit was lost";
  case commit_fate::done_untold: return "disk: a commit failed but was done";
  case commit_fate::doubtful: return "disk: a commit failed and is in doubt";
  case commit_fate::torn_by_crash: return "disk: a crash tore a group";
  case commit_fate::done_by_crash: return "disk: a crash came right behind a commit";
  }
  return "disk: a commit went well";
}

} // namespace

void site_faults::stop() {
  next_fates_.clear();
  next_reads_.clear();
  failing_probes_ = 0;
  full = false;
  store_takes_most = stall = slowness = wall_offset = moment(0);
  stalls_percent = slow_actors_percent = 0;
  doomed_entities_ = 0;
}

moment site_faults::next_store_delay() {
  if (chance_.percent(stalls_percent)) {
    reached_.reached("disk: a call stalled");
    return stall;
  }
  if (store_takes_most == moment(0)) return moment(0);
  reached_.reached("disk: a call was slow");
  return chance_.between(moment(0), store_takes_most);
}

moment site_faults::next_slowness() {
  if (!chance_.percent(slow_actors_percent)) return moment(0);
  reached_.reached("node: an actor was held up");
  return chance_.between(moment(0), slowness);
}

bool site_faults::entity_dies() {
  if (doomed_entities_ == 0) return false;
  --doomed_entities_;
  reached_.reached("node: an entity died");
  return true;
}

commit_fate site_faults::next_commit(std::size_t) {
  if (full) {
    reached_.reached("disk: a commit met a full disk");
    return commit_fate::lost;
  }
  const auto fate = take_next(next_fates_, commit_fate::done);
  if (fate != commit_fate::done) reached_.reached(name_of(fate));
  return fate;
}

std::size_t site_faults::torn_records(std::size_t records) {
  return static_cast<std::size_t>(chance_.below(records));
}

bool site_faults::next_probe_fails() {
  if (!full && failing_probes_ == 0) return false;
  if (failing_probes_ > 0) --failing_probes_;
  reached_.reached("disk: a probe failed");
  return true;
}

read_fate site_faults::next_read() {
  if (checker_reads) return read_fate::done;
  const auto fate = take_next(next_reads_, read_fate::done);
  if (fate != read_fate::done)
    reached_.reached(fate == read_fate::damaged ? "disk: a row was damaged"
                                                : "disk: a read failed");
  return fate;
}

bool site_faults::doubtful_group_survives() {
  const bool survives = chance_.one_in(2);
  reached_.reached(survives ? "disk: a group in doubt survived"
                            : "disk: a group in doubt was lost");
  return survives;
}

} // namespace boxoffice::sim
