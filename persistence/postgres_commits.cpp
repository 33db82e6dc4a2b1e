#include "persistence/postgres_commits.hpp"

#include "persistence/incarnation.hpp"
#include "persistence/postgres_schema.hpp"
#include "persistence/refusals.hpp"

#include <utility>

namespace boxoffice::persistence {

namespace {

// Held by the session of whoever fills the tables, of which there is one.
constexpr const char* take_the_tables = "SELECT pg_advisory_lock(7094437906517745999)";

const char* name_of(feeder f) { return f == feeder::itself ? "itself" : "a local store"; }

std::string literal(const std::string& text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'') out += '\'';
    out += c;
  }
  return out + '\'';
}

// Whether PostgreSQL answered, and said something that no waiting mends.
bool is_final(const postgres_failed& failure) {
  const std::string why = failure.what();
  const auto says = [&why](const char* words) { return why.find(words) != std::string::npos; };
  if (!failure.sqlstate.empty()) return failure.sqlstate.substr(0, 2) != "57";
  return failure.why == store_failed::reason::refused || says("session is read-only") ||
         (says("FATAL:") && !says("the database system is") && !says("terminating connection") &&
          !says("too many clients") && !says("remaining connection slots"));
}

const char* advice_for(const postgres_failed& failure) {
  const std::string why = failure.what();
  const auto says = [&why](const char* words) { return why.find(words) != std::string::npos; };
  if (says("session is read-only"))
    return "It is read-only, perhaps a standby: name the primary in postgres.url.";
  if (says("password authentication failed")) return "Set the right user and password in the url.";
  if (says("does not exist")) return "Make it with createdb or createuser, or name the right one.";
  if (says("no pg_hba.conf entry")) return "Let this host in by pg_hba.conf.";
  if (failure.sqlstate == "55P03")
    return "Another boxoffice fills this database: end that one first, or name another database.";
  if (failure.sqlstate == "42501") return "Grant its user what is missing, or name the owner.";
  if (says("Connection refused") || says("No such file") || says("timeout") || says("timed out"))
    return "Start it, or correct host and port in the url.";
  return "See PostgreSQL's log.";
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

std::string describe_failure(const std::string& url, const postgres_failed& failure) {
  std::string where = "?";
  try {
    where = describe_postgres(url);
  } catch (const postgres_failed&) {
    return std::string("postgres.url is no address of a PostgreSQL database: ") + failure.what();
  }
  return "Can't use PostgreSQL (" + where + "). " + advice_for(failure) + " (" + failure.what() +
         ")";
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
    connect();
    migrate_postgres(link_->db);
    if (options_.synced) check_settings(link_->db);
    claim();
  } catch (const postgres_failed& failure) {
    const auto text = describe_failure(options_.url, failure);
    if (is_final(failure)) throw open_failed(text);
    throw unreachable(text);
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
    db.execute("UPDATE store_meta SET fed_by = " + literal(name_of(fed_by_)) +
               ", incarnation = " + literal(incarnation_) + " WHERE fed_by = 'nobody'");
  } else if (incarnation_.empty()) {
    incarnation_ = standing;
  } else if (standing != incarnation_) {
    throw open_failed(
        "The database holds the commits of another store (" + standing + ", this one is " +
        incarnation_ +
        "). Name the database that belongs to this "
        "store, or an empty one. (Was this store's disk lost? `boxoffice rebuild` makes "
        "it anew of that database.)");
  }
}

// Waits a while for the tables: a backend whose client is gone may not have noticed.
void postgres_commits::connect() {
  if (link_ && !link_->db.is_lost()) return;
  link_.reset();
  auto fresh = std::make_unique<link>(options_.url);
  fresh->db.execute(take_the_tables);
  // All is found by its key here. A plan, and those of the foreign keys most of all, is made when
  // a table is first used, perhaps empty still, and kept for the session: it must not be a scan.
  // (A scan that can't be avoided counts as very dear then, and would be compiled for it.)
  fresh->db.execute("SET enable_seqscan = off; SET jit = off");
  if (!options_.synced) fresh->db.execute("SET synchronous_commit = off");
  link_ = std::move(fresh);
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

void postgres_commits::ping() {
  connect();
  link_->db.execute("SELECT 1");
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

commit_number postgres_commits::replace_all(const sqlite_connection& from,
                                            const shipment_progress& progress) {
  connect();
  shipment_end end;
  in_transaction([&](const postgres_connection& db) {
    db.execute("SELECT last_commit FROM store_meta FOR UPDATE");
    end = ship_everything(from, db, progress);
    db.execute("UPDATE store_meta SET last_commit = " + std::to_string(end.last) +
               ", last_time = " + literal(domain::to_sql_text(end.at)));
  });
  link_->db.execute("ANALYZE");
  return end.last;
}

void postgres_commits::commit(const domain::events& facts, commit_number before,
                              commit_number after, domain::time_point now) {
  connect();
  in_transaction([&](const postgres_connection& db) {
    const auto moved =
        db.execute("UPDATE store_meta SET last_commit = " + std::to_string(after) +
                   ", last_time = greatest(last_time, " + literal(domain::to_sql_text(now)) +
                   "::timestamp) WHERE last_commit = " + std::to_string(before) +
                   " AND incarnation = " + literal(incarnation_));
    if (moved != 1)
      refuse("Commit " + std::to_string(after) +
             " does not follow from what PostgreSQL holds: "
             "somebody else has written to it.");
    link_->writer.write(facts);
  });
}

} // namespace boxoffice::persistence
