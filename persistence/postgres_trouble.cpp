#include "persistence/postgres_trouble.hpp"

#include <libpq-fe.h>

#include <poll.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <string_view>

namespace boxoffice::persistence {

namespace {

using ends = postgres_trouble::ends;

struct known_trouble {
  std::string_view state; // or what it begins with
  postgres_trouble what;
};

constexpr postgres_trouble no_answer{"unreachable",
                                     "Start it, or correct host and port in the url.", ends::soon};
constexpr postgres_trouble wrong_content{"content", "See which row it names, and put it right.",
                                         ends::by_somebody};
constexpr postgres_trouble other{"other", "See PostgreSQL's log.", ends::by_somebody};

// The first that fits counts.
constexpr known_trouble all_known[] = {
    {"28P01", {"credentials", "Set the right user and password in the url.", ends::by_somebody}},
    {"28",
     {"credentials", "Let its user in from this host by pg_hba.conf, or name the right one.",
      ends::by_somebody}},
    {"3D000",
     {"no_database", "Make the database with createdb, or name the right one.", ends::by_somebody}},
    {"42501",
     {"permission", "Grant its user what is missing, or name the owner of the tables.",
      ends::by_somebody}},
    {"25006",
     {"read_only",
      "It is read-only, perhaps a standby: promote it, or name the primary in postgres.url.",
      ends::by_somebody}},
    {"42",
     {"tables", "Its tables are not as boxoffice made them: put them right, or empty the database.",
      ends::by_somebody}},
    {"22", wrong_content},
    {"23", wrong_content},
    {"53100", {"disk_full", "Its disk is full: make room there.", ends::by_itself}},
    {"53300",
     {"connections", "It has no connection left: end some, or raise its max_connections.",
      ends::by_itself}},
    {"53", {"resources", "It lacks memory or another resource: see its log.", ends::by_itself}},
    {"55P03",
     {"locked", "Somebody holds a lock on its tables: end that session.", ends::by_itself}},
    {"58",
     {"files", "It can't read or write its files: look at its disk and its log.", ends::by_itself}},
    {"XX",
     {"damaged", "Its files may be damaged: look at its log before anything else.",
      ends::by_somebody}},
    {"57014",
     {"cancelled", "Somebody there cancels its statements: see its log, and end that.",
      ends::by_itself}},
    {"57", {"restarting", "It starts, ends or was told to stop; it is tried again.", ends::soon}},
    {"40", {"conflict", "Somebody else writes to its tables; it is tried again.", ends::soon}},
    {"08", no_answer},
};

bool is_sqlstate(std::string_view word) {
  return word.size() == 5 && std::all_of(word.begin(), word.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
         });
}

// The last word of each line that is one; of several hosts the last that spoke.
std::string find_sqlstate(std::string_view text) {
  std::string found;
  while (!text.empty()) {
    const auto end = text.find('\n');
    const auto line = text.substr(0, end);
    const auto word = line.substr(line.find_last_of(' ') + 1);
    if (is_sqlstate(word)) found = word;
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
  }
  return found;
}

// False: the time was over before.
bool wait_for_socket(PGconn* db, PostgresPollingStatusType wanted,
                     std::chrono::steady_clock::time_point deadline) {
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
      deadline - std::chrono::steady_clock::now());
  if (left.count() <= 0) return false;
  pollfd one{PQsocket(db), static_cast<short>(wanted == PGRES_POLLING_READING ? POLLIN : POLLOUT),
             0};
  return ::poll(&one, 1, static_cast<int>(left.count())) > 0;
}

bool is_on(const char* status) { return status != nullptr && std::string_view(status) == "on"; }

} // namespace

const postgres_trouble& trouble_of(const std::string& sqlstate) {
  if (sqlstate.empty()) return no_answer;
  for (const auto& known : all_known)
    if (sqlstate.compare(0, known.state.size(), known.state) == 0) return known.what;
  return other;
}

std::string diagnose_connecting(const std::string& parameters) {
  // The last word for a key counts: whoever answers will do, a standby too.
  const auto anybody = parameters + " target_session_attrs=any";
  const std::unique_ptr<PGconn, void (*)(PGconn*)> db(PQconnectStart(anybody.c_str()), PQfinish);
  if (!db || PQstatus(db.get()) == CONNECTION_BAD) return {};
  PQsetErrorVerbosity(db.get(), PQERRORS_SQLSTATE);
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(3);
  auto wanted = PGRES_POLLING_WRITING;
  while (wanted == PGRES_POLLING_READING || wanted == PGRES_POLLING_WRITING) {
    if (!wait_for_socket(db.get(), wanted, deadline)) return {};
    wanted = PQconnectPoll(db.get());
  }
  if (wanted != PGRES_POLLING_OK) return find_sqlstate(PQerrorMessage(db.get()));
  const bool read_only = is_on(PQparameterStatus(db.get(), "in_hot_standby")) ||
                         is_on(PQparameterStatus(db.get(), "default_transaction_read_only"));
  return read_only ? "25006" : "";
}

} // namespace boxoffice::persistence
