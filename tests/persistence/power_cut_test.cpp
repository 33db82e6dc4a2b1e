// The embedded store on a disk that fails and loses its power: what was acknowledged is there, and
// a commit that failed is there as a whole or not at all.
#define BOOST_TEST_MODULE persistence.power_cut
#include "persistence/audit.hpp"
#include "persistence/sqlite_store.hpp"
#include "tests/persistence/database.hpp"
#include "tests/persistence/power_cut_vfs.hpp"
#include "tests/persistence/random_sale.hpp"
#include "tests/persistence/sample.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

using namespace boxoffice;
using namespace boxoffice::persistence;
using namespace boxoffice::persistence::test;
using domain::money;
using fault = power_cut_vfs::fault;

namespace {

// A store on such a disk, and what it must hold: `settled`, or if a commit is in doubt, that or
// `attempted`.
class machine {
public:
  explicit machine(std::uint64_t seed) : disk(seed) {}

  power_cut_vfs disk;
  model settled;
  std::optional<model> attempted;

  void start() {
    sqlite_options options;
    options.directory = directory_.path();
    options.vfs = disk.name();
    store_ = open_sqlite_store(options);
  }

  // Whether the commit was acknowledged. If not, it is in doubt.
  bool commit(const domain::events& facts, domain::time_point now) {
    auto after = settled;
    after.commit(facts, now);
    try {
      BOOST_TEST(store_->commit(facts, now) == after.last_commit);
    } catch (const store_failed& failure) {
      BOOST_TEST((failure.why == store_failed::reason::unavailable), failure.what());
      attempted = std::move(after);
      return false;
    }
    settled = std::move(after);
    return true;
  }

  // Ends the doubt by the store's own word.
  void probe() { resolve(store_->probe()); }

  // All that isn't synced is at the mercy of the disk. The power is back, the store opened again.
  void cut_power() {
    disk.cut_power();
    restart();
  }
  void restart() {
    store_.reset();
    disk.restore_power();
    start();
    resolve(store_->open_reader()->load_image().last_commit);
  }

  void check(domain::time_point now) {
    const auto reader = store_->open_reader();
    check_same(settled, *reader, now);
  }

  void checkpoint() { // as an operator might, or SQLite by itself after enough commits
    try {
      database(directory_.path() / "boxoffice.db", disk.name().c_str())
          .execute("PRAGMA wal_checkpoint(TRUNCATE)");
    } catch (const std::runtime_error&) {
      BOOST_TEST(disk.fired());
    }
  }

private:
  void resolve(commit_number last) {
    if (attempted && attempted->last_commit == last) settled = std::move(*attempted);
    attempted.reset();
    BOOST_TEST(last == settled.last_commit);
  }

  scratch_directory directory_{scratch_directory::on::memory}; // the VFS is the disk
  std::unique_ptr<store> store_;
};

// What is done after a commit failed.
enum class aftermath { carry_on, cut_power_after_probe, cut_power_at_once };

// Plays a whole sale whose n-th write or sync fails; whether there was an n-th.
bool sell_with_fault(std::uint64_t seed, int n, fault what, aftermath then) {
  machine m(seed);
  m.start();
  m.disk.arm(n, what);
  for (const auto& step : sample::whole_sale()) {
    while (!m.commit(step, sample::at(50))) {
      const auto before = m.settled.last_commit;
      if (then != aftermath::cut_power_at_once) m.probe();
      if (then != aftermath::carry_on) m.cut_power();
      m.check(sample::at(50));
      if (m.settled.last_commit != before) break; // it was durable after all
    }
  }
  m.checkpoint();
  m.check(sample::at(50));
  m.cut_power();
  m.check(sample::at(50));
  return m.disk.fired();
}

struct disaster {
  fault what;
  aftermath then;
};
std::ostream& operator<<(std::ostream& out, const disaster& d) {
  return out << "fault " << static_cast<int>(d.what) << ", then " << static_cast<int>(d.then);
}
const disaster disasters[] = {{fault::io_error, aftermath::carry_on},
                              {fault::io_error, aftermath::cut_power_after_probe},
                              {fault::io_error, aftermath::cut_power_at_once},
                              {fault::disk_full, aftermath::carry_on},
                              {fault::disk_full, aftermath::cut_power_after_probe},
                              {fault::disk_full, aftermath::cut_power_at_once}};

} // namespace

BOOST_AUTO_TEST_CASE(a_commit_syncs_the_wal_once) {
  machine m(1);
  m.start();
  m.commit(sample::opening(), sample::at(0)); // the first after a checkpoint also syncs a header
  auto before = m.disk.wal_syncs();
  for (std::int64_t i = 1; i <= 50; ++i)
    m.commit({sample::charged(sample::ann, 2 * i, money{1}, money{2 * i - 1}),
              sample::charged(sample::ann, 2 * i + 1, money{1}, money{2 * i})},
             sample::at(1));
  BOOST_TEST(m.disk.wal_syncs() - before == 50);
  before = m.disk.wal_syncs();
  m.probe();
  BOOST_TEST(m.disk.wal_syncs() - before == 1);
}

BOOST_AUTO_TEST_CASE(an_unsynced_store_never_syncs) {
  power_cut_vfs disk(1);
  scratch_directory directory;
  const auto s =
      open_sqlite_store({directory.path(), std::chrono::seconds(1), false, disk.name(), nullptr});
  s->commit(sample::opening(), sample::at(0));
  BOOST_TEST(disk.wal_syncs() == 0);
}

BOOST_DATA_TEST_CASE(any_write_or_sync_of_a_sale_may_fail, boost::unit_test::data::make(disasters),
                     d) {
  int n = 1;
  while (sell_with_fault(first_seed() + static_cast<std::uint64_t>(n), n, d.what, d.then)) ++n;
  BOOST_TEST_MESSAGE(n - 1 << " writes and syncs made to fail");
  BOOST_TEST(n > 50);
}

BOOST_AUTO_TEST_CASE(a_commit_whose_sync_failed_is_durable_after_a_cut_or_is_not) {
  int lost = 0, kept = 0;
  for (std::uint64_t round = 0; (lost == 0 || kept == 0) && round < 500; ++round) {
    machine m(first_seed() + round);
    m.start();
    m.commit(sample::opening(), sample::at(0));
    m.disk.fail_next_wal_sync();
    BOOST_TEST(!m.commit({sample::charged(sample::ann, 1, money{1}, money{1})}, sample::at(1)));
    m.cut_power();
    m.check(sample::at(1));
    ++(m.settled.last_commit == 2 ? kept : lost);
  }
  BOOST_TEST(lost > 0);
  BOOST_TEST(kept > 0);
}

BOOST_AUTO_TEST_CASE(a_creation_that_is_cut_short_can_be_done_again) {
  for (const auto what : {fault::io_error, fault::disk_full, fault::power_off}) {
    bool fired = true;
    for (int n = 1; fired; ++n) {
      machine m(first_seed() + static_cast<std::uint64_t>(n));
      m.disk.arm(n, what);
      try {
        m.start();
      } catch (const open_failed&) {
        BOOST_TEST(m.disk.fired());
      }
      fired = m.disk.fired();
      m.disk.cut_power();
      m.restart();
      m.check(sample::at(0));
    }
  }
}

BOOST_AUTO_TEST_CASE(random_sales_survive_random_cuts) {
  int cuts_in_commit = 0;
  for (int round = 0; round < rounds(20, 100); ++round) {
    const auto seed = first_seed() + static_cast<std::uint64_t>(round);
    BOOST_TEST_CONTEXT("BOXOFFICE_SEED=" << seed << " shows it in its first round") {
      dice d(seed);
      machine m(d.bits());
      random_sale sale(seed);
      m.start();
      m.commit(sale.opening(), sale.now());
      for (int life = 0; life < 5; ++life) {
        const auto what = d.one_in(3) ? fault::io_error : fault::power_off;
        m.disk.arm(static_cast<int>(1 + d.below(150)), what);
        bool alive = true;
        for (auto commits = d.below(30); alive && commits > 0; --commits) {
          if (d.one_in(10)) m.checkpoint();
          alive = m.commit(sale.next(m.settled), sale.now());
          if (alive || what == fault::power_off || d.one_in(2)) continue;
          m.probe();
          alive = true;
        }
        if (!alive) ++cuts_in_commit;
        m.cut_power();
        m.check(sale.now());
      }
    }
  }
  BOOST_TEST_MESSAGE(cuts_in_commit << " commits cut short");
  BOOST_TEST(cuts_in_commit > 0);
}
