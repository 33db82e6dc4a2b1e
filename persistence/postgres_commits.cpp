#include "persistence/postgres_commits.hpp"

#include "persistence/incarnation.hpp"
#include "persistence/postgres_schema.hpp"
#include "persistence/refusals.hpp"

#include <utility>

namespace boxoffice::persistence {

namespace {

// Held by the session of whoever fills the tables. "boxoffic" as a number.
constexpr const char* take_the_tables = "SELECT pg_try_advisory_lock(7094437906517745999)";
constexpr const char* wait_for_the_tables = "SELECT pg_advisory_lock(7094437906517745999)";

const char* name_of(feeder f) { return f == feeder::itself ? "itself" : "a local store"; }

std::string quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'') out += '\'';
    out += c;
  }
  return out + '\'';
}

// What was acknowledged must survive PostgreSQL's own crash.
void check_settings(const postgres_connection& db) {
  for (const char* setting : {"fsync", "full_page_writes", "synchronous_commit"}) {
    const auto value = db.text(std::string("SHOW ") + setting);
    if (value == "off")
      throw open_failed(std::string("PostgreSQL runs with ") + setting +
                        " = off: a crash would lose what buyers were told. Set it on, or start "
                        "with --durability none.");
  }
}

void check_standing(const std::string& fed_by, feeder wanted) {
  if (fed_by == "nobody" || fed_by == name_of(wanted)) return;
  throw open_failed(wanted == feeder::itself
                        ? "The database follows a local store by write-behind, which may hold what "
                          "it lacks. Start with store.kind = sqlite on that store, or name another "
                          "database."
                        : "The database is a store of its own (store.kind = postgres): nothing can "
                          "be shipped into it. Name another database, or start with store.kind = "
                          "postgres.");
}

} // namespace

postgres_commits::postgres_commits(postgres_options options, feeder fed_by, std::string incarnation)
    : options_(std::move(options)), fed_by_(fed_by), incarnation_(std::move(incarnation)) {
  try {
    link_ = std::make_unique<link>(options_.url);
    migrate_postgres(link_->db);
    if (options_.synced) check_settings(link_->db);
    if (link_->db.integer(take_the_tables) == 0)
      throw open_failed("Another boxoffice fills this database already. End that one first, or "
                        "name another database.");
    claim();
  } catch (const postgres_failed& failure) {
    throw open_failed("Can't use PostgreSQL (" + describe_postgres(options_.url) + "). " +
                      failure.what());
  }
}

postgres_commits::~postgres_commits() = default;

void postgres_commits::claim() {
  const auto& db = link_->db;
  const auto fed_by = db.text("SELECT fed_by FROM store_meta");
  check_standing(fed_by, fed_by_);
  const auto standing = db.text("SELECT incarnation FROM store_meta");
  if (fed_by == "nobody") {
    if (incarnation_.empty()) incarnation_ = draw_incarnation();
    db.execute("UPDATE store_meta SET fed_by = " + quoted(name_of(fed_by_)) +
               ", incarnation = " + quoted(incarnation_) + " WHERE fed_by = 'nobody'");
  } else if (incarnation_.empty()) {
    incarnation_ = standing;
  } else if (standing != incarnation_) {
    throw open_failed("The database holds the commits of another store (" + standing +
                      ", this one is " + incarnation_ +
                      "). Name the database that belongs to this "
                      "store, or an empty one.");
  }
}

void postgres_commits::connect() {
  if (link_ && !link_->db.is_lost()) return;
  link_.reset();
  link_ = std::make_unique<link>(options_.url);
  // A backend whose client is gone may not have noticed.
  link_->db.execute(wait_for_the_tables);
  if (!options_.synced) link_->db.execute("SET synchronous_commit = off");
}

// A failed statement leaves the connection outside a transaction, or is the last of it.
template <class Work>
void postgres_commits::in_transaction(Work work) {
  const auto& db = link_->db;
  try {
    db.execute("BEGIN");
    work(db);
    db.execute("COMMIT");
  } catch (const store_failed&) {
    try {
      if (!db.is_lost()) db.execute("ROLLBACK");
    } catch (const store_failed&) {
      // What made the commit fail says more.
    }
    throw;
  }
}

commit_number postgres_commits::settle() {
  connect();
  commit_number last = 0;
  in_transaction([&](const postgres_connection& db) {
    // FOR UPDATE: a commit of a lost connection may be on its way still.
    last = db.integer("SELECT last_commit FROM store_meta FOR UPDATE");
    if (db.text("SELECT incarnation FROM store_meta") != incarnation_)
      refuse("The database holds the commits of another store now.");
  });
  return last;
}

commit_number postgres_commits::probe() {
  connect();
  commit_number last = 0;
  in_transaction([&](const postgres_connection& db) {
    db.execute("UPDATE store_meta SET probes = probes + 1");
    last = db.integer("SELECT last_commit FROM store_meta");
  });
  return last;
}

void postgres_commits::commit(const domain::events& facts, commit_number before,
                              commit_number after, domain::time_point now) {
  connect();
  in_transaction([&](const postgres_connection& db) {
    const auto moved =
        db.execute("UPDATE store_meta SET last_commit = " + std::to_string(after) +
                   ", last_time = greatest(last_time, " + quoted(domain::to_sql_text(now)) +
                   "::timestamp) WHERE last_commit = " + std::to_string(before) +
                   " AND incarnation = " + quoted(incarnation_));
    if (moved != 1)
      refuse("Commit " + std::to_string(after) +
             " does not follow from what PostgreSQL holds: "
             "somebody else has written to it.");
    link_->writer.write(facts);
  });
}

} // namespace boxoffice::persistence
