// Which shard everything is in: what all nodes of all releases must agree on.
#define BOOST_TEST_MODULE actors.shard
#include "actors/shard.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <set>

using namespace boxoffice;
using namespace boxoffice::actors;

namespace {

// How many of 1,000 names come into the fullest shard and into the emptiest, 15.6 being the mean.
template <class Name>
std::pair<int, int> extremes(Name name) {
  std::array<int, domain::shards> in{};
  for (int i = 1; i <= 1000; ++i) ++in.at(static_cast<std::size_t>(shard_of(ref(name(i)))));
  const auto [least, most] = std::minmax_element(in.begin(), in.end());
  return {*least, *most};
}

} // namespace

// Calculated by another program: a name that changed its shard would be in two places.
BOOST_AUTO_TEST_CASE(a_name_is_in_its_shard_for_ever) {
  const std::pair<std::int64_t, int> numbers[] = {{1, 39}, {2, 15}, {3, 54},   {4, 30},
                                                  {5, 5},  {6, 45}, {1000, 2}, {1ll << 62, 16}};
  for (const auto& [number, shard] : numbers) {
    BOOST_TEST(shard_of(ref(domain::option_id{number})) == shard);
    BOOST_TEST(shard_of(ref(domain::concert_id{number})) == shard);
  }
  const std::pair<const char*, int> users[] = {{"1", 55},     {"1001", 38},     {"spring123", 55},
                                               {"user1", 32}, {"user1000", 34}, {"ann", 24}};
  for (const auto& [user, shard] : users) BOOST_TEST(shard_of(ref(domain::user_id{user})) == shard);
  BOOST_TEST(shard_of(ref(domain::booking_id{64 + 39})) == 39);
  BOOST_TEST(shard_of(ref(domain::booking_id{64})) == 0);
  BOOST_TEST(shard_of(ref(domain::whole_catalogue{})) == 0);
  BOOST_TEST(shard_of(the_caretaker()) == 0);
}

BOOST_AUTO_TEST_CASE(a_seat_is_where_its_performance_is_and_nobody_asks) {
  BOOST_CHECK_THROW(shard_of(ref(domain::seat_id{1})), std::logic_error);
}

BOOST_AUTO_TEST_CASE(names_spread_evenly) {
  for (const std::int64_t begin : {0, 1'000'000}) {
    const auto [least, most] = extremes([&](int i) { return domain::option_id{begin + i}; });
    BOOST_TEST((least >= 15 && most <= 17), least << " to " << most);
  }
  const std::pair<const char*, const char*> users[] = {
      {"", ""}, {"user", ""}, {"", "@example.com"}, {"a-rather-long-name.", ".of.somebody"}};
  for (const auto& [before, behind] : users) {
    const auto [least, most] =
        extremes([&](int i) { return domain::user_id{before + std::to_string(i) + behind}; });
    BOOST_TEST((least >= 4 && most <= 32), before << behind << ": " << least << " to " << most);
  }
  std::set<int> few;
  for (int i = 1; i <= 12; ++i) few.insert(shard_of(ref(domain::option_id{i})));
  BOOST_TEST(few.size() == 12u);
}
