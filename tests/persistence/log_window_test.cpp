// What PostgreSQL lacks is counted exactly, whatever becomes of a commit and whoever tells first.
#define BOOST_TEST_MODULE persistence.log_window
#include "persistence/log_window.hpp"

#include <boost/test/unit_test.hpp>

using boxoffice::persistence::log_window;

namespace {

void check(const log_window& window, std::int64_t shipped, std::int64_t committed,
           std::int64_t changes) {
  const auto reach = window.now();
  BOOST_TEST(reach.shipped == shipped);
  BOOST_TEST(reach.committed == committed);
  BOOST_TEST(reach.changes == changes);
}

// Commits 1 and 2, of three and four changes; nothing is shipped.
struct two_commits {
  two_commits() {
    window.committed(1, 3);
    window.committed(2, 4);
  }
  log_window window;
};

} // namespace

BOOST_FIXTURE_TEST_CASE(commits_are_lacking_until_they_are_shipped, two_commits) {
  check(window, 0, 2, 7);
  window.shipped(1, 3);
  check(window, 1, 2, 4);
  window.shipped(2, 4);
  check(window, 2, 2, 0);
}

BOOST_FIXTURE_TEST_CASE(a_commit_in_doubt_that_was_done_is_lacking, two_commits) {
  window.doubted(5, {});
  check(window, 0, 2, 7);
  window.settled(3);
  check(window, 0, 3, 12);
  window.shipped(1, 3);
  check(window, 1, 3, 9);
}

BOOST_FIXTURE_TEST_CASE(a_commit_in_doubt_that_was_lost_is_not, two_commits) {
  window.doubted(5, {});
  window.settled(2);
  check(window, 0, 2, 7);
  window.committed(3, 1); // in its place
  check(window, 0, 3, 8);
  window.settled(3); // a probe, and nothing in doubt
  check(window, 0, 3, 8);
}

BOOST_FIXTURE_TEST_CASE(what_is_shipped_before_the_store_tells_of_it_is_not_lacking, two_commits) {
  window.shipped(3, 12); // the log had one more
  check(window, 3, 2, 0);
  window.committed(3, 5);
  check(window, 3, 3, 0);
  window.doubted(6, {});
  window.shipped(4, 6);
  window.settled(4);
  check(window, 4, 4, 0);
}

BOOST_FIXTURE_TEST_CASE(what_is_committed_while_postgres_is_asked_is_lacking_too, two_commits) {
  const auto before = window.now();
  window.committed(3, 2);
  window.found(before, 1, 4); // of the two commits before
  check(window, 1, 3, 6);
  window.found(window.now(), 3, 0);
  check(window, 3, 3, 0);
}
