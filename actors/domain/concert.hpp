// Concerts, their performances ("options") and the seats of each.
#pragma once

#include "actors/domain/error.hpp"
#include "actors/domain/ids.hpp"
#include "actors/domain/money.hpp"
#include "actors/domain/time.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace boxoffice::domain {

// A seat as people write it: section and number, "A_10".
struct seat_name {
  std::string section;
  int number = 0;

  friend bool operator==(const seat_name& a, const seat_name& b) {
    return a.number == b.number && a.section == b.section;
  }
  friend bool operator<(const seat_name& a, const seat_name& b) {
    return a.section != b.section ? a.section < b.section : a.number < b.number;
  }
};

// So many seats side by side, the best that are free, of one section or of any.
struct best_seats {
  std::size_t count = 0; // 0: none are asked for so
  std::optional<std::string> section;
};

std::string to_string(const seat_name&);
std::string to_string(const std::vector<seat_name>&); // "A_10,A_11"

// 1 to 16 letters or digits.
bool is_section_name(std::string_view);

// "A_10": a section's name, '_', a number from 1 without leading zeros. Else nothing.
std::optional<seat_name> parse_seat_name(std::string_view);

// "A_10,A_11", blanks around a name allowed. Refuses a malformed or repeated name, none, or more
// than `max_seats` (CONTRACT 2 and 5: INVALID_REQUEST); `pointer` is where the text stood.
result<std::vector<seat_name>> parse_seat_names(std::string_view text, std::size_t max_seats,
                                                const std::string& pointer);

// Seats of one price, numbered from 1; their ids follow one another.
struct section {
  std::string name;
  seat_id first_seat;
  int seats = 0;
  money price;

  friend bool operator==(const section& a, const section& b) {
    return a.name == b.name && a.first_seat == b.first_seat && a.seats == b.seats &&
           a.price == b.price;
  }
};

struct concert {
  concert_id id;
  std::string title;
  time_point created_at;
};

// What became of the bookings of a cancelled performance.
struct cancellation {
  time_point requested_at;
  std::int64_t bookings = 0;  // that lived when it was cancelled
  std::int64_t remaining = 0; // of them, that still live
  std::optional<time_point> completed_at;
};

// One performance. Anyone may hold a shared copy: once it is on sale nothing of it changes but its
// cancellation, and that makes another copy.
struct concert_option {
  option_id id;
  concert_id concert;
  time_point starts_at;
  std::string venue;
  std::string time_zone;    // IANA name; says what day it is at the venue
  calendar_date local_date; // of starts_at in that zone
  time_point sales_open_at;
  time_point sales_close_at;
  std::vector<section> sections; // in order of their seats' ids, which have no gaps
  std::optional<domain::cancellation> cancelled;

  seat_id first_seat() const { return sections.front().first_seat; }
  int seat_count() const;
};

struct seat_place {
  seat_id id;
  money price;
};

// Where a named seat is; nothing when the option has no such seat.
std::optional<seat_place> find_seat(const concert_option&, const seat_name&);

// SALE_NOT_OPEN or SALE_CLOSED outside the hours of sale; what has begun or is cancelled sells
// nothing either.
std::optional<rejection> check_sale_hours(const concert_option&, time_point now);

// Everything on offer, as of one commit. Shared and immutable.
struct catalogue {
  std::map<concert_id, concert> concerts;
  std::map<option_id, std::shared_ptr<const concert_option>> options;

  const concert_option* option(option_id) const;
};

} // namespace boxoffice::domain
