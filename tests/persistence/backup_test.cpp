// A copy is whole, of one commit, a store of its own, and never laid over another.
#define BOOST_TEST_MODULE persistence.backup
#include "persistence/audit.hpp"
#include "persistence/backup.hpp"
#include "persistence/sqlite_store.hpp"
#include "tests/persistence/database.hpp"
#include "tests/persistence/random_sale.hpp"
#include "tests/persistence/sample.hpp"

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <fstream>
#include <thread>

using namespace boxoffice;
using namespace boxoffice::persistence;
using namespace boxoffice::persistence::test;
using namespace boxoffice::persistence::test::sample;

namespace {

std::unique_ptr<store> open_in(const std::filesystem::path& directory) {
  sqlite_options options;
  options.directory = directory;
  return open_sqlite_store(options);
}

std::string incarnation_in(const std::filesystem::path& directory) {
  return database(directory / "boxoffice.db").text("SELECT incarnation FROM store_meta");
}

struct places {
  scratch_directory scratch;
  std::filesystem::path original = scratch.path() / "original";
  std::filesystem::path copy = scratch.path() / "copies" / "today";
};

} // namespace

BOOST_AUTO_TEST_CASE(a_copy_of_an_open_store_is_a_store) {
  places at_hand;
  const auto running = open_in(at_hand.original);
  for (const auto& step : whole_sale()) running->commit(step, at(50));
  const auto report = back_up_sqlite(at_hand.original, at_hand.copy);
  BOOST_TEST(report.bytes == std::filesystem::file_size(at_hand.copy / "boxoffice.db"));
  BOOST_TEST(report.last_commit == running->open_reader()->load_image().last_commit);
  BOOST_TEST(audit_sqlite(at_hand.copy).findings.empty());

  // The two go on without each other, and can be told apart.
  const auto restored = open_in(at_hand.copy);
  BOOST_TEST(restored->open_reader()->load_wallet(ann)->balance.minor ==
             running->open_reader()->load_wallet(ann)->balance.minor);
  const auto next = restored->commit({issued(2, bob)}, at(60));
  BOOST_TEST(next == report.last_commit + 1);
  BOOST_TEST(running->open_reader()->load_image().last_commit == report.last_commit);
  BOOST_TEST(incarnation_in(at_hand.copy) != incarnation_in(at_hand.original));
}

BOOST_AUTO_TEST_CASE(a_store_that_nobody_serves_is_copied_too) {
  places at_hand;
  open_in(at_hand.original)->commit(opening(), at(0));
  BOOST_TEST(back_up_sqlite(at_hand.original, at_hand.copy).last_commit == 1);
  BOOST_TEST(open_in(at_hand.copy)->open_reader()->load_image().catalogue.options.size() == 1u);
}

// Each commit gives both users the same: in any one state they have the same.
BOOST_AUTO_TEST_CASE(a_copy_made_while_others_write_is_of_one_commit) {
  places at_hand;
  const auto running = open_in(at_hand.original);
  running->commit(opening(), at(0));
  std::atomic<bool> done{false};
  std::thread writer([&] {
    for (std::int64_t entry = 1; !done; entry += 2) {
      const domain::money balance{entry + 1};
      running->commit(
          {domain::wallet_charged{ann, domain::entry_id{entry}, {2}, balance, true, at(1)},
           domain::wallet_charged{bob, domain::entry_id{entry + 1}, {2}, balance, true, at(1)}},
          at(1));
    }
  });
  for (int round = 0; round < 5; ++round) {
    const auto directory = at_hand.scratch.path() / std::to_string(round);
    back_up_sqlite(at_hand.original, directory);
    database copy(directory / "boxoffice.db");
    BOOST_TEST(copy.text("SELECT count(DISTINCT amount) FROM point") == "1");
    BOOST_TEST(
        copy.text(
            "SELECT (SELECT count(*) FROM point_entry) = 2 * (last_commit - 1) FROM store_meta") ==
        "1");
  }
  done = true;
  writer.join();
}

BOOST_AUTO_TEST_CASE(a_store_is_never_written_over) {
  places at_hand;
  const auto running = open_in(at_hand.original);
  running->commit(opening(), at(0));
  BOOST_CHECK_THROW(back_up_sqlite(at_hand.original, at_hand.original), open_failed);
  back_up_sqlite(at_hand.original, at_hand.copy);
  const auto first = incarnation_in(at_hand.copy);
  BOOST_CHECK_THROW(back_up_sqlite(at_hand.original, at_hand.copy), open_failed);
  BOOST_TEST(incarnation_in(at_hand.copy) == first);
}

BOOST_AUTO_TEST_CASE(what_a_cut_short_attempt_left_is_in_nobodys_way) {
  places at_hand;
  open_in(at_hand.original)->commit(opening(), at(0));
  std::filesystem::create_directories(at_hand.copy);
  std::ofstream(at_hand.copy / "boxoffice.db.part") << "half a store";
  back_up_sqlite(at_hand.original, at_hand.copy);
  BOOST_TEST(!std::filesystem::exists(at_hand.copy / "boxoffice.db.part"));
  BOOST_TEST(audit_sqlite(at_hand.copy).findings.empty());
}

BOOST_AUTO_TEST_CASE(what_is_no_store_or_no_directory_is_refused) {
  places at_hand;
  BOOST_CHECK_THROW(back_up_sqlite(at_hand.original, at_hand.copy), open_failed);
  open_in(at_hand.original)->commit(opening(), at(0));
  std::ofstream(at_hand.scratch.path() / "file") << "x";
  BOOST_CHECK_THROW(back_up_sqlite(at_hand.original, at_hand.scratch.path() / "file"), open_failed);
}
