// What a simulated disk keeps and how it behaves. Private to this room: disk, its stores and its
// readers share it.
//
// Each opening begins a session and ends the one before. A store or reader that outlived its
// session, or the power, is told so at every call and changes nothing.
#pragma once

#include "persistence/log_window.hpp"
#include "sim/disk.hpp"
#include "sim/tables.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <variant>
#include <vector>

namespace boxoffice::sim {

struct group_head {
  persistence::commit_number number = 0;
  std::size_t facts = 0; // that follow
  domain::time_point time;
};
using record = std::variant<group_head, domain::event>;

using session_number = std::uint64_t;

class medium {
public:
  medium(disk_faults& faults, disk_listener& listener) : faults_(faults), listener_(listener) {}

  // As disk's functions of these names.
  session_number open(std::shared_ptr<persistence::log_window>);
  void cut_power() { powered_ = false; }
  bool powered() const { return powered_; }
  std::size_t groups() const { return starts_.size(); }
  persistence::commit_number last_commit() const { // that is there as a whole
    return static_cast<persistence::commit_number>(starts_.size());
  }
  persistence::commit_number kept_from() const { return kept_from_; }
  const persistence::standing& known_there() const { return known_there_; }
  domain::events facts_of(persistence::commit_number) const;
  // Of the commits after the one, up to the other.
  std::size_t count_facts(persistence::commit_number after, persistence::commit_number up_to) const;
  domain::time_point time_of(persistence::commit_number number) const {
    return head_of(number).time;
  }
  void forget_after(persistence::commit_number);

  // As store's functions of these names.
  persistence::commit_number commit(session_number, const domain::events&, domain::time_point now);
  persistence::commit_number probe(session_number);

  // The tables, for one call of a reader. Throws store_failed: the session is over, or, for a
  // single entity, the faults have it so.
  const tables& read_whole(session_number) const;
  const tables& read_entity(session_number) const;

private:
  struct group {
    group_head head;
    domain::events facts;
  };

  void require_power(session_number) const;
  const group_head& head_of(persistence::commit_number) const;
  void apply_or_refuse(const group_head&, const domain::events&);
  void write(const group_head&, const domain::events&);
  void write_records(const group_head&, const domain::events&, std::size_t records);
  void read_log();
  void keep_for_postgres();
  void settle_doubtful();

  disk_faults& faults_;
  disk_listener& listener_;
  bool powered_ = false;
  session_number session_ = 0;

  std::vector<record> log_;         // what is on the disk
  std::vector<std::size_t> starts_; // of the whole groups in the log, where their heads are
  // The log of events: the commits from this one on are kept for PostgreSQL. What is before them is
  // in the tables only, as far as a node can tell.
  persistence::commit_number kept_from_ = 1;
  persistence::standing known_there_;               // what PostgreSQL had at the last commit
  std::shared_ptr<persistence::log_window> window_; // nullptr: nothing is kept
  std::optional<group> doubtful_; // behind the log's end; there or not, nobody knows
  tables tables_;                 // what the log's whole groups led to, while the power is on
};

} // namespace boxoffice::sim
