// Refused payments.
#include "sim/refusal_rules.hpp"

#include <functional>

namespace boxoffice::sim {

using domain::booking_status;
using domain::error_code;

namespace {

bool paying_or_paid(booking_status s) {
  return s != booking_status::pending && s != booking_status::expired;
}

} // namespace

payment_book* refusal_judgement::refused_payment(const booking_book& made,
                                                 const std::optional<domain::token_key>& token,
                                                 bool ran_out) const {
  for (const auto id : made.payments) {
    auto& paid = b.payments.at(id);
    if (paid.since > r.since && !paid.told && paid.token == token && paid.ended != 0 &&
        !*paid.debited && paid.started_at >= r.at &&
        (*paid.ended_at >= made.what.expires_at) == ran_out)
      return &paid;
  }
  return nullptr;
}

bool refusal_judgement::claim_refused(const booking_book& made,
                                      const std::optional<domain::token_key>& token,
                                      bool ran_out) const {
  auto* paid = refused_payment(made, token, ran_out);
  if (paid != nullptr) paid->told = true;
  return paid != nullptr;
}

void refusal_judgement::judge_payer_token(const actors::pay_booking& c, const token_book* token,
                                          const booking_book* made) const {
  note_in_vain(b, r);
  const bool is_not_theirs = token == nullptr || token->issued > r.since ||
                             token->forgotten_since != 0 || token->what.user != c.claim.user ||
                             (made != nullptr && made->what.concert != token->concert);
  require_true(is_not_theirs, "the token is ", c.claim.user, "'s for that concert");
}

void refusal_judgement::operator()(const actors::pay_booking& c) const {
  const auto* token = c.claim.token ? b.find_token(*c.claim.token) : nullptr;
  auto* made = b.find_booking(c.booking);
  if (said.code == error_code::queue_token_invalid) return judge_payer_token(c, token, made);
  if (said.code == error_code::concert_not_found)
    return require_true(b.queues.empty(), "there are concerts");
  require(token != nullptr && token->what.user == c.claim.user, invariant::token_first, r,
          " is refused with ", domain::to_string(said.code), ", but its token is not ",
          c.claim.user, "'s");
  if (said.code == error_code::booking_not_found) {
    note_in_vain(b, r);
    return require_true(was_missing(made) || made->what.user != c.claim.user, c.booking, " of ",
                        c.claim.user, " existed when it asked");
  }

  require_true(made != nullptr && made->what.user == c.claim.user, c.claim.user, " has no ",
               c.booking);
  switch (said.code) {
  case error_code::insufficient_balance:
    return require(claim_refused(*made, c.claim.token, false), invariant::durable_first, r,
                   " is told that the money is short, but no payment of ", c.booking,
                   " that the wallet refused since it asked, and that nobody was told of, is "
                   "durably at its end; the booking is ",
                   made->what.status);
  case error_code::booking_expired:
    if (!claim_refused(*made, c.claim.token, true)) note_in_vain(b, r);
    return require(made->expired_since != 0, invariant::durable_first, r,
                   " is told that the hold of ", c.booking, " has run out; it is durably ",
                   made->what.status, ", held until ", made->what.expires_at);
  case error_code::booking_not_pending:
    note_in_vain(b, r);
    return require_true(
        made->states.ever(r.since, paying_or_paid) || was_called_off(made->what.option), c.booking,
        " was neither being paid nor paid since it asked; it is ", made->what.status);
  case error_code::invalid_request: {
    note_in_vain(b, r);
    const bool differs = (c.claim.concert && *c.claim.concert != made->what.concert) ||
                         (c.claim.seats && seats_in_order(*c.claim.seats) !=
                                               seats_in_order(names_of(made->what.seats)));
    return require_true(differs && made->states.was(r.since, booking_status::pending) &&
                            r.at < made->what.expires_at,
                        c.booking, " is ", made->what.status, ", for ", made->what.concert, ": ",
                        made->what.seats);
  }
  default: not_for_this();
  }
}

// The desk may know a later state of one booking and an earlier one of another, when both changed
// while it was being read; so each is judged by itself.
void refusal_judgement::judge_several_pending(const customer_book& customer) const {
  std::size_t named = 0;
  auto rest = std::string_view(said.detail);
  rest.remove_prefix(std::min(rest.size(), rest.find(": ")));
  for (const auto id : customer.bookings) {
    const auto number = std::to_string(id.value);
    for (auto at = rest.find(number); at != rest.npos; at = rest.find(number, at + 1)) {
      const auto end = at + number.size();
      if (rest[at - 1] != ' ' || (end < rest.size() && rest[end] != ',' && rest[end] != '.'))
        continue;
      ++named;
      const auto& made = b.bookings.at(id);
      require_true(made.states.was(r.since, booking_status::pending), id,
                   " was not pending at any moment since it asked; it is ", made.what.status);
      break;
    }
  }
  const auto listed = static_cast<std::size_t>(std::count(rest.begin(), rest.end(), ',')) + 1;
  require_true(named == listed && named > 1, "it names ", listed, " bookings, of which ", named,
               " are that user's there");
}

void refusal_judgement::operator()(const actors::pay_pending& c) const {
  if (said.code == error_code::concert_option_not_found) {
    note_in_vain(b, r);
    return judge_missing_option(c.option);
  }
  const auto* customer = b.find_customer(c.user, c.option);
  if (said.code == error_code::booking_not_found) {
    note_in_vain(b, r);
    return require_true(customer == nullptr ||
                            b.bookings.at(customer->bookings.front()).since > r.since ||
                            customer->states.ever(r.since, std::mem_fn(&standing::has_none)),
                        c.user, " had a booking in ", c.option, " when it asked");
  }
  require_true(customer != nullptr, c.user, " has no booking in ", c.option);
  const auto any_booking = [&](auto fits) {
    return std::any_of(customer->bookings.begin(), customer->bookings.end(),
                       [&](domain::booking_id id) { return fits(b.bookings.at(id)); });
  };
  const auto costs_it = [&](const booking_book& made) { return made.what.total == c.amount; };

  switch (said.code) {
  case error_code::insufficient_balance: {
    const bool told = any_booking([&](const booking_book& made) {
      return costs_it(made) && claim_refused(made, std::nullopt, false);
    });
    return require(told, invariant::durable_first, r,
                   " is told that the money is short, but no such payment that the wallet refused "
                   "since it asked, and that nobody was told of, is durably at its end");
  }
  case error_code::booking_expired: {
    const bool ran_out = any_booking([&](const booking_book& made) {
      return costs_it(made) && claim_refused(made, std::nullopt, true);
    });
    if (!ran_out) note_in_vain(b, r);
    // All were over already, or the one to be paid came to its end.
    const bool all_over = customer->states.ever(r.since, [](const standing& s) {
      return s.pending + s.paying_or_paid == 0 && s.expired > 0;
    });
    const bool expired_since = any_booking(
        [&](const booking_book& made) { return costs_it(made) && made.expired_since > r.since; });
    const auto& s = customer->states.now();
    return require(
        all_over || expired_since, invariant::durable_first, r,
        " is told that the hold has run out, which is durable of no booking it can mean: ", c.user,
        " has ", s.pending, " pending, ", s.paying_or_paid, " being paid or paid and ", s.expired,
        " expired");
  }
  case error_code::booking_not_pending: {
    note_in_vain(b, r);
    if (said.detail.rfind("Several", 0) == 0) return judge_several_pending(*customer);
    const bool none_pending = customer->states.ever(r.since, [](const standing& s) {
      return s.pending == 0 && s.paying_or_paid + s.cancelled > 0;
    });
    const bool overtaken = any_booking([&](const booking_book& made) {
      return costs_it(made) && made.states.ever(r.since, paying_or_paid) &&
             made.states.was(r.since, booking_status::pending);
    });
    return require_true(none_pending || overtaken || was_called_off(c.option),
                        "at all times since it asked ", c.user,
                        " had a booking to pay, or none was being paid or paid");
  }
  case error_code::invalid_request:
    note_in_vain(b, r);
    return require_true(any_booking([&](const booking_book& made) {
                          return !costs_it(made) &&
                                 made.states.was(r.since, booking_status::pending);
                        }),
                        "no booking of another price was pending since it asked");
  default: not_for_this();
  }
}

// --- ends before their time

bool refusal_judgement::was_called_off(domain::option_id id) const {
  const auto* option = b.find_option(id);
  return option != nullptr && option->cancelled;
}

void refusal_judgement::judge_not_ended(const booking_book& made, bool began) const {
  note_in_vain(b, r);
  switch (said.code) {
  case error_code::booking_expired:
    return require(made.expired_since != 0, invariant::durable_first, r,
                   " is told that the hold of ", made.what.id, " has run out; it is durably ",
                   made.what.status);
  case error_code::booking_not_pending:
    return require_true(began || made.states.ever(r.since,
                                                  [](booking_status s) {
                                                    return s == booking_status::paying ||
                                                           s == booking_status::refunding ||
                                                           s == booking_status::cancelled;
                                                  }),
                        made.what.id, " could be ended at all times since it asked; it is ",
                        made.what.status);
  default: not_for_this();
  }
}

void refusal_judgement::operator()(const actors::cancel_booking& c) const {
  auto* made = b.find_booking(c.booking);
  if (said.code == error_code::booking_not_found) {
    note_in_vain(b, r);
    const bool anothers = made != nullptr && c.acting_for && *c.acting_for != made->what.user;
    return require_true(anothers || was_missing(made), c.booking, " existed when it asked");
  }
  require_true(made != nullptr, "there is no ", c.booking);
  judge_not_ended(*made, now >= b.options.at(made->what.option).what.starts_at);
}

void refusal_judgement::operator()(const actors::release_booking& c) const {
  auto* made = b.find_booking(c.booking);
  if (said.code == error_code::booking_not_found) {
    note_in_vain(b, r);
    return require_true(was_missing(made), c.booking, " existed when it asked");
  }
  require_true(made != nullptr, "there is no ", c.booking);
  judge_not_ended(*made, false);
}

void refusal_judgement::operator()(const actors::cancel_option& c) const {
  if (said.code == error_code::concert_option_not_found) return judge_missing_option(c.option);
  const auto* option = b.find_option(c.option);
  require_true(option != nullptr, "there is no ", c.option);
  if (said.code != error_code::sale_closed) not_for_this();
  require_true(now >= option->what.starts_at, c.option, " begins at ", option->what.starts_at);
}

} // namespace boxoffice::sim
