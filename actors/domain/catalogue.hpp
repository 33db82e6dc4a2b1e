// Putting concerts and performances on offer.
//
// A performance may have a hundred thousand seats, and other sales must go on meanwhile. So it is
// drafted first; its seats are laid step by step, a commit each; with the last of them it is
// published, and only then it exists for readers and buyers. A draft that a crash leaves behind is
// gone on with. Its ids are its own from the first commit on.
#pragma once

#include "actors/domain/events.hpp"

#include <optional>
#include <string>
#include <vector>

namespace boxoffice::domain {

struct catalogue_rules {
  int seats_a_step = 200; // what is laid by one commit
  // From a step's commit to the next step: room for others. 60,000 seats take about two seconds.
  duration pause_between_steps = std::chrono::milliseconds(5);
};

constexpr int max_seats_of_an_option = 100'000;

struct wanted_section {
  std::string name;
  std::int64_t seats = 0;
  money price;
};

struct wanted_option {
  concert_id concert;
  time_point starts_at;
  std::string venue;
  std::string time_zone; // IANA name
  // How far the zone's clocks are ahead of UTC at starts_at; nothing: there is no such zone.
  std::optional<duration> zone_offset;
  std::optional<time_point> sales_open_at;  // at once
  std::optional<time_point> sales_close_at; // when it starts
  std::vector<wanted_section> sections;
};

// The performance, but for its ids. INVALID_REQUEST names all that is wrong.
result<concert_option> plan_option(const wanted_option&, time_point now);

// Gives it and its seats ids; the seats' follow one another.
void number_option(concert_option&, id_source&);

// A performance in the making: its first `laid` seats are there.
struct option_draft {
  concert_option what;
  int laid = 0;

  bool complete() const { return laid == what.seat_count(); }
};

// The next seats, at most so many, and behind the last ones the publication.
events lay_seats(const option_draft&, const catalogue_rules&);

void evolve(option_draft&, const seats_laid&);

} // namespace boxoffice::domain
