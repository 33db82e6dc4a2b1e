#include "actors/domain/demo.hpp"

#include <algorithm>

namespace boxoffice::domain {

namespace {

constexpr int performances_a_concert = 3;
constexpr int seats_a_section = 50;

concert_option plan_performance(concert_id concert, int days_ahead, id_source& ids,
                                time_point now) {
  auto when = to_calendar(now + std::chrono::hours(24) * days_ahead);
  when.hour = 19;
  when.minute = when.second = when.nanosecond = 0;

  concert_option option;
  option.id = ids.next<option_id>(id_kind::option);
  option.concert = concert;
  option.starts_at = from_calendar(when);
  option.venue = "Main Hall";
  option.time_zone = "UTC";
  option.local_date = when.date;
  option.sales_open_at = now;
  option.sales_close_at = option.starts_at;
  for (const char* name : {"A", "B"})
    option.sections.push_back({name, ids.next_block<seat_id>(id_kind::seat, seats_a_section),
                               seats_a_section, points(100)});
  return option;
}

void plan_performances(concert_id concert, events& plan, id_source& ids, time_point now) {
  for (int day = 1; day <= performances_a_concert; ++day)
    plan.push_back(option_created{plan_performance(concert, day, ids, now)});
}

void plan_user(const std::string& id, const std::string& name, events& plan, id_source& ids,
               time_point now) {
  plan.push_back(user_created{
      {user_id{id}, name, id + "@example.com"}, ids.next<point_id>(id_kind::point), now});
}

bool all_passed(const catalogue& present, concert_id concert, time_point now) {
  return std::none_of(present.options.begin(), present.options.end(), [&](const auto& entry) {
    return entry.second->concert == concert && entry.second->starts_at > now;
  });
}

} // namespace

events plan_demo(const catalogue& present, bool store_is_empty, id_source& ids, time_point now) {
  events plan;
  if (store_is_empty) {
    for (const char* title : {"concertA", "concertB"}) {
      const auto concert = ids.next<concert_id>(id_kind::concert);
      plan.push_back(concert_created{{concert, title, now}});
      plan_performances(concert, plan, ids, now);
    }
    plan_user("1", "아무개", plan, ids, now);
    plan_user("1001", "UserA", plan, ids, now);
    plan_user("spring123", "spring123", plan, ids, now);
    for (int n = 1; n <= 1000; ++n) {
      const auto id = "user" + std::to_string(n);
      plan_user(id, id, plan, ids, now);
    }
    return plan;
  }
  for (const auto& [id, concert] : present.concerts)
    if ((concert.title == "concertA" || concert.title == "concertB") &&
        all_passed(present, id, now))
      plan_performances(id, plan, ids, now);
  return plan;
}

} // namespace boxoffice::domain
