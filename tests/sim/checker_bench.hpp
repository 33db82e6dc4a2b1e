// A small sale, told to the checker by hand: what is asked, what becomes durable, what is answered.
//
// Ann and Bob; concert 1 with option 1: seats A_1 to A_4, ids 1 to 4, 100 points each, on sale from
// second 0 to 1000; concert 2 with option 2: seat A_1, id 5.
#pragma once

#include "sim/invariants.hpp"

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace boxoffice::sim::test {

using namespace domain;

inline const user_id ann{"ann"}, bob{"bob"}, nobody{"nobody"};
constexpr concert_id concert_1{1}, concert_2{2};
constexpr option_id option_1{1}, option_2{2};

inline time_point at(double seconds) {
  return from_micros(1'795'000'000'000'000 + static_cast<std::int64_t>(seconds * 1e6));
}
inline token_key key(std::int64_t row) {
  return make_token_key(static_cast<std::uint64_t>(row) << 32, 7);
}
inline std::vector<seat_name> named(const std::vector<int>& numbers) {
  std::vector<seat_name> names;
  for (const auto n : numbers) names.push_back({"A", n});
  return names;
}

struct quiet_listener : disk_listener {
  void durable(persistence::commit_number, const events&) override {}
  void told(persistence::commit_number) override {}
};

class bench {
public:
  bench() {
    rules.queue.active_limit = rules.queue.admit_per_second = 2;
    rules.queue.active_ttl = std::chrono::seconds(100);
    rules.queue.abandon_after = std::chrono::seconds(50);
    rules.booking = {std::chrono::seconds(60), 3, 3};
    rules.wallet = {points(1000), points(1500), std::chrono::seconds(1)};
    durable({user_created{{ann, "Ann", "ann@x"}, {1}, at(0)},
             user_created{{bob, "Bob", ""}, {2}, at(0)}, concert_created{{concert_1, "one", at(0)}},
             concert_created{{concert_2, "two", at(0)}},
             option_created{option(option_1, concert_1, {1}, 4)},
             option_created{option(option_2, concert_2, {5}, 1)}});
    restart();
    later(1); // the sale is known to be open
  }

  actors::rules rules;
  time_point now = at(0);
  coverage reached;
  checker judge{reached};

  // --- facts

  static concert_option option(option_id id, concert_id concert, seat_id first, int seats) {
    concert_option o;
    o.id = id;
    o.concert = concert;
    o.starts_at = at(2000);
    o.venue = "hall";
    o.time_zone = "UTC";
    o.sales_open_at = at(0);
    o.sales_close_at = at(1000);
    o.sections = {{"A", first, seats, points(100)}};
    return o;
  }
  // Row, key and arrival of a token are one number.
  token_issued issued(std::int64_t row, user_id who = ann, std::int32_t priority = 0) const {
    return {key(row), {row},    concert_1, std::move(who),
            row,      priority, now,       now + rules.queue.abandon_after};
  }
  token_admitted admitted(std::int64_t row, user_id who = ann) const {
    return {key(row), concert_1, std::move(who), now, now + rules.queue.active_ttl};
  }
  token_expired dead(std::int64_t row, user_id who = ann) const {
    return {key(row), concert_1, std::move(who), now};
  }
  booking_created held(std::int64_t id, const std::vector<int>& seats, user_id who = ann,
                       std::int64_t token = 1) const {
    booking_created e;
    e.booking.value = id;
    e.option = option_1;
    e.concert = concert_1;
    e.user = std::move(who);
    e.token = key(token);
    for (const auto n : seats) {
      e.seats.push_back({{n}, {id * 10 + n}, {"A", n}, points(100)});
      e.total = e.total + points(100);
    }
    e.at = now;
    e.expires_at = now + rules.booking.hold_for;
    return e;
  }
  booking_expired ran_out(std::int64_t id, const std::vector<int>& seats) const {
    return {{id}, option_1, ids(seats), now};
  }
  payment_started paying(std::int64_t id, std::int64_t payment) const {
    return {{id}, {payment}, key(1), now};
  }
  wallet_debited debited(std::int64_t id, std::int64_t payment, money amount, money left) const {
    return {ann, {100 + payment}, {payment}, {id}, amount, left, now};
  }
  debit_refused too_little(std::int64_t id, std::int64_t payment, money amount) const {
    return {ann, {payment}, {id}, amount, now};
  }
  booking_confirmed confirmed(std::int64_t id, std::int64_t payment,
                              const std::vector<int>& seats) const {
    return {{id}, option_1, {payment}, ids(seats), now};
  }
  payment_refused unpaid(std::int64_t id, std::int64_t payment) const {
    return {{id}, {payment}, now};
  }
  wallet_charged charged(std::int64_t entry, money amount, money balance, user_id who = ann) const {
    return {std::move(who), {entry}, amount, balance, true, now};
  }

  // --- what happens

  void durable(events facts) {
    groups_.push_back({std::move(facts), now});
    const auto n = static_cast<persistence::commit_number>(groups_.size());
    judge.durable(n, groups_.back().first);
    if (tells) judge.told(n);
  }
  bool tells = true; // the node of what is durable
  void later(double seconds) {
    now += std::chrono::microseconds(static_cast<std::int64_t>(seconds * 1e6));
  }
  // On a store that holds what was made durable, but for the last `missing` groups.
  void restart(std::size_t missing = 0) {
    judge.gone();
    with_store(missing, [this](auto& stored) { judge.started(rules, stored, now); });
  }
  void finish() {
    with_store(0, [this](auto& stored) { judge.finished(stored, now); });
  }

  actors::request_id ask(actors::command what) {
    judge.asked(++last_request_, what, now);
    return last_request_;
  }
  void answer(actors::outcome what) { answer(last_request_, std::move(what)); }
  void answer(actors::request_id id, actors::outcome what) { judge.answered(id, what, now); }
  void refuse(error_code code, const std::string& detail = "") {
    auto r = reject(code, detail);
    if (code == error_code::queue_token_waiting) r.retry_after = std::chrono::seconds(1);
    answer(std::move(r));
  }

  actors::request_id ask_place(user_id who = ann, std::int32_t priority = 0) {
    return ask(actors::enter_queue{concert_1, std::move(who), priority});
  }
  actors::request_id ask_seats(const std::vector<int>& seats, user_id who = ann,
                               std::int64_t token = 1) {
    return ask(actors::create_booking{option_1, std::move(who), key(token), named(seats), {}});
  }
  actors::request_id ask_payment(std::int64_t id, user_id who = ann) {
    actors::pay_booking p{{id}, concert_1, {}};
    p.claim.user = std::move(who);
    p.claim.token = key(1);
    return ask(p);
  }
  actors::request_id ask_desk_payment(money amount) {
    return ask(actors::pay_pending{option_1, ann, amount});
  }
  actors::request_id ask_charge(money amount, user_id who = ann) {
    return ask(actors::charge_wallet{std::move(who), amount});
  }

  // After the charge of Ann's that is entry `entry` at `when`.
  static actors::entry_view charged_view(std::int64_t entry, money amount, money balance,
                                         time_point when) {
    return {wallet(balance), {{entry}, ann, entry_kind::charge, amount, balance, {}, {}, {}, when}};
  }
  static actors::wallet_view wallet(money balance) { return {{ann, "Ann", "ann@x"}, {1}, balance}; }
  token_view place(std::int64_t row, std::size_t position, time_point issued, time_point expires,
                   user_id who = ann) const {
    token_view v{
        key(row), std::move(who), position == 0 ? token_status::processing : token_status::waiting,
        position, issued,         expires};
    v.concert = concert_1;
    if (position == 0) v.admitted_at = issued;
    return v;
  }
  static actors::booking_view view(const booking_created& e, money balance) {
    return {created(e), wallet(balance)};
  }
  static actors::booking_view paid_view(const booking_created& e, std::int64_t payment,
                                        money balance) {
    auto v = view(e, balance);
    v.booking.status = booking_status::confirmed;
    v.booking.payment.value = payment;
    v.booking.paid_with = key(1);
    v.booking.settled = true;
    return v;
  }

  // --- common beginnings

  // Token 1 is Ann's and admitted.
  void admit_ann() {
    ask_place();
    durable({issued(1), admitted(1)});
    answer(place(1, 0, now, now + rules.queue.active_ttl));
  }
  // Booking 1 of Ann's.
  booking_created hold_for_ann(const std::vector<int>& seats) {
    ask_seats(seats);
    auto e = held(1, seats);
    durable({e});
    answer(view(e, balance_));
    return e;
  }
  void charge_ann(money amount) {
    ask_charge(amount);
    durable({charged(1, amount, amount)});
    answer(charged_view(1, amount, amount, now));
    balance_ = amount;
  }

private:
  static std::vector<seat_id> ids(const std::vector<int>& seats) {
    std::vector<seat_id> all;
    for (const auto n : seats) all.push_back({n});
    return all;
  }
  template <class Look>
  void with_store(std::size_t missing, Look look) {
    no_disk_faults well;
    quiet_listener nobody_hears;
    disk d(well, nobody_hears);
    const auto store = d.open();
    for (std::size_t i = 0; i + missing < groups_.size(); ++i)
      store->commit(groups_[i].first, groups_[i].second);
    look(*store->open_reader());
  }

  std::vector<std::pair<events, time_point>> groups_;
  actors::request_id last_request_ = 0;
  money balance_; // Ann's, after charge_ann
};

using story = std::function<void(bench&)>;

// What a story breaks; "" when nothing, and then what() is empty too.
inline broken_invariant outcome_of(const story& told) {
  bench b;
  try {
    told(b);
  } catch (const broken_invariant& broken) {
    return broken;
  }
  return {"", ""};
}

#define CHECK_HOLDS(...)                                                                           \
  do {                                                                                             \
    const auto broken_by = outcome_of(__VA_ARGS__);                                                \
    BOOST_TEST(broken_by.invariant.empty(), broken_by.invariant << ": " << broken_by.what());      \
  } while (false)

#define CHECK_BREAKS(name, ...)                                                                    \
  do {                                                                                             \
    const auto broken_by = outcome_of(__VA_ARGS__);                                                \
    BOOST_TEST(broken_by.invariant == (name), "breaks '" << broken_by.invariant << "' ("           \
                                                         << broken_by.what() << "), not '"         \
                                                         << (name) << "'");                        \
  } while (false)

} // namespace boxoffice::sim::test
