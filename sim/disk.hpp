// The simulated store: what a disk keeps, and how it fails.
//
// The disk is a log of records; a group is its head, which says how many facts follow, and those
// facts. Opening the store reads the log from its beginning and takes whole groups only, as the
// embedded store does with its frames: a torn group, the last one, is as if it had never been.
#pragma once

#include "persistence/shipper.hpp"
#include "persistence/store.hpp"

#include <cstddef>
#include <memory>
#include <string>

namespace boxoffice::sim {

// What becomes of one commit.
enum class commit_fate {
  done,
  lost,          // told failed, and nothing of it is there
  done_untold,   // told failed, and all of it is there, for this process's readers too
  doubtful,      // told failed and not seen by this process; a crash before the next write decides
  torn_by_crash, // the power goes while it is written: `torn_records` of its records are there
  done_by_crash, // the power goes when it is written, before anybody is told
};

// What becomes of one call of a reader.
enum class read_fate {
  done,
  unavailable, // store_failed::reason::unavailable
  damaged,     // store_failed::reason::damaged
};

// Asked at every call that finds the power on. The fault plan answers; `no_disk_faults` always says
// that all is well.
class disk_faults {
public:
  virtual ~disk_faults() = default;
  virtual commit_fate next_commit(std::size_t facts) = 0;
  // How many of a torn group's records are there, its head among them: 0 to records - 1.
  virtual std::size_t torn_records(std::size_t records) = 0;
  virtual bool next_probe_fails() = 0;
  virtual read_fate next_read() = 0;          // of an entity, or of the unfinished work
  virtual bool doubtful_group_survives() = 0; // asked at the next opening
};

class no_disk_faults : public disk_faults {
public:
  commit_fate next_commit(std::size_t) override { return commit_fate::done; }
  std::size_t torn_records(std::size_t) override { return 0; }
  bool next_probe_fails() override { return false; }
  read_fate next_read() override { return read_fate::done; }
  bool doubtful_group_survives() override { return false; }
};

// Hears of the store's commits, in order. What a call throws goes through to whoever called the
// store.
class disk_listener {
public:
  virtual ~disk_listener() = default;
  // These facts are on the disk for good from now on, whether or not anybody is told.
  virtual void durable(persistence::commit_number, const domain::events&) = 0;
  // The node was told of all commits up to this one: the commit returned, a probe did, or the store
  // was opened.
  virtual void told(persistence::commit_number) = 0;
  // The tables refused these facts, as the embedded store's constraints would: nothing of them is
  // there. Right rules never lead here, and a node takes it for a failing disk and goes on, so a
  // listener that says nothing leaves the fault unseen.
  virtual void refused(const domain::events&, const std::string& /*why*/) {}
};

// What the disk keeps and how it behaves; the stores and readers share it.
class medium;

class disk {
public:
  // An empty disk, without power. The faults and the listener outlive it.
  disk(disk_faults&, disk_listener&);
  // Cuts the power: a store that is still there only throws.
  ~disk();
  disk(const disk&) = delete;
  disk& operator=(const disk&) = delete;

  // Opens the store: reads the log, cuts off a torn group, settles a doubtful one and tells the
  // listener what there is. Turns the power on. Stores and readers of an earlier opening do nothing
  // any more but throw. The work is in proportion to the log. `window`: what it is to keep for
  // PostgreSQL; nullptr: nothing.
  std::unique_ptr<persistence::store> open(std::shared_ptr<persistence::log_window> window = {});

  // The power goes now: the open store does nothing any more but throw, and what is not synced is
  // lost.
  void cut_power();
  bool powered() const;

  // The disk is lost, and made anew of what is elsewhere: the commits up to this one. Requires that
  // the power is off.
  void forget_after(persistence::commit_number);

  // What is kept for PostgreSQL, beside the store. It lives no longer than the disk.
  std::unique_ptr<persistence::commit_log> open_log();
  // For whoever judges: the commits that are there, from the first one on, kept or not.
  persistence::commit_number last_commit() const;
  persistence::commit_number kept_from() const; // the first that the log of events reaches back to
  domain::events facts_of(persistence::commit_number) const;
  std::size_t count_facts(persistence::commit_number after, persistence::commit_number up_to) const;
  domain::time_point time_of(persistence::commit_number) const;

  // What whole groups there are, for tests. A doubtful one is not among them.
  std::size_t groups() const;

private:
  std::shared_ptr<medium> medium_;
};

} // namespace boxoffice::sim
