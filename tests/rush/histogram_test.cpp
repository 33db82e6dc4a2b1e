#define BOOST_TEST_MODULE rush
#include "rush/histogram.hpp"

#include "rush/arrivals.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>

using namespace boxoffice::rush;
using std::chrono::microseconds;

namespace {

// What percentile() is to come near to.
microseconds exact(const std::vector<microseconds>& sorted, double share) {
  const auto rank = std::ceil(share * static_cast<double>(sorted.size()));
  return sorted[static_cast<std::size_t>(std::max(1.0, rank)) - 1];
}

} // namespace

BOOST_AUTO_TEST_SUITE(histograms)

BOOST_AUTO_TEST_CASE(nothing_counted_is_nothing) {
  const histogram empty;
  BOOST_TEST(empty.count() == 0U);
  BOOST_TEST(empty.percentile(0.5).count() == 0);
}

// From a microsecond to hours, so that every size of bucket is met.
BOOST_AUTO_TEST_CASE(percentiles_are_right_to_within_one_percent) {
  dice chance(7);
  histogram counted;
  std::vector<microseconds> all;
  for (int n = 0; n < 20'000; ++n) {
    const auto value = microseconds(static_cast<std::int64_t>(std::exp(chance.share() * 23)));
    counted.add(value);
    all.push_back(value);
  }
  std::sort(all.begin(), all.end());
  for (const double share : {0.0, 0.01, 0.1, 0.25, 0.5, 0.75, 0.95, 0.99, 0.999, 1.0}) {
    const auto right = static_cast<double>(exact(all, share).count());
    const auto told = static_cast<double>(counted.percentile(share).count());
    BOOST_TEST(told >= right);
    BOOST_TEST(told <= right * 1.01);
  }
  BOOST_TEST(counted.max().count() == all.back().count());
  BOOST_TEST(counted.percentile(1).count() == all.back().count());
}

BOOST_AUTO_TEST_CASE(short_ones_are_exact) {
  histogram counted;
  for (int n = 1; n <= 200; ++n) counted.add(microseconds(n));
  BOOST_TEST(counted.percentile(0.5).count() == 100);
  BOOST_TEST(counted.percentile(0.95).count() == 190);
}

BOOST_AUTO_TEST_CASE(what_is_out_of_range_counts_at_its_end) {
  histogram counted;
  counted.add(microseconds(-5));
  counted.add(std::chrono::hours(500));
  BOOST_TEST(counted.count() == 2U);
  BOOST_TEST(counted.percentile(0.5).count() == 0);
  BOOST_TEST((counted.max() == microseconds(histogram::longest)));
}

BOOST_AUTO_TEST_CASE(two_together_are_as_if_counted_in_one) {
  histogram one, other, both;
  for (int n = 0; n < 1'000; ++n) {
    const auto value = microseconds(n * n);
    (n % 3 == 0 ? one : other).add(value);
    both.add(value);
  }
  one.add(other);
  BOOST_TEST(one.count() == both.count());
  BOOST_TEST((one.max() == both.max()));
  for (const double share : {0.1, 0.5, 0.9, 0.999})
    BOOST_TEST((one.percentile(share) == both.percentile(share)));
}

BOOST_AUTO_TEST_SUITE_END()
