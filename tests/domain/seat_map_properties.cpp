// Free + held + sold = capacity, in every version of a seat map that anybody still holds.
#include "actors/domain/seat_map.hpp"
#include "tests/domain/support.hpp"

#include <array>
#include <cstddef>
#include <vector>

namespace boxoffice::domain::test {

namespace {

// A map and what it must say.
struct version {
  seat_map map;
  std::vector<seat_status> model;
};

void check(const version& v, std::int64_t number) {
  std::array<int, 3> count{};
  for (std::size_t i = 0; i < v.model.size(); ++i) {
    const auto s = v.map.status({v.map.first_seat().value + static_cast<std::int64_t>(i)});
    require(s == v.model[i], "a seat has the status of its version");
    ++count[static_cast<std::size_t>(s)];
  }
  require(count[0] == v.map.free_seats(), "the free seats are counted");
  require(count[0] + count[1] + count[2] == v.map.size(), "no seat is lost");
  require(v.map.version() == number, "a map knows its version");
}

version changed(const version& from, std::int64_t number, dice& d) {
  auto model = from.model;
  const auto status =
      d.pick<seat_status>({seat_status::free, seat_status::held, seat_status::sold});
  std::vector<seat_id> seats;
  for (auto n = d.between(0, 10); n > 0; --n) {
    const auto index = d.between<std::size_t>(0, model.size() - 1);
    model[index] = status;
    seats.push_back({from.map.first_seat().value + static_cast<std::int64_t>(index)});
  }
  return {from.map.with(seats, status, number), model};
}

} // namespace

BOOST_AUTO_TEST_SUITE(seat_map_properties)

BOOST_AUTO_TEST_CASE(every_version_keeps_its_seats_while_others_change) {
  play(60, [](dice& d) {
    const int size = d.chance(20) ? d.between(4000, 9000) : d.between(1, 200);
    const seat_id first{d.between<std::int64_t>(1, 1'000'000)};
    std::vector<version> history{
        {seat_map({1}, first, size), std::vector<seat_status>(static_cast<std::size_t>(size))}};
    for (std::int64_t number = 1; number <= 40; ++number)
      history.push_back(changed(history.back(), number, d));
    for (std::size_t i = 0; i < history.size(); ++i)
      check(history[i], static_cast<std::int64_t>(i));
  });
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace boxoffice::domain::test
