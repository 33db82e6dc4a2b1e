#include "rush/arrivals.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>

using namespace boxoffice::rush;
using std::chrono::microseconds;

BOOST_AUTO_TEST_SUITE(arrivals)

BOOST_AUTO_TEST_CASE(the_same_seed_gives_the_same_sale) {
  BOOST_TEST((poisson_arrivals(3, 500, 100) == poisson_arrivals(3, 500, 100)));
  BOOST_TEST((poisson_arrivals(3, 500, 100) != poisson_arrivals(4, 500, 100)));
}

// A Poisson process: the gaps have the mean of the rate, and a deviation as large as the mean.
BOOST_AUTO_TEST_CASE(they_come_at_the_rate_and_at_random) {
  constexpr std::size_t users = 50'000;
  const auto times = poisson_arrivals(11, users, 1'000);
  BOOST_TEST(times.size() == users);
  BOOST_TEST(std::is_sorted(times.begin(), times.end()));
  double sum = 0, squares = 0;
  for (std::size_t at = 1; at < times.size(); ++at) {
    const auto gap = static_cast<double>((times[at] - times[at - 1]).count());
    sum += gap, squares += gap * gap;
  }
  const auto mean = sum / (users - 1);
  const auto deviation = std::sqrt(squares / (users - 1) - mean * mean);
  BOOST_TEST(mean == 1'000, boost::test_tools::tolerance(0.02));
  BOOST_TEST(deviation == 1'000, boost::test_tools::tolerance(0.05));
}

BOOST_AUTO_TEST_CASE(dice_stay_within_their_bounds) {
  dice chance(5);
  std::size_t seen[6] = {};
  for (int n = 0; n < 6'000; ++n) ++seen[chance.below(6)];
  for (const auto count : seen) BOOST_TEST(count > 850U);
  BOOST_TEST(chance.below(0) == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
