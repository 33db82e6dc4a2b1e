#include "actors/domain/seat_chooser.hpp"

#include <cassert>

namespace boxoffice::domain {

namespace {

constexpr booking_id somebody{-1};

bool is_meant(const best_seats& wish, const section& s) {
  return !wish.section || *wish.section == s.name;
}

} // namespace

seat_chooser::seat_chooser(const concert_option& option, const seat_map& map) {
  for (const auto& s : option.sections) {
    const auto seats = static_cast<std::size_t>(s.seats);
    sections_.push_back({s, free_runs(seats), free_runs(seats), std::vector<booking_id>(seats),
                         std::vector<std::uint32_t>(seats)});
    auto& plan = sections_.back();
    for (std::size_t i = 0; i < seats; ++i) {
      if (map.status({s.first_seat.value + static_cast<std::int64_t>(i)}) == seat_status::free)
        continue;
      plan.holders[i] = somebody;
      update({&plan, i});
    }
  }
}

seat_chooser::place seat_chooser::find(seat_id seat) {
  for (auto& plan : sections_) {
    const auto index = seat.value - plan.what.first_seat.value;
    if (index >= 0 && index < plan.what.seats) return {&plan, static_cast<std::size_t>(index)};
  }
  assert(!"a seat of another option");
  return {};
}

void seat_chooser::update(const place& p) {
  auto& [what, unclaimed, unheld, holders, claims] = *p.section;
  const bool is_held = holders[p.index] != booking_id{};
  unheld.set(p.index, !is_held);
  unclaimed.set(p.index, !is_held && claims[p.index] == 0);
}

void seat_chooser::claim(const std::vector<booked_seat>& seats) {
  for (const auto& s : seats) {
    const auto p = find(s.seat);
    ++p.section->claims[p.index];
    update(p);
  }
}

void seat_chooser::give_up(const std::vector<booked_seat>& seats) {
  for (const auto& s : seats) {
    const auto p = find(s.seat);
    assert(p.section->claims[p.index] > 0);
    --p.section->claims[p.index];
    update(p);
  }
}

void seat_chooser::hold(const std::vector<booked_seat>& seats, booking_id by) {
  for (const auto& s : seats) {
    const auto p = find(s.seat);
    p.section->holders[p.index] = by;
    update(p);
  }
}

// The word of a booking's end may come behind that of who has its seats since.
void seat_chooser::release(const std::vector<booked_seat>& seats, booking_id by) {
  for (const auto& s : seats) {
    const auto p = find(s.seat);
    auto& holder = p.section->holders[p.index];
    if (holder != by && holder != somebody) continue;
    holder = {};
    update(p);
  }
}

std::vector<booked_seat> seat_chooser::choose(const best_seats& wish) const {
  for (const auto& plan : sections_) {
    if (!is_meant(wish, plan.what)) continue;
    const auto first = plan.unclaimed.first_run(wish.count);
    if (!first) continue;
    std::vector<booked_seat> chosen;
    for (std::size_t i = *first; i < *first + wish.count; ++i)
      chosen.push_back({{plan.what.first_seat.value + static_cast<std::int64_t>(i)},
                        {},
                        {plan.what.name, static_cast<int>(i) + 1},
                        plan.what.price});
    return chosen;
  }
  return {};
}

bool seat_chooser::may_have_some(const best_seats& wish) const {
  for (const auto& plan : sections_)
    if (is_meant(wish, plan.what) && plan.unheld.first_run(wish.count)) return true;
  return false;
}

} // namespace boxoffice::domain
