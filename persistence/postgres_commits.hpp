// Commits batches of events into PostgreSQL's tables, each exactly once. Private to this room.
//
// The number of the last commit stands in the tables and is moved on within each batch's own
// transaction, from the one number that the batch follows to the other. So a batch is in the tables
// when, and only when, its number is: whatever became of the connection, the next settle() knows.
#pragma once

#include "persistence/full_shipment.hpp"
#include "persistence/postgres_connection.hpp"
#include "persistence/postgres_options.hpp"
#include "persistence/postgres_writer.hpp"

#include <memory>
#include <string>

namespace boxoffice::persistence {

// Who fills the tables.
enum class feeder { itself, local_store };

class postgres_commits {
public:
  // `incarnation` is that of the store whose commits these are; "" takes what stands there, and
  // draws one for new tables. Nothing is asked of PostgreSQL yet.
  postgres_commits(postgres_options, feeder, std::string incarnation);
  ~postgres_commits();

  // Whatever is asked first on a new connection, at the start or after one was lost, makes or
  // migrates the tables, takes them for this process (of two that try, one is told) and looks at
  // PostgreSQL's settings and at whose commits it holds: throws postgres_unfit. Every store_failed
  // of PostgreSQL's is a postgres_failed that says what to do.

  // Waits for what a lost connection may still be doing, and gives the last commit that is in the
  // tables. Throws store_failed.
  standing settle();
  // The same at the start: throws unreachable where PostgreSQL may come by itself, or another
  // open_failed.
  standing settle_at_start();

  // Makes the events durable, which are the commits after `before` up to `after`, all or nothing.
  // Throws store_failed; then it is unknown whether they are durable until settle() has returned.
  void commit(const domain::events&, commit_number before, commit_number after,
              domain::time_point now);

  // Puts what an embedded store holds in the place of all that the tables hold, and gives its last
  // commit. Throws store_failed.
  commit_number replace_all(const sqlite_connection& from, const shipment_progress&);

  // Writes something, synced, and gives the number of the last commit. Throws store_failed.
  commit_number probe();

  // Lets go of the tables. Whatever is asked next connects anew.
  void disconnect() { link_.reset(); }

  // Whether PostgreSQL is there. Throws store_failed when it is not.
  void ping();

private:
  // What dies with the connection.
  struct link {
    explicit link(const std::string& url) : db(url), writer(db) {}
    postgres_connection db;
    postgres_writer writer;
  };

  template <class Work>
  void advised(Work);
  void connect();
  void check_and_claim(const link&);
  template <class Work>
  void in_transaction(Work);

  postgres_options options_;
  feeder fed_by_;
  std::string incarnation_;
  bool claimed_ = false; // the tables were this store's once
  std::unique_ptr<link> link_;
};

} // namespace boxoffice::persistence
