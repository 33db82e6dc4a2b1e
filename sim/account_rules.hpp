// Judges answers about users, adjustments and the past. Private to this room.
#pragma once

#include "sim/judgement.hpp"

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

} // namespace boxoffice::sim
