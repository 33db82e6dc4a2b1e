#include "persistence/past_rows.hpp"

#include "persistence/history_rows.hpp"

#include <string>
#include <utility>
#include <vector>

namespace boxoffice::persistence {

namespace {

// Where a row stands in the order of what is past, in the database's own words: it may make no
// sense.
struct place {
  std::string time;
  std::int64_t row = 0;
};

// So many rows behind `from`, those that make no sense left out: what is past goes on behind them.
template <class T, class Query, class At, class Take>
std::vector<T> take_sane(place from, std::int64_t most, Query query, At place_of, Take take,
                         const char* what, std::vector<std::string>& unreadable) {
  std::vector<T> found;
  for (bool is_more = true; is_more;) {
    const auto wanted = most - static_cast<std::int64_t>(found.size());
    std::int64_t rows = 0;
    auto last = from;
    for (auto row = query(from, wanted); row.next(); ++rows) {
      last = place_of(row);
      try {
        found.push_back(take(row));
      } catch (const store_failed& e) {
        if (e.why != store_failed::reason::damaged) throw;
        unreadable.push_back(what + std::to_string(last.row) + ": " + e.what());
      }
    }
    is_more = rows == wanted && static_cast<std::int64_t>(found.size()) < most;
    from = std::move(last);
  }
  return found;
}

template <class Id>
place after(const domain::past_part<Id>& part) {
  return {domain::to_sql_text(part.after.first), part.after.second.value};
}

domain::past_token take_token(const cursor& row) {
  return {row.token(0), row.id<domain::token_id>(1), row.id<domain::concert_id>(2),
          row.time(3),  row.integer(4) != 0,         row.integer(5) != 0};
}

domain::past_booking take_booking(const cursor& row) {
  return {row.id<domain::booking_id>(0),
          row.id<domain::option_id>(1),
          row.user(2),
          to_booking_status(row.text(3)),
          row.time(4),
          row.integer(5) != 0};
}

} // namespace

domain::past past_rows::find(const domain::past_bounds& bounds) {
  const auto most = static_cast<std::int64_t>(bounds.most);
  domain::past part;
  if (bounds.begins)
    for (auto row = overdue_.query(bounds.bookings.until); row.next();)
      part.overdue.emplace(row.id<domain::option_id>(0), row.user(1));
  part.tokens = take_sane<domain::past_token>(
      after(bounds.tokens), most,
      [&](const place& from, std::int64_t wanted) {
        return tokens_.query(bounds.tokens.until, from.time, from.row, wanted);
      },
      [](const cursor& row) {
        return place{std::string(row.text(3)), row.integer(1)};
      },
      take_token, "Token ", part.unreadable);
  part.bookings = take_sane<domain::past_booking>(
      after(bounds.bookings), most,
      [&](const place& from, std::int64_t wanted) {
        return bookings_.query(bounds.bookings.until, from.time, from.row, wanted, bounds.now);
      },
      [](const cursor& row) {
        return place{std::string(row.text(4)), row.integer(0)};
      },
      take_booking, "Booking ", part.unreadable);
  return part;
}

} // namespace boxoffice::persistence
