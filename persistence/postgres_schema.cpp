#include "persistence/postgres_schema.hpp"

#include "persistence/id_kind_name.hpp"
#include "persistence/postgres_trouble.hpp"

#include <array>
#include <string>

namespace boxoffice::persistence {

namespace {

// Schema 1: the tables of the ERD with its column names and types, and what else the service needs.
// They are the embedded store's, but for the types.
//
// Times are UTC without a zone, to the microsecond: what a session's time zone is changes nothing.
// Amounts are integers of minor units, 100 to a point; only point.amount is in points, as the ERD
// has it. Rows of the past stay: an expired token, a reservation released. Where a row must be
// unique among the living only, a partial index says so.
constexpr const char* schema_1 = R"sql(
CREATE TABLE users (
  user_id    varchar NOT NULL CONSTRAINT users_pkey PRIMARY KEY,
  name       varchar NOT NULL,
  email      varchar NOT NULL,
  created_at timestamp NOT NULL,
  erased_at  timestamp
);
COMMENT ON TABLE users IS 'who buys';
COMMENT ON COLUMN users.erased_at IS 'then name and email are empty';

CREATE TABLE concert (
  concert_id bigint NOT NULL CONSTRAINT concert_pkey PRIMARY KEY,
  name       varchar NOT NULL,
  date       date NOT NULL,
  created_at timestamp NOT NULL
);
COMMENT ON COLUMN concert.date IS
  'the venue''s day of the first option; until there is one, the day it was created';

CREATE TABLE concert_option (
  concert_option_id bigint NOT NULL CONSTRAINT concert_option_pkey PRIMARY KEY,
  concert_id     bigint NOT NULL CONSTRAINT concert_option_of_concert REFERENCES concert,
  starts_at      timestamp NOT NULL,
  venue          varchar NOT NULL,
  time_zone      varchar NOT NULL,
  local_date     date NOT NULL,
  sales_open_at  timestamp NOT NULL,
  sales_close_at timestamp NOT NULL,
  published      boolean NOT NULL
);
COMMENT ON TABLE concert_option IS 'one performance';
COMMENT ON COLUMN concert_option.published IS
  'false while its seats are being laid; then nobody sees it';
CREATE INDEX option_by_concert ON concert_option (concert_id);

CREATE TABLE option_cancellation (
  concert_option_id bigint NOT NULL CONSTRAINT option_cancellation_pkey PRIMARY KEY
                    CONSTRAINT option_cancellation_of_option REFERENCES concert_option,
  requested_at timestamp NOT NULL,
  bookings     bigint NOT NULL CONSTRAINT option_cancellation_bookings CHECK (bookings >= 0),
  completed_at timestamp
);
COMMENT ON COLUMN option_cancellation.bookings IS 'that lived when the option was cancelled';

CREATE TABLE section (
  concert_option_id bigint NOT NULL CONSTRAINT section_of_option REFERENCES concert_option,
  first_seat_id bigint NOT NULL CONSTRAINT section_first_seat UNIQUE,
  name          varchar NOT NULL,
  seats         integer NOT NULL CONSTRAINT section_seats CHECK (seats > 0),
  price         bigint NOT NULL CONSTRAINT section_price CHECK (price >= 0),
  CONSTRAINT section_pkey PRIMARY KEY (concert_option_id, name)
);

CREATE TABLE seat (
  seat_id     bigint NOT NULL CONSTRAINT seat_pkey PRIMARY KEY,
  concert_id  bigint NOT NULL,
  seat_number integer NOT NULL,
  is_reserved boolean NOT NULL DEFAULT false,
  concert_option_id bigint NOT NULL CONSTRAINT seat_of_option REFERENCES concert_option,
  section     varchar NOT NULL,
  price       bigint NOT NULL CONSTRAINT seat_price CHECK (price >= 0)
) WITH (fillfactor = 80);
COMMENT ON COLUMN seat.is_reserved IS 'held or sold';
CREATE UNIQUE INDEX seat_by_name ON seat (concert_option_id, section, seat_number);

CREATE TABLE token (
  token_id        bigint NOT NULL CONSTRAINT token_pkey PRIMARY KEY,
  user_id         varchar NOT NULL CONSTRAINT token_of_user REFERENCES users,
  concert_code    varchar NOT NULL,
  expiration_time timestamp NOT NULL,
  token           uuid NOT NULL CONSTRAINT token_key UNIQUE,
  status          varchar NOT NULL CONSTRAINT token_status
                  CHECK (status IN ('WAITING', 'PROCESSING', 'EXPIRED')),
  priority        integer NOT NULL,
  issued_at       timestamp NOT NULL,
  admitted_at     timestamp,
  CONSTRAINT token_admitted CHECK (status <> 'PROCESSING' OR admitted_at IS NOT NULL)
);
COMMENT ON COLUMN token.concert_code IS 'the concert''s id as text';
COMMENT ON COLUMN token.expiration_time IS 'of an EXPIRED token: when it died';
CREATE UNIQUE INDEX token_live ON token (concert_code, user_id) WHERE status <> 'EXPIRED';
CREATE INDEX token_admissions ON token (concert_code, admitted_at) WHERE admitted_at IS NOT NULL;

CREATE TABLE queue (
  queue_id   bigint NOT NULL CONSTRAINT queue_pkey PRIMARY KEY
             CONSTRAINT queue_of_token REFERENCES token,
  user_id    varchar NOT NULL,
  concert_id bigint NOT NULL CONSTRAINT queue_of_concert REFERENCES concert,
  queue_time timestamp NOT NULL,
  position   bigint NOT NULL,
  CONSTRAINT queue_position UNIQUE (concert_id, position)
);
COMMENT ON TABLE queue IS 'one row a token: when it joined the line, and as which';

CREATE TABLE queue_setting (
  concert_id       bigint NOT NULL CONSTRAINT queue_setting_pkey PRIMARY KEY
                   CONSTRAINT queue_setting_of_concert REFERENCES concert,
  active_limit     bigint CONSTRAINT queue_setting_limit CHECK (active_limit >= 0),
  admit_per_second bigint CONSTRAINT queue_setting_rate CHECK (admit_per_second >= 0),
  paused           boolean NOT NULL,
  changed_at       timestamp NOT NULL
);
COMMENT ON TABLE queue_setting IS 'as an operator set it; NULL goes by the service''s settings';

CREATE TABLE booking (
  booking_id bigint NOT NULL CONSTRAINT booking_pkey PRIMARY KEY,
  concert_option_id bigint NOT NULL CONSTRAINT booking_of_option REFERENCES concert_option,
  concert_id bigint NOT NULL,
  user_id    varchar NOT NULL CONSTRAINT booking_of_user REFERENCES users,
  token      uuid NOT NULL,
  total      bigint NOT NULL CONSTRAINT booking_total CHECK (total >= 0),
  created_at timestamp NOT NULL,
  expires_at timestamp NOT NULL,
  status     varchar NOT NULL CONSTRAINT booking_status
             CHECK (status IN ('PENDING', 'PAYING', 'CONFIRMED', 'REFUNDING', 'CANCELLED',
                               'EXPIRED')),
  payment_id      bigint,
  paid_with_token uuid,
  confirmed_at    timestamp,
  settled    boolean NOT NULL DEFAULT false,
  CONSTRAINT booking_paid CHECK (status NOT IN ('PAYING', 'CONFIRMED') OR payment_id IS NOT NULL)
) WITH (fillfactor = 80);
CREATE INDEX booking_by_option ON booking (concert_option_id);
CREATE INDEX booking_by_user ON booking (user_id);
CREATE INDEX booking_revenue ON booking (concert_id) INCLUDE (total)
  WHERE status IN ('CONFIRMED', 'REFUNDING');
CREATE INDEX booking_unfinished ON booking (booking_id)
  WHERE status IN ('PENDING', 'PAYING', 'REFUNDING') OR (status = 'CONFIRMED' AND NOT settled);

CREATE TABLE reservation (
  reservation_id    bigint NOT NULL CONSTRAINT reservation_pkey PRIMARY KEY,
  concert_option_id bigint NOT NULL,
  user_id           varchar NOT NULL,
  seat_id           bigint NOT NULL CONSTRAINT reservation_of_seat REFERENCES seat,
  reservation_time  timestamp NOT NULL,
  is_confirmed      boolean NOT NULL DEFAULT false,
  booking_id        bigint NOT NULL CONSTRAINT reservation_of_booking REFERENCES booking,
  price             bigint NOT NULL CONSTRAINT reservation_price CHECK (price >= 0),
  released_at       timestamp
) WITH (fillfactor = 80);
COMMENT ON TABLE reservation IS 'one row a booked seat';
COMMENT ON COLUMN reservation.released_at IS 'NULL while the seat is held or sold';
CREATE UNIQUE INDEX reservation_live ON reservation (seat_id) WHERE released_at IS NULL;
CREATE INDEX reservation_by_booking ON reservation (booking_id);

CREATE TABLE temp_reservation (
  temp_reservation_id   bigint NOT NULL CONSTRAINT temp_reservation_pkey PRIMARY KEY
                        CONSTRAINT temp_reservation_of_reservation REFERENCES reservation,
  user_id               varchar NOT NULL,
  seat_id               bigint NOT NULL CONSTRAINT temp_reservation_seat UNIQUE,
  temp_reservation_time timestamp NOT NULL,
  expiration_time       timestamp NOT NULL,
  booking_id            bigint NOT NULL
);
COMMENT ON TABLE temp_reservation IS 'the holds; a row goes when its hold ends';

CREATE TABLE point (
  point_id bigint NOT NULL CONSTRAINT point_pkey PRIMARY KEY,
  user_id  varchar NOT NULL CONSTRAINT point_once UNIQUE
           CONSTRAINT point_of_user REFERENCES users,
  amount   numeric(20,2) NOT NULL CONSTRAINT point_not_negative CHECK (amount >= 0),
  last_charge_amount bigint,
  last_charge_at     timestamp
) WITH (fillfactor = 80);
COMMENT ON COLUMN point.amount IS 'in points';
COMMENT ON COLUMN point.last_charge_amount IS
  'of the last charge without an Idempotency-Key, in minor units';

CREATE VIEW wallet AS
  SELECT point_id, user_id, (amount * 100)::bigint AS balance, last_charge_amount, last_charge_at
  FROM point;
COMMENT ON VIEW wallet IS 'point with its balance in minor units';

CREATE TABLE point_entry (
  entry_id bigint NOT NULL CONSTRAINT point_entry_pkey PRIMARY KEY,
  user_id  varchar NOT NULL CONSTRAINT point_entry_of_user REFERENCES users,
  kind     varchar NOT NULL CONSTRAINT point_entry_kind
           CHECK (kind IN ('CHARGE', 'PAYMENT', 'REFUND', 'ADJUSTMENT')),
  amount   bigint NOT NULL,
  balance_after bigint NOT NULL CONSTRAINT point_entry_balance CHECK (balance_after >= 0),
  payment_id    bigint,
  booking_id    bigint,
  reason        varchar,
  created_at    timestamp NOT NULL,
  CONSTRAINT point_entry_charge CHECK (kind <> 'CHARGE' OR amount > 0),
  CONSTRAINT point_entry_payment CHECK (kind <> 'PAYMENT' OR amount <= 0),
  CONSTRAINT point_entry_refund CHECK (kind <> 'REFUND' OR amount >= 0),
  CONSTRAINT point_entry_of_booking CHECK (kind NOT IN ('PAYMENT', 'REFUND')
    OR (payment_id IS NOT NULL AND booking_id IS NOT NULL)),
  CONSTRAINT point_entry_reason CHECK (kind <> 'ADJUSTMENT'
    OR (amount <> 0 AND reason IS NOT NULL))
);
CREATE INDEX entry_by_user ON point_entry (user_id, entry_id);
CREATE UNIQUE INDEX refund_once ON point_entry (booking_id) WHERE kind = 'REFUND';

CREATE TABLE payment (
  payment_id bigint NOT NULL CONSTRAINT payment_pkey PRIMARY KEY,
  user_id    varchar NOT NULL CONSTRAINT payment_of_user REFERENCES users,
  booking_id bigint NOT NULL,
  amount     bigint NOT NULL CONSTRAINT payment_amount CHECK (amount >= 0),
  status     varchar NOT NULL CONSTRAINT payment_status CHECK (status IN ('DEBITED', 'REFUSED')),
  created_at timestamp NOT NULL
);
COMMENT ON TABLE payment IS 'the word on every payment that a wallet was asked for';
CREATE INDEX payment_by_user ON payment (user_id);
CREATE UNIQUE INDEX payment_once ON payment (booking_id) WHERE status = 'DEBITED';

CREATE TABLE audit_log (
  audit_id bigint NOT NULL CONSTRAINT audit_log_pkey PRIMARY KEY,
  at       timestamp NOT NULL,
  act      varchar NOT NULL,
  subject  varchar NOT NULL,
  reason   varchar
);
COMMENT ON TABLE audit_log IS 'what operators did, in the order in which it became durable';

CREATE TABLE idempotency_key (
  owner       varchar NOT NULL,
  route       varchar NOT NULL,
  actor       varchar NOT NULL,
  key         varchar NOT NULL,
  fingerprint varchar NOT NULL,
  detail      varchar NOT NULL,
  booking_id  bigint,
  status      integer,
  body        varchar,
  location    varchar,
  created_at  timestamp NOT NULL,
  expires_at  timestamp,
  CONSTRAINT idempotency_key_pkey PRIMARY KEY (owner, route, actor, key),
  CONSTRAINT idempotency_key_answered CHECK ((status IS NULL) = (body IS NULL)
    AND (status IS NULL) = (location IS NULL) AND (status IS NULL) = (expires_at IS NULL))
);
COMMENT ON TABLE idempotency_key IS
  'requests with a key; without a status: still under way, completed by the acts of booking_id';
CREATE INDEX idempotency_by_booking ON idempotency_key (booking_id) WHERE booking_id IS NOT NULL;
CREATE INDEX idempotency_by_expiry ON idempotency_key (expires_at) WHERE expires_at IS NOT NULL;

CREATE TABLE id_counter (
  kind varchar NOT NULL CONSTRAINT id_counter_pkey PRIMARY KEY,
  next bigint NOT NULL CONSTRAINT id_counter_next CHECK (next >= 1)
);
COMMENT ON TABLE id_counter IS 'the next id of each kind; never goes back';

CREATE TABLE store_meta (
  one         integer NOT NULL CONSTRAINT store_meta_pkey PRIMARY KEY
              CONSTRAINT store_meta_one CHECK (one = 1),
  last_commit bigint NOT NULL,
  last_time   timestamp NOT NULL,
  incarnation varchar NOT NULL,
  probes      bigint NOT NULL,
  fed_by      varchar NOT NULL CONSTRAINT store_meta_fed_by
              CHECK (fed_by IN ('nobody', 'itself', 'a local store'))
);
COMMENT ON TABLE store_meta IS 'which commits are in these tables, and whose';
COMMENT ON COLUMN store_meta.last_commit IS 'all up to this one, none after it';
COMMENT ON COLUMN store_meta.incarnation IS 'of the store whose commits these are';
COMMENT ON COLUMN store_meta.fed_by IS
  'itself: these tables are the store; a local store: they follow one by write-behind';
)sql";

void create_schema_1(const postgres_connection& db) {
  db.execute(schema_1);
  std::string kinds;
  for (std::size_t kind = 0; kind < domain::id_kinds; ++kind)
    kinds += (kind == 0 ? "('" : ", ('") +
             std::string(to_string(static_cast<domain::id_kind>(kind))) + "', 1)";
  db.execute("INSERT INTO id_counter (kind, next) VALUES " + kinds);
  db.execute("INSERT INTO store_meta (one, last_commit, last_time, incarnation, probes, fed_by) "
             "VALUES (1, 0, '1970-01-01', '', 0, 'nobody')");
}

// Schema 2: what is past is found by when it ended, so that it can be forgotten.
void create_schema_2(const postgres_connection& db) {
  db.execute(R"sql(
CREATE INDEX token_dead ON token (expiration_time, token_id) WHERE status = 'EXPIRED';
CREATE INDEX booking_unpaid ON booking (expires_at, booking_id)
  WHERE status IN ('EXPIRED', 'CANCELLED') AND confirmed_at IS NULL)sql");
}

// Of what a wallet refused to pay only the last of each booking stays.
void keep_last_refusals(const postgres_connection& db) {
  db.execute(R"sql(
DELETE FROM payment p USING
  (SELECT booking_id, max(payment_id) AS last FROM payment WHERE status = 'REFUSED'
   GROUP BY booking_id) AS kept
WHERE p.status = 'REFUSED' AND p.booking_id = kept.booking_id AND p.payment_id < kept.last;
CREATE UNIQUE INDEX payment_refused ON payment (booking_id) WHERE status = 'REFUSED';
COMMENT ON TABLE payment IS
  'the word on each payment that a wallet was asked for; of those refused the last of a booking')sql");
}

// Migration number n, from 1, makes schema n of schema n - 1. One that was released never changes.
using migration = void (*)(const postgres_connection&);
constexpr std::array migrations{migration{create_schema_1}, migration{create_schema_2},
                                migration{keep_last_refusals}};

// "boxoffice" as a number: no other program's lock.
constexpr const char* lock_the_schema = "SELECT pg_advisory_xact_lock(7094437906517746021)";

[[noreturn]] void fail_to_migrate(const postgres_failed& cause) {
  if (trouble_of(cause.sqlstate).how != postgres_trouble::ends::by_somebody) throw cause;
  const auto advice = [&cause]() -> const char* {
    if (cause.sqlstate == "42501" || cause.sqlstate == "3F000")
      return "Its user may not make tables there. Let the owner of the database run `boxoffice "
             "migrate`, or grant CREATE on its schema.";
    if (cause.sqlstate == "25006")
      return "It is read-only, perhaps a standby. Name the primary in postgres.url.";
    if (cause.sqlstate == "42P07")
      return "It holds tables of these names that boxoffice did not make. Name a database of its "
             "own.";
    return "Look at PostgreSQL's log.";
  }();
  throw open_failed(std::string("Can't make boxoffice's tables in PostgreSQL. ") + advice + " (" +
                    cause.what() + ")");
}

} // namespace

std::int64_t postgres_schema_version() { return static_cast<std::int64_t>(migrations.size()); }

std::int64_t find_postgres_schema(const postgres_connection& db) {
  if (db.integer("SELECT to_regclass('schema_migration') IS NOT NULL") == 0) return 0;
  return db.integer("SELECT coalesce(max(version), 0) FROM schema_migration");
}

std::int64_t migrate_postgres(const postgres_connection& db) {
  std::int64_t found = find_postgres_schema(db);
  if (found == postgres_schema_version()) return found;
  try {
    db.execute("BEGIN; SET LOCAL lock_timeout = '60s'");
    db.execute(lock_the_schema);
    found = find_postgres_schema(db);
    if (found > postgres_schema_version())
      throw open_failed("The database was made by a newer version of boxoffice (its schema is " +
                        std::to_string(found) + ", this one knows " +
                        std::to_string(postgres_schema_version()) + "). Start that version.");
    if (found == 0)
      db.execute("CREATE TABLE schema_migration (version bigint NOT NULL PRIMARY KEY, "
                 "applied_at timestamptz NOT NULL DEFAULT now())");
    for (auto version = found; version < postgres_schema_version(); ++version) {
      migrations[static_cast<std::size_t>(version)](db);
      db.execute("INSERT INTO schema_migration (version) VALUES (" + std::to_string(version + 1) +
                 ")");
    }
    db.execute("COMMIT");
  } catch (const postgres_failed& cause) {
    if (!db.is_lost()) db.execute("ROLLBACK");
    fail_to_migrate(cause);
  } catch (const open_failed&) {
    db.execute("ROLLBACK");
    throw;
  }
  return found;
}

} // namespace boxoffice::persistence
