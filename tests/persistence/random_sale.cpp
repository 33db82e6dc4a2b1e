#include "tests/persistence/random_sale.hpp"

#include <algorithm>
#include <utility>

namespace boxoffice::persistence::test {

using namespace domain;

namespace {

// The events of a decision, none when it refused.
events accepted(result<events> decided) {
  return std::holds_alternative<events>(decided) ? std::get<events>(std::move(decided)) : events{};
}

void append(events& to, const events& more) { to.insert(to.end(), more.begin(), more.end()); }

} // namespace

user_created random_sale::new_user() {
  const auto name = "user" + std::to_string(++users_);
  return {
      {{name}, "아무개 " + name, name + "@example.com"}, ids_.next<point_id>(id_kind::point), now_};
}

events random_sale::opening() {
  events facts;
  for (int i = 0; i < 6; ++i) facts.push_back(new_user());
  for (const char* title : {"concertA", "콘서트 B"}) {
    const auto concert = ids_.next<concert_id>(id_kind::concert);
    facts.push_back(concert_created{{concert, title, now_}});
    for (int day = 1; day <= (concert.value == 1 ? 2 : 1); ++day) {
      facts.push_back(option_created{new_option(concert, day)});
    }
  }
  return facts;
}

concert_option random_sale::new_option(concert_id concert, int day) {
  concert_option option;
  option.id = ids_.next<option_id>(id_kind::option);
  option.concert = concert;
  option.starts_at = now_ + std::chrono::hours(24) * day;
  option.venue = "Hall '" + std::to_string(day) + "'";
  option.time_zone = "Asia/Seoul";
  option.local_date = to_calendar(option.starts_at + std::chrono::hours(9)).date;
  option.sales_open_at = now_;
  option.sales_close_at = option.starts_at - std::chrono::hours(1);
  for (const char* section : {"A", "B2"})
    option.sections.push_back(
        {section, ids_.next_block<seat_id>(id_kind::seat, 5), 5, money{12'345 * day}});
  return option;
}

// A performance more, step by step.
events random_sale::put_on_offer(const model& m) {
  constexpr std::size_t most = 6;
  if (!m.drafts.empty()) return lay_seats(m.drafts.begin()->second, {3});
  if (m.catalogue.options.size() == most) return {};
  return {option_drafted{new_option(dice_.pick(m.catalogue.concerts)->first, 3)}};
}

events random_sale::next(const model& before) {
  now_ += duration(static_cast<std::int64_t>(dice_.below(2'000'000)));
  auto m = before;
  events facts;
  for (auto decisions = 1 + dice_.below(6); decisions > 0;) {
    const auto some = decide(m);
    if (some.empty()) {
      now_ += std::chrono::milliseconds(50); // time alone brings something to decide
      continue;
    }
    m.commit(some, now_);
    append(facts, some);
    --decisions;
  }
  return facts;
}

events random_sale::decide(const model& m) {
  switch (dice_.below(15)) {
  case 0:
  case 1: return enter(m);
  case 2:
  case 3: return advance_queue(m);
  case 4:
  case 5:
  case 6: return book(m);
  case 7:
  case 8:
  case 9: return carry_on(m);
  case 10: return charge(m);
  case 11: return operate(m);
  case 12: return dice_.one_in(8) ? cancel_option(m) : events{};
  case 13: return dice_.one_in(2) ? forget_tokens(m) : forget_bookings(m);
  default: return dice_.one_in(4) ? events{new_user()} : put_on_offer(m);
  }
}

namespace {

constexpr auto kept_for = std::chrono::seconds(5); // longer than the rate counts an admission

} // namespace

events random_sale::forget_tokens(const model& m) {
  const auto concert = dice_.pick(m.catalogue.concerts)->first;
  tokens_forgotten fact{concert, {}, now_};
  const auto last = m.queues.at(concert).next_arrival() - 1;
  for (const auto& [key, owner] : m.tokens)
    if (owner.concert == concert && owner.status == token_status::expired &&
        owner.expires_at + kept_for <= now_ && m.arrivals.at(key) != last && dice_.one_in(2))
      fact.tokens.push_back(key);
  return fact.tokens.empty() ? events{} : events{fact};
}

events random_sale::forget_bookings(const model& m) {
  const auto option = dice_.pick(m.catalogue.options)->first;
  bookings_forgotten fact{option, {}, now_};
  for (const auto& [id, b] : m.bookings)
    if (b.option == option && !b.confirmed_at && b.expires_at + kept_for <= now_ &&
        (b.status == booking_status::expired || b.status == booking_status::cancelled))
      fact.bookings.push_back(id);
  return fact.bookings.empty() ? events{} : events{fact};
}

events random_sale::enter(const model& m) {
  const auto& q = dice_.pick(m.queues)->second;
  const auto& [user, wallet] = *dice_.pick(m.wallets);
  if (wallet.erased || q.find_live(user) != nullptr) return {};
  const auto high = dice_.bits();
  return decide_enter(q, queue_rules_, user, make_token_key(high, dice_.bits()),
                      ids_.next<token_id>(id_kind::token),
                      static_cast<std::int32_t>(dice_.below(3)) - 1, now_);
}

events random_sale::advance_queue(const model& m) {
  return advance(dice_.pick(m.queues)->second, queue_rules_, now_, 1 + dice_.below(3));
}

events random_sale::book(const model& m) {
  if (m.tokens.empty()) return {};
  const auto [key, owner] = *dice_.pick(m.tokens);
  if (check_admission(m.queues.at(owner.concert), queue_rules_, key, owner.user, now_)) return {};
  const auto& option = *dice_.pick(m.catalogue.options)->second;
  if (option.concert != owner.concert) return {};

  std::vector<seat_name> names;
  for (int number = 1; number <= 5; ++number)
    if (names.size() < 3 && dice_.one_in(3))
      names.push_back({dice_.one_in(2) ? "A" : "B2", number});
  if (names.empty()) return {};
  auto admitted =
      decide_admission(option, m.desks.at(option.id), booking_rules_, owner.user, names, now_);
  if (refused(admitted)) return {};

  booking_created e{ids_.next<booking_id>(id_kind::booking),
                    option.id,
                    option.concert,
                    owner.user,
                    key,
                    std::get<0>(std::move(admitted)),
                    {},
                    now_,
                    now_ + booking_rules_.hold_for};
  for (auto& s : e.seats) {
    if (m.seats.at(s.seat).status != seat_status::free) return {};
    s.reservation = ids_.next<reservation_id>(id_kind::reservation);
    e.total = e.total + s.price;
  }
  return {e};
}

// What a booking picked at random has to do next, if anything.
events random_sale::carry_on(const model& m) {
  if (m.bookings.empty()) return {};
  const auto& b = dice_.pick(m.bookings)->second;
  switch (b.status) {
  case booking_status::pending:
    if (dice_.one_in(6)) return cancel(m, b);
    return b.expires_at <= now_ ? decide_expiry(b, now_) : pay(b);
  case booking_status::paying: return await_wallet(m, b);
  case booking_status::confirmed: return b.settled ? cancel(m, b) : settle(m, b);
  case booking_status::refunding: return refund(m, b);
  default: return {};
  }
}

events random_sale::pay(const booking& b) {
  payment_claim claim;
  claim.user = b.user;
  if (dice_.one_in(2)) claim.token = b.token;
  auto facts =
      accepted(decide_payment(b, claim, ids_.next<payment_id>(id_kind::payment), false, now_));
  if (!facts.empty() && dice_.one_in(2)) {
    const bool by_desk = dice_.one_in(2);
    facts.push_back(request_begun{new_key(by_desk ? request_owner(b.option) : request_owner(b.id)),
                                  b.id, now_});
  }
  return facts;
}

request_key random_sale::new_key(const request_owner& owner) {
  fingerprint print;
  for (auto& byte : print.bytes) byte = static_cast<unsigned char>(dice_.below(256));
  return {owner, "PATCH /payments/payment", "user1", "key " + std::to_string(++keys_), print,
          "현금"};
}

request_answered random_sale::answer(const request_key& key, booking_id booking) {
  return {key,
          booking,
          {200 + keys_ % 2, "{\"n\":" + std::to_string(keys_) + "}", "/v1/there"},
          now_,
          now_ + std::chrono::hours(1)};
}

events random_sale::await_wallet(const model& m, const booking& b) {
  const auto& w = m.wallets.at(b.user);
  auto word = decide_debit(w, b.payment, b.id, b.total, ids_.next<entry_id>(id_kind::entry), now_);
  if (!word.facts.empty()) return word.facts;
  auto facts = decide_debit_outcome(b, b.payment, word.debited, now_);
  const auto kept = m.kept.find(b.id);
  if (kept == m.kept.end() || word.debited) return facts;
  if (auto open = kept->second.under_way()) facts.push_back(request_dropped{*std::move(open)});
  return facts;
}

events random_sale::settle(const model& m, const booking& b) {
  auto facts = decide_release(m.queues.at(b.concert), b.token, now_);
  append(facts, decide_settled(b));
  const auto kept = m.kept.find(b.id);
  if (kept == m.kept.end() || b.settled) return facts;
  if (const auto open = kept->second.under_way()) facts.push_back(answer(*open, b.id));
  return facts;
}

events random_sale::cancel(const model& m, const booking& b) {
  const auto starts_at = m.catalogue.options.at(b.option)->starts_at;
  return accepted(decide_cancel(b, cancelled_by::user, starts_at, now_));
}

events random_sale::refund(const model& m, const booking& b) {
  const auto& w = m.wallets.at(b.user);
  if (w.refunded.count(b.id) != 0) return decide_refunded(b, now_);
  return decide_refund(w, b.payment, b.id, b.total, ids_.next<entry_id>(id_kind::entry), now_);
}

events random_sale::cancel_option(const model& m) {
  const auto& [id, desk] = *dice_.pick(m.desks);
  if (!desk.cancelled)
    return accepted(decide_cancellation(*m.catalogue.options.at(id), desk, now_));
  if (desk.wound_up || !live_bookings(desk).empty()) return {};
  return {cancellation_completed{id, now_}};
}

events random_sale::charge(const model& m) {
  const auto& w = dice_.pick(m.wallets)->second;
  if (w.erased) return {};
  auto facts = accepted(decide_charge(w, wallet_rules_,
                                      money{1 + static_cast<std::int64_t>(dice_.below(30'000))},
                                      ids_.next<entry_id>(id_kind::entry), now_));
  if (!facts.empty())
    if (dice_.one_in(2)) {
      std::get<wallet_charged>(facts.front()).guards_double_submit = false;
      facts.push_back(answer(new_key(w.owner.id), {}));
    }
  return facts;
}

// What an operator does, and what users do with their accounts.
events random_sale::operate(const model& m) {
  switch (dice_.below(4)) {
  case 0: {
    if (m.tokens.empty()) return {};
    const auto& [key, owner] = *dice_.pick(m.tokens);
    const auto priority = static_cast<std::int32_t>(dice_.below(5));
    return decide_priority(m.queues.at(owner.concert), key, priority, now_);
  }
  case 1: {
    const auto limit = [this] {
      return dice_.one_in(2) ? std::optional<std::size_t>() : std::optional(1 + dice_.below(6));
    };
    queue_change change;
    change.active_limit = limit();
    if (dice_.one_in(2)) change.admit_per_second = limit();
    if (dice_.one_in(2)) change.paused = dice_.one_in(4);
    return decide_configuration(dice_.pick(m.queues)->second, change, now_);
  }
  case 2: return adjust(m);
  default: return change_or_erase(m);
  }
}

events random_sale::adjust(const model& m) {
  const auto& [user, wallet] = *dice_.pick(m.wallets);
  const money amount{static_cast<std::int64_t>(dice_.below(20'000)) - 10'000};
  if (wallet.erased) return {};
  return accepted(decide_adjustment(wallet, wallet_rules_, amount, "counted anew",
                                    ids_.next<entry_id>(id_kind::entry), now_));
}

events random_sale::change_or_erase(const model& m) {
  const auto& [user, wallet] = *dice_.pick(m.wallets);
  if (wallet.erased) return {};
  if (!dice_.one_in(3))
    return accepted(
        decide_change(wallet, {user, "아무개", std::to_string(dice_.below(9)) + "@x"}, now_));
  const auto is_theirs = [who = user](const auto& entry) { return entry.second.user == who; };
  const bool has_token = std::any_of(m.tokens.begin(), m.tokens.end(), [&](const auto& entry) {
    return is_theirs(entry) && entry.second.status != token_status::expired;
  });
  const bool has_booking =
      std::any_of(m.bookings.begin(), m.bookings.end(), [&](const auto& entry) {
        return is_theirs(entry) && entry.second.status != booking_status::expired &&
               entry.second.status != booking_status::cancelled;
      });
  return accepted(decide_erasure(wallet, has_token || has_booking, now_));
}

} // namespace boxoffice::persistence::test
