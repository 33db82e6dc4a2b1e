#include "persistence/sqlite_schema.hpp"

#include "persistence/id_kind_name.hpp"
#include "persistence/incarnation.hpp"
#include "persistence/sqlite_past.hpp"
#include "persistence/sqlite_schema_2.hpp"
#include "persistence/sqlite_schema_3.hpp"
#include "persistence/sqlite_schema_6.hpp"

#include <array>

namespace boxoffice::persistence {

namespace {

// Schema 1: the tables of the ERD with its column names, and what else the service needs.
//
// Times are UTC text, "2026-11-22 12:41:28.123456"; amounts are integers of minor units, 100 to a
// point; booleans are 0 and 1. Rows of the past stay: an expired token, a reservation released.
// Where a row must be unique among the living only, a partial index says so.
constexpr const char* schema_1 = R"sql(
CREATE TABLE users (
  user_id    TEXT NOT NULL PRIMARY KEY,
  name       TEXT NOT NULL,
  email      TEXT NOT NULL,
  created_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- date: the venue's day of the first option; until there is one, the day it was created
CREATE TABLE concert (
  concert_id INTEGER PRIMARY KEY,
  name       TEXT NOT NULL,
  date       TEXT NOT NULL,
  created_at TEXT NOT NULL
) STRICT;

CREATE TABLE concert_option (
  concert_option_id INTEGER PRIMARY KEY,
  concert_id     INTEGER NOT NULL REFERENCES concert,
  starts_at      TEXT NOT NULL,
  venue          TEXT NOT NULL,
  time_zone      TEXT NOT NULL,
  local_date     TEXT NOT NULL,
  sales_open_at  TEXT NOT NULL,
  sales_close_at TEXT NOT NULL
) STRICT;
CREATE INDEX option_by_concert ON concert_option (concert_id);

-- What the rows of seat say section by section, so that a start need not read them all.
CREATE TABLE section (
  concert_option_id INTEGER NOT NULL REFERENCES concert_option,
  first_seat_id INTEGER NOT NULL UNIQUE,
  name          TEXT NOT NULL,
  seats         INTEGER NOT NULL CHECK (seats > 0),
  price         INTEGER NOT NULL CHECK (price >= 0),
  PRIMARY KEY (concert_option_id, name)
) STRICT;

CREATE TABLE seat (
  seat_id     INTEGER PRIMARY KEY,
  concert_id  INTEGER NOT NULL,
  seat_number INTEGER NOT NULL,
  is_reserved INTEGER NOT NULL DEFAULT 0 CHECK (is_reserved IN (0, 1)),
  concert_option_id INTEGER NOT NULL REFERENCES concert_option,
  section     TEXT NOT NULL,
  price       INTEGER NOT NULL CHECK (price >= 0)
) STRICT;
CREATE UNIQUE INDEX seat_by_name ON seat (concert_option_id, section, seat_number);

-- expiration_time: of an EXPIRED token, when it died
CREATE TABLE token (
  token_id        INTEGER PRIMARY KEY,
  user_id         TEXT NOT NULL REFERENCES users,
  concert_code    TEXT NOT NULL,
  expiration_time TEXT NOT NULL,
  token           TEXT NOT NULL UNIQUE,
  status          TEXT NOT NULL CHECK (status IN ('WAITING', 'PROCESSING', 'EXPIRED')),
  priority        INTEGER NOT NULL,
  issued_at       TEXT NOT NULL,
  admitted_at     TEXT,
  CHECK (status <> 'PROCESSING' OR admitted_at IS NOT NULL)
) STRICT;
CREATE UNIQUE INDEX token_live ON token (concert_code, user_id) WHERE status <> 'EXPIRED';
CREATE INDEX token_admissions ON token (concert_code, admitted_at) WHERE admitted_at IS NOT NULL;

-- One row a token: when it joined the line, and as which
CREATE TABLE queue (
  queue_id   INTEGER PRIMARY KEY REFERENCES token,
  user_id    TEXT NOT NULL,
  concert_id INTEGER NOT NULL REFERENCES concert,
  queue_time TEXT NOT NULL,
  position   INTEGER NOT NULL,
  UNIQUE (concert_id, position)
) STRICT;

CREATE TABLE booking (
  booking_id INTEGER PRIMARY KEY,
  concert_option_id INTEGER NOT NULL REFERENCES concert_option,
  concert_id INTEGER NOT NULL,
  user_id    TEXT NOT NULL REFERENCES users,
  token      TEXT NOT NULL,
  total      INTEGER NOT NULL CHECK (total >= 0),
  created_at TEXT NOT NULL,
  expires_at TEXT NOT NULL,
  status     TEXT NOT NULL CHECK (status IN ('PENDING', 'PAYING', 'CONFIRMED', 'REFUNDING',
                                             'CANCELLED', 'EXPIRED')),
  payment_id      INTEGER,
  paid_with_token TEXT,
  confirmed_at    TEXT,
  settled    INTEGER NOT NULL DEFAULT 0 CHECK (settled IN (0, 1)),
  CHECK (status NOT IN ('PAYING', 'CONFIRMED') OR payment_id IS NOT NULL)
) STRICT;
CREATE INDEX booking_by_option ON booking (concert_option_id, user_id);
CREATE INDEX booking_by_user ON booking (user_id);
CREATE INDEX booking_unfinished ON booking (booking_id)
  WHERE status IN ('PENDING', 'PAYING', 'REFUNDING') OR (status = 'CONFIRMED' AND settled = 0);

-- One row a booked seat; released_at is NULL while the seat is held or sold
CREATE TABLE reservation (
  reservation_id    INTEGER PRIMARY KEY,
  concert_option_id INTEGER NOT NULL,
  user_id           TEXT NOT NULL,
  seat_id           INTEGER NOT NULL REFERENCES seat,
  reservation_time  TEXT NOT NULL,
  is_confirmed      INTEGER NOT NULL DEFAULT 0 CHECK (is_confirmed IN (0, 1)),
  booking_id        INTEGER NOT NULL REFERENCES booking,
  price             INTEGER NOT NULL CHECK (price >= 0),
  released_at       TEXT
) STRICT;
CREATE UNIQUE INDEX reservation_live ON reservation (seat_id) WHERE released_at IS NULL;
CREATE INDEX reservation_by_booking ON reservation (booking_id);

-- The holds; a row goes when its hold ends
CREATE TABLE temp_reservation (
  temp_reservation_id   INTEGER PRIMARY KEY REFERENCES reservation,
  user_id               TEXT NOT NULL,
  seat_id               INTEGER NOT NULL UNIQUE,
  temp_reservation_time TEXT NOT NULL,
  expiration_time       TEXT NOT NULL,
  booking_id            INTEGER NOT NULL
) STRICT;

-- last_charge_*: the last charge without an Idempotency-Key
CREATE TABLE point (
  point_id INTEGER PRIMARY KEY,
  user_id  TEXT NOT NULL UNIQUE REFERENCES users,
  amount   INTEGER NOT NULL CHECK (amount >= 0),
  last_charge_amount INTEGER,
  last_charge_at     TEXT
) STRICT;

CREATE VIEW point_in_points AS
  SELECT point_id, user_id, printf('%d.%02d', amount / 100, amount % 100) AS amount FROM point;

CREATE TABLE point_entry (
  entry_id INTEGER PRIMARY KEY,
  user_id  TEXT NOT NULL REFERENCES users,
  kind     TEXT NOT NULL CHECK (kind IN ('CHARGE', 'PAYMENT')),
  amount   INTEGER NOT NULL,
  balance_after INTEGER NOT NULL CHECK (balance_after >= 0),
  payment_id    INTEGER,
  booking_id    INTEGER,
  created_at    TEXT NOT NULL,
  CHECK (amount > 0 OR kind = 'PAYMENT'),
  CHECK (kind <> 'PAYMENT' OR (amount <= 0 AND payment_id IS NOT NULL AND booking_id IS NOT NULL))
) STRICT;
CREATE INDEX entry_by_user ON point_entry (user_id);

-- The word on every payment a wallet was asked for. No foreign key to booking: this word must be
-- kept for as long as the wallet, a booking need not be.
CREATE TABLE payment (
  payment_id INTEGER PRIMARY KEY,
  user_id    TEXT NOT NULL REFERENCES users,
  booking_id INTEGER NOT NULL,
  amount     INTEGER NOT NULL CHECK (amount >= 0),
  status     TEXT NOT NULL CHECK (status IN ('DEBITED', 'REFUSED')),
  created_at TEXT NOT NULL
) STRICT;
CREATE INDEX payment_by_user ON payment (user_id);
CREATE UNIQUE INDEX payment_once ON payment (booking_id) WHERE status = 'DEBITED';

-- The next id of each kind; never goes back
CREATE TABLE id_counter (
  kind TEXT NOT NULL PRIMARY KEY,
  next INTEGER NOT NULL CHECK (next >= 1)
) STRICT, WITHOUT ROWID;

-- incarnation: drawn when the store was made; tells it from a copy started anew
CREATE TABLE store_meta (
  one         INTEGER PRIMARY KEY CHECK (one = 1),
  last_commit INTEGER NOT NULL,
  last_time   TEXT NOT NULL,
  incarnation TEXT NOT NULL,
  probes      INTEGER NOT NULL
) STRICT;
)sql";

void create_schema_1(const sqlite_connection& db) {
  db.execute(schema_1);
  statement add_counter(db, "INSERT INTO id_counter (kind, next) VALUES (?, 1)");
  for (std::size_t kind = 0; kind < domain::id_kinds; ++kind)
    add_counter.run(to_string(static_cast<domain::id_kind>(kind)));
  statement(db, "INSERT INTO store_meta (one, last_commit, last_time, incarnation, probes) "
                "VALUES (1, 0, ?, ?, 0)")
      .run(domain::time_point{}, draw_incarnation());
  db.execute(("PRAGMA application_id = " + std::to_string(boxoffice_application_id)).c_str());
}

// Migration number n, from 1, makes schema n of schema n - 1. One that was released never changes.
using migration = void (*)(const sqlite_connection&);
constexpr std::array migrations{migration{create_schema_1},    migration{create_schema_2},
                                migration{create_schema_3},    migration{create_past_indexes},
                                migration{keep_last_refusals}, migration{create_schema_6}};

} // namespace

std::int64_t schema_version() { return static_cast<std::int64_t>(migrations.size()); }

void migrate(const sqlite_connection& db) { migrate_to(db, schema_version()); }

void migrate_to(const sqlite_connection& db, std::int64_t wanted) {
  for (auto version = db.integer("PRAGMA user_version"); version < wanted; ++version) {
    db.execute("BEGIN IMMEDIATE");
    migrations[static_cast<std::size_t>(version)](db);
    db.execute(("PRAGMA user_version = " + std::to_string(version + 1)).c_str());
    db.execute("COMMIT");
  }
}

void draw_new_incarnation(const sqlite_connection& db) {
  statement(db, "UPDATE store_meta SET incarnation = ?, postgres_commit = 0, "
                "postgres_time = NULL")
      .run(draw_incarnation());
}

} // namespace boxoffice::persistence
