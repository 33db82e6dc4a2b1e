// The seats as readers see them: free + held + sold = capacity, and a change costs what it changes.
#include "actors/domain/seat_map.hpp"
#include "tests/domain/allocations.hpp"
#include "tests/domain/support.hpp"

#include <algorithm>
#include <memory>

namespace boxoffice::domain::test {

namespace {

constexpr option_id some_option{7};

} // namespace

BOOST_AUTO_TEST_SUITE(seat_map_rules)

BOOST_AUTO_TEST_CASE(a_new_performance_has_all_its_seats_free) {
  const seat_map map(some_option, seat_id{1001}, 100);
  BOOST_TEST(map.option() == some_option);
  BOOST_TEST(map.first_seat() == seat_id{1001});
  BOOST_TEST(map.size() == 100);
  BOOST_TEST(map.free_seats() == 100);
  BOOST_TEST(map.version() == 0);
  for (std::int64_t s = 1001; s <= 1100; ++s) BOOST_TEST(map.status({s}) == seat_status::free);
}

BOOST_AUTO_TEST_CASE(it_contains_its_first_and_last_seat_and_none_beside) {
  const seat_map map(some_option, seat_id{1001}, 100);
  BOOST_TEST(!map.contains({1000}));
  BOOST_TEST(map.contains({1001}));
  BOOST_TEST(map.contains({1100}));
  BOOST_TEST(!map.contains({1101}));
}

BOOST_AUTO_TEST_CASE(a_change_shows_in_the_new_map_and_not_in_the_old_one) {
  const seat_map before(some_option, seat_id{1}, 100);
  const auto after = before.with({{10}, {11}}, seat_status::held, 42);
  BOOST_TEST(after.status({10}) == seat_status::held);
  BOOST_TEST(after.status({11}) == seat_status::held);
  BOOST_TEST(after.status({9}) == seat_status::free);
  BOOST_TEST(after.free_seats() == 98);
  BOOST_TEST(after.version() == 42);
  BOOST_TEST(before.status({10}) == seat_status::free);
  BOOST_TEST(before.free_seats() == 100);
  BOOST_TEST(before.version() == 0);
}

BOOST_AUTO_TEST_CASE(a_seat_is_counted_once_whatever_it_turns_into) {
  const seat_map map(some_option, seat_id{1}, 10);
  const auto held = map.with({{1}, {1}, {2}}, seat_status::held, 1);
  BOOST_TEST(held.free_seats() == 8);
  const auto sold = held.with({{1}, {2}}, seat_status::sold, 2);
  BOOST_TEST(sold.free_seats() == 8);
  const auto freed = sold.with({{1}, {2}, {3}}, seat_status::free, 3);
  BOOST_TEST(freed.free_seats() == 10);
}

// Sizes around a leaf's 64 and a branch's 4,096 seats.
BOOST_AUTO_TEST_CASE(the_last_seat_of_any_size_can_be_sold) {
  for (const int size : {1, 63, 64, 65, 4095, 4096, 4097, 50'000}) {
    BOOST_TEST_CONTEXT("of " << size) {
      const seat_map map(some_option, seat_id{1}, size);
      const auto sold = map.with({{1}, {size}}, seat_status::sold, 1);
      BOOST_TEST(sold.status({1}) == seat_status::sold);
      BOOST_TEST(sold.status({size}) == seat_status::sold);
      BOOST_TEST(sold.free_seats() == std::max(size - 2, 0));
      if (size > 2) BOOST_TEST(sold.status({size - 1}) == seat_status::free);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_booking_costs_its_seats_and_not_the_hall) {
  const auto cost = [](int hall, std::int64_t booked) {
    const seat_map map(some_option, seat_id{1}, hall);
    std::vector<seat_id> seats;
    for (std::int64_t s = 1; s <= booked; ++s) seats.push_back({s * 9});
    return allocated_by([&] { const auto changed = map.with(seats, seat_status::held, 1); });
  };
  for (const std::int64_t booked : {1, 2, 10}) {
    BOOST_TEST_CONTEXT("booking " << booked) {
      const auto small = cost(100, booked), large = cost(50'000, booked);
      BOOST_TEST(large.count == small.count);
      // A shared pointer for each further 4,096 seats is all that the larger hall adds.
      BOOST_TEST(large.bytes <= small.bytes + 50'000 / 4096 * sizeof(std::shared_ptr<void>));
      // A leaf and a branch for each seat, and the list of branches.
      BOOST_TEST(small.count <= static_cast<std::size_t>(2 * booked + 1));
      BOOST_TEST(small.bytes <= static_cast<std::size_t>(2000 * booked + 100));
    }
  }
}

BOOST_AUTO_TEST_CASE(an_untouched_hall_costs_one_leaf_and_one_branch) {
  const auto large = allocated_by([] { const seat_map map(some_option, seat_id{1}, 50'000); });
  const auto small = allocated_by([] { const seat_map map(some_option, seat_id{1}, 100); });
  BOOST_TEST(large.count == small.count);
}

BOOST_AUTO_TEST_CASE(what_changed_between_two_maps_is_found) {
  constexpr int seats = 20'000;
  const seat_map first(some_option, seat_id{1001}, seats);
  BOOST_TEST(first.changes_since(first).empty());
  const auto held = first.with({{1001}, {1064}, {1065}, {21'000}}, seat_status::held, 1);
  const auto sold = held.with({{1064}}, seat_status::sold, 2).with({{9000}}, seat_status::held, 3);
  const auto back = sold.with({{1001}, {9000}}, seat_status::free, 4);

  const auto all = sold.changes_since(first);
  BOOST_TEST_REQUIRE(all.size() == 5u);
  const std::vector<std::int64_t> where{1001, 1064, 1065, 9000, 21'000};
  for (std::size_t n = 0; n < all.size(); ++n) {
    BOOST_TEST(all[n].seat.value == where[n]);
    BOOST_CHECK(all[n].status == sold.status(all[n].seat));
  }
  // A seat that came back to what it was is no change.
  BOOST_TEST(back.changes_since(held).size() == 2u);
  BOOST_TEST(back.changes_since(first).size() == 3u);
  BOOST_TEST(first.changes_since(back).size() == 3u);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace boxoffice::domain::test
