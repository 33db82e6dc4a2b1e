#include "persistence/postgres_commits.hpp"

#include "persistence/incarnation.hpp"
#include "persistence/postgres_claim.hpp"
#include "persistence/postgres_schema.hpp"
#include "persistence/postgres_trouble.hpp"
#include "persistence/refusals.hpp"

#include <utility>

namespace boxoffice::persistence {

namespace {

using fault = postgres_unfit::fault;

const char* name_of(feeder f) { return f == feeder::itself ? "itself" : "a local store"; }

std::string literal(const std::string& text) {
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
      throw postgres_unfit(
          fault::settings,
          std::string("PostgreSQL runs with ") + setting +
              " = off: a crash would lose what buyers were told. Set it on, or start "
              "with --durability none.");
  }
}

// What a row says needs no address, and no advice.
std::string describe_failure(const std::string& url, const postgres_failed& failure) {
  if (failure.why == store_failed::reason::refused && !failure.sqlstate.empty())
    return failure.what();
  std::string where = "?";
  try {
    where = describe_postgres(url);
  } catch (const postgres_failed&) {
    return std::string("postgres.url is no address of a PostgreSQL database: ") + failure.what();
  }
  return "Can't use PostgreSQL (" + where + "). " + trouble_of(failure.sqlstate).advice + " (" +
         failure.what() + ")";
}

void check_standing(const std::string& fed_by, feeder wanted) {
  if (fed_by == "nobody" || fed_by == name_of(wanted)) return;
  throw postgres_unfit(
      fault::another_store,
      wanted == feeder::itself
          ? "The database follows a local store by write-behind, which may hold what "
            "it lacks. Start with store.kind = sqlite on that store, or name another "
            "database."
          : "The database is a store of its own (store.kind = postgres): nothing can "
            "be shipped into it. Name another database, or start with store.kind = "
            "postgres.");
}

} // namespace

const char* postgres_unfit::name() const {
  switch (why) {
  case fault::schema: return "schema";
  case fault::settings: return "settings";
  case fault::taken: return "taken";
  case fault::another_store: return "another_store";
  case fault::old_copy: return "old_copy";
  }
  return "";
}

postgres_commits::postgres_commits(postgres_options options, feeder fed_by, std::string incarnation)
    : options_(std::move(options)), fed_by_(fed_by), incarnation_(std::move(incarnation)) {}

postgres_commits::~postgres_commits() = default;

// Whatever of PostgreSQL's fails within says where it is and what to do.
template <class Work>
void postgres_commits::advised(Work work) {
  try {
    work();
  } catch (const postgres_failed& failure) {
    throw postgres_failed(failure.why, describe_failure(options_.url, failure), failure.sqlstate);
  }
}

void postgres_commits::check_and_claim(const link& fresh) {
  const auto& db = fresh.db;
  try {
    migrate_postgres(db);
  } catch (const open_failed& unfit) {
    throw postgres_unfit(fault::schema, unfit.what());
  }
  if (options_.synced) check_settings(db);
  const auto fed_by = db.text("SELECT fed_by FROM store_meta");
  check_standing(fed_by, fed_by_);
  const auto whose = db.text("SELECT incarnation FROM store_meta");
  if (fed_by == "nobody") {
    if (claimed_ && fed_by_ == feeder::itself)
      throw postgres_unfit(fault::another_store,
                           "The database has lost what it held: it is empty. Bring back what it "
                           "held, and start again.");
    if (incarnation_.empty()) incarnation_ = draw_incarnation();
    db.execute("UPDATE store_meta SET fed_by = " + literal(name_of(fed_by_)) +
               ", incarnation = " + literal(incarnation_) + " WHERE fed_by = 'nobody'");
  } else if (incarnation_.empty()) {
    incarnation_ = whose;
  } else if (whose != incarnation_) {
    throw postgres_unfit(
        fault::another_store,
        "The database holds the commits of another store (" + whose + ", this one is " +
            incarnation_ +
            "). Name the database that belongs to this store, or an empty one. (Was this store's "
            "disk lost? `boxoffice rebuild` makes it anew of that database.)");
  }
  claimed_ = true;
}

void postgres_commits::connect() {
  if (link_ && !link_->db.is_lost()) return;
  link_.reset();
  auto fresh = std::make_unique<link>(options_.url);
  take_the_tables(fresh->db);
  check_and_claim(*fresh);
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
  } catch (const std::runtime_error&) {
    try {
      if (!db.is_lost()) db.execute("ROLLBACK");
    } catch (const store_failed&) {
      // What made the commit fail says more.
    }
    throw;
  }
}

standing postgres_commits::settle() {
  standing found;
  advised([&] {
    connect();
    in_transaction([&](const postgres_connection& db) {
      // FOR UPDATE: a commit of a lost connection may be on its way still.
      found.last = db.integer("SELECT last_commit FROM store_meta FOR UPDATE");
      found.at = domain::parse_sql_text(db.text("SELECT last_time FROM store_meta"));
      if (db.text("SELECT incarnation FROM store_meta") != incarnation_)
        throw postgres_unfit(fault::another_store,
                             "The database holds the commits of another store now.");
    });
  });
  return found;
}

standing postgres_commits::settle_at_start() {
  try {
    return settle();
  } catch (const postgres_failed& failure) {
    const bool is_final = failure.why == store_failed::reason::refused ||
                          trouble_of(failure.sqlstate).how == postgres_trouble::ends::by_somebody;
    if (is_final) throw open_failed(failure.what());
    throw unreachable(failure.what());
  }
}

void postgres_commits::ping() {
  advised([&] {
    connect();
    link_->db.execute("SELECT 1");
  });
}

commit_number postgres_commits::probe() {
  commit_number last = 0;
  advised([&] {
    connect();
    in_transaction([&](const postgres_connection& db) {
      db.execute("UPDATE store_meta SET probes = probes + 1");
      last = db.integer("SELECT last_commit FROM store_meta");
    });
  });
  return last;
}

commit_number postgres_commits::replace_all(const sqlite_connection& from,
                                            const shipment_progress& progress) {
  shipment_end end;
  advised([&] {
    connect();
    in_transaction([&](const postgres_connection& db) {
      db.execute("SELECT last_commit FROM store_meta FOR UPDATE");
      end = ship_everything(from, db, progress);
      db.execute("UPDATE store_meta SET last_commit = " + std::to_string(end.last) +
                 ", last_time = " + literal(domain::to_sql_text(end.at)));
    });
    link_->db.execute("ANALYZE");
  });
  return end.last;
}

void postgres_commits::commit(const domain::events& facts, commit_number before,
                              commit_number after, domain::time_point now) {
  advised([&] {
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
  });
}

} // namespace boxoffice::persistence
