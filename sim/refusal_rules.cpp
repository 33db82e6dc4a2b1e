#include "sim/refusal_rules.hpp"

#include "sim/account_rules.hpp"

namespace boxoffice::sim {

using domain::error_code;
using domain::token_status;

void refusal_judgement::judge_missing_user(const domain::user_id& user) const {
  require_true(b.was_nobody(user, r.since), user, " existed all the time since it asked");
}

void refusal_judgement::judge_missing_option(domain::option_id option) const {
  require_true(was_missing(b.find_option(option)), option, " existed when it asked");
}

// --- wallets and queues

void refusal_judgement::operator()(const actors::read_wallet& c) const {
  if (said.code != error_code::user_not_found) not_for_this();
  judge_missing_user(c.user);
}

void refusal_judgement::operator()(const actors::charge_wallet& c) const {
  note_in_vain(b, r);
  if (said.code == error_code::user_not_found) return judge_missing_user(c.user);
  auto* user = b.find_user(c.user);
  require_true(user != nullptr, c.user, " does not exist");
  const auto& rules = b.rules.wallet;
  switch (said.code) {
  case error_code::invalid_request:
    return require_true(c.amount <= domain::money{} || c.amount > rules.max_charge, "up to ",
                        rules.max_charge, " may be charged");
  case error_code::balance_limit:
    return require_true(user->balances.ever(r.since,
                                            [&](const domain::money& balance) {
                                              return balance + c.amount > rules.max_balance;
                                            }),
                        "that user's balance was so low at all times since it asked: it is ",
                        user->balances.now(), " and may be ", rules.max_balance);
  case error_code::duplicate_request: {
    // The last charge when it asked, or one since.
    bool repeats = false;
    for (auto e = user->charges.rbegin(); e != user->charges.rend() && !repeats; ++e) {
      if (!e->guards_double_submit) continue;
      repeats = e->amount == c.amount && r.at - e->at < rules.double_submit_window;
      if (e->since <= r.since) break;
    }
    return require_true(repeats, "no equal charge of ", c.user, " within ",
                        rules.double_submit_window, " before is durable");
  }
  default: not_for_this();
  }
}

void refusal_judgement::operator()(const actors::enter_queue& c) const {
  note_in_vain(b, r);
  switch (said.code) {
  case error_code::user_not_found: return judge_missing_user(c.user);
  case error_code::concert_not_found:
    return require_true(was_missing(b.find_queue(c.concert)), c.concert, " existed when it asked");
  default: not_for_this();
  }
}

void refusal_judgement::judge_refused_token(domain::token_key key,
                                            const std::optional<domain::user_id>& asker) const {
  const auto* token = b.find_token(key);
  if (said.code == error_code::forbidden)
    return require_true(token != nullptr && asker && *asker != token->what.user,
                        "the token is the asker's own");
  if (said.code != error_code::queue_token_not_found) not_for_this();
  require_true(token == nullptr || token->issued > r.since || token->forgotten_since != 0,
               "there was such a token when it asked");
}

void refusal_judgement::operator()(const actors::read_token& c) const {
  judge_refused_token(c.token, c.acting_for);
}

void refusal_judgement::operator()(const actors::leave_queue& c) const {
  note_in_vain(b, r);
  judge_refused_token(c.token, c.acting_for);
}

void refusal_judgement::operator()(const actors::prioritize_token& c) const {
  note_in_vain(b, r);
  judge_refused_token(c.token, {});
}

void refusal_judgement::judge_missing_queue(domain::concert_id concert) const {
  if (said.code != error_code::concert_not_found) not_for_this();
  require_true(was_missing(b.find_queue(concert)), concert, " existed when it asked");
}

void refusal_judgement::operator()(const actors::watch_tokens& c) const {
  judge_missing_queue(c.concert);
}

void refusal_judgement::operator()(const actors::read_queue& c) const {
  judge_missing_queue(c.concert);
}

void refusal_judgement::operator()(const actors::configure_queue& c) const {
  note_in_vain(b, r);
  judge_missing_queue(c.concert);
}

// --- new bookings

void refusal_judgement::operator()(const actors::create_booking& c) const {
  note_in_vain(b, r);
  if (said.code == error_code::concert_option_not_found) return judge_missing_option(c.option);
  auto* option = b.find_option(c.option);
  require_true(option != nullptr, c.option, " does not exist");
  const auto* token = b.find_token(c.token);
  if (said.code == error_code::queue_token_invalid || said.code == error_code::queue_token_waiting)
    return judge_booking_token(c, token);
  require(token != nullptr && token->what.user == c.user &&
              token->concert == option->what.concert &&
              token->states.was(r.since, token_status::processing) && token->what.expires_at > r.at,
          invariant::token_first, r, " is refused with ", domain::to_string(said.code),
          ", but its token admitted ", c.user, " at no moment since it asked");

  const auto& hours = option->what;
  switch (said.code) {
  case error_code::user_not_found: return judge_missing_user(c.user);
  case error_code::invalid_request:
    return require_true(is_odd_request(c), "its ", c.seats.size(), " seats are in order, up to ",
                        b.rules.booking.max_seats, " are allowed");
  case error_code::sale_not_open:
    return require_true(r.at < hours.sales_open_at, "the sale had opened at ", hours.sales_open_at);
  case error_code::sale_closed:
    return require_true(option->cancelled || now >= std::min(hours.sales_close_at, hours.starts_at),
                        "the sale is open until ", std::min(hours.sales_close_at, hours.starts_at));
  case error_code::seat_not_found: return judge_unknown_seat(c, *option);
  case error_code::seat_limit: return judge_seat_limit(c);
  case error_code::seat_already_reserved: return judge_seats_taken(c, *option);
  default: not_for_this();
  }
}

void refusal_judgement::judge_booking_token(const actors::create_booking& c,
                                            const token_book* token) const {
  const bool is_users = token != nullptr && token->issued <= b.now && token->what.user == c.user &&
                        token->concert == b.options.at(c.option).what.concert;
  if (said.code == error_code::queue_token_waiting) {
    require_true(is_users && token->states.was(r.since, token_status::waiting),
                 "the token is not one of ", c.user, " that waited at any moment since it asked");
    return require_true(said.retry_after.has_value(), "it does not say when to ask again");
  }
  const bool was_dead =
      !is_users || token->issued > r.since || token->states.now() == token_status::expired;
  require_true(was_dead, c.user, "'s token is ",
               token == nullptr ? token_status::expired : token->states.now(), ", admitted until ",
               token == nullptr ? now : token->what.expires_at);
}

bool refusal_judgement::is_odd_request(const actors::create_booking& c) const {
  if (c.best.count > 0) return c.best.count > b.rules.booking.max_seats;
  auto names = c.seats;
  std::sort(names.begin(), names.end());
  return names.empty() || names.size() > b.rules.booking.max_seats ||
         std::adjacent_find(names.begin(), names.end()) != names.end();
}

void refusal_judgement::judge_unknown_seat(const actors::create_booking& c,
                                           option_book& option) const {
  if (c.best.section) {
    const auto& sections = option.what.sections;
    return require_true(std::none_of(sections.begin(), sections.end(),
                                     [&](const auto& s) { return s.name == *c.best.section; }),
                        "there is such a section in ", c.option);
  }
  const bool unknown = std::any_of(c.seats.begin(), c.seats.end(),
                                   [&](const auto& name) { return option.find(name) == nullptr; });
  require_true(unknown, "all its seats are in ", c.option);
}

void refusal_judgement::judge_seat_limit(const actors::create_booking& c) const {
  const auto limit = b.rules.booking.max_seats_per_user;
  const auto holds = b.rules.booking.max_holds_per_user;
  const auto wanted = std::max(c.seats.size(), c.best.count);
  const auto* customer = b.find_customer(c.user, c.option);
  const bool over = wanted > limit ||
                    (customer != nullptr && customer->states.ever(r.since, [&](const standing& s) {
                      return s.seats + wanted > limit || s.pending + s.paying >= holds;
                    }));
  require_true(over, c.user, " had few enough in ", c.option, " at all times since it asked: now ",
               customer == nullptr ? 0 : customer->states.now().seats, ", up to ", limit,
               " are allowed");
}

void refusal_judgement::judge_seats_taken(const actors::create_booking& c,
                                          option_book& option) const {
  if (c.best.count > 0) return judge_none_together(c.best, option);
  constexpr std::string_view head = "Already reserved: ";
  constexpr std::size_t many = 1000;
  const std::string_view text = said.detail;
  require_true(text.substr(0, head.size()) == head && text.back() == '.', "it names no seats");
  const auto names =
      domain::parse_seat_names(text.substr(head.size(), text.size() - head.size() - 1), many, "");
  const auto* named = std::get_if<std::vector<domain::seat_name>>(&names);
  require_true(named != nullptr, "it names no seats");

  for (const auto& name : *named)
    if (std::find(c.seats.begin(), c.seats.end(), name) == c.seats.end())
      require_true(false, "it did not ask for ", domain::to_string(name));
  for (const auto& name : c.seats) {
    const auto* seat = option.find(name);
    require_true(seat != nullptr, "one of its seats does not exist");
    const bool is_named = std::find(named->begin(), named->end(), name) != named->end();
    const bool fits = seat->states.ever(r.since, [&](const seat_state& s) {
      return (s.status != domain::seat_status::free) == is_named;
    });
    if (fits) continue;
    const auto& last = seat->states.now();
    require_true(false, domain::to_string(name), " was durably ", last,
                 " at all times since it asked");
  }
}

// In every row of so many seats one was somebody's at some moment since it asked.
void refusal_judgement::judge_none_together(const domain::best_seats& wish,
                                            const option_book& option) const {
  std::size_t free = 0; // in a row, up to and with this seat
  const seat_book* before = nullptr;
  for (const auto& seat : option.seats) {
    const bool follows = before != nullptr && before->name.section == seat.name.section;
    if (!follows) free = 0;
    before = &seat;
    if (wish.section && seat.name.section != *wish.section) continue;
    const bool was_taken = seat.states.ever(
        r.since, [](const seat_state& s) { return s.status != domain::seat_status::free; });
    free = was_taken ? 0 : free + 1;
    require_true(free < wish.count, wish.count, " seats up to ", domain::to_string(seat.name),
                 " were durably free all the time since it asked");
  }
}

void take_refusal(sale_books& b, const request& r, const domain::rejection& said,
                  domain::time_point now) {
  b.reached.reached("refusal: " + std::string(domain::to_string(said.code)));
  // Says nothing of what happened: whatever the request led to may still become durable.
  if (said.code == error_code::store_unavailable) return;
  if (take_account_refusal(b, r, said, now)) return;
  std::visit(refusal_judgement{b, r, said, now}, r.command);
}

} // namespace boxoffice::sim
