#include "persistence/audit.hpp"

#include "persistence/audit_rules.hpp"
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

void count_all(const sqlite_connection& db, audit_report& report) {
  report.users = db.integer("SELECT count(*) FROM users");
  report.seats = db.integer("SELECT count(*) FROM seat");
  report.seats_held =
      db.integer("SELECT count(*) FROM reservation WHERE released_at IS NULL AND is_confirmed = 0");
  report.seats_sold =
      db.integer("SELECT count(*) FROM reservation WHERE released_at IS NULL AND is_confirmed = 1");
  report.bookings = db.integer("SELECT count(*) FROM booking");
  report.bookings_paying = db.integer("SELECT count(*) FROM booking WHERE status = 'PAYING'");
  report.bookings_refunding = db.integer("SELECT count(*) FROM booking WHERE status = 'REFUNDING'");
  report.payments = db.integer("SELECT count(*) FROM payment WHERE status = 'DEBITED'");
  report.charged_minor =
      db.integer("SELECT coalesce(sum(amount), 0) FROM point_entry WHERE kind = 'CHARGE'");
  report.paid_minor =
      db.integer("SELECT coalesce(sum(-amount), 0) FROM point_entry WHERE kind = 'PAYMENT'");
  report.refunded_minor =
      db.integer("SELECT coalesce(sum(amount), 0) FROM point_entry WHERE kind = 'REFUND'");
  report.balance_minor = db.integer("SELECT coalesce(sum(amount), 0) FROM point");
  report.last_commit = db.integer("SELECT last_commit FROM store_meta");
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

void apply(const audit_rule& rule, const sqlite_connection& db, audit_report& report) {
  statement query(db, rule.faults);
  auto fault = query.query();
  for (std::size_t found = 0; fault.next(); ++found) {
    if (found == most_findings_a_rule) {
      report.findings.push_back({rule.name, "There are more of these."});
      return;
    }
    report.findings.push_back({rule.name, std::string(fault.text(0))});
  }
}

} // namespace

audit_report audit_sqlite(const std::filesystem::path& directory) {
  try {
    const auto db = open_to_read(directory);
    read_boundaries boundaries(db);
    const read_transaction one_state(boundaries);
    audit_report report;
    note_failure("readable", report, [&] { count_all(db, report); });
    for (const auto& rule : audit_rules)
      note_failure(rule.name, report, [&] { apply(rule, db, report); });
    return report;
  } catch (const store_failed& failure) {
    throw open_failed("Can't read the store in " + directory.string() + ": " + failure.what());
  }
}

} // namespace boxoffice::persistence
