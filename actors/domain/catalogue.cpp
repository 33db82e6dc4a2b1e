#include "actors/domain/catalogue.hpp"

#include <algorithm>
#include <cassert>

namespace boxoffice::domain {

namespace {

// So that a local day is a day of four digits too.
constexpr int last_year = 9998;

class fault_list {
public:
  void add(std::string pointer, std::string detail) {
    all_.faults.push_back({std::move(pointer), std::move(detail)});
  }
  bool empty() const { return all_.faults.empty(); }
  const rejection& all() const { return all_; }

private:
  rejection all_ = reject(error_code::invalid_request, "The request body is not valid.");
};

void check_sections(const std::vector<wanted_section>& sections, fault_list& faults) {
  if (sections.empty()) return faults.add("/sections", "A performance has at least one section.");
  std::int64_t seats = 0;
  std::vector<std::string> names;
  for (std::size_t i = 0; i < sections.size(); ++i) {
    const auto& s = sections[i];
    const auto place = "/sections/" + std::to_string(i);
    if (!is_section_name(s.name))
      faults.add(place + "/name", "A section's name is 1 to 16 letters or digits.");
    else if (std::find(names.begin(), names.end(), s.name) != names.end())
      faults.add(place + "/name", "The section " + s.name + " is named twice.");
    names.push_back(s.name);
    if (s.seats < 1 || s.seats > max_seats_of_an_option)
      faults.add(place + "/seats",
                 "A section has 1 to " + std::to_string(max_seats_of_an_option) + " seats.");
    else
      seats += s.seats;
    if (s.price < money{0} || s.price > max_money)
      faults.add(place + "/price",
                 "A price is 0 to " + std::to_string(max_money.minor) + " minor units.");
  }
  if (seats > max_seats_of_an_option)
    faults.add("/sections",
               "A performance has at most " + std::to_string(max_seats_of_an_option) + " seats.");
}

void check_times(const concert_option& option, time_point now, fault_list& faults) {
  if (option.starts_at <= now) faults.add("/startsAt", "A performance starts in the future.");
  if (to_calendar(option.starts_at).date.year > last_year)
    faults.add("/startsAt", "A performance starts before the year 9999.");
  if (option.sales_close_at > option.starts_at)
    faults.add("/salesCloseAt", "A sale closes when the performance starts, or before.");
  if (option.sales_open_at >= option.sales_close_at)
    faults.add("/salesOpenAt", "A sale opens before it closes.");
}

} // namespace

result<concert_option> plan_option(const wanted_option& wanted, time_point now) {
  fault_list faults;
  concert_option option;
  option.concert = wanted.concert;
  option.starts_at = wanted.starts_at;
  option.venue = wanted.venue;
  option.time_zone = wanted.time_zone;
  option.sales_open_at = wanted.sales_open_at.value_or(now);
  option.sales_close_at = wanted.sales_close_at.value_or(wanted.starts_at);
  check_times(option, now, faults);
  if (wanted.venue.empty()) faults.add("/venue", "A performance has a venue.");
  if (!wanted.zone_offset)
    faults.add("/timeZone", "This is no time zone of the IANA database, like Asia/Seoul.");
  check_sections(wanted.sections, faults);
  if (!faults.empty()) return faults.all();

  option.local_date = to_calendar(option.starts_at + *wanted.zone_offset).date;
  for (const auto& s : wanted.sections)
    option.sections.push_back({s.name, {}, static_cast<int>(s.seats), s.price});
  return option;
}

void number_option(concert_option& option, id_source& ids) {
  option.id = ids.next<option_id>(id_kind::option);
  auto next = ids.next_block<seat_id>(id_kind::seat, option.seat_count());
  for (auto& s : option.sections) {
    s.first_seat = next;
    next.value += s.seats;
  }
}

events lay_seats(const option_draft& draft, const catalogue_rules& rules) {
  assert(!draft.complete());
  events step;
  int room = rules.seats_a_step, before = 0, laid = draft.laid;
  for (const auto& s : draft.what.sections) {
    const int there = std::clamp(laid - before, 0, s.seats);
    const int count = std::min(s.seats - there, room);
    if (count > 0)
      step.push_back(seats_laid{draft.what.id, draft.what.concert, s.name,
                                seat_id{s.first_seat.value + there}, there + 1, count, s.price});
    room -= std::max(count, 0);
    laid += std::max(count, 0);
    before += s.seats;
  }
  if (laid == draft.what.seat_count()) step.push_back(option_published{draft.what});
  return step;
}

void evolve(option_draft& draft, const seats_laid& e) { draft.laid += e.count; }

} // namespace boxoffice::domain
