// Judges refusals: each must have been true, by what was durable, at some instant between the
// request and its answer. Private to this room.
#pragma once

#include "sim/judgement.hpp"

namespace boxoffice::sim {

struct refusal_judgement {
  sale_books& b;
  const request& r;
  const domain::rejection& said;
  domain::time_point now;

  void operator()(const actors::enter_queue&) const;
  void operator()(const actors::create_booking&) const;
  void operator()(const actors::pay_booking&) const;
  void operator()(const actors::pay_pending&) const;
  void operator()(const actors::charge_wallet&) const;
  void operator()(const actors::read_wallet&) const;
  void operator()(const actors::create_concert&) const;
  void operator()(const actors::create_option&) const;
  void operator()(const actors::cancel_booking&) const;
  void operator()(const actors::release_booking&) const;
  void operator()(const actors::cancel_option&) const;
  void operator()(const actors::read_token&) const;
  void operator()(const actors::leave_queue&) const;
  void operator()(const actors::prioritize_token&) const;
  void operator()(const actors::watch_tokens&) const;
  void operator()(const actors::read_queue&) const;
  void operator()(const actors::configure_queue&) const;
  void judge_missing_queue(domain::concert_id) const;
  void judge_refused_token(domain::token_key, const std::optional<domain::user_id>& asker) const;
  // Judged elsewhere: account_refusals.cpp.
  template <class Other>
  void operator()(const Other&) const {
    not_for_this();
  }
  void operator()(const actors::recall_answer&) const {}

  template <class... Seen>
  void require_true(bool is_true, const Seen&... seen) const {
    require(is_true, invariant::true_refusal, r, " is refused with ", domain::to_string(said.code),
            " (", said.detail, "), but ", seen...);
  }
  [[noreturn]] void not_for_this() const {
    broken(invariant::fitting_answer, r, " is refused with ", domain::to_string(said.code), " (",
           said.detail, "), which nothing of its kind can be");
  }
  // Whether it was not there, durably, when the request came.
  template <class Book>
  bool was_missing(const Book* book) const {
    return book == nullptr || book->since > r.since;
  }
  bool was_missing(const booking_book* made) const {
    return made == nullptr || made->since > r.since || made->forgotten_since != 0;
  }
  void judge_missing_user(const domain::user_id&) const;
  void judge_missing_option(domain::option_id) const;

  void judge_booking_token(const actors::create_booking&, const token_book*) const;
  void judge_seats_taken(const actors::create_booking&, option_book&) const;
  void judge_none_together(const domain::best_seats&, const option_book&) const;
  bool is_odd_request(const actors::create_booking&) const;
  void judge_unknown_seat(const actors::create_booking&, option_book&) const;
  void judge_seat_limit(const actors::create_booking&) const;

  void judge_not_ended(const booking_book&, bool began) const;
  bool was_called_off(domain::option_id) const;
  // A payment for the booking that the wallet refused since, and that no answer told of.
  payment_book* refused_payment(const booking_book&, const std::optional<domain::token_key>&,
                                bool ran_out) const;
  bool claim_refused(const booking_book&, const std::optional<domain::token_key>&,
                     bool ran_out) const;
  void judge_payer_token(const actors::pay_booking&, const token_book*, const booking_book*) const;
  void judge_several_pending(const customer_book&) const;
};

} // namespace boxoffice::sim
