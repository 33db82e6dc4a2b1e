// What the process was asked to do, done.
#include "config/command_line.hpp"
#include "config/logging.hpp"
#include "persistence/audit.hpp"
#include "persistence/backup.hpp"
#include "persistence/comparison.hpp"
#include "persistence/moving.hpp"
#include "rush/rush.hpp"
#include "serving/serve.hpp"
#include "sim/campaign.hpp"

#include "actors/domain/money.hpp"

#include <cstdio>
#include <exception>
#include <unistd.h>

namespace boxoffice {
namespace {

using config::log;
using config::log_level;

int exit_status(config::exit_code code) { return static_cast<int>(code); }

void print(const persistence::audit_report& r) {
  const auto points = [](std::int64_t minor) { return domain::to_points({minor}); };
  std::string text = "commit " + std::to_string(r.last_commit) + "\n";
  text += "users " + std::to_string(r.users) + ", seats " + std::to_string(r.seats) + ": " +
          std::to_string(r.seats_held) + " held, " + std::to_string(r.seats_sold) + " sold, " +
          std::to_string(r.seats - r.seats_held - r.seats_sold) + " free\n";
  text += "bookings " + std::to_string(r.bookings) + " (" + std::to_string(r.bookings_paying) +
          " being paid), payments " + std::to_string(r.payments) + "\n";
  text += "points charged " + points(r.charged_minor) + ", paid " + points(r.paid_minor) +
          ", in wallets " + points(r.balance_minor) + "\n";
  for (const auto& f : r.findings) text += "WRONG " + f.rule + ": " + f.detail + "\n";
  if (r.findings.empty()) text += "The books are right.\n";
  std::fputs(text.c_str(), stdout);
}

// Row by row. False when the stores differ, or could not be compared.
bool compare(const config::settings& s) {
  const auto found =
      persistence::compare_with_postgres(s.store.path, s.postgres.url, std::chrono::seconds(10));
  std::string text;
  if (!found.done)
    text = "PostgreSQL has commit " + std::to_string(found.postgres_commit) +
           ", this store commit " + std::to_string(found.local_commit) +
           ": not compared. Try again when it has caught up.\n";
  for (const auto& f : found.findings) text += "WRONG " + f.rule + ": " + f.detail + "\n";
  if (found.done && found.findings.empty())
    text = "PostgreSQL holds the same, in " + std::to_string(found.rows) + " rows.\n";
  std::fputs(text.c_str(), stdout);
  return found.done && found.findings.empty();
}

// The embedded store, PostgreSQL, or both and whether they agree (CONTRACT 6).
int audit(const config::settings& s) {
  const bool has_url = !s.postgres.url.empty();
  // A URL that is set for the server asks for both; one on the command line for PostgreSQL alone.
  const bool url_alone =
      s.origin_of("postgres.url") == config::origin::flag && !s.given("store.path");
  const bool local = s.store.kind == config::store_kind::sqlite && !(has_url && url_alone);
  bool good = true;
  if (local) {
    const auto report = persistence::audit_sqlite(s.store.path);
    print(report);
    good = report.findings.empty();
  }
  if (has_url) {
    if (local) std::fputs("In PostgreSQL:\n", stdout);
    const auto report = persistence::audit_postgres(s.postgres.url);
    print(report);
    good = report.findings.empty() && good;
  }
  if (local && has_url) good = compare(s) && good;
  return exit_status(good ? config::exit_code::success : config::exit_code::failure);
}

int migrate(const config::settings& s) {
  const auto done = persistence::migrate_postgres_at(s.postgres.url);
  const auto text = done.found == done.now
                        ? "The tables are up to date: schema " + std::to_string(done.now) + ".\n"
                        : "The tables were brought from schema " + std::to_string(done.found) +
                              " to " + std::to_string(done.now) + ".\n";
  std::fputs(text.c_str(), stdout);
  return exit_status(config::exit_code::success);
}

// As many as the lost events can have used: no more of them were logged than the backlog's bound
// and what was under way when it was reached, and none of a sale uses more of a kind than a booking
// has seats. What operators made comes on top: a hall of a million seats, a hundred times.
std::int64_t ids_at_risk(const config::settings& s) {
  constexpr std::int64_t events_a_request = 10, of_operators = 100'000'000;
  const auto events = static_cast<std::int64_t>(s.postgres.max_backlog) +
                      events_a_request * static_cast<std::int64_t>(s.http.max_in_flight);
  return events * static_cast<std::int64_t>(s.booking.max_seats) + of_operators;
}

int rebuild(const config::settings& s) {
  const auto made =
      persistence::rebuild_from_postgres(s.store.path, s.postgres.url, ids_at_risk(s));
  const auto text = "The store in " + s.store.path + " is made of PostgreSQL's commit " +
                    std::to_string(made.last_commit) + " of " + domain::to_sql_text(made.at) +
                    " UTC, " + std::to_string(made.rows) +
                    " rows.\nWhat was acknowledged after that with durability = local is lost. The "
                    "store is a new one\n(" +
                    made.incarnation + "): should the old files come back, they are refused.\n";
  std::fputs(text.c_str(), stdout);
  return exit_status(config::exit_code::success);
}

int back_up(const config::settings& s, const std::string& target) {
  const auto copy = persistence::back_up_sqlite(s.store.path, target);
  const auto text = "commit " + std::to_string(copy.last_commit) + ", " +
                    std::to_string(copy.bytes) + " bytes in " + target + "\n";
  std::fputs(text.c_str(), stdout);
  return exit_status(config::exit_code::success);
}

int simulate(const config::sim_options& o) {
  switch (sim::run_campaign(o)) {
  case sim::campaign_end::well: return exit_status(config::exit_code::success);
  case sim::campaign_end::refused: return exit_status(config::exit_code::usage);
  case sim::campaign_end::broken:
  case sim::campaign_end::unreached: break;
  }
  return exit_status(config::exit_code::failure);
}

int run(config::invocation& what, const settings_source& read_settings) {
  switch (what.what) {
  case config::command::serve: return serve(std::move(what.values), read_settings);
  case config::command::audit: return audit(what.values);
  case config::command::backup: return back_up(what.values, what.target);
  case config::command::migrate: return migrate(what.values);
  case config::command::rebuild: return rebuild(what.values);
  case config::command::sim: return simulate(what.sim);
  case config::command::rush:
    return exit_status(rush::run_rush(what.rush) ? config::exit_code::success
                                                 : config::exit_code::failure);
  }
  return exit_status(config::exit_code::usage);
}

int carry_out(config::invocation& what, const settings_source& read_settings) {
  config::start_logging(what.values.log);
  for (const auto& warning : what.warnings) log(log_level::warning, warning);
  int status = exit_status(config::exit_code::failure);
  try {
    status = run(what, read_settings);
  } catch (const std::exception& e) {
    log(log_level::error, e.what());
  }
  config::stop_logging(std::chrono::seconds(1));
  return status;
}

} // namespace
} // namespace boxoffice

int main(int argc, char** argv) {
  using namespace boxoffice;
  const settings_source read_settings = [argc, argv] {
    return config::parse(argc, argv, config::environment_of(environ));
  };
  auto parsed = read_settings();
  if (const auto* ending = std::get_if<config::ending>(&parsed)) {
    const bool good = ending->code == config::exit_code::success;
    std::fputs(ending->text.c_str(), good ? stdout : stderr);
    return exit_status(ending->code);
  }
  return carry_out(std::get<config::invocation>(parsed), read_settings);
}
