// What a long query of PostgreSQL's gives is what a short one does.
#define BOOST_TEST_MODULE persistence.postgres_stream
#include "persistence/postgres_connection.hpp"
#include "tests/persistence/private_postgres.hpp"

#include <boost/test/unit_test.hpp>

using namespace boxoffice::persistence;
using namespace boxoffice::persistence::test;

namespace {

struct bench {
  postgres_connection db{private_postgres::shared().make_database()};
};

} // namespace

BOOST_FIXTURE_TEST_CASE(every_kind_of_value_comes_as_it_is, bench) {
  const char* const all =
      "SELECT n, t, n > 1, nullif(n, 2), now()::timestamp(0), t || t FROM (VALUES "
      "(1, ''), (2, '\\N'), (3, E'tab\\there'), (4, E'two\\nlines\\r'), (5, E'back\\\\slash\\\\'), "
      "(6, E'\\b\\f\\v'), (7, '예매'), (8, '\\t'), (-9, 'plain')) AS v (n, t) ORDER BY abs(n)";
  db.execute("BEGIN");
  for (int round = 0; round < 2; ++round) {
    statement briefly(db.prepare(all)), at_length(db.prepare_long(all));
    auto expected = briefly.query();
    auto row = at_length.query();
    int rows = 0;
    for (; expected.next(); ++rows) {
      BOOST_REQUIRE(row.next());
      for (int column = 0; column < 6; ++column) {
        BOOST_TEST(row.is_null(column) == expected.is_null(column));
        BOOST_TEST(row.text(column) == expected.text(column));
      }
      BOOST_TEST(row.integer(0) == expected.integer(0));
      BOOST_TEST(row.integer(2) == expected.integer(2));
    }
    BOOST_TEST(!row.next());
    BOOST_TEST(rows == 9);
  }
  db.execute("COMMIT");
}

BOOST_FIXTURE_TEST_CASE(rows_that_nobody_reads_are_in_nobody_s_way, bench) {
  db.execute("BEGIN");
  statement many(db.prepare_long("SELECT generate_series(1, 100000)"));
  {
    auto row = many.query();
    BOOST_REQUIRE(row.next());
  }
  BOOST_TEST(db.integer("SELECT 7") == 7);
  auto again = many.query();
  BOOST_REQUIRE(again.next());
  BOOST_TEST(again.integer(0) == 1);
}

BOOST_FIXTURE_TEST_CASE(a_query_that_fails_says_so, bench) {
  statement wrong(db.prepare_long("SELECT 1 / (3 - n) FROM generate_series(1, 5) n"));
  const auto read_all = [&] {
    for (auto row = wrong.query(); row.next();) {
    }
  };
  BOOST_CHECK_THROW(read_all(), store_failed);
}
