#include "persistence/past_rows.hpp"

#include "persistence/history_rows.hpp"

namespace boxoffice::persistence {

domain::past past_rows::find(const domain::past_bounds& bounds) {
  const auto most = static_cast<std::int64_t>(bounds.most);
  domain::past part;
  const auto& tokens = bounds.tokens;
  for (auto row = tokens_.query(tokens.until, tokens.after.first, tokens.after.second, most);
       row.next();)
    part.tokens.push_back({row.token(0), row.id<domain::token_id>(1), row.id<domain::concert_id>(2),
                           row.time(3), row.integer(4) != 0, row.integer(5) != 0});
  const auto& bookings = bounds.bookings;
  for (auto row = bookings_.query(bookings.until, bookings.after.first, bookings.after.second, most,
                                  bounds.now);
       row.next();) {
    domain::past_booking b{row.id<domain::booking_id>(0),
                           row.id<domain::option_id>(1),
                           row.user(2),
                           to_booking_status(row.text(3)),
                           row.time(4),
                           {},
                           row.integer(5) != 0};
    for (auto refusal = refusals_.query(b.user, b.booking); refusal.next();)
      b.refused.push_back(refusal.id<domain::payment_id>(0));
    part.bookings.push_back(std::move(b));
  }
  return part;
}

} // namespace boxoffice::persistence
