// What only the embedded store has: its file, its directory, its ways to fail to open.
#define BOOST_TEST_MODULE persistence.sqlite
#include "persistence/audit.hpp"
#include "persistence/sqlite_store.hpp"
#include "tests/persistence/database.hpp"
#include "tests/persistence/model.hpp"
#include "tests/persistence/sample.hpp"
#include "tests/persistence/support.hpp"

#include <boost/test/unit_test.hpp>

#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <fstream>
#include <iterator>
#include <map>

using namespace boxoffice;
using namespace boxoffice::persistence;
using namespace boxoffice::persistence::test;
using namespace boxoffice::persistence::test::sample;
namespace fs = std::filesystem;

namespace {

std::unique_ptr<store> open_in(const fs::path& directory) {
  sqlite_options options;
  options.directory = directory;
  options.busy_timeout = std::chrono::milliseconds(20);
  return open_sqlite_store(options);
}

std::map<std::string, std::string> files_in(const fs::path& directory) {
  std::map<std::string, std::string> files;
  for (const auto& entry : fs::directory_iterator(directory)) {
    std::ifstream in(entry.path(), std::ios::binary);
    files[entry.path().filename()].assign(std::istreambuf_iterator<char>(in), {});
  }
  return files;
}

// Opening says all of `words`, and changes nothing in the directory.
void check_open_fails(const fs::path& directory, const std::vector<std::string>& words) {
  const auto before = files_in(directory);
  BOOST_CHECK_EXCEPTION(open_in(directory), open_failed, [&](const auto& e) {
    BOOST_TEST_MESSAGE(e.what());
    for (const auto& word : words)
      BOOST_TEST(std::string(e.what()).find(word) != std::string::npos, word << ": " << e.what());
    return true;
  });
  BOOST_TEST((files_in(directory) == before));
}

struct closed_store {
  closed_store() { open_in(path)->commit(opening(), at(0)); }
  void spoil(const std::string& sql) { database(path / "boxoffice.db").execute(sql); }

  scratch_directory directory;
  const fs::path path = directory.path();
};

// A mount over a scratch directory, where the rights allow it.
class mounted {
public:
  mounted(const fs::path& at, const char* type, unsigned long flags, const char* data) : at_(at) {
    ok_ = ::mount(type[0] == '/' ? type : "boxoffice", at.c_str(), type, flags, data) == 0;
  }
  mounted(const mounted&) = delete;
  mounted& operator=(const mounted&) = delete;
  ~mounted() {
    if (ok_) ::umount2(at_.c_str(), MNT_DETACH);
  }
  bool ok() const { return ok_; }

private:
  fs::path at_;
  bool ok_ = false;
};

} // namespace

BOOST_AUTO_TEST_SUITE(the_file)

BOOST_FIXTURE_TEST_CASE(a_person_can_read_it, closed_store) {
  open_in(path)->commit(
      {charged(ann, 1, money{12'305}, money{12'305}), issued(1, ann), booked(1, ann, {1})}, at(1));
  database db(path / "boxoffice.db");
  const auto one = [&db](const char* sql) { return db.text(sql); };
  BOOST_TEST(one("SELECT name || ' ' || email FROM users WHERE user_id = 'ann'") ==
             "안나 ann@example.com");
  BOOST_TEST(one("SELECT date FROM concert WHERE concert_id = 1") == "2026-11-20");
  BOOST_TEST(one("SELECT group_concat(is_reserved) FROM seat WHERE concert_id = 1") == "1,0,0,0");
  BOOST_TEST(one("SELECT seat_number FROM seat WHERE seat_id = 3") == "3");
  BOOST_TEST(one("SELECT amount FROM point_in_points WHERE user_id = 'ann'") == "123.05");
  BOOST_TEST(one("SELECT concert_code || expiration_time FROM token WHERE user_id = 'ann'") ==
             "1" + domain::to_sql_text(at(600)));
  BOOST_TEST(one("SELECT token FROM token") == domain::to_string(key(1)));
  BOOST_TEST(one("SELECT position || queue_time FROM queue WHERE concert_id = 1") ==
             "1" + domain::to_sql_text(at(1)));
  BOOST_TEST(one("SELECT is_confirmed || reservation_time FROM reservation "
                 "WHERE user_id = 'ann' AND seat_id = 1 AND concert_option_id = 1") ==
             "0" + domain::to_sql_text(at(10)));
  BOOST_TEST(one("SELECT expiration_time FROM temp_reservation WHERE seat_id = 1") ==
             domain::to_sql_text(at(310)));
  BOOST_TEST(one("PRAGMA journal_mode") == "wal");
}

BOOST_FIXTURE_TEST_CASE(the_database_itself_refuses_a_second_holder_and_a_debt, closed_store) {
  open_in(path)->commit({booked(1, ann, {1})}, at(1));
  database db(path / "boxoffice.db");
  const char* const crimes[] = {
      "INSERT INTO reservation VALUES (99, 1, 'ann', 1, 'now', 0, 1, 5, NULL)",
      "INSERT INTO temp_reservation VALUES (99, 'ann', 1, 'now', 'then', 1)",
      "UPDATE point SET amount = -1",
      "UPDATE booking SET status = 'LOST'",
      "UPDATE booking SET status = 'PAYING', payment_id = NULL",
      "UPDATE seat SET is_reserved = 2"};
  for (const auto* crime : crimes) BOOST_CHECK_THROW(db.execute(crime), std::runtime_error);
  db.execute("INSERT INTO reservation VALUES (99, 1, 'ann', 1, 'now', 0, 1, 5, 'then')");
}

BOOST_FIXTURE_TEST_CASE(a_store_keeps_its_incarnation_and_another_has_its_own, closed_store) {
  const auto incarnation = [](const fs::path& store) {
    return database(store / "boxoffice.db").text("SELECT incarnation FROM store_meta");
  };
  const auto first = incarnation(path);
  BOOST_TEST(first.size() == 32u);
  BOOST_TEST(first.find_first_not_of("0123456789abcdef") == std::string::npos);
  open_in(path)->commit({booked(1, ann, {1})}, at(1));
  BOOST_TEST(incarnation(path) == first);
  const closed_store other;
  BOOST_TEST(incarnation(other.path) != first);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(opening_says_what_is_wrong)

BOOST_AUTO_TEST_CASE(a_directory_that_cannot_be_made) {
  BOOST_CHECK_EXCEPTION(open_in("/proc/boxoffice/store"), open_failed, [](const auto& e) {
    return std::string(e.what()).find("Can't make the directory /proc/boxoffice/store: ") == 0;
  });
}

BOOST_AUTO_TEST_CASE(missing_directories_are_made) {
  scratch_directory directory;
  BOOST_TEST(open_in(directory.path() / "a" / "b")->probe() == 0);
}

BOOST_AUTO_TEST_CASE(a_directory_that_cannot_be_written) {
  closed_store closed;
  scratch_directory at_mount;
  mounted disk(at_mount.path(), "tmpfs", 0, "size=8m");
  if (!disk.ok()) {
    BOOST_TEST_MESSAGE("skipped: mounting needs root");
    return;
  }
  fs::copy(closed.path, at_mount.path(), fs::copy_options::recursive);
  BOOST_REQUIRE(::mount("boxoffice", at_mount.path().c_str(), "tmpfs", MS_REMOUNT | MS_RDONLY,
                        "size=8m") == 0);
  check_open_fails(at_mount.path(), {"Can't write", at_mount.path().string(), "--store.path"});
}

BOOST_AUTO_TEST_CASE(a_disk_that_is_full_at_creation) {
  scratch_directory at_mount;
  mounted disk(at_mount.path(), "tmpfs", 0, "size=100k");
  if (!disk.ok()) {
    BOOST_TEST_MESSAGE("skipped: mounting needs root; persistence.power_cut fills a disk too");
    return;
  }
  check_open_fails(at_mount.path(), {"The disk is full", "free some space"});
}

BOOST_AUTO_TEST_CASE(a_file_that_is_no_database) {
  scratch_directory directory;
  for (const std::size_t size : {std::size_t{1}, std::size_t{99}, std::size_t{20'000}}) {
    std::ofstream(directory.path() / "boxoffice.db") << std::string(size, 'x');
    check_open_fails(directory.path(), {"is not a database", "restore a backup"});
  }
}

BOOST_FIXTURE_TEST_CASE(a_file_that_is_damaged, closed_store) {
  const auto size = static_cast<std::streamoff>(fs::file_size(path / "boxoffice.db"));
  for (const std::streamoff page : {size - 4096, std::streamoff{8192}}) {
    std::fstream file(path / "boxoffice.db", std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(page);
    file << std::string(4096, 'x');
    file.close();
    check_open_fails(path, {"damaged", "estore a backup"});
  }
}

BOOST_FIXTURE_TEST_CASE(a_file_that_was_cut_off, closed_store) {
  fs::resize_file(path / "boxoffice.db", 8192);
  check_open_fails(path, {"damaged", "estore a backup"});
}

BOOST_FIXTURE_TEST_CASE(another_application_s_file, closed_store) {
  spoil("PRAGMA application_id = 7");
  check_open_fails(path, {"belongs to another application"});
}

BOOST_AUTO_TEST_CASE(an_unmarked_file_with_tables) {
  scratch_directory directory;
  database(directory.path() / "boxoffice.db").execute("CREATE TABLE notes (text)");
  check_open_fails(directory.path(), {"belongs to another application"});
}

BOOST_FIXTURE_TEST_CASE(a_newer_version_s_file, closed_store) {
  spoil("PRAGMA user_version = 9");
  check_open_fails(path, {"newer version", "schema is 9", "knows 6"});
}

BOOST_FIXTURE_TEST_CASE(a_newer_version_that_stands_in_the_wal_only, closed_store) {
  database newer(path / "boxoffice.db");
  newer.execute("PRAGMA user_version = 9");
  BOOST_CHECK_EXCEPTION(open_in(path), open_failed, [](const auto& e) {
    return std::string(e.what()).find("newer version") != std::string::npos;
  });
}

BOOST_FIXTURE_TEST_CASE(a_second_store_of_this_process, closed_store) {
  const auto first = open_in(path);
  BOOST_CHECK_EXCEPTION(open_in(path), open_failed, [](const auto& e) {
    return std::string(e.what()).find("in use by process " + std::to_string(getpid())) !=
           std::string::npos;
  });
  BOOST_TEST(first->probe() == 1); // the refused one took nothing away
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(other_processes)

// A process that opens the store, commits charges of 1 until told to end, and reports each.
class seller {
public:
  explicit seller(const fs::path& directory) {
    BOOST_REQUIRE(::pipe(reports_) == 0);
    pid_ = ::fork();
    if (pid_ == 0) sell(directory);
    ::close(reports_[1]);
  }
  seller(const seller&) = delete;
  seller& operator=(const seller&) = delete;
  ~seller() {
    if (pid_ > 0) kill_and_wait();
    ::close(reports_[0]);
  }

  pid_t pid() const { return pid_; }
  // The number of the next commit that it knows to be durable; 0 when it reports no more.
  commit_number next_report() {
    commit_number number = 0;
    return ::read(reports_[0], &number, sizeof number) == sizeof number ? number : 0;
  }
  void kill_and_wait() {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
    pid_ = 0;
  }

private:
  [[noreturn]] void sell(const fs::path& directory) {
    const auto s = open_in(directory);
    for (std::int64_t i = 1;; ++i) {
      const auto number = s->commit({charged(ann, i, money{1}, money{i})}, at(1));
      if (::write(reports_[1], &number, sizeof number) != sizeof number) ::_exit(1);
    }
  }
  int reports_[2] = {-1, -1};
  pid_t pid_ = 0;
};

BOOST_FIXTURE_TEST_CASE(a_second_process_is_told_who_is_first, closed_store) {
  seller first(path);
  BOOST_REQUIRE(first.next_report() == 2);
  BOOST_CHECK_EXCEPTION(open_in(path), open_failed, [&](const auto& e) {
    return std::string(e.what()).find("in use by process " + std::to_string(first.pid())) !=
           std::string::npos;
  });
  BOOST_TEST(first.next_report() == 3); // it sells on
}

BOOST_FIXTURE_TEST_CASE(a_killed_process_leaves_all_it_reported, closed_store) {
  seller killed(path);
  for (int i = 0; i < 20; ++i) BOOST_REQUIRE(killed.next_report() == i + 2);
  killed.kill_and_wait();
  commit_number reported = 21;
  while (const auto more = killed.next_report()) reported = more;

  const auto s = open_in(path); // the lock died with the process
  const auto reader = s->open_reader();
  const auto last = reader->load_image().last_commit;
  BOOST_TEST(last >= reported);
  BOOST_TEST(last <= reported + 1);
  BOOST_TEST(reader->load_wallet(ann)->balance.minor == last - 1);
}

BOOST_FIXTURE_TEST_CASE(the_audit_works_beside_a_seller, closed_store) {
  seller busy(path);
  for (int i = 0; i < 10; ++i) {
    const auto reported = busy.next_report();
    const auto report = audit_sqlite(path);
    BOOST_TEST(report.findings.empty());
    BOOST_TEST(report.last_commit >= reported);
  }
}

BOOST_FIXTURE_TEST_CASE(an_operator_s_transaction_makes_commits_fail_until_it_ends, closed_store) {
  const auto s = open_in(path);
  database console(path / "boxoffice.db");
  console.execute("BEGIN IMMEDIATE");
  const auto is_unavailable = [](const store_failed& e) {
    return e.why == store_failed::reason::unavailable;
  };
  BOOST_CHECK_EXCEPTION(s->commit({booked(1, ann, {1})}, at(1)), store_failed, is_unavailable);
  BOOST_CHECK_EXCEPTION(s->probe(), store_failed, is_unavailable);
  console.execute("ROLLBACK");
  BOOST_TEST(s->probe() == 1);
  BOOST_TEST(s->commit({booked(1, ann, {1})}, at(1)) == 2);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_CASE(a_full_disk_loses_nothing_and_serves_again_once_there_is_room) {
  scratch_directory at_mount;
  mounted disk(at_mount.path(), "tmpfs", 0, "size=4m");
  if (!disk.ok()) {
    BOOST_TEST_MESSAGE("skipped: mounting needs root; persistence.power_cut fills a disk too");
    return;
  }
  const auto ballast = at_mount.path() / "ballast";
  std::ofstream(ballast) << std::string(1'000'000, 'x') << std::flush;
  const auto s = open_in(at_mount.path());
  model expected;
  const auto commit = [&](const events& facts) {
    s->commit(facts, at(1));
    expected.commit(facts, at(1));
  };
  commit(opening());
  std::int64_t charges = 0;
  const auto charge = [&] {
    commit({charged(ann, charges + 1, money{1}, money{charges + 1})});
    ++charges;
  };
  // Full is when not even a probe fits.
  const auto probe_fits = [&] {
    try {
      BOOST_TEST(s->probe() == expected.last_commit);
      return true;
    } catch (const store_failed&) {
      return false;
    }
  };
  bool full = false;
  while (!full) {
    BOOST_REQUIRE(charges < 100'000);
    try {
      charge();
    } catch (const store_failed& e) {
      BOOST_TEST((e.why == store_failed::reason::unavailable), e.what());
      full = !probe_fits();
    }
  }
  check_same(expected, *s->open_reader(), at(1));

  fs::remove(ballast);
  BOOST_TEST(s->probe() == expected.last_commit);
  charge();
  check_same(expected, *s->open_reader(), at(1));
  BOOST_TEST(audit_sqlite(at_mount.path()).findings.empty());
}
