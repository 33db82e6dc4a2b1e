// What clients read of a store, whatever keeps the data: users who come and go, lists in pages,
// operators' acts. Runs over store_under_test, as the conformance suite does.
#define BOOST_TEST_MODULE persistence.history
#include "tests/persistence/model.hpp"
#include "tests/persistence/sample.hpp"
#include "tests/persistence/store_under_test.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

using namespace boxoffice;
using namespace boxoffice::persistence;
using namespace boxoffice::persistence::test;
using namespace boxoffice::persistence::test::sample;

namespace {

struct opened {
  opened() { commit(opening()); }

  void commit(const events& facts, time_point now = at(100)) {
    subject->get().commit(facts, now);
    expected.commit(facts, now);
  }
  void check() { check_same(expected, *stored, at(100)); }
  void check_refused(const event& wrong) {
    BOOST_CHECK_EXCEPTION(subject->get().commit({wrong}, at(100)), store_failed,
                          [](const auto& e) { return e.why == store_failed::reason::refused; });
    subject->get().probe();
    check();
  }

  std::unique_ptr<store_under_test> subject = store_under_test::make();
  std::unique_ptr<reader> stored = subject->get().open_reader();
  model expected;
};

wallet_adjusted adjusted(const user_id& user, std::int64_t entry, money amount, money balance) {
  return {user, entry_id{entry}, amount, balance, "a slip", at(6)};
}
operator_acted acted(const std::string& subject, std::optional<std::string> reason = "a slip") {
  return {"wallet.adjust", subject, std::move(reason), at(6)};
}

// All ids of a list, read in pages of `limit`.
template <class Read>
std::vector<std::int64_t> walk(std::size_t limit, Read read) {
  std::vector<std::int64_t> ids;
  page_bounds bounds;
  bounds.limit = limit;
  for (;;) {
    const auto page = read(bounds);
    BOOST_TEST(page.items.size() <= limit);
    for (const auto& item : page.items) ids.push_back(item.id.value);
    if (!page.next) return ids;
    BOOST_REQUIRE(page.items.size() == limit);
    BOOST_TEST(*page.next == ids.back());
    bounds.before = page.next;
  }
}

} // namespace

BOOST_FIXTURE_TEST_CASE(a_user_changes_and_goes, opened) {
  BOOST_TEST(stored->find_user(ann)->who.email == "ann@example.com");
  commit({user_changed{{ann, "Anna", "anna@x"}, at(3)}});
  check();
  BOOST_TEST(stored->find_user(ann)->who.name == "Anna");
  BOOST_TEST((stored->find_user(ann)->created_at == at(0)));
  commit({user_erased{ann, at(4)}});
  check();
  BOOST_TEST(!stored->find_user(ann));
  BOOST_TEST(!stored->find_entries(ann, {}));
  BOOST_TEST(!stored->find_user_bookings(ann, {}));
  BOOST_TEST(stored->load_wallet(ann)->erased);
  check_refused(user_erased{ann, at(5)});
  check_refused(user_changed{{ann, "Anna", "anna@x"}, at(5)});
  check_refused(user_created{{ann, "Ann", "ann@x"}, point_id{9}, at(5)});
  check_refused(user_changed{{user_id{"nobody"}, "Anna", "anna@x"}, at(5)});
  subject->reopen();
  stored = subject->get().open_reader();
  check();
}

BOOST_FIXTURE_TEST_CASE(an_adjustment_comes_back_as_it_was, opened) {
  commit({charged(ann, 1, money{500}, money{500})});
  commit({adjusted(ann, 2, money{-200}, money{300}), acted("user ann")});
  check();
  const auto entry = stored->find_entry(ann, {2});
  BOOST_REQUIRE(entry.has_value());
  BOOST_TEST((entry->kind == entry_kind::adjustment));
  BOOST_TEST(entry->amount.minor == -200);
  BOOST_TEST(entry->balance.minor == 300);
  BOOST_TEST(entry->reason.value() == "a slip");
  BOOST_TEST((entry->at == at(6)));
  BOOST_TEST(!stored->find_entry(bob, {2}));
  BOOST_TEST(!stored->find_entry(ann, {3}));
  check_refused(adjusted(ann, 3, money{-301}, money{-1}));
  check_refused(adjusted(ann, 3, money{0}, money{300}));
  check_refused(adjusted(ann, 2, money{1}, money{301}));
}

BOOST_FIXTURE_TEST_CASE(acts_are_numbered_in_order_and_told_from_the_last_on, opened) {
  for (int n = 1; n <= 7; ++n)
    commit({acted("user " + std::to_string(n),
                  n % 2 ? std::optional<std::string>("why") : std::nullopt)});
  for (std::size_t limit = 1; limit <= 8; ++limit) {
    const std::vector<std::int64_t> all{7, 6, 5, 4, 3, 2, 1};
    BOOST_TEST(walk(limit, [&](const auto& b) { return stored->find_acts(b); }) == all,
               boost::test_tools::per_element());
  }
  const auto acts = stored->find_acts({}).items;
  BOOST_TEST(acts[0].subject == "user 7");
  BOOST_TEST(acts[0].reason.value() == "why");
  BOOST_TEST(!acts[1].reason);
  BOOST_TEST((acts[0].at == at(6)));
}

BOOST_FIXTURE_TEST_CASE(pages_leave_nothing_out, opened) {
  // Booking ids may become durable in another order than they were drawn.
  commit({booked(5, ann, {1}), booked(2, bob, {2})});
  commit({booked(3, ann, {3})});
  commit({charged(bob, 4, money{1}, money{1}), charged(ann, 7, money{1}, money{1}),
          charged(bob, 9, money{1}, money{2})});
  const std::vector<std::int64_t> of_ann{5, 3}, of_all{5, 3, 2}, of_bob{9, 4};
  for (std::size_t limit = 1; limit <= 4; ++limit) {
    BOOST_TEST(walk(limit, [&](const auto& b) { return *stored->find_user_bookings(ann, b); }) ==
                   of_ann,
               boost::test_tools::per_element());
    BOOST_TEST(
        walk(limit, [&](const auto& b) { return stored->find_option_bookings(option_1, b); }) ==
            of_all,
        boost::test_tools::per_element());
    BOOST_TEST(walk(limit, [&](const auto& b) { return *stored->find_entries(bob, b); }) == of_bob,
               boost::test_tools::per_element());
  }
  const auto first = stored->find_user_bookings(ann, {})->items.at(0);
  BOOST_REQUIRE(first.seats.size() == 1u);
  BOOST_TEST(first.seats[0].name.number == 1);
  BOOST_TEST(stored->find_option_bookings({99}, {}).items.empty());
}

BOOST_FIXTURE_TEST_CASE(a_payment_is_found_once_it_is_debited, opened) {
  commit({charged(ann, 1, price, price), booked(1, ann, {1}), paying(1, 1)});
  BOOST_TEST(!stored->find_payment({1}));
  commit({debited(ann, 2, 1, 1, price, money{})});
  const auto found = stored->find_payment({1});
  BOOST_REQUIRE(found.has_value());
  BOOST_TEST((found->id == payment_id{1}));
  BOOST_TEST((found->user == ann));
  BOOST_TEST(found->amount.minor == price.minor);
  BOOST_TEST((found->at == at(21)));
  commit({paid(1, 1, {1})});
  check();
  BOOST_TEST((stored->load_booking({1})->confirmed_at == at(22)));
}

BOOST_FIXTURE_TEST_CASE(in_use_is_who_has_a_live_token_or_booking, opened) {
  const auto in_use = [this](time_point now = at(100)) { return stored->is_in_use(ann, now); };
  BOOST_TEST(!in_use());
  commit({issued(1, ann)});
  BOOST_TEST(in_use());
  BOOST_TEST(!stored->is_in_use(bob, at(100)));
  commit({admitted(1, ann, at(1))});
  BOOST_TEST(in_use());
  commit({expired(1, ann, at(2))});
  BOOST_TEST(!in_use());
  commit({booked(1, ann, {1})});
  BOOST_TEST(in_use());
  commit({charged(ann, 1, price, price), paying(1, 1)});
  BOOST_TEST(in_use());
  commit({debited(ann, 2, 1, 1, price, money{}), paid(1, 1, {1})});
  BOOST_TEST(in_use(at(86'399)));
  BOOST_TEST(!in_use(at(86'400))); // the performance has begun
  commit({booked(2, bob, {2}), run_out(2, {2})});
  BOOST_TEST(!stored->is_in_use(bob, at(100)));
}
