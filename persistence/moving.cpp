#include "persistence/moving.hpp"

#include "persistence/incarnation.hpp"
#include "persistence/postgres_claim.hpp"
#include "persistence/postgres_schema.hpp"
#include "persistence/sqlite_connection.hpp"
#include "persistence/sqlite_directory.hpp"
#include "persistence/sqlite_store.hpp"
#include "persistence/tables.hpp"

namespace boxoffice::persistence {

namespace {

std::string insert_into(const table& t) {
  std::string marks;
  for (std::size_t i = 0; i < t.columns.size(); ++i) marks += i == 0 ? "?" : ", ?";
  return std::string("INSERT INTO ") + t.name + " (" + t.column_names() + ") VALUES (" + marks +
         ")";
}

void copy_value(prepared_statement& to, int index, const cursor& row, column::of kind) {
  const int at = index - 1;
  using text_is = prepared_statement::text_is;
  if (row.is_null(at)) return to.bind_null(index);
  switch (kind) {
  case column::of::integers:
  case column::of::integers_32:
  case column::of::booleans: return to.bind_integer(index, row.integer(at));
  case column::of::times:
    return to.bind_text(index, domain::to_sql_text(row.time(at)), text_is::copied);
  case column::of::texts:
  case column::of::dates:
  case column::of::tokens: return to.bind_text(index, row.text(at), text_is::copied);
  }
}

std::int64_t copy_table(const table& t, const postgres_connection& from,
                        const sqlite_connection& to) {
  to.execute((std::string("DELETE FROM ") + t.name).c_str());
  const auto insert = to.prepare(insert_into(t).c_str());
  statement rows(from.prepare_long(("SELECT " + t.from_postgres() + " FROM " + t.name).c_str()));
  std::int64_t copied = 0;
  for (auto row = rows.query(); row.next(); ++copied) {
    for (std::size_t i = 0; i < t.columns.size(); ++i)
      copy_value(*insert, static_cast<int>(i) + 1, row, t.columns[i].kind);
    while (insert->next()) {
    }
    insert->reset();
  }
  return copied;
}

std::int64_t last_commit_in(const std::filesystem::path& directory) {
  return sqlite_connection(database_file(directory), sqlite_connection::access::read_write, "",
                           std::chrono::seconds(5))
      .integer("SELECT last_commit FROM store_meta");
}

// Where the store is made, until it is whole and PostgreSQL knows of it.
std::filesystem::path unfinished_in(const std::filesystem::path& directory) {
  return directory / "rebuilding";
}

void remove_unfinished(const std::filesystem::path& directory) {
  std::error_code ignored;
  std::filesystem::remove_all(unfinished_in(directory), ignored);
}

// Puts it in the place of the empty one.
void take_over(const std::filesystem::path& directory) {
  const auto file = database_file(directory);
  for (const char* beside : {"-wal", "-shm"})
    std::filesystem::remove(std::filesystem::path(file) += beside);
  std::filesystem::rename(database_file(unfinished_in(directory)), file);
  sync_directory(directory);
  remove_unfinished(directory);
}

void fill(const std::filesystem::path& directory, const postgres_connection& from,
          std::int64_t ids_skipped, rebuild_report& report) {
  const sqlite_connection to(database_file(directory), sqlite_connection::access::read_write, "",
                             std::chrono::seconds(5));
  to.execute("PRAGMA synchronous = FULL; BEGIN IMMEDIATE");
  for (const auto& t : all_tables()) report.rows += copy_table(t, from, to);
  statement meta(from, "SELECT last_commit, last_time FROM store_meta");
  {
    auto row = meta.query();
    row.next();
    report.last_commit = row.integer(0);
    report.at = row.time(1);
  }
  report.incarnation = draw_incarnation();
  statement(to, "UPDATE store_meta SET last_commit = ?1, last_time = ?2, incarnation = ?3, "
                "postgres_commit = ?1, postgres_time = ?2")
      .run(report.last_commit, report.at, report.incarnation);
  statement(to, "UPDATE id_counter SET next = next + ?").run(ids_skipped);
  to.execute("COMMIT; PRAGMA wal_checkpoint(TRUNCATE)");
}

} // namespace

migration_report migrate_postgres_at(const std::string& url) {
  try {
    const postgres_connection db(url);
    const auto found = migrate_postgres(db);
    return {found, postgres_schema_version()};
  } catch (const store_failed& failure) {
    throw open_failed(std::string("Can't reach PostgreSQL. ") + failure.what());
  }
}

// Two stores commit, one after the other: the file first, where nobody looks for it yet, then
// PostgreSQL, then the file gets its name. Whoever is killed before PostgreSQL's commit has changed
// nothing; after it PostgreSQL waits for a store that is not there, and a further attempt makes
// another one, of the same rows.
rebuild_report rebuild_from_postgres(const std::filesystem::path& directory, const std::string& url,
                                     std::int64_t ids_skipped) {
  try {
    // One that was made and never used may stay.
    open_sqlite_store({directory, std::chrono::seconds(5), true, "", nullptr});
    directory_lock ours(directory);
    ours.keep();
    if (last_commit_in(directory) > 0)
      throw open_failed("There is a store in " + directory.string() +
                        " already. Name another --store.path, or move that one away.");
    remove_unfinished(directory); // an earlier attempt's
    const postgres_connection from(url);
    const auto schema = find_postgres_schema(from);
    if (schema == 0) throw open_failed("The database has no tables. Nothing can be rebuilt.");
    if (schema != postgres_schema_version())
      throw open_failed("The database's tables are of version " + std::to_string(schema) +
                        ", this program's of " + std::to_string(postgres_schema_version()) +
                        (schema < postgres_schema_version()
                             ? ". Bring them up first: boxoffice migrate --postgres.url URL"
                             : ". Rebuild with a newer program."));
    // A service that still ships into them would go on to, into what is another store's then.
    take_the_tables(from);
    from.execute("SET idle_in_transaction_session_timeout = 0"); // a large table takes its time
    from.execute("BEGIN ISOLATION LEVEL REPEATABLE READ");
    if (from.text("SELECT fed_by FROM store_meta") != "a local store")
      throw open_failed("The database did not follow an embedded store: there is none to rebuild.");
    rebuild_report report;
    try {
      open_sqlite_store({unfinished_in(directory), std::chrono::seconds(5), true, "", nullptr});
      fill(unfinished_in(directory), from, ids_skipped, report);
      from.execute("UPDATE store_meta SET incarnation = '" + report.incarnation + "'");
      from.execute("UPDATE id_counter SET next = next + " + std::to_string(ids_skipped));
      from.execute("COMMIT");
    } catch (const store_failed&) {
      remove_unfinished(directory);
      throw;
    }
    take_over(directory);
    return report;
  } catch (const store_failed& failure) {
    throw open_failed(std::string("Can't rebuild the store. ") + failure.what());
  } catch (const std::filesystem::filesystem_error& failure) {
    throw open_failed(std::string("Can't rebuild the store. ") + failure.what());
  }
}

} // namespace boxoffice::persistence
