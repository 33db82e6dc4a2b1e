// Judges answers about users, adjustments and the past. Private to this room.
#pragma once

#include "sim/judgement.hpp"

#include <algorithm>
#include <vector>

namespace boxoffice::sim {

struct account_judgement : answered {
  void operator()(const actors::create_user&) const;
  void operator()(const actors::change_user&) const;
  void operator()(const actors::erase_user&) const;
  void operator()(const actors::adjust_wallet&) const;
  void operator()(const actors::query&) const;

  void operator()(const actors::read_user&) const;
  void operator()(const actors::read_booking&) const;
  void operator()(const actors::read_payment&) const;
  void operator()(const actors::read_entry&) const;
  void operator()(const actors::list_entries&) const;
  void operator()(const actors::list_user_bookings&) const;
  void operator()(const actors::list_option_bookings&) const;
  void operator()(const actors::list_audit&) const;

  user_book& judge_account(const domain::user_account&, const domain::user_id&) const;
  void judge_booking(const domain::booking&) const;
  void judge_bookings(const std::vector<const booking_book*>&, const domain::page_bounds&) const;
  template <class Row, class Item, class Same>
  void judge_page(const std::vector<const Row*>&, const domain::page<Item>&,
                  const domain::page_bounds&, Same) const;
};

// False when the command is none of these.
bool take_account_answer(sale_books&, const request&, const actors::outcome&,
                         domain::time_point now);
bool take_account_refusal(sale_books&, const request&, const domain::rejection&,
                          domain::time_point now);
// Between groups: each act that needs one has its line in the log.
void judge_acts(const sale_books&);
// The store's lists against the books.
void judge_history(sale_books&, persistence::reader&);

// --- lists

// When it left the list; 0: it is there for ever.
template <class Row>
instant left_at(const Row&) {
  return 0;
}
inline instant left_at(const booking_book& made) { return made.forgotten_since; }

// The rows of a list that were durable at an instant and had not left it by another, from the
// newest on, within the bounds.
template <class Row>
std::vector<const Row*> rows_then(const std::vector<const Row*>& all, instant then, instant stayed,
                                  const domain::page_bounds& bounds) {
  std::vector<const Row*> rows;
  for (const auto* row : all)
    if (row->since <= then && (left_at(*row) == 0 || left_at(*row) > stayed) &&
        (!bounds.before || row->what.id.value < *bounds.before))
      rows.push_back(row);
  std::sort(rows.begin(), rows.end(),
            [](const Row* x, const Row* y) { return y->what.id < x->what.id; });
  return rows;
}

} // namespace boxoffice::sim
