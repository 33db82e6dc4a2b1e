// How long a payment has been under way, also when it began in an earlier life of the service.
#define BOOST_TEST_MODULE actors.sale_metrics
#include "actors/sale_metrics.hpp"
#include "persistence/sqlite_store.hpp"
#include "tests/actors/running_service.hpp"

#include <boost/test/unit_test.hpp>

#include <thread>

using namespace boxoffice;
using namespace boxoffice::test;
using namespace std::chrono_literals;

namespace {

double value_of(config::metrics& all, const std::string& name) {
  const auto page = "\n" + all.scrape();
  const auto at = page.find("\n" + name + " ");
  BOOST_REQUIRE(at != std::string::npos);
  return std::stod(page.substr(at + name.size() + 2));
}
double oldest(config::metrics& all) { return value_of(all, "boxoffice_oldest_payment_seconds"); }
double under_way(config::metrics& all) { return value_of(all, "boxoffice_payments_under_way"); }

void wait_until(config::metrics& all, double are_under_way) {
  const auto deadline = std::chrono::steady_clock::now() + 10s;
  while (under_way(all) != are_under_way) {
    BOOST_REQUIRE(std::chrono::steady_clock::now() < deadline);
    std::this_thread::sleep_for(1ms);
  }
}

struct stopped_clock : actors::clock {
  explicit stopped_clock(domain::time_point t) : at(t) {}
  domain::time_point now() const override { return at; }
  domain::time_point at;
};

// Leaves a booking behind that is PAYING: its payment began, and its debit was never durable.
void leave_paying(const std::filesystem::path& directory) {
  running_service running(directory);
  running.stock();
  const auto token = running.enter("1").key;
  const auto booked = running.book("1", token, "A_1");
  running.charge("1", 100);
  running.faults().cut_power_at(2);
  BOOST_REQUIRE(code_of(running.tell(payment_of(booked, token))) ==
                domain::error_code::store_unavailable);
  running.crash();
}

struct later_life {
  explicit later_life(const std::filesystem::path& directory) {
    persistence::sqlite_options options;
    options.directory = directory;
    auto store = persistence::open_sqlite_store(options);
    const auto last_time = store->open_reader()->load_image().last_time;
    clock.at = last_time + 1h;
    faults->hold_commits();
    sales.emplace(metrics, last_time);
    actors::service_options o;
    o.listener = &*sales;
    service.emplace(std::move(o), std::make_unique<faulty_store>(std::move(store), faults), clock,
                    random, clients);
    sales->watch(*service, clock);
  }
  ~later_life() { faults->let_commits_go(); }

  config::metrics metrics;
  stopped_clock clock{{}};
  std::shared_ptr<store_faults> faults = std::make_shared<store_faults>();
  actors::machine_random random;
  waiting_clients clients;
  std::optional<actors::sale_metrics> sales;
  std::optional<actors::service> service;
};

} // namespace

BOOST_AUTO_TEST_CASE(a_payment_found_at_start_is_as_old_as_it_is) {
  scratch_directory directory;
  leave_paying(directory.path());
  {
    later_life now(directory.path());
    // Its debit is held back, by itself or behind the tokens that died meanwhile.
    wait_until(now.metrics, 1);
    BOOST_TEST(oldest(now.metrics) == 3600);
    now.clock.at += 1s;
    BOOST_TEST(oldest(now.metrics) == 3601);
    now.faults->let_commits_go();
    wait_until(now.metrics, 0);
    BOOST_TEST(oldest(now.metrics) == 0);
  }
  check_books(directory.path());
}

BOOST_AUTO_TEST_CASE(a_payment_began_before_its_hold_ran_out_and_not_before_its_booking) {
  scratch_directory directory;
  later_life now(directory.path());
  const auto last_time = now.clock.at - 1h;
  domain::booking b;
  b.id = {1};
  b.status = domain::booking_status::paying;
  const auto age_of = [&](domain::duration created_before, domain::duration expired_before) {
    b.created_at = last_time - created_before;
    b.expires_at = last_time - expired_before;
    now.sales->on_read(b);
    const auto age = oldest(now.metrics);
    b.status = domain::booking_status::confirmed; // by a commit that seemed to fail
    now.sales->on_read(b);
    BOOST_TEST(under_way(now.metrics) == 0);
    b.status = domain::booking_status::paying;
    return age;
  };
  BOOST_TEST(age_of(4min, -1min) == 3600);
  BOOST_TEST(age_of(15min, 10min) == 3600 + 600);
  BOOST_TEST(age_of(-20min, -25min) == 3600 - 1200); // in this life, told by nobody
}

BOOST_AUTO_TEST_CASE(a_payment_that_a_failed_commit_ended_after_all_does_not_stay) {
  scratch_directory directory;
  later_life now(directory.path());
  const auto begin = [&](std::int64_t id) {
    now.sales->on_commit({domain::payment_started{{id}, {id}, {}, now.clock.at}}, 1, 0, {});
  };
  begin(1);
  begin(2);
  now.clock.at += 5s;
  BOOST_TEST(under_way(now.metrics) == 2);
  BOOST_TEST(oldest(now.metrics) == 5);
  now.sales->on_failure(); // the commit that confirms the first was done all the same
  domain::booking second;
  second.id = {2};
  second.status = domain::booking_status::paying;
  now.sales->on_read(second);
  BOOST_TEST(under_way(now.metrics) == 1);
  BOOST_TEST(oldest(now.metrics) == 5); // as old as it was
}
