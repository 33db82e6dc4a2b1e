// A whole sale in which each commit in turn fails, or is the last before a crash. Whatever was
// answered stands, whatever was not can be asked again, and in the end the sale is exactly done.
#define BOOST_TEST_MODULE actors.failed_commit
#include "tests/actors/running_service.hpp"

#include <boost/test/unit_test.hpp>

using namespace boxoffice;
using namespace boxoffice::test;
using namespace std::chrono_literals;
using domain::error_code;

namespace {

actors::service_options options() {
  actors::service_options o;
  o.rules.wallet.double_submit_window = {};
  return o;
}

// The trouble that a sale meets: what happens to the service when a request got 503.
class trouble {
public:
  virtual ~trouble() = default;
  virtual running_service& after_unknown_outcome() = 0;
};

// A buyer who takes 503 for what it is, unknown, and finds out.
class buyer {
public:
  buyer(running_service& s, trouble& t) : service_(&s), trouble_(t) {}

  void buy() {
    const auto token = enter();
    charge_to(100);
    const auto held = book(token.key);
    pay(held, token.key, 100); // too little: 402
    BOOST_CHECK(service_->service().seats({1})->status({1}) == domain::seat_status::held);
    charge_to(200);
    pay(held, token.key, 200);
    BOOST_TEST(balance().minor == 0);
    BOOST_CHECK(service_->service().seats({1})->status({1}) == domain::seat_status::sold);
    BOOST_CHECK(service_->service().seats({1})->status({2}) == domain::seat_status::sold);
  }

private:
  template <class View>
  static const View& as(const actors::outcome& what) {
    const auto* view = std::get_if<View>(&what);
    if (view == nullptr) BOOST_FAIL("refused: " << std::get<domain::rejection>(what).detail);
    return *view;
  }

  // The answer, and whether an earlier try got 503.
  std::pair<actors::outcome, bool> ask(const actors::command& c) {
    bool tried_before = false;
    for (;;) {
      auto what = service_->tell(c);
      if (code_of(what) != error_code::store_unavailable) return {what, tried_before};
      service_ = &trouble_.after_unknown_outcome();
      tried_before = true;
    }
  }

  domain::token_view enter() {
    return as<domain::token_view>(ask(actors::enter_queue{{1}, user("1"), 0}).first);
  }

  domain::money balance() {
    return as<actors::wallet_view>(ask(actors::read_wallet{user("1")}).first).balance;
  }

  // Adds 100 points, once, so that there are `points`.
  void charge_to(std::int64_t points) {
    const auto before = domain::points(points - 100), after = domain::points(points);
    for (;;) {
      const auto what = service_->tell(actors::charge_wallet{user("1"), domain::points(100)});
      if (!code_of(what)) {
        BOOST_CHECK(as<actors::entry_view>(what).wallet.balance == after);
        return;
      }
      BOOST_REQUIRE(code_of(what) == error_code::store_unavailable);
      service_ = &trouble_.after_unknown_outcome();
      const auto now = balance();
      if (now == after) return;
      BOOST_CHECK(now == before);
    }
  }

  actors::booking_view book(domain::token_key token) {
    const auto [what, tried_before] = ask(booking_of("1", token, "A_1,A_2"));
    if (!tried_before || !code_of(what)) return as<actors::booking_view>(what);
    // The earlier try took effect after all: these are the buyer's own seats.
    BOOST_REQUIRE(code_of(what) == error_code::seat_already_reserved);
    actors::booking_view own;
    own.booking.id = {1};
    own.booking.concert = {1};
    own.booking.user = user("1");
    return own;
  }

  void pay(const actors::booking_view& held, domain::token_key token, std::int64_t points) {
    const bool enough = points >= 200;
    bool ever_unknown = false;
    for (;;) {
      const auto [what, tried_before] = ask(payment_of(held, token));
      ever_unknown = ever_unknown || tried_before;
      const auto code = code_of(what);
      if (!code) {
        BOOST_TEST(enough);
        return;
      }
      if (code == error_code::insufficient_balance) {
        BOOST_TEST(!enough);
        return;
      }
      // Only an earlier try explains it: under way, taken up again after the failure, or done.
      BOOST_REQUIRE(ever_unknown);
      BOOST_REQUIRE(code == error_code::booking_not_pending);
      const auto left = balance();
      BOOST_CHECK(left.minor == 0 || left == domain::points(points));
      if (enough && left.minor == 0 && is_sold()) return;
    }
  }

  bool is_sold() {
    return service_->service().seats({1})->status({1}) == domain::seat_status::sold;
  }

  running_service* service_;
  trouble& trouble_;
};

// The store fails once and comes back; the service lives on.
class passing_failure : public trouble {
public:
  explicit passing_failure(running_service& s) : service_(s) {}
  running_service& after_unknown_outcome() override {
    service_.wait_until_ready();
    return service_;
  }

private:
  running_service& service_;
};

// The machine stops, and starts again on what the store has.
class crash_and_restart : public trouble {
public:
  explicit crash_and_restart(const std::filesystem::path& directory)
      : directory_(directory), service_(std::make_unique<running_service>(directory, options())) {}
  running_service& service() { return *service_; }
  running_service& after_unknown_outcome() override {
    service_->crash();
    service_ = std::make_unique<running_service>(directory_, options());
    service_->wait_until_ready();
    return *service_;
  }

private:
  std::filesystem::path directory_;
  std::unique_ptr<running_service> service_;
};

void check_sold_once(const std::filesystem::path& directory) {
  check_books(directory);
  running_service again(directory, options());
  again.wait_until_ready();
  BOOST_TEST(again.balance("1").minor == 0);
  BOOST_CHECK(again.service().seats({1})->status({1}) == domain::seat_status::sold);
}

// How many commits the sale makes when all goes well, the demo's data apart.
int commits_of_a_sale() {
  scratch_directory directory;
  running_service s(directory.path(), options());
  s.stock();
  const int before = s.faults().commits();
  passing_failure none(s);
  buyer(s, none).buy();
  s.service().stop(5s);
  return s.faults().commits() - before;
}

void fail_each_commit(failure how) {
  const int commits = commits_of_a_sale();
  BOOST_TEST(commits >= 9);
  for (int n = 1; n <= commits; ++n) {
    BOOST_TEST_CONTEXT("commit " << n << " of " << commits) {
      scratch_directory directory;
      {
        running_service s(directory.path(), options());
        s.stock();
        s.faults().fail_commit(n, how);
        passing_failure passing(s);
        buyer(s, passing).buy();
        s.service().stop(5s);
      }
      check_sold_once(directory.path());
    }
  }
}

} // namespace

BOOST_AUTO_TEST_CASE(each_commit_fails_and_is_lost) { fail_each_commit(failure::lost); }

BOOST_AUTO_TEST_CASE(each_commit_fails_and_is_done) { fail_each_commit(failure::done_but_unknown); }

BOOST_AUTO_TEST_CASE(a_crash_before_each_commit) {
  const int commits = commits_of_a_sale();
  for (int n = 1; n <= commits; ++n) {
    BOOST_TEST_CONTEXT("commit " << n << " of " << commits) {
      scratch_directory directory;
      {
        crash_and_restart crashing(directory.path());
        crashing.service().stock();
        crashing.service().faults().cut_power_at(n);
        buyer(crashing.service(), crashing).buy();
        crashing.service().service().stop(5s);
      }
      check_sold_once(directory.path());
    }
  }
}
