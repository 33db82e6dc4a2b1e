// What only SQLite lets anybody do to what is past: its columns hold whatever is written to them.
#include "persistence/sqlite_store.hpp"
#include "tests/persistence/database.hpp"
#include "tests/persistence/sample.hpp"
#include "tests/persistence/support.hpp"

#include <boost/test/unit_test.hpp>

#include <set>
#include <string>
#include <vector>

using namespace boxoffice;
using namespace boxoffice::persistence;
using namespace boxoffice::persistence::test;
using namespace boxoffice::persistence::test::sample;

// What stands behind a row that makes no sense is found, in parts smaller than how many there are
// of such too.
BOOST_AUTO_TEST_CASE(what_is_past_goes_on_behind_rows_that_cant_be_read) {
  const scratch_directory directory;
  events facts;
  for (const std::int64_t row : {1, 2, 3, 4, 5, 6}) {
    facts.push_back(issued(row, ann));
    facts.push_back(expired(row, ann, at(10 * static_cast<int>(row))));
    facts.push_back(booked(row, ann, {1}));
    facts.push_back(domain::booking_expired{{row}, option_1, {{1}}, at(310)});
  }
  sqlite_options options;
  options.directory = directory.path();
  {
    const auto fresh = open_sqlite_store(options);
    fresh->commit(opening(), at(0));
    fresh->commit(facts, at(400));
  }
  database file(directory / "boxoffice.db");
  file.execute("UPDATE token SET expiration_time = replace(expiration_time, ':', '-') "
               "WHERE token_id IN (1, 3, 4, 5)");
  file.execute("UPDATE booking SET expires_at = '2026 or so' WHERE booking_id IN (1, 2, 3, 5)");
  const auto store = open_sqlite_store(options);
  const auto stored = store->open_reader();
  for (const std::size_t most : {1, 2, 3, 100}) {
    domain::past_bounds bounds;
    bounds.tokens.until = bounds.bookings.until = bounds.now = at(400);
    bounds.most = most;
    std::vector<std::int64_t> tokens, bookings;
    std::set<std::string> unreadable;
    for (;;) {
      const auto part = stored->find_past(bounds);
      unreadable.insert(part.unreadable.begin(), part.unreadable.end());
      if (part.empty()) break;
      BOOST_TEST((part.tokens.size() <= most && part.bookings.size() <= most));
      for (const auto& t : part.tokens) tokens.push_back(t.row.value);
      for (const auto& b : part.bookings) bookings.push_back(b.booking.value);
      bounds = domain::next_of_past(bounds, part);
    }
    BOOST_TEST((tokens == std::vector<std::int64_t>{2, 6}));
    BOOST_TEST((bookings == std::vector<std::int64_t>{4, 6}));
    BOOST_TEST(unreadable.size() == 8u);
    BOOST_TEST(unreadable.begin()->find("Booking 1: The store holds '2026 or so'") == 0u);
  }
}
