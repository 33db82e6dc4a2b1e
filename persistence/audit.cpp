#include "persistence/audit.hpp"

#include "persistence/audit_rules.hpp"
#include "persistence/postgres_schema.hpp"
#include "persistence/sqlite_connection.hpp"
#include "persistence/sqlite_directory.hpp"
#include "persistence/sqlite_schema.hpp"

namespace boxoffice::persistence {

namespace {

// A store that is wrong in one way may have a million rows of it.
constexpr std::size_t most_findings_a_rule = 50;

sqlite_connection open_to_read(const std::filesystem::path& directory) {
  const auto file = database_file(directory);
  if (!std::filesystem::exists(file))
    throw open_failed("There is no store in " + directory.string() + ": " + file.string() +
                      " does not exist. Name the right --store.path.");
  check_header(file);
  const bool leave_wal = has_wal(file);
  // Not read_only: then SQLite leaves the CHECK constraints out of its integrity check.
  sqlite_connection db(file, sqlite_connection::access::read_write, "", std::chrono::seconds(5));
  db.checkpoint_on_close(!leave_wal);
  db.execute("PRAGMA query_only = ON; PRAGMA temp_store = MEMORY");
  const auto version = db.integer("PRAGMA user_version");
  check_identity(file, db.integer("PRAGMA application_id"), version, true);
  if (version < schema_version())
    throw open_failed(file.string() + " has the older schema " + std::to_string(version) +
                      ". Start the server on it once; that brings it up to date.");
  return db;
}

std::int64_t count(const sql_connection& db, const char* sql) {
  statement query(db, sql);
  auto row = query.query();
  row.next();
  return row.integer(0);
}

void count_all(const sql_connection& db, audit_report& report) {
  report.users = count(db, "SELECT count(*) FROM users");
  report.seats = count(db, "SELECT count(*) FROM seat");
  report.seats_held =
      count(db, "SELECT count(*) FROM reservation WHERE released_at IS NULL AND NOT is_confirmed");
  report.seats_sold =
      count(db, "SELECT count(*) FROM reservation WHERE released_at IS NULL AND is_confirmed");
  report.bookings = count(db, "SELECT count(*) FROM booking");
  report.bookings_paying = count(db, "SELECT count(*) FROM booking WHERE status = 'PAYING'");
  report.bookings_refunding = count(db, "SELECT count(*) FROM booking WHERE status = 'REFUNDING'");
  report.payments = count(db, "SELECT count(*) FROM payment WHERE status = 'DEBITED'");
  report.charged_minor =
      count(db, "SELECT coalesce(sum(amount), 0) FROM point_entry WHERE kind = 'CHARGE'");
  report.paid_minor =
      count(db, "SELECT coalesce(sum(-amount), 0) FROM point_entry WHERE kind = 'PAYMENT'");
  report.refunded_minor =
      count(db, "SELECT coalesce(sum(amount), 0) FROM point_entry WHERE kind = 'REFUND'");
  report.balance_minor = count(db, "SELECT coalesce(sum(balance), 0) FROM wallet");
  report.last_commit = count(db, "SELECT last_commit FROM store_meta");
}

// A file that is damaged may stop any query; that is a finding, and the other rules still run.
template <class Check>
void note_failure(const char* rule, audit_report& report, Check check) {
  try {
    check();
  } catch (const store_failed& failure) {
    report.findings.push_back({rule, failure.what()});
  }
}

void apply(const audit_rule& rule, const sql_connection& db, audit_report& report) {
  statement query(db.prepare_long(rule.faults));
  auto fault = query.query();
  for (std::size_t found = 0; fault.next(); ++found) {
    if (found == most_findings_a_rule) {
      report.findings.push_back({rule.name, "There are more of these."});
      return;
    }
    report.findings.push_back({rule.name, std::string(fault.text(0))});
  }
}

// One state of all tables.
template <std::size_t... Counts>
audit_report audit_tables(const sql_connection& db, const audit_rule (&... rules)[Counts]) {
  read_boundaries boundaries(db);
  const read_transaction one_state(boundaries);
  audit_report report;
  note_failure("readable", report, [&] { count_all(db, report); });
  const auto apply_all = [&](const auto& some) {
    for (const auto& rule : some) note_failure(rule.name, report, [&] { apply(rule, db, report); });
  };
  (apply_all(rules), ...);
  return report;
}

} // namespace

audit_report audit_sqlite(const std::filesystem::path& directory) {
  try {
    return audit_tables(open_to_read(directory), audit_rules, sqlite_audit_rules);
  } catch (const store_failed& failure) {
    throw open_failed("Can't read the store in " + directory.string() + ": " + failure.what());
  }
}

audit_report audit_postgres(const std::string& url) {
  try {
    const postgres_connection db(url);
    const auto found = find_postgres_schema(db);
    if (found != postgres_schema_version())
      throw open_failed(found == 0 ? "The database holds no tables of boxoffice's. Name the right "
                                     "postgres.url."
                                   : "The database has schema " + std::to_string(found) +
                                         ", this boxoffice knows " +
                                         std::to_string(postgres_schema_version()) +
                                         ". `boxoffice migrate` brings an older one up to date.");
    return audit_tables(db, audit_rules);
  } catch (const store_failed& failure) {
    throw open_failed(std::string("Can't read PostgreSQL. ") + failure.what());
  }
}

} // namespace boxoffice::persistence
