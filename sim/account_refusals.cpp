// Judges refusals of what is asked about users, adjustments and the past.
#include "actors/domain/text.hpp"
#include "sim/account_rules.hpp"

namespace boxoffice::sim {

using domain::booking_status;
using domain::error_code;
using domain::token_status;

namespace {

struct account_refusal {
  sale_books& b;
  const request& r;
  const domain::rejection& said;
  domain::time_point now;

  template <class... Seen>
  void require_true(bool is_true, const Seen&... seen) const {
    require(is_true, invariant::true_refusal, r, " is refused with ", domain::to_string(said.code),
            " (", said.detail, "), but ", seen...);
  }
  [[noreturn]] void not_for_this() const {
    broken(invariant::fitting_answer, r, " is refused with ", domain::to_string(said.code), " (",
           said.detail, "), which nothing of its kind can be");
  }
  void judge_missing(const domain::user_id& id) const {
    require_true(b.was_nobody(id, r.since), id, " existed all the time since it asked");
  }

  bool had_live_booking(const user_book& user) const {
    const auto live = [&](domain::booking_id id) {
      const auto& made = b.bookings.at(id);
      const auto starts = b.options.at(made.what.option).what.starts_at;
      return made.states.ever(r.since, [&](booking_status s) {
        return s == booking_status::pending || s == booking_status::paying ||
               s == booking_status::refunding || (s == booking_status::confirmed && starts > r.at);
      });
    };
    for (const auto& [option, customer] : user.as_customer)
      if (std::any_of(customer.bookings.begin(), customer.bookings.end(), live)) return true;
    return false;
  }
  bool had_live_token(const domain::user_id& id) const {
    return std::any_of(b.token_order.begin(), b.token_order.end(), [&](domain::token_key key) {
      const auto& token = b.tokens.at(key);
      return token.what.user == id &&
             token.states.ever(r.since, [](token_status s) { return s != token_status::expired; });
    });
  }
  // Somebody asked for a token or booking in the user's name and was not answered before this came.
  bool was_being_served(const domain::user_id& id) const {
    const auto* served = found_in(b.served, id);
    return served != nullptr && (served->open > 0 || served->last_answered >= r.at);
  }

  void operator()(const actors::create_user& c) const {
    note_in_vain(b, r);
    switch (said.code) {
    case error_code::user_already_exists:
      return require_true(b.find_user(c.who.id) != nullptr, "there never was such a user");
    case error_code::invalid_request:
      return require_true(domain::check_person(c.who).has_value(), "there is nothing wrong");
    default: not_for_this();
    }
  }
  void operator()(const actors::change_user& c) const {
    note_in_vain(b, r);
    switch (said.code) {
    case error_code::user_not_found: return judge_missing(c.who.id);
    case error_code::invalid_request:
      return require_true(domain::check_person(c.who).has_value(), "there is nothing wrong");
    default: not_for_this();
    }
  }
  void operator()(const actors::erase_user& c) const {
    note_in_vain(b, r);
    if (said.code == error_code::user_not_found) return judge_missing(c.user);
    if (said.code != error_code::user_in_use) not_for_this();
    const auto* user = b.find_user(c.user);
    require_true(user != nullptr, "there is no such user");
    const bool had_points = user->balances.ever(
        r.since, [](domain::money balance) { return balance > domain::money{}; });
    require_true(had_points || had_live_booking(*user) || had_live_token(c.user) ||
                     was_being_served(c.user),
                 c.user, " had neither points nor a live booking or token since it asked");
  }
  void operator()(const actors::adjust_wallet& c) const {
    note_in_vain(b, r);
    if (said.code == error_code::user_not_found) return judge_missing(c.user);
    if (said.code == error_code::invalid_request)
      return require_true(c.amount == domain::money{} || c.reason.empty() ||
                              domain::count_characters(c.reason) > domain::max_reason,
                          "there is nothing wrong");
    const auto* user = b.find_user(c.user);
    require_true(user != nullptr, "there is no such user");
    const auto ever = [&](auto so) { return user->balances.ever(r.since, so); };
    switch (said.code) {
    case error_code::insufficient_balance:
      return require_true(
          ever([&](domain::money balance) { return balance + c.amount < domain::money{}; }),
          "there was enough all the time since it asked: ", user->balances.now());
    case error_code::balance_limit:
      return require_true(ever([&](domain::money balance) {
                            return balance + c.amount > b.rules.wallet.max_balance;
                          }),
                          "the balance was low enough: ", user->balances.now());
    default: not_for_this();
    }
  }

  void operator()(const actors::query& q) const { std::visit(*this, q); }
  void operator()(const actors::read_user& q) const { judge_reader(q.user); }
  void operator()(const actors::list_entries& q) const { judge_reader(q.user); }
  void operator()(const actors::list_user_bookings& q) const { judge_reader(q.user); }
  void judge_reader(const domain::user_id& id) const {
    if (said.code != error_code::user_not_found) not_for_this();
    judge_missing(id);
  }
  void operator()(const actors::read_booking& q) const {
    const auto* made = b.find_booking(q.booking);
    if (said.code != error_code::booking_not_found) not_for_this();
    if (made != nullptr && q.acting_for && *q.acting_for != made->what.user) return;
    require_true(made == nullptr || made->since > r.since || made->forgotten_since != 0, q.booking,
                 " existed when it asked");
  }
  void operator()(const actors::read_payment& q) const {
    const auto* made = b.find_booking(q.booking);
    if (said.code != error_code::booking_not_found) not_for_this();
    if (made == nullptr || (q.acting_for && *q.acting_for != made->what.user)) return;
    for (const auto id : made->payments) {
      const auto& paid = b.payments.at(id);
      require_true(!paid.debited.value_or(false) || paid.debited_since > r.since, id,
                   " was debited when it asked");
    }
  }
  void operator()(const actors::read_entry& q) const {
    if (said.code == error_code::user_not_found) return judge_missing(q.user);
    if (said.code != error_code::route_not_found) not_for_this();
    const auto* user = b.find_user(q.user);
    require_true(user != nullptr && std::none_of(user->entries.begin(), user->entries.end(),
                                                 [&](const entry_book& e) {
                                                   return e.what.id == q.entry &&
                                                          e.since <= r.since;
                                                 }),
                 q.entry, " was there when it asked");
  }
  void operator()(const actors::list_option_bookings&) const { not_for_this(); }
  void operator()(const actors::list_audit&) const { not_for_this(); }
};

} // namespace

bool take_account_refusal(sale_books& b, const request& r, const domain::rejection& said,
                          domain::time_point now) {
  return std::visit(
      [&](const auto& c) {
        constexpr bool mine = std::is_invocable_v<account_refusal, decltype(c)>;
        if constexpr (mine) account_refusal{b, r, said, now}(c);
        return mine;
      },
      r.command);
}

} // namespace boxoffice::sim
