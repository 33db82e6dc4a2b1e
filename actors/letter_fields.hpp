// What letters, commands and outcomes consist of, for letter_format.cpp. What of it is the
// domain's: persistence/packed_domain.hpp.
#pragma once

#include "actors/letter_format.hpp"
#include "persistence/packed_domain.hpp"

namespace boxoffice::persistence::packed {

template <class Letter>
struct is_kept_back<Letter, std::enable_if_t<actors::stays_home<Letter>::value>> : std::true_type {
};

} // namespace boxoffice::persistence::packed

namespace boxoffice::actors {

using persistence::packed::of;

// --- how many there are

// Who adds a kind says here since when, and there which fields it has or that it stays home.
constexpr std::size_t known(of<letter>, int /*version*/) { return 54; }
static_assert(known(of<letter>{}, newest_spoken) == std::variant_size_v<letter>);
static_assert(std::is_same_v<std::variant_alternative_t<53, letter>, booking_gone>);

constexpr std::size_t known(of<outcome>, int /*version*/) { return 20; }
static_assert(known(of<outcome>{}, newest_spoken) == std::variant_size_v<outcome>);
static_assert(std::is_same_v<std::variant_alternative_t<19, outcome>, replayed_answer>);

constexpr std::size_t known(of<entity_kind>, int /*version*/) { return 7; }
static_assert(static_cast<int>(entity_kind::caretaker) == 6);

// clang-format off

template <class E> auto fields(E& e, of<entity_ref>) {
  return std::tie(e.kind, e.number, e.user);
}
template <class E> auto fields(E&, of<no_rows>) { return std::tie(); }
template <class E> auto fields(E&, of<unreadable_rows>) { return std::tie(); }

// --- commands

template <class E> auto fields(E& e, of<enter_queue>) {
  return std::tie(e.concert, e.user, e.priority);
}
template <class E> auto fields(E& e, of<read_token>) {
  return std::tie(e.token, e.acting_for, e.concert);
}
template <class E> auto fields(E& e, of<leave_queue>) {
  return std::tie(e.token, e.acting_for, e.concert);
}
template <class E> auto fields(E& e, of<prioritize_token>) {
  return std::tie(e.token, e.priority, e.concert);
}
template <class E> auto fields(E& e, of<watch_tokens>) { return std::tie(e.concert, e.tokens); }
template <class E> auto fields(E& e, of<read_queue>) { return std::tie(e.concert); }
template <class E> auto fields(E& e, of<configure_queue>) { return std::tie(e.concert, e.change); }
template <class E> auto fields(E& e, of<create_booking>) {
  return std::tie(e.option, e.user, e.token, e.seats, e.concert, e.best);
}
template <class E> auto fields(E& e, of<pay_booking>) {
  return std::tie(e.booking, e.concert, e.claim);
}
template <class E> auto fields(E& e, of<pay_pending>) {
  return std::tie(e.option, e.user, e.amount);
}
template <class E> auto fields(E& e, of<cancel_booking>) {
  return std::tie(e.booking, e.acting_for);
}
template <class E> auto fields(E& e, of<release_booking>) { return std::tie(e.booking, e.reason); }
template <class E> auto fields(E& e, of<cancel_option>) { return std::tie(e.option, e.reason); }
template <class E> auto fields(E& e, of<charge_wallet>) { return std::tie(e.user, e.amount); }
template <class E> auto fields(E& e, of<read_wallet>) { return std::tie(e.user); }
template <class E> auto fields(E& e, of<create_concert>) { return std::tie(e.title); }
template <class E> auto fields(E& e, of<create_option>) { return std::tie(e.wanted); }
template <class E> auto fields(E& e, of<adjust_wallet>) {
  return std::tie(e.user, e.amount, e.reason);
}
template <class E> auto fields(E& e, of<create_user>) { return std::tie(e.who); }
template <class E> auto fields(E& e, of<change_user>) { return std::tie(e.who); }
template <class E> auto fields(E& e, of<erase_user>) { return std::tie(e.user); }

// --- letters: those that bring a command on

template <class Command> asked<Command>& what_is_asked(asked<Command>& m) { return m; }
template <class Command> const asked<Command>& what_is_asked(const asked<Command>& m) { return m; }

template <class E, class Command> auto fields(E& e, of<asked<Command>>) {
  return std::tie(e.request, e.command, e.key);
}
template <class E, class Letter, class = decltype(std::declval<Letter&>().command)>
auto fields(E& e, of<Letter>) {
  return std::tie(what_is_asked(e));
}

// --- the others

template <class E> auto fields(E& e, of<stock_demo>) { return std::tie(e.request); }
template <class E> auto fields(E& e, of<sale_announced>) { return std::tie(e.concert); }
template <class E> auto fields(E& e, of<release_tokens>) {
  return std::tie(e.concert, e.booking, e.tokens);
}
template <class E> auto fields(E& e, of<tokens_released>) { return std::tie(e.booking); }
template <class E> auto fields(E& e, of<describe_owner>) {
  return std::tie(e.user, e.asker, e.correlation);
}
template <class E> auto fields(E& e, of<owner_described>) {
  return std::tie(e.asker, e.correlation, e.wallet);
}
template <class E> auto fields(E& e, of<debit_wallet>) {
  return std::tie(e.user, e.payment, e.booking, e.amount);
}
template <class E> auto fields(E& e, of<debit_decided>) {
  return std::tie(e.booking, e.payment, e.debited, e.wallet);
}
template <class E> auto fields(E& e, of<credit_wallet>) {
  return std::tie(e.user, e.payment, e.booking, e.amount);
}
template <class E> auto fields(E& e, of<money_returned>) { return std::tie(e.booking); }
template <class E> auto fields(E& e, of<asked_after_user>) {
  return std::tie(e.whom, e.user, e.correlation);
}
template <class E> auto fields(E& e, of<user_traced>) {
  return std::tie(e.user, e.correlation, e.in_use, e.unreadable);
}
template <class E> auto fields(E& e, of<recall>) {
  return std::tie(e.request, e.key, e.next, e.otherwise);
}
template <class E> auto fields(E& e, of<parcel>) { return std::tie(e.what); }
template <class E> auto fields(E& e, of<bookings_gone>) { return std::tie(e.option, e.bookings); }
template <class E> auto fields(E& e, of<booking_gone>) { return std::tie(e.booking); }
template <class E> auto fields(E& e, of<refusals_gone>) { return std::tie(e.user, e.bookings); }

// --- outcomes

template <class E> auto fields(E& e, of<wallet_view>) { return std::tie(e.owner, e.id, e.balance); }
template <class E> auto fields(E& e, of<booking_view>) { return std::tie(e.booking, e.wallet); }
template <class E> auto fields(E& e, of<option_view>) { return std::tie(e.what, e.at); }
template <class E> auto fields(E& e, of<option_called_off>) {
  return std::tie(e.what, e.free_seats, e.at);
}
template <class E> auto fields(E& e, of<tokens_view>) { return std::tie(e.tokens); }
template <class E> auto fields(E& e, of<entry_view>) { return std::tie(e.wallet, e.entry); }
template <class E> auto fields(E&, of<done>) { return std::tie(); }
template <class E> auto fields(E& e, of<replayed_answer>) { return std::tie(e.first); }

// clang-format on

} // namespace boxoffice::actors
