// The simulated PostgreSQL behind a store: its tables, the number of its last commit, and how it
// fails.
#pragma once

#include "persistence/shipper.hpp"
#include "sim/disk.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace boxoffice::sim {

// What becomes of one batch.
enum class batch_fate {
  done,
  lost,        // the connection breaks, and nothing of it is there
  done_untold, // the connection breaks, and all of it is there
  in_flight,   // the connection breaks; whether it is there shows when PostgreSQL is asked next
  refused,     // by the tables, which somebody changed by hand
};

// Asked at every call that comes from a store.
class postgres_faults {
public:
  virtual ~postgres_faults() = default;
  virtual bool is_away() = 0; // no call gets through
  virtual batch_fate next_batch() = 0;
  virtual bool batch_in_flight_arrives() = 0; // asked when it is asked what it has
};

// Hears what is in the tables. What a call throws goes through to whoever made PostgreSQL do it.
class postgres_listener {
public:
  virtual ~postgres_listener() = default;
  // These facts are there, as the commits after `before` up to `after`.
  virtual void arrived(persistence::commit_number before, persistence::commit_number after,
                       const domain::events&) = 0;
  // Everything was replaced by what the store holds.
  virtual void copied(persistence::commit_number last) = 0;
  // The tables refuse the batch behind this commit, as PostgreSQL's constraints would.
  virtual void refused(persistence::commit_number before, const std::string& why) = 0;
  // A batch was sent that does not follow what is there.
  virtual void sent_astray(persistence::commit_number before, persistence::commit_number has) = 0;
};

class postgres {
public:
  // Empty. `feeder` is the store's disk, for whole copies. All of them outlive it.
  postgres(postgres_faults&, postgres_listener&, const disk& feeder);
  ~postgres();
  postgres(const postgres&) = delete;
  postgres& operator=(const postgres&) = delete;

  // Throws unreachable. The connection outlives neither the object nor the next cut.
  std::unique_ptr<persistence::shipping_target> connect();
  // All connections break: who uses one is told so, once.
  void cut();
  // Somebody puts an empty database in its place.
  void empty();
  // What is in flight arrives, or never does.
  void settle_in_flight();

  persistence::commit_number last_commit() const;
  // What it holds, for whoever judges; it meets no faults.
  std::unique_ptr<persistence::reader> open_reader() const;

private:
  class tables_there;
  class connection;
  std::unique_ptr<tables_there> there_;
};

} // namespace boxoffice::sim
