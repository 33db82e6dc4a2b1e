// The judgement of an answer that is no refusal: answer_rules.cpp, queue_answers.cpp. Private to
// this room.
#pragma once

#include "sim/judgement.hpp"

namespace boxoffice::sim {

struct judgement : answered {
  void operator()(const actors::enter_queue&) const;
  void operator()(const actors::create_booking&) const;
  void operator()(const actors::pay_booking&) const;
  void operator()(const actors::pay_pending&) const;
  void operator()(const actors::charge_wallet&) const;
  void operator()(const actors::read_wallet&) const;
  void operator()(const actors::create_concert&) const;
  void operator()(const actors::create_option&) const;
  void operator()(const actors::cancel_booking& c) const { judge_ended(c.booking); }
  void operator()(const actors::release_booking& c) const { judge_ended(c.booking); }
  void operator()(const actors::cancel_option&) const;
  void operator()(const actors::read_token&) const;
  void operator()(const actors::leave_queue&) const;
  void operator()(const actors::prioritize_token&) const;
  void operator()(const actors::watch_tokens&) const;
  void operator()(const actors::read_queue&) const;
  void operator()(const actors::configure_queue&) const;
  // Judged elsewhere: account_rules.cpp.
  template <class Other>
  void operator()(const Other&) const {
    broken(invariant::fitting_answer, r, " is judged by no rule");
  }

  user_book& owner(const actors::wallet_view&, const domain::user_id&) const;
  void judge_balance(const actors::wallet_view&, const user_book&) const;
  token_book& judge_token(const domain::token_view&) const;
  void judge_waiting(const domain::token_view&, token_book&) const;
  void judge_room(const domain::token_view&, const queue_book&) const;
  void judge_admitted(const domain::token_view&, const token_book&) const;
  void judge_dead(const domain::token_view&, const token_book&) const;
  void judge_line(const domain::queue_view&, domain::concert_id) const;
  void judge_ended(domain::booking_id) const;
  payment_book& judge_paid(const actors::booking_view&, const domain::user_id&) const;
};

} // namespace boxoffice::sim
