// The small words that lines about events and letters are made of. Private to words.cpp and
// event_words.cpp.
#pragma once

#include "actors/words.hpp"

#include <string>
#include <string_view>
#include <type_traits>

namespace boxoffice::actors::saying {

// --- small things; an id says what it is the id of

inline std::string say(std::string_view text) { return std::string(text); }
template <class Number, std::enable_if_t<std::is_integral_v<Number>, int> = 0>
std::string say(Number n) {
  return std::to_string(n);
}
inline std::string say(const entity_ref& r) { return words(r); }
inline std::string say(domain::concert_id c) { return "concert " + std::to_string(c.value); }
inline std::string say(domain::option_id o) { return "option " + std::to_string(o.value); }
inline std::string say(domain::seat_id s) { return "seat " + std::to_string(s.value); }
inline std::string say(domain::booking_id b) { return "booking " + std::to_string(b.value); }
inline std::string say(domain::payment_id p) { return "payment " + std::to_string(p.value); }
inline std::string say(domain::entry_id e) { return "entry " + std::to_string(e.value); }
inline std::string say(domain::point_id p) { return "wallet " + std::to_string(p.value); }
inline std::string say(const domain::user_id& u) { return u.value.empty() ? "nobody" : u.value; }
inline std::string say(domain::money m) { return domain::to_points(m) + " points"; }
inline std::string say(domain::token_key k) {
  return k ? "token " + domain::to_string(k).substr(0, 8) : "no token";
}
inline std::string say(domain::time_point t) {
  constexpr std::size_t day = 11, to_the_millisecond = 12;
  return domain::to_sql_text(t).substr(day, to_the_millisecond);
}
inline std::string say(const std::vector<domain::seat_name>& seats) {
  return seats.empty() ? "no seats" : domain::to_string(seats);
}
inline std::string say(const std::vector<domain::booked_seat>& seats) {
  std::vector<domain::seat_name> names;
  for (const auto& s : seats) names.push_back(s.name);
  return say(names);
}
inline std::string say(const std::vector<domain::seat_id>& seats) {
  std::string text;
  for (const auto s : seats) text += (text.empty() ? "seats " : ",") + std::to_string(s.value);
  return text.empty() ? "no seats" : text;
}
inline std::string say(const std::vector<domain::token_key>& tokens) {
  std::string text;
  for (const auto t : tokens) text += (text.empty() ? "" : ", ") + say(t);
  return text.empty() ? "no tokens" : text;
}
inline std::string say(const std::vector<domain::booking_id>& bookings) {
  std::string text;
  for (const auto b : bookings)
    text += (text.empty() ? "bookings " : ",") + std::to_string(b.value);
  return text.empty() ? "no bookings" : text;
}
inline std::string say(const std::optional<std::size_t>& limit) {
  return limit ? std::to_string(*limit) : "as the settings say";
}
inline std::string say(domain::booking_status s) {
  switch (s) {
  case domain::booking_status::pending: return "pending";
  case domain::booking_status::paying: return "paying";
  case domain::booking_status::confirmed: return "confirmed";
  case domain::booking_status::refunding: return "refunding";
  case domain::booking_status::cancelled: return "cancelled";
  case domain::booking_status::expired: return "expired";
  }
  return "?";
}
inline std::string say(seat_fate f) {
  switch (f) {
  case seat_fate::held: return "held";
  case seat_fate::withdrawn: return "withdrawn";
  case seat_fate::sold: return "sold";
  case seat_fate::released: return "released";
  }
  return "?";
}

inline std::string say(seat_word w) {
  switch (w) {
  case seat_word::granted: return "granted";
  case seat_word::taken: return "taken";
  case seat_word::unreadable: return "unreadable";
  }
  return "?";
}

template <class... Parts>
std::string line(const Parts&... parts) {
  std::string text;
  ((text += say(parts)), ...);
  return text;
}

inline std::string counted(std::ptrdiff_t n, const char* thing) {
  return line(n, " ", thing, n == 1 ? "" : "s");
}

} // namespace boxoffice::actors::saying
