// What the documentation says of the tables in PostgreSQL is so: its picture is theirs, and its
// queries run on their indexes.
#define BOOST_TEST_MODULE persistence.postgres_docs
#include "persistence/moving.hpp"
#include "tests/persistence/private_postgres.hpp"

#include <boost/test/unit_test.hpp>

#include <fstream>
#include <sstream>
#include <vector>

using namespace boxoffice::persistence;
using namespace boxoffice::persistence::test;

namespace {

std::string read(const std::string& name) {
  std::ifstream file(std::string(BOXOFFICE_DOCS) + "/" + name);
  std::stringstream text;
  text << file.rdbuf();
  BOOST_REQUIRE(!text.str().empty());
  return text.str();
}

// The block that begins with this line of a document.
std::string block(const std::string& document, const std::string& first_line) {
  const auto begin = document.find(first_line + "\n");
  BOOST_REQUIRE(begin != std::string::npos);
  const auto from = begin + first_line.size() + 1;
  return document.substr(from, document.find("```", from) - from);
}

std::vector<std::string> statements(const std::string& sql) {
  std::vector<std::string> all;
  std::stringstream in(sql);
  for (std::string one; std::getline(in, one, ';');)
    if (one.find("SELECT") != std::string::npos) all.push_back(one);
  return all;
}

// A sale of many seats: half of the bookings are paid.
std::string sold_out(int seats) {
  const auto n = std::to_string(seats);
  return "INSERT INTO users SELECT 'user' || i, '', '', now() FROM generate_series(1, 20000) i;"
         "INSERT INTO concert SELECT i, 'c', now(), now() FROM generate_series(1, 20) i;"
         "INSERT INTO concert_option SELECT i, 1 + i % 20, now(), 'v', 'UTC', now(), now(), now(), "
         "true FROM generate_series(1, 100) i;"
         "INSERT INTO seat SELECT i, 1, i, i % 3 > 0, 1 + i % 100, 'A', 100 "
         "FROM generate_series(1, " +
         n +
         ") i;"
         "INSERT INTO booking SELECT i, 1 + i % 100, 1 + i % 20, 'user' || 1 + i % 20000, "
         "gen_random_uuid(), 100, now(), now(), "
         "CASE WHEN i % 2 = 0 THEN 'CONFIRMED' ELSE 'EXPIRED' END, i, NULL, now(), true "
         "FROM generate_series(1, " +
         n +
         ") i;"
         "INSERT INTO reservation SELECT i, 1 + i % 100, 'user' || 1 + i % 20000, i, now(), true, "
         "i, 100, NULL FROM generate_series(1, " +
         n +
         ") i;"
         "INSERT INTO point_entry SELECT i, 'user' || 1 + i % 20000, 'CHARGE', 100, 100, NULL, "
         "NULL, NULL, now() FROM generate_series(1, " +
         n +
         ") i;"
         "ANALYZE; VACUUM booking;";
}

} // namespace

BOOST_AUTO_TEST_CASE(the_picture_shows_the_tables) {
  auto& postgres = private_postgres::shared();
  const auto url = postgres.make_database();
  migrate_postgres_at(url);
  BOOST_TEST("erDiagram\n" + postgres.run(url, read("erd.sql")) ==
             block(read("POSTGRES.md"), "```mermaid"));
}

BOOST_AUTO_TEST_CASE(each_documented_query_runs_on_indexes) {
  auto& postgres = private_postgres::shared();
  const auto url = postgres.make_database();
  migrate_postgres_at(url);
  postgres.run(url, sold_out(rounds(200'000, 1'000'000)));
  const auto queries = statements(block(read("POSTGRES.md"), "```sql"));
  BOOST_TEST(queries.size() == 4u);
  for (const auto& query : queries) {
    const auto plan = postgres.run(url, "EXPLAIN (ANALYZE) " + query + ";");
    for (const char* large : {"booking", "seat", "reservation", "point_entry"})
      BOOST_TEST((plan.find(std::string("Seq Scan on ") + large) == std::string::npos), plan);
    BOOST_TEST((plan.find("Index") != std::string::npos), plan);
    BOOST_TEST_MESSAGE(query << '\n' << plan);
  }
}
