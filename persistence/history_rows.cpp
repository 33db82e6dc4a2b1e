#include "persistence/history_rows.hpp"

#include <limits>
#include <utility>

namespace boxoffice::persistence {

namespace {

domain::entry_kind to_entry_kind(std::string_view text) {
  if (text == "CHARGE") return domain::entry_kind::charge;
  if (text == "PAYMENT") return domain::entry_kind::payment;
  if (text == "REFUND") return domain::entry_kind::refund;
  if (text == "ADJUSTMENT") return domain::entry_kind::adjustment;
  fail_content("an entry's kind", text);
}

std::optional<std::string> optional_text(const cursor& row, int column) {
  if (row.is_null(column)) return std::nullopt;
  return std::string(row.text(column));
}

domain::wallet_entry take_entry(const cursor& row) {
  domain::wallet_entry e;
  e.id = row.id<domain::entry_id>(0);
  e.user = row.user(1);
  e.kind = to_entry_kind(row.text(2));
  e.amount = row.money(3);
  e.balance = row.money(4);
  e.payment = row.id<domain::payment_id>(5); // NULL reads as 0: none
  e.booking = row.id<domain::booking_id>(6);
  e.reason = optional_text(row, 7);
  e.at = row.time(8);
  return e;
}

std::int64_t below(const domain::page_bounds& bounds) {
  return bounds.before.value_or(std::numeric_limits<std::int64_t>::max());
}

// One more than the page holds: whether there is a next page is known without asking again.
std::int64_t one_more(const domain::page_bounds& bounds) {
  return static_cast<std::int64_t>(bounds.limit) + 1;
}

template <class T, class Take>
domain::page<T> take_page(cursor row, const domain::page_bounds& bounds, Take take) {
  domain::page<T> page;
  while (row.next()) {
    if (page.items.size() == bounds.limit) {
      page.next = page.items.back().id.value;
      break;
    }
    page.items.push_back(take(row));
  }
  return page;
}

} // namespace

void fail_content(std::string_view column, std::string_view value) {
  throw store_failed(store_failed::reason::damaged, "The store holds '" + std::string(value) +
                                                        "' as " + std::string(column) + ".");
}

domain::booking_status to_booking_status(std::string_view text) {
  if (const auto status = domain::to_booking_status(text)) return *status;
  fail_content("a booking's status", text);
}

domain::booking booking_rows::take(const cursor& row) {
  domain::booking b;
  b.id = row.id<domain::booking_id>(0);
  b.option = row.id<domain::option_id>(1);
  b.concert = row.id<domain::concert_id>(2);
  b.user = row.user(3);
  b.token = row.token(4);
  b.total = row.money(5);
  b.created_at = row.time(6);
  b.expires_at = row.time(7);
  b.status = to_booking_status(row.text(8));
  b.payment = row.id<domain::payment_id>(9); // NULL reads as 0: none
  if (!row.is_null(10)) b.paid_with = row.token(10);
  b.settled = row.integer(11) != 0;
  if (!row.is_null(12)) b.confirmed_at = row.time(12);
  for (auto seat = seats_.query(b.id); seat.next();)
    b.seats.push_back({seat.id<domain::seat_id>(0),
                       seat.id<domain::reservation_id>(1),
                       {std::string(seat.text(2)), static_cast<int>(seat.integer(3))},
                       seat.money(4)});
  return b;
}

std::optional<domain::user_account> history_rows::find_user(const domain::user_id& user) {
  auto row = user_.query(user);
  if (!row.next()) return std::nullopt;
  return domain::user_account{{user, std::string(row.text(0)), std::string(row.text(1))},
                              row.time(2)};
}

std::optional<domain::wallet_entry> history_rows::find_entry(const domain::user_id& user,
                                                             domain::entry_id entry) {
  auto row = entry_.query(user, entry);
  if (!row.next()) return std::nullopt;
  return take_entry(row);
}

domain::page<domain::wallet_entry> history_rows::find_entries(const domain::user_id& user,
                                                              const domain::page_bounds& bounds) {
  return take_page<domain::wallet_entry>(entries_.query(user, below(bounds), one_more(bounds)),
                                         bounds, take_entry);
}

domain::page<domain::booking> history_rows::find_user_bookings(const domain::user_id& user,
                                                               const domain::page_bounds& bounds) {
  return take_page<domain::booking>(user_bookings_.query(user, below(bounds), one_more(bounds)),
                                    bounds,
                                    [this](const cursor& row) { return booking_rows_.take(row); });
}

domain::page<domain::booking>
history_rows::find_option_bookings(domain::option_id option, const domain::page_bounds& bounds) {
  return take_page<domain::booking>(option_bookings_.query(option, below(bounds), one_more(bounds)),
                                    bounds,
                                    [this](const cursor& row) { return booking_rows_.take(row); });
}

std::optional<domain::payment_record> history_rows::find_payment(domain::booking_id booking) {
  auto row = payment_.query(booking);
  if (!row.next()) return std::nullopt;
  return domain::payment_record{row.id<domain::payment_id>(0), booking, row.user(1), row.money(2),
                                row.time(3)};
}

domain::page<domain::audit_record> history_rows::find_acts(const domain::page_bounds& bounds) {
  return take_page<domain::audit_record>(
      acts_.query(below(bounds), one_more(bounds)), bounds, [](const cursor& row) {
        return domain::audit_record{row.id<domain::audit_id>(0), row.time(1),
                                    std::string(row.text(2)), std::string(row.text(3)),
                                    optional_text(row, 4)};
      });
}

bool history_rows::is_in_use(const domain::user_id& user, domain::time_point now) {
  if (auto token = live_token_.query(user); token.next()) return true;
  auto booking = live_booking_.query(user, now);
  return booking.next();
}

} // namespace boxoffice::persistence
