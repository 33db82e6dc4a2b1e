// What follows from PostgreSQL's failures, step by step: how long is waited, what is told, and how
// often. Neither PostgreSQL nor a clock is needed.
#define BOOST_TEST_MODULE persistence.shipper
#include "persistence/shipper.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

using namespace boxoffice;
using namespace boxoffice::persistence;
using std::chrono::milliseconds;

namespace {

domain::time_point at(commit_number n) { return domain::time_point(std::chrono::seconds(n)); }

// A store with so many commits, of one event each, whose log begins with `kept_from`.
struct store_here final : commit_log {
  std::optional<logged_commits> read_after(commit_number after, std::size_t) override {
    if (after >= last) return std::nullopt;
    logged_commits next;
    next.first = next.last = after + 1;
    next.since = next.at = at(after + 1);
    next.facts.emplace_back();
    return next;
  }
  bool reaches_back_to(commit_number n) override { return n >= last || n + 1 >= kept_from; }
  std::int64_t count_changes(commit_number after, commit_number up_to) override {
    return std::max<std::int64_t>(0, up_to - std::max(after, kept_from - 1));
  }
  std::optional<domain::time_point> find_oldest_after(commit_number n) override {
    const auto first = std::max(n + 1, kept_from);
    return first > last ? std::nullopt : std::optional(at(first));
  }
  std::optional<domain::time_point> find_time_of(commit_number n) override {
    return n < kept_from - 1 || n > last ? std::nullopt : std::optional(at(n));
  }
  standing last_known_there() override { return known; }
  std::int64_t count_rows() override { return 100; }
  commit_number last_commit() override { return last; }

  commit_number last = 10, kept_from = 1;
  standing known;
};

hindrance trouble(const std::string& cause, hindrance::ends how) {
  return hindrance(store_failed(store_failed::reason::unavailable, cause + ", in full"), cause,
                   how);
}

struct postgres_there {
  standing has;
  std::int64_t copies_rows = 100; // of a hundred, before it fails
  std::optional<hindrance> connecting, settling, committing, copying;
  int copies = 0;
};

class connection final : public shipping_target {
public:
  explicit connection(postgres_there& to) : to_(to) {}
  standing settle() override {
    fail_as(to_.settling);
    return to_.has;
  }
  void commit(const domain::events&, commit_number, commit_number after,
              domain::time_point now) override {
    fail_as(to_.committing);
    to_.has = {after, now};
  }
  commit_number replace_all(const shipment_progress& progress) override {
    ++to_.copies;
    for (std::int64_t done = 0; done <= to_.copies_rows; done += 10) progress(done, 100);
    fail_as(to_.copying);
    to_.has = {10, at(10)};
    return 10;
  }
  void ping() override {}

  static void fail_as(const std::optional<hindrance>& what) {
    if (what) throw hindrance(*what);
  }

private:
  postgres_there& to_;
};

struct bench : shipping_host {
  bench() { window.committed(here.last, 0); }

  std::unique_ptr<shipping_target> connect() override {
    connection::fail_as(there.connecting);
    return std::make_unique<connection>(there);
  }
  void entered(shipping_state s, const std::string& why) override {
    state = s;
    cause = why;
    if (seen.empty() || seen.back() != s) seen.push_back(s);
  }
  void shipped(commit_number) override {}
  void lacks_since(std::optional<domain::time_point>) override {}
  void report(bool is_error, const std::string& text) override {
    (is_error ? errors : news).push_back(text);
  }
  bool ends() const override { return false; }

  void follow() {
    for (int i = 0; i < 100 && state != shipping_state::following; ++i) it.step();
    BOOST_TEST((state == shipping_state::following));
  }
  std::vector<milliseconds> rests(int steps) {
    std::vector<milliseconds> all;
    for (int i = 0; i < steps; ++i) all.push_back(it.step().at_most);
    return all;
  }

  store_here here;
  postgres_there there;
  log_window window;
  std::vector<std::string> errors, news;
  shipping_state state = shipping_state::connecting;
  std::string cause;
  std::vector<shipping_state> seen;
  shipper it{here, window, *this, 1};
};

using ends = hindrance::ends;

} // namespace

BOOST_AUTO_TEST_SUITE(a_trouble)

// It answers when it is asked what it has, and fails at each batch.
BOOST_FIXTURE_TEST_CASE(that_comes_back_with_each_batch_is_told_once_and_waited_for, bench) {
  there.has = {5, at(5)};
  there.committing = trouble("conflict", ends::soon);
  it.connect_at_start();
  const auto rested = rests(20);
  BOOST_TEST((rested[0] == milliseconds(100)));
  BOOST_TEST((rested[1] == milliseconds(200)));
  BOOST_TEST((rested.back() == milliseconds(2'000)));
  BOOST_TEST(errors.size() == 1u);
  BOOST_TEST(news.empty());
  there.committing.reset();
  it.step();
  BOOST_TEST(news.size() == 1u);
  BOOST_TEST(cause == "");
  follow();
  here.last = 11;
  there.committing = trouble("conflict", ends::soon);
  BOOST_TEST((rests(1).front() == milliseconds(100))); // another one
  BOOST_TEST(errors.size() == 2u);
}

BOOST_FIXTURE_TEST_CASE(that_halts_is_told_once, bench) {
  there.has = {5, at(5)};
  there.committing = trouble("locked", ends::by_itself);
  it.connect_at_start();
  for (const auto rested : rests(20)) BOOST_TEST((rested == milliseconds(1'000)));
  BOOST_TEST(errors.size() == 1u);
  BOOST_TEST(news.empty());
  BOOST_TEST((state == shipping_state::halted));
  BOOST_TEST(cause == "locked");
}

BOOST_FIXTURE_TEST_CASE(at_the_start_is_named_as_later, bench) {
  there.connecting = trouble("connections", ends::by_itself);
  it.connect_at_start();
  BOOST_TEST(cause == "connections");
  BOOST_TEST((state == shipping_state::halted));
  BOOST_TEST(errors.size() == 1u);
  it.step();
  BOOST_TEST(errors.size() == 1u);
  there.connecting = trouble("restarting", ends::soon);
  it.step();
  BOOST_TEST(cause == "restarting");
  BOOST_TEST((state == shipping_state::connecting));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(everything)

BOOST_FIXTURE_TEST_CASE(is_tried_again_after_longer_and_longer_and_told_once, bench) {
  here.kept_from = 11; // no log
  there.copies_rows = 40;
  there.copying = trouble("disk_full", ends::by_itself);
  it.connect_at_start();
  const auto rested = rests(10);
  BOOST_TEST((rested[0] == milliseconds(1'000)));
  BOOST_TEST((rested[1] == milliseconds(2'000)));
  BOOST_TEST((rested[6] == milliseconds(60'000)));
  BOOST_TEST((rested[9] == milliseconds(60'000)));
  BOOST_TEST(there.copies == 10);
  BOOST_TEST(errors.size() == 1u);
  BOOST_TEST(news.size() == 5u); // that it begins, and four tenths
  BOOST_TEST(cause == "disk_full");
  BOOST_TEST((state == shipping_state::halted));
  BOOST_TEST((seen == std::vector{shipping_state::copying, shipping_state::halted}));

  there.copies_rows = 100;
  there.copying.reset();
  follow();
  BOOST_TEST(news.size() == 12u); // six tenths more, and that it goes on
  BOOST_TEST(errors.size() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(before_postgres_has_answered)

BOOST_FIXTURE_TEST_CASE(it_has_what_the_store_last_knew, bench) {
  here.kept_from = 3; // what is shipped leaves the log in time
  here.known = {8, at(8)};
  there.connecting = trouble("unreachable", ends::soon);
  it.connect_at_start();
  BOOST_TEST(window.now().shipped == 8);
  BOOST_TEST(window.now().changes == 2);
  BOOST_TEST(window.now().rows == 0);
}

BOOST_FIXTURE_TEST_CASE(it_has_nothing_where_nothing_is_known, bench) {
  here.kept_from = 3;
  there.connecting = trouble("unreachable", ends::soon);
  it.connect_at_start();
  BOOST_TEST(window.now().shipped == 0);
  BOOST_TEST(window.now().rows == 100);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_CASE(who_owes_an_answer_for_too_long_is_silent_whatever_it_was_asked) {
  const std::chrono::seconds a_moment{1}, long_enough{4};
  for (const auto s : {shipping_state::connecting, shipping_state::copying,
                       shipping_state::catching_up, shipping_state::following}) {
    BOOST_TEST((as_seen(s, long_enough) == shipping_state::connecting));
    BOOST_TEST(is_silent(s, long_enough));
    BOOST_TEST((as_seen(s, a_moment) == s));
  }
  BOOST_TEST((as_seen(shipping_state::halted, long_enough) == shipping_state::halted));
}
