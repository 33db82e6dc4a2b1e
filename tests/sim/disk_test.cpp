// What the simulated disk keeps and whom it tells, for each fate of a commit, a probe and a read.
#define BOOST_TEST_MODULE sim.disk
#include "sim/disk.hpp"
#include "tests/persistence/model.hpp"
#include "tests/persistence/sample.hpp"

#include <boost/test/unit_test.hpp>

#include <memory>
#include <string>
#include <utility>
#include <vector>

using namespace boxoffice;
using namespace boxoffice::sim;
using namespace boxoffice::persistence::test::sample;
using persistence::store_failed;

namespace {

// Says what the test has set; each fate of a commit and of a read holds for one call.
class set_faults final : public disk_faults {
public:
  commit_fate next_commit(std::size_t facts) override {
    ++asked;
    facts_seen = facts;
    return std::exchange(commit, commit_fate::done);
  }
  std::size_t torn_records(std::size_t records) override {
    records_seen = records;
    return torn_at;
  }
  bool next_probe_fails() override { return std::exchange(probe_fails, false); }
  read_fate next_read() override { return std::exchange(read, read_fate::done); }
  bool doubtful_group_survives() override {
    ++doubts_settled;
    return doubtful_survives;
  }

  commit_fate commit = commit_fate::done;
  std::size_t torn_at = 0;
  bool probe_fails = false;
  read_fate read = read_fate::done;
  bool doubtful_survives = false;

  int asked = 0, doubts_settled = 0;
  std::size_t facts_seen = 0, records_seen = 0;
};

// What was heard, in order: "durable 2: 1 facts", "told 2", "refused: 1 facts".
class recorder final : public disk_listener {
public:
  void durable(persistence::commit_number n, const events& facts) override {
    heard.push_back("durable " + std::to_string(n) + ": " + std::to_string(facts.size()) +
                    " facts");
  }
  void told(persistence::commit_number n) override { heard.push_back("told " + std::to_string(n)); }
  void refused(const events& facts, const std::string& why) override {
    heard.push_back("refused: " + std::to_string(facts.size()) + " facts");
    reason = why;
  }
  std::vector<std::string> heard;
  std::string reason;
};

const events ann_pays_in{charged(ann, 1, money{5}, money{5})};
const events ann_holds{booked(1, ann, {1, 2}), issued(1, ann), admitted(1, ann, at(1))};

// An open disk with the sample's opening as commit 1, and the model of what it should hold.
struct bench {
  set_faults faults;
  recorder listener;
  sim::disk disk{faults, listener};
  std::unique_ptr<persistence::store> store = disk.open();
  persistence::test::model expected;

  bench() {
    store->commit(opening(), at(100));
    expected.commit(opening(), at(100));
    listener.heard.clear();
  }
  void commit(const events& facts) {
    expected.commit(facts, at(200));
    BOOST_TEST(store->commit(facts, at(200)) == expected.last_commit);
  }
  void fail_commit(commit_fate how, const events& facts) {
    faults.commit = how;
    check_unavailable([&] { store->commit(facts, at(200)); });
  }
  void check() {
    check_same(expected, *store->open_reader(), at(300));
    BOOST_TEST(disk.groups() == static_cast<std::size_t>(expected.last_commit));
  }
  void reopen() {
    disk.cut_power();
    store = disk.open();
  }
  // And forgets what was heard.
  void check_heard(const std::vector<std::string>& what) {
    BOOST_TEST(listener.heard == what, boost::test_tools::per_element());
    listener.heard.clear();
  }
  template <class Call>
  static void check_fails(store_failed::reason why, Call call) {
    BOOST_CHECK_EXCEPTION(call(), store_failed, [why](const auto& e) { return e.why == why; });
  }
  template <class Call>
  static void check_unavailable(Call call) {
    check_fails(store_failed::reason::unavailable, call);
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(commits, bench)

BOOST_AUTO_TEST_CASE(done) {
  commit(ann_pays_in);
  check_heard({"durable 2: 1 facts", "told 2"});
  BOOST_TEST(faults.facts_seen == 1u);
  check();
  reopen();
  check_heard({"told 2"});
  check();
}

BOOST_AUTO_TEST_CASE(lost) {
  fail_commit(commit_fate::lost, ann_pays_in);
  check_heard({});
  check();
  BOOST_TEST(store->probe() == 1);
  check_heard({"told 1"});
  commit(ann_pays_in);
  check_heard({"durable 2: 1 facts", "told 2"});
  check();
}

BOOST_AUTO_TEST_CASE(done_untold_is_seen_at_once_and_told_by_the_probe) {
  fail_commit(commit_fate::done_untold, ann_pays_in);
  check_heard({"durable 2: 1 facts"});
  expected.commit(ann_pays_in, at(200));
  check();
  BOOST_TEST(store->probe() == 2);
  check_heard({"told 2"});
  reopen();
  check();
}

BOOST_AUTO_TEST_CASE(doubtful_is_gone_once_something_else_is_written) {
  faults.doubtful_survives = true;
  for (const bool by_probe : {true, false}) {
    fail_commit(commit_fate::doubtful, ann_holds);
    check_heard({});
    check(); // not seen by this process
    if (by_probe) {
      BOOST_TEST(store->probe() == 1);
      check_heard({"told 1"});
    } else {
      commit(ann_pays_in);
      check_heard({"durable 2: 1 facts", "told 2"});
    }
    reopen();
    BOOST_TEST(faults.doubts_settled == 0);
    check_heard({"told " + std::to_string(expected.last_commit)});
    check();
  }
}

BOOST_AUTO_TEST_CASE(doubtful_survives_a_crash_or_not) {
  fail_commit(commit_fate::doubtful, ann_holds);
  faults.probe_fails = true;
  check_unavailable([&] { store->probe(); }); // writes nothing: the doubt stays
  disk.cut_power();
  check_heard({});
  BOOST_TEST(disk.groups() == 1u);
  store = disk.open();
  check_heard({"told 1"});
  check();

  fail_commit(commit_fate::doubtful, ann_holds);
  faults.doubtful_survives = true;
  reopen();
  check_heard({"durable 2: 3 facts", "told 2"});
  expected.commit(ann_holds, at(200));
  check();
  reopen();
  check_heard({"told 2"});
  check();
  BOOST_TEST(faults.doubts_settled == 2);
}

BOOST_AUTO_TEST_CASE(doubtful_survives_the_end_of_the_process_alone) {
  fail_commit(commit_fate::doubtful, ann_holds);
  faults.doubtful_survives = true;
  store = disk.open();
  check_heard({"durable 2: 3 facts", "told 2"});
  expected.commit(ann_holds, at(200));
  check();
}

BOOST_AUTO_TEST_CASE(torn_at_each_record) {
  for (std::size_t records = 0; records <= ann_holds.size(); ++records) {
    faults.torn_at = records;
    fail_commit(commit_fate::torn_by_crash, ann_holds);
    BOOST_TEST(faults.records_seen == ann_holds.size() + 1);
    BOOST_TEST(!disk.powered());
    BOOST_TEST(disk.groups() == static_cast<std::size_t>(expected.last_commit));
    check_heard({});
    store = disk.open();
    check_heard({"told " + std::to_string(expected.last_commit)});
    check();
    // What is written behind a tail that was cut off is read again.
    const auto n = static_cast<std::int64_t>(records) + 1;
    commit({charged(bob, n, money{1}, money{n})});
    listener.heard.clear();
    reopen();
    listener.heard.clear();
    check();
  }
}

BOOST_AUTO_TEST_CASE(a_torn_group_is_never_whole) {
  faults.torn_at = 99;
  fail_commit(commit_fate::torn_by_crash, ann_holds);
  store = disk.open();
  check();
}

BOOST_AUTO_TEST_CASE(done_by_crash) {
  fail_commit(commit_fate::done_by_crash, ann_holds);
  BOOST_TEST(!disk.powered());
  check_heard({"durable 2: 3 facts"});
  expected.commit(ann_holds, at(200));
  store = disk.open();
  check_heard({"told 2"});
  check();
}

BOOST_AUTO_TEST_CASE(a_failed_commit_takes_no_number) {
  for (const auto how : {commit_fate::lost, commit_fate::doubtful}) {
    fail_commit(how, ann_holds);
    BOOST_TEST(store->probe() == expected.last_commit);
    commit({issued(expected.last_commit, ann),
            expired(expected.last_commit, ann, at(static_cast<int>(expected.last_commit)))});
  }
  BOOST_TEST(expected.last_commit == 3);
  check();
}

BOOST_AUTO_TEST_CASE(a_refused_group_leaves_no_trace_but_is_heard_of) {
  const events wrong{charged(ann, 1, money{5}, money{5}), booking_settled{{7}}};
  check_fails(store_failed::reason::refused, [&] { store->commit(wrong, at(5000)); });
  check_heard({"refused: 2 facts"});
  BOOST_TEST(listener.reason == "Booking 7 does not exist.");
  check();

  // One in doubt is not tried before it is recovered.
  faults.doubtful_survives = true;
  fail_commit(commit_fate::doubtful, wrong);
  reopen();
  check_heard({"refused: 2 facts", "told 1"});
  check();
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(sessions, bench)

BOOST_AUTO_TEST_CASE(a_failed_probe_tells_nobody) {
  faults.probe_fails = true;
  check_unavailable([&] { store->probe(); });
  check_heard({});
  BOOST_TEST(store->probe() == 1);
  check_heard({"told 1"});
}

BOOST_AUTO_TEST_CASE(without_power_every_call_fails_and_no_fault_is_asked) {
  const auto stored = store->open_reader();
  disk.cut_power();
  const auto asked = faults.asked;
  faults.read = read_fate::damaged;
  check_unavailable([&] { store->commit(ann_pays_in, at(200)); });
  check_unavailable([&] { store->probe(); });
  check_unavailable([&] { store->open_reader(); });
  check_unavailable([&] { stored->load_image(); });
  check_unavailable([&] { stored->find_unfinished(); });
  check_unavailable([&] { stored->load_wallet(ann); });
  BOOST_TEST(faults.asked == asked);
  BOOST_TEST((faults.read == read_fate::damaged));
  check_heard({});
  BOOST_TEST(disk.groups() == 1u);
}

BOOST_AUTO_TEST_CASE(what_outlives_its_session_only_fails) {
  for (const bool power_goes : {true, false}) {
    const auto old = std::move(store);
    const auto stored = old->open_reader();
    if (power_goes) disk.cut_power();
    store = disk.open();
    listener.heard.clear();
    check_unavailable([&] { old->commit(ann_pays_in, at(200)); });
    check_unavailable([&] { old->probe(); });
    check_unavailable([&] { old->open_reader(); });
    check_unavailable([&] { stored->load_image(); });
    check_heard({});
    check();
  }
}

BOOST_AUTO_TEST_CASE(a_store_may_outlive_its_disk) {
  std::unique_ptr<persistence::store> old;
  {
    sim::disk short_lived(faults, listener);
    old = short_lived.open();
  }
  check_unavailable([&] { old->probe(); });
}

BOOST_AUTO_TEST_CASE(a_new_disk_has_no_power_and_nothing_on_it) {
  sim::disk fresh(faults, listener);
  BOOST_TEST(!fresh.powered());
  const auto opened = fresh.open();
  BOOST_TEST(fresh.powered());
  BOOST_TEST(fresh.groups() == 0u);
  check_heard({"told 0"});
  BOOST_TEST(opened->open_reader()->load_image().empty);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(reads, bench)

BOOST_AUTO_TEST_CASE(an_entity_may_be_unavailable_or_damaged_once) {
  const auto stored = store->open_reader();
  const auto check_read = [&](auto load) {
    faults.read = read_fate::unavailable;
    check_unavailable(load);
    faults.read = read_fate::damaged;
    check_fails(store_failed::reason::damaged, load);
    load();
  };
  check_read([&] { stored->load_wallet(ann); });
  check_read([&] { stored->load_queue(concert_1, at(0)); });
  check_read([&] { stored->load_desk(option_1); });
  check_read([&] { stored->load_booking({1}); });
  check_read([&] { stored->load_seat({1}); });
  check_read([&] { stored->find_token(key(1)); });
  check_read([&] { stored->find_unfinished(); });
}

BOOST_AUTO_TEST_CASE(the_image_is_not_subject_to_faults) {
  faults.read = read_fate::damaged;
  const auto stored = store->open_reader();
  BOOST_TEST(stored->load_image().last_commit == 1);
  BOOST_TEST((faults.read == read_fate::damaged));
}

BOOST_AUTO_TEST_CASE(all_readers_see_what_is_committed_at_each_call) {
  const auto one = store->open_reader();
  const auto other = store->open_reader();
  commit(ann_pays_in);
  BOOST_TEST(one->load_wallet(ann)->balance.minor == 5);
  BOOST_TEST(other->load_wallet(ann)->balance.minor == 5);
}

BOOST_AUTO_TEST_SUITE_END()
