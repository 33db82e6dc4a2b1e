// Nobody is told what is not durable: neither by an answer to a change, nor by a read, nor by a
// refusal, nor by the published seat map.
#define BOOST_TEST_MODULE actors.durability
#include "tests/actors/running_service.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <atomic>
#include <thread>

using namespace boxoffice;
using namespace boxoffice::test;
using namespace std::chrono_literals;
using domain::error_code;

namespace {

struct held_up {
  held_up() : running(directory.path()) {
    running.stock();
    first = running.enter("1").key;
    second = running.enter("1001").key;
    running.balance("1");
  }
  ~held_up() {
    running.faults().let_commits_go();
    running.service().stop(5s);
    check_books(directory.path());
  }

  // Submits while commits are held up, and sees it reach the store.
  std::future<actors::outcome> ask_held(actors::command c) {
    running.faults().hold_commits();
    auto answer = running.ask(std::move(c));
    running.faults().wait_until_held();
    return answer;
  }

  scratch_directory directory;
  running_service running;
  domain::token_key first, second;
};

// Long enough for an answer that does not wait for the store.
bool is_told(std::future<actors::outcome>& answer) {
  return answer.wait_for(150ms) == std::future_status::ready;
}

actors::charge_wallet charge_100(const std::string& who) {
  return {user(who), domain::points(100)};
}

} // namespace

BOOST_FIXTURE_TEST_CASE(a_change_is_answered_when_durable, held_up) {
  auto charged = ask_held(charge_100("1"));
  BOOST_TEST(!is_told(charged));
  running.faults().let_commits_go();
  BOOST_TEST(std::get<actors::entry_view>(charged.get()).wallet.balance.minor == 10000);
}

BOOST_FIXTURE_TEST_CASE(a_read_waits_for_what_it_saw, held_up) {
  auto charged = ask_held(charge_100("1"));
  auto read = running.ask(actors::read_wallet{user("1")});
  BOOST_TEST(!is_told(read));
  running.faults().let_commits_go();
  BOOST_TEST(std::get<actors::wallet_view>(read.get()).balance.minor == 10000);
}

BOOST_FIXTURE_TEST_CASE(a_read_of_something_durable_does_not_wait, held_up) {
  auto charged = ask_held(charge_100("1"));
  auto read = running.ask(actors::read_wallet{user("1001")});
  BOOST_TEST(is_told(read));
}

BOOST_FIXTURE_TEST_CASE(a_refusal_waits_for_the_fact_it_rests_on, held_up) {
  auto booked = ask_held(booking_of("1", first, "A_1"));
  auto refused = running.ask(booking_of("1001", second, "A_1"));
  BOOST_TEST(!is_told(refused));
  running.faults().let_commits_go();
  BOOST_CHECK(code_of(refused.get()) == error_code::seat_already_reserved);
  BOOST_CHECK(!code_of(booked.get()));
}

BOOST_FIXTURE_TEST_CASE(a_refusal_over_a_fact_that_is_lost_is_not_told, held_up) {
  auto booked = ask_held(booking_of("1", first, "A_1"));
  auto refused = running.ask(booking_of("1001", second, "A_1"));
  BOOST_TEST(!is_told(refused));
  running.faults().fail_commit(0, failure::lost);
  running.faults().let_commits_go();
  BOOST_CHECK(code_of(booked.get()) == error_code::store_unavailable);
  BOOST_CHECK(code_of(refused.get()) == error_code::store_unavailable);
  running.wait_until_ready();
  running.book("1001", second, "A_1");
}

BOOST_FIXTURE_TEST_CASE(a_refused_double_charge_waits_too, held_up) {
  auto charged = ask_held(charge_100("1"));
  auto again = running.ask(charge_100("1"));
  BOOST_TEST(!is_told(again));
  running.faults().let_commits_go();
  BOOST_CHECK(code_of(again.get()) == error_code::duplicate_request);
}

BOOST_FIXTURE_TEST_CASE(the_seat_map_shows_what_is_durable, held_up) {
  auto booked = ask_held(booking_of("1", first, "A_1"));
  BOOST_CHECK(running.service().seats({1})->status({1}) == domain::seat_status::free);
  running.faults().let_commits_go();
  booked.get();
  BOOST_CHECK(running.service().seats({1})->status({1}) == domain::seat_status::held);
}

BOOST_FIXTURE_TEST_CASE(while_the_store_fails_nothing_is_taken, held_up) {
  auto charged = ask_held(charge_100("1"));
  running.faults().fail_commit(0, failure::lost, 3);
  running.faults().let_commits_go();
  BOOST_CHECK(code_of(charged.get()) == error_code::store_unavailable);
  BOOST_CHECK(code_of(running.tell(charge_100("1001"))) == error_code::store_unavailable);
  BOOST_TEST(!running.service().ready());
  running.wait_until_ready();
  BOOST_TEST(running.charge("1", 100).minor == 10000);
}

BOOST_FIXTURE_TEST_CASE(a_commit_that_was_done_after_all_is_seen_after_the_failure, held_up) {
  auto booked = ask_held(booking_of("1", first, "A_1"));
  running.faults().fail_commit(0, failure::done_but_unknown);
  running.faults().let_commits_go();
  BOOST_CHECK(code_of(booked.get()) == error_code::store_unavailable);
  running.wait_until_ready();
  BOOST_CHECK(running.service().seats({1})->status({1}) == domain::seat_status::held);
  BOOST_CHECK(code_of(running.tell(booking_of("1001", second, "A_1"))) ==
              error_code::seat_already_reserved);
}

bool forgets_something(const domain::events& facts) {
  return std::any_of(facts.begin(), facts.end(), [](const auto& fact) {
    return std::holds_alternative<domain::tokens_forgotten>(fact) ||
           std::holds_alternative<domain::bookings_forgotten>(fact);
  });
}

// Ships each commit at once, or none until ship(): it may stop by itself at the first that forgets
// something. A new store counts its commits from 1.
class shipper : public actors::commit_listener {
public:
  void on_commit(const domain::events& facts, std::size_t, std::size_t,
                 std::chrono::nanoseconds) override {
    ++commits_;
    if (stops_at_forgetting && forgets_something(facts)) {
      ships = false;
      forgot = true;
    }
    if (ships) service->shipped(commits_);
  }
  void on_failure() override {}
  void on_read(const domain::booking&) override {}

  void ship() {
    ships = true;
    service->shipped(commits_);
  }

  actors::service* service = nullptr;
  std::atomic<bool> ships{true}, stops_at_forgetting{false}, forgot{false};

private:
  std::atomic<persistence::commit_number> commits_{0};
};

// Commits count only when they are elsewhere as well.
struct held_back {
  explicit held_back(const actors::rules& rules = {}) : running(directory.path(), options(rules)) {
    elsewhere.service = &running.service();
    running.stock();
    first = running.enter("1").key;
    second = running.enter("1001").key;
    running.balance("1");
    elsewhere.ships = false;
  }
  ~held_back() {
    elsewhere.ship();
    running.service().stop(5s);
    check_books(directory.path());
  }

  actors::service_options options(const actors::rules& rules) {
    actors::service_options o;
    o.rules = rules;
    o.waits_for_shipping = true;
    o.takes_changes = [this] { return takes.load(); };
    o.listener = &elsewhere;
    return o;
  }

  std::atomic<bool> takes{true};
  shipper elsewhere;
  scratch_directory directory;
  running_service running;
  domain::token_key first, second;
};

BOOST_FIXTURE_TEST_CASE(what_is_not_shipped_is_told_to_nobody, held_back) {
  auto charged = running.ask(charge_100("1"));
  BOOST_TEST(!is_told(charged));
  auto read = running.ask(actors::read_wallet{user("1")});
  auto listed = running.ask(actors::query{actors::list_entries{user("1"), {}}});
  auto booked = running.ask(booking_of("1001", second, "A_1"));
  auto refused = running.ask(booking_of("1", first, "A_1"));
  BOOST_TEST(!is_told(read));
  BOOST_TEST(!is_told(listed));
  BOOST_TEST(!is_told(booked));
  BOOST_TEST(!is_told(refused));
  BOOST_CHECK(running.service().seats({1})->status({1}) == domain::seat_status::free);
  elsewhere.ship();
  BOOST_TEST(std::get<actors::entry_view>(charged.get()).wallet.balance.minor == 10000);
  BOOST_TEST(std::get<actors::wallet_view>(read.get()).balance.minor == 10000);
  BOOST_TEST(std::get<domain::page<domain::wallet_entry>>(listed.get()).items.size() == 1u);
  BOOST_CHECK(!code_of(booked.get()));
  BOOST_CHECK(code_of(refused.get()) == error_code::seat_already_reserved);
  BOOST_CHECK(running.service().seats({1})->status({1}) == domain::seat_status::held);
}

BOOST_FIXTURE_TEST_CASE(changes_are_refused_while_they_are_not_taken, held_back) {
  elsewhere.ship();
  running.charge("1", 5);
  takes = false;
  BOOST_TEST(!running.service().ready());
  BOOST_CHECK(code_of(running.tell(charge_100("1"))) == error_code::store_unavailable);
  BOOST_TEST(running.balance("1").minor == 500);
  takes = true;
  BOOST_TEST(running.service().ready());
  running.charge("1", 7);
}

// A failed commit leaves nobody waiting, and the service comes back once all that is committed is
// shipped.
BOOST_FIXTURE_TEST_CASE(a_failure_waits_for_what_is_not_shipped, held_back) {
  auto charged = running.ask(charge_100("1"));
  BOOST_TEST(!is_told(charged));
  running.faults().fail_commit(1, failure::lost);
  BOOST_CHECK(code_of(running.tell(charge_100("1001"))) == error_code::store_unavailable);
  BOOST_CHECK(code_of(charged.get()) == error_code::store_unavailable);
  std::this_thread::sleep_for(300ms);
  BOOST_TEST(!running.service().ready());
  elsewhere.ship();
  running.wait_until_ready();
  BOOST_TEST(running.balance("1").minor == 10000); // it was done
}

// As far as a store forgets, it has no row to tell of; but that it forgot may not be shipped yet.
struct forgetful : held_back {
  explicit forgetful(const domain::retention_rules& kept) : held_back(forgetting(kept)) {
    elsewhere.stops_at_forgetting = true;
    elsewhere.ship();
  }

  static actors::rules forgetting(const domain::retention_rules& kept) {
    actors::rules r;
    r.retention = kept;
    r.booking.hold_for = 200ms;
    return r;
  }
  void wait_until_forgotten() {
    const auto deadline = std::chrono::steady_clock::now() + 10s;
    while (!elsewhere.forgot) {
      BOOST_REQUIRE(std::chrono::steady_clock::now() < deadline);
      std::this_thread::sleep_for(1ms);
    }
  }
};
struct forgetful_of_tokens : forgetful {
  forgetful_of_tokens() : forgetful({100ms, 1h}) {}
};
struct forgetful_of_bookings : forgetful {
  forgetful_of_bookings() : forgetful({1h, 100ms}) {}
};

BOOST_FIXTURE_TEST_CASE(that_a_token_is_forgotten_is_told_when_shipped, forgetful_of_tokens) {
  running.tell(actors::leave_queue{first, {}, {}});
  wait_until_forgotten();
  auto asked = running.ask(actors::read_token{first, {}, {}});
  BOOST_TEST(!is_told(asked));
  elsewhere.ship();
  BOOST_CHECK(code_of(asked.get()) == error_code::queue_token_not_found);
}

BOOST_FIXTURE_TEST_CASE(that_a_booking_is_forgotten_is_told_when_shipped, forgetful_of_bookings) {
  const auto booked = running.book("1", first, "A_1").booking.id;
  wait_until_forgotten();
  auto asked = running.ask(actors::cancel_booking{booked, {}});
  BOOST_TEST(!is_told(asked));
  elsewhere.ship();
  BOOST_CHECK(code_of(asked.get()) == error_code::booking_not_found);
}
