// What a booking costs the published seat map, in a small hall and in a stadium: it should follow
// the seats changed, not the seats there are. Beside it the peer, a copy of one flat array.
//
// usage: seat_map_bench
#include "actors/snapshots.hpp"
#include "bench/measure.hpp"
#include "bench/sale.hpp"

#include <cstdio>
#include <future>
#include <thread>

namespace boxoffice::bench {
namespace {

using domain::seat_id;
using domain::seat_status;

constexpr int small_hall = 100;
constexpr int stadium = 50'000;
constexpr int calls = 20'000;

struct cost {
  double map = 0;       // seat_map::with alone
  double published = 0; // all that the journal does after a commit: snapshots::apply
  double flat = 0;      // the peer
};

// Where the next booking's seats are: all over the hall, so that no path stays in the cache only
// because it was just changed.
class wanderer {
public:
  wanderer(int seats, int booked) : places_(seats - booked + 1) {}
  int next() {
    constexpr int stride = 7919;
    at_ = (at_ + stride) % places_;
    return at_;
  }

private:
  int places_;
  int at_ = 0;
};

double cost_of_map(const domain::concert_option& option, int booked) {
  wanderer place(option.seat_count(), booked);
  domain::seat_map map(option.id, option.first_seat(), option.seat_count());
  std::vector<seat_id> seats(static_cast<std::size_t>(booked));
  return nanoseconds_each(calls, [&] {
    auto id = option.first_seat().value + place.next();
    for (auto& s : seats) s = seat_id{id++};
    map = map.with(seats, seat_status::held, map.version() + 1);
  });
}

double cost_of_publishing(const domain::concert_option& option, int booked) {
  actors::snapshots published;
  published.apply({domain::option_created{option}}, 1);
  wanderer place(option.seat_count(), booked);
  domain::id_source ids({});
  domain::events facts{plan_booking(1, option, 0, booked, ids, {})};
  auto& seats = std::get<domain::booking_created>(facts.front()).seats;
  persistence::commit_number commit = 1;
  return nanoseconds_each(calls, [&] {
    auto id = option.first_seat().value + place.next();
    for (auto& s : seats) s.seat = seat_id{id++};
    published.apply(facts, ++commit);
  });
}

double cost_of_flat_copy(const domain::concert_option& option, int booked) {
  using flat_map = std::vector<seat_status>;
  wanderer place(option.seat_count(), booked);
  auto map = std::make_shared<const flat_map>(option.seat_count());
  return nanoseconds_each(calls, [&] {
    auto changed = std::make_shared<flat_map>(*map);
    auto index = static_cast<std::size_t>(place.next());
    for (int i = 0; i < booked; ++i) (*changed)[index++] = seat_status::held;
    std::atomic_store(&map, std::shared_ptr<const flat_map>(std::move(changed)));
  });
}

cost measure(int seats, int booked) {
  domain::id_source ids({1, 1, 1, 1, 1, 1, 1, 1, 1});
  const auto now = domain::from_micros(0);
  const auto option = plan_performance(plan_concert(ids, now).id, seats, ids, now);
  return {cost_of_map(option, booked), cost_of_publishing(option, booked),
          cost_of_flat_copy(option, booked)};
}

void print_row(const char* what, int booked, double small, double large) {
  std::printf("%-18s %6d %10.0f %10.0f %9.2f\n", what, booked, small, large, large / small);
}

void print_costs() {
  std::printf("%-18s %6s %10s %10s %9s\n", "ns a booking", "seats", "of 100", "of 50,000", "ratio");
  for (const int booked : {1, 2, 10}) {
    const auto small = measure(small_hall, booked);
    const auto large = measure(stadium, booked);
    print_row("seat_map::with", booked, small.map, large.map);
    print_row("snapshots::apply", booked, small.published, large.published);
    print_row("a flat copy", booked, small.flat, large.flat);
  }
}

// Among other threads, as in the service: alone, a process counts its references without atomics.
void run() {
  std::promise<void> end;
  std::thread other([done = end.get_future()] { done.wait(); });
  print_costs();
  end.set_value();
  other.join();
}

} // namespace
} // namespace boxoffice::bench

int main() { boxoffice::bench::run(); }
