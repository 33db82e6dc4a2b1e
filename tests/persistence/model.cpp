#include "tests/persistence/model.hpp"

#include <algorithm>

namespace boxoffice::persistence::test {

using namespace domain;

namespace {

struct model_evolution {
  model& m;

  void used(id_kind kind, std::int64_t id) const {
    auto& next = m.next_ids[static_cast<std::size_t>(kind)];
    next = std::max(next, id + 1);
  }
  void evolve_booking(booking_id id, const event& e) const {
    auto& b = m.bookings.at(id);
    evolve(b, e);
    m.desks.at(b.option).note(b);
    if (m.catalogue.options.at(b.option)->cancelled) change_cancellation(b.option);
  }
  std::int64_t live_bookings(option_id option) const {
    return std::count_if(m.bookings.begin(), m.bookings.end(), [&](const auto& entry) {
      const auto status = entry.second.status;
      return entry.second.option == option && status != booking_status::expired &&
             status != booking_status::cancelled;
    });
  }
  cancellation& change_cancellation(option_id option) const {
    auto changed = std::make_shared<concert_option>(*m.catalogue.options.at(option));
    if (!changed->cancelled) changed->cancelled.emplace();
    changed->cancelled->remaining = live_bookings(option);
    m.catalogue.options[option] = changed;
    return *changed->cancelled;
  }

  void operator()(const user_created& e) const {
    m.wallets[e.who.id] = created(e);
    used(id_kind::point, e.wallet.value);
  }
  void operator()(const concert_created& e) const {
    m.catalogue.concerts[e.what.id] = e.what;
    m.queues.emplace(e.what.id, queue(e.what.id));
    used(id_kind::concert, e.what.id.value);
  }
  void operator()(const option_created& e) const {
    m.catalogue.options[e.what.id] = std::make_shared<concert_option>(e.what);
    m.desks[e.what.id];
    for (int i = 0; i < e.what.seat_count(); ++i) {
      const seat_id id{e.what.first_seat().value + i};
      m.seats[id];
      used(id_kind::seat, id.value);
    }
    used(id_kind::option, e.what.id.value);
  }
  void operator()(const option_drafted& e) const {
    m.drafts[e.what.id] = {e.what, 0};
    used(id_kind::option, e.what.id.value);
    used(id_kind::seat, e.what.first_seat().value + e.what.seat_count() - 1);
  }
  void operator()(const seats_laid& e) const {
    evolve(m.drafts.at(e.option), e);
    for (int i = 0; i < e.count; ++i) m.seats[{e.first.value + i}];
  }
  void operator()(const option_published& e) const {
    m.catalogue.options[e.what.id] = std::make_shared<concert_option>(e.what);
    m.desks[e.what.id];
    m.drafts.erase(e.what.id);
  }
  void operator()(const token_issued& e) const {
    m.queues.at(e.concert).evolve(e);
    auto& owner = m.tokens[e.token];
    owner.user = e.user;
    owner.concert = e.concert;
    owner.priority = e.priority;
    owner.issued_at = e.at;
    owner.expires_at = e.expires_at;
    m.arrivals[e.token] = e.arrival;
    used(id_kind::token, e.row.value);
  }
  void operator()(const token_admitted& e) const {
    m.queues.at(e.concert).evolve(e);
    auto& owner = m.tokens.at(e.token);
    owner.status = token_status::processing;
    owner.admitted_at = e.at;
    owner.expires_at = e.expires_at;
  }
  void operator()(const token_expired& e) const {
    m.queues.at(e.concert).evolve(e);
    auto& owner = m.tokens.at(e.token);
    owner.status = token_status::expired;
    owner.expires_at = e.at;
  }
  void operator()(const token_prioritized& e) const {
    m.queues.at(e.concert).evolve(e);
    m.tokens.at(e.token).priority = e.priority;
  }
  void operator()(const queue_configured& e) const { m.queues.at(e.concert).evolve(e); }
  void operator()(const booking_created& e) const {
    auto& b = m.bookings[e.booking] = created(e);
    m.desks.at(e.option).note(b);
    for (const auto& s : e.seats) {
      claim(m.seats.at(s.seat), e.booking);
      hold(m.seats.at(s.seat), e.booking);
      used(id_kind::reservation, s.reservation.value);
    }
    used(id_kind::booking, e.booking.value);
  }
  void operator()(const booking_expired& e) const {
    evolve_booking(e.booking, e);
    for (const auto s : e.seats) release(m.seats.at(s), e.booking);
  }
  void operator()(const payment_started& e) const {
    evolve_booking(e.booking, e);
    used(id_kind::payment, e.payment.value);
  }
  void operator()(const payment_refused& e) const { evolve_booking(e.booking, e); }
  void operator()(const booking_confirmed& e) const {
    evolve_booking(e.booking, e);
    for (const auto s : e.seats) sell(m.seats.at(s), e.booking);
  }
  void operator()(const booking_settled& e) const { evolve_booking(e.booking, e); }
  void operator()(const refund_started& e) const { evolve_booking(e.booking, e); }
  void operator()(const booking_cancelled& e) const {
    evolve_booking(e.booking, e);
    for (const auto s : e.seats) release(m.seats.at(s), e.booking);
  }
  void operator()(const option_cancelled& e) const {
    evolve(m.desks.at(e.option), e);
    auto& c = change_cancellation(e.option);
    c.requested_at = e.at;
    c.bookings = c.remaining;
  }
  void operator()(const cancellation_completed& e) const {
    evolve(m.desks.at(e.option), e);
    change_cancellation(e.option).completed_at = e.at;
  }
  void operator()(const wallet_refunded& e) const {
    evolve(m.wallets.at(e.user), e);
    used(id_kind::entry, e.entry.value);
  }
  void operator()(const user_changed& e) const { evolve(m.wallets.at(e.who.id), e); }
  void operator()(const user_erased& e) const { evolve(m.wallets.at(e.user), e); }
  void operator()(const wallet_adjusted& e) const {
    evolve(m.wallets.at(e.user), e);
    m.entries.push_back(entry_of(e));
    used(id_kind::entry, e.entry.value);
  }
  void operator()(const operator_acted& e) const {
    m.acts.push_back(
        {{static_cast<std::int64_t>(m.acts.size()) + 1}, e.at, e.act, e.subject, e.reason});
  }
  void operator()(const wallet_charged& e) const {
    m.entries.push_back(entry_of(e));
    evolve(m.wallets.at(e.user), e);
    used(id_kind::entry, e.entry.value);
  }
  void operator()(const wallet_debited& e) const {
    m.entries.push_back(entry_of(e));
    evolve(m.wallets.at(e.user), e);
    used(id_kind::entry, e.entry.value);
    used(id_kind::payment, e.payment.value);
  }
  void operator()(const debit_refused& e) const {
    evolve(m.wallets.at(e.user), e);
    used(id_kind::payment, e.payment.value);
  }
  void operator()(const tokens_forgotten& e) const {
    for (const auto key : e.tokens) m.tokens.erase(key);
  }
  void operator()(const bookings_forgotten& e) const {
    for (const auto id : e.bookings) {
      const auto gone = m.bookings.extract(id);
      const auto& b = gone.mapped();
      m.desks.at(b.option).forget(b.user, b.status, past_share_of(b));
      forget_refusals(m.wallets.at(b.user), {id});
    }
  }
  void operator()(const request_begun& e) const {
    m.kept[e.key.owner].evolve(e);
    m.kept[e.booking].evolve(e);
  }
  void operator()(const request_answered& e) const {
    m.kept[e.key.owner].evolve(e);
    if (e.booking) m.kept[e.booking].evolve(e);
  }
  void operator()(const request_dropped& e) const {
    for (auto& [owner, kept] : m.kept) kept.drop(e.key);
  }
};

} // namespace

void model::commit(const events& facts, time_point now) {
  for (const auto& fact : facts) std::visit(model_evolution{*this}, fact);
  ++last_commit;
  last_time = std::max(last_time, now);
}

} // namespace boxoffice::persistence::test
