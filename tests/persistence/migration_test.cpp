// A store that an older binary left is brought up to date, with all that is in it.
#define BOOST_TEST_MODULE persistence.migration
#include "persistence/audit.hpp"
#include "persistence/sqlite_schema.hpp"
#include "persistence/sqlite_store.hpp"
#include "tests/persistence/sample.hpp"
#include "tests/persistence/support.hpp"

#include <boost/test/unit_test.hpp>

using namespace boxoffice;
using namespace boxoffice::persistence;
using namespace boxoffice::persistence::test;
using namespace boxoffice::persistence::test::sample;

namespace {

// What schema 1 held of a wallet with a charge and a payment, of which this binary writes no more.
constexpr const char* an_old_wallet = R"sql(
INSERT INTO users VALUES ('ann', 'Ann', 'ann@x', '2026-11-20 10:00:00.000000');
INSERT INTO point VALUES (1, 'ann', 300, NULL, NULL);
INSERT INTO point_entry VALUES
  (1, 'ann', 'CHARGE', 500, 500, NULL, NULL, '2026-11-20 10:00:01.000000'),
  (2, 'ann', 'PAYMENT', -200, 300, 1, 1, '2026-11-20 10:00:02.000000');
UPDATE id_counter SET next = 10;
)sql";

// What earlier ones held of somebody who asked again and again without money.
constexpr const char* old_refusals = R"sql(
INSERT INTO payment VALUES
  (1, 'ann', 1, 200, 'DEBITED', '2026-11-20 10:00:02.000000'),
  (2, 'ann', 2, 900, 'REFUSED', '2026-11-20 10:00:03.000000'),
  (3, 'ann', 3, 900, 'REFUSED', '2026-11-20 10:00:04.000000'),
  (4, 'ann', 2, 900, 'REFUSED', '2026-11-20 10:00:05.000000'),
  (5, 'ann', 2, 900, 'REFUSED', '2026-11-20 10:00:06.000000');
)sql";

} // namespace

BOOST_AUTO_TEST_CASE(entries_of_schema_1_are_kept) {
  scratch_directory directory;
  {
    sqlite_connection db(directory.path() / "boxoffice.db", sqlite_connection::access::create, "",
                         std::chrono::seconds(1));
    migrate_to(db, 1);
    BOOST_TEST(db.integer("PRAGMA user_version") == 1);
    db.execute(an_old_wallet);
  }
  sqlite_options options;
  options.directory = directory.path();
  const auto s = open_sqlite_store(options);
  const auto stored = s->open_reader();
  const auto entries = stored->find_entries(ann, {});
  BOOST_REQUIRE(entries.has_value());
  BOOST_REQUIRE(entries->items.size() == 2u);
  BOOST_TEST((entries->items[0].kind == domain::entry_kind::payment));
  BOOST_TEST(entries->items[0].amount.minor == -200);
  BOOST_TEST((entries->items[0].booking == domain::booking_id{1}));
  BOOST_TEST((entries->items[1].kind == domain::entry_kind::charge));
  BOOST_TEST(!stored->load_wallet(ann)->erased);
  // What only the new schema takes.
  s->commit({wallet_adjusted{ann, {3}, money{-100}, money{200}, "why", at(5)},
             operator_acted{"wallet.adjust", "user ann", "why", at(5)}},
            at(5));
  BOOST_TEST(stored->find_entries(ann, {})->items.size() == 3u);
}

BOOST_AUTO_TEST_CASE(of_refused_payments_the_last_of_each_booking_stays) {
  scratch_directory directory;
  {
    sqlite_connection db(directory.path() / "boxoffice.db", sqlite_connection::access::create, "",
                         std::chrono::seconds(1));
    migrate_to(db, 4);
    db.execute("INSERT INTO users (user_id, name, email, created_at) "
               "VALUES ('ann', 'Ann', 'ann@x', '2026-11-20 10:00:00.000000'); "
               "INSERT INTO point (point_id, user_id, amount) VALUES (1, 'ann', 300)");
    db.execute(old_refusals);
  }
  sqlite_options options;
  options.directory = directory.path();
  const auto wallet = open_sqlite_store(options)->open_reader()->load_wallet(ann);
  BOOST_TEST((wallet->debited == std::set<domain::payment_id>{{1}}));
  BOOST_TEST((wallet->refused ==
              std::map<domain::booking_id, domain::payment_id>{{{2}, {5}}, {{3}, {3}}}));
}

// What an older version's log has lost was shipped: PostgreSQL is known by it after an upgrade.
BOOST_AUTO_TEST_CASE(what_postgres_had_by_schema_4_is_noted) {
  scratch_directory directory;
  sqlite_connection db(directory.path() / "boxoffice.db", sqlite_connection::access::create, "",
                       std::chrono::seconds(1));
  migrate_to(db, 4);
  db.execute("INSERT INTO event_log VALUES (41, '2026-11-20 10:00:00.000000', 1, 1, x'00');"
             "INSERT INTO event_log VALUES (42, '2026-11-20 10:00:01.000000', 1, 1, x'00')");
  migrate(db);
  BOOST_TEST(db.integer("SELECT postgres_commit FROM store_meta") == 40);
  BOOST_TEST(db.integer("SELECT postgres_time IS NULL FROM store_meta") == 1);
}
