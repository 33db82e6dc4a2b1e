#include "actors/option_entity.hpp"

#include <algorithm>

namespace boxoffice::actors {

void option_entity::abandon() {
  for (const auto& [id, m] : asking_) refuse_unavailable(m.request);
  for (const auto& [user, a] : attempts_)
    for (const auto& behind : a.behind)
      refuse_unavailable(std::visit([](const auto& b) { return request_of(b); }, behind));
}

std::shared_ptr<const domain::concert_option> option_entity::option() {
  return context().published.catalogue()->options.at(id_);
}

void option_entity::on(open_sale& m) {
  const auto correlation = ++last_correlation_;
  tell(describe_owner{m.command.user, ref(id_), correlation});
  asking_.emplace(correlation, std::move(m));
}

void option_entity::on(owner_described& m) {
  const auto open = asking_.find(m.correlation);
  if (open == asking_.end()) return;
  auto& asked = open->second;
  if (m.unreadable) {
    refuse_unavailable(asked.request);
  } else if (!m.wallet) {
    answer(asked.request,
           domain::reject(domain::error_code::user_not_found, "There is no such user."));
  } else {
    const auto user = asked.command.user;
    take(user, ready_sale{std::move(asked), std::move(*m.wallet)});
  }
  asking_.erase(m.correlation);
}

// One at a time of each user.
void option_entity::take(const domain::user_id& user, request_of_user what) {
  const auto under_way = attempts_.find(user);
  if (under_way != attempts_.end()) return under_way->second.behind.push_back(std::move(what));
  begin(what);
}

void option_entity::begin(request_of_user& what) {
  std::visit([this](auto& request) { begin(request); }, what);
}

void option_entity::begin(ready_sale& sale) {
  auto& wanted = sale.asked.command;
  const auto what = option();
  auto decision =
      domain::decide_admission(*what, desk_, rules().booking, wanted.user, wanted.seats, now());
  // A limit may rest on a booking whose record is not durable yet.
  if (const auto* refusal = domain::refused(decision))
    return answer_behind(sale.asked.request, *refusal);

  open_booking m;
  m.request = sale.asked.request;
  m.wallet = std::move(sale.wallet);
  auto& draft = m.draft;
  draft.booking = context().ids.next<domain::booking_id>(domain::id_kind::booking);
  draft.option = id_;
  draft.concert = what->concert;
  draft.user = wanted.user;
  draft.token = wanted.token;
  draft.seats = std::move(std::get<std::vector<domain::booked_seat>>(decision));
  for (auto& s : draft.seats) {
    s.reservation = context().ids.next<domain::reservation_id>(domain::id_kind::reservation);
    draft.total = draft.total + s.price;
  }
  attempts_[wanted.user].booking = draft.booking;
  tell(std::move(m));
}

void option_entity::end_attempt(const domain::user_id& user, domain::booking_id booking) {
  const auto found = attempts_.find(user);
  if (found == attempts_.end() || found->second.booking != booking) return;
  auto& [current, behind] = found->second;
  current = {};
  // The next that is not refused begins an attempt; the rest wait behind it.
  while (!behind.empty() && !current) {
    begin(behind.front());
    behind.pop_front();
  }
  if (!current) attempts_.erase(found);
}

void option_entity::on(attempt_lost& m) { end_attempt(m.user, m.booking); }

void option_entity::on(booking_noted& m) {
  const auto& b = m.booking;
  desk_.note(b);
  follow_append();
  if (const auto known = deadline_of_.find(b.id); known != deadline_of_.end()) {
    deadlines_.erase({known->second, b.id});
    deadline_of_.erase(known);
  }
  if (b.status == domain::booking_status::pending) {
    deadlines_.insert({b.expires_at, b.id});
    deadline_of_.emplace(b.id, b.expires_at);
    arm_timer();
  }
  end_attempt(b.user, b.id);
}

void option_entity::arm_timer() {
  if (deadlines_.empty()) return;
  const auto first = deadlines_.begin()->first;
  if (armed_for_ && *armed_for_ <= first) return;
  armed_for_ = first;
  exits().wake_after(std::max(first - now(), domain::duration(0)));
}

void option_entity::on_timer() {
  const auto at = now();
  if (armed_for_ && at < *armed_for_) return; // overtaken by one that came earlier
  armed_for_.reset();
  // Each booking decides for itself and is noted again if it lives on.
  while (!deadlines_.empty() && deadlines_.begin()->first <= at) {
    const auto booking = deadlines_.begin()->second;
    tell(check_expiry{booking});
    deadline_of_.erase(booking);
    deadlines_.erase(deadlines_.begin());
  }
  arm_timer();
}

void option_entity::on(pay_at_desk& m) {
  const auto user = m.command.user;
  take(user, std::move(m));
}

void option_entity::begin(pay_at_desk& m) {
  auto& wanted = m.command;
  auto decision = domain::find_payable(desk_, wanted.user, wanted.amount);
  if (const auto* refusal = domain::refused(decision)) return answer_behind(m.request, *refusal);
  start_payment next;
  next.request = m.request;
  next.command.booking = std::get<domain::booking_id>(decision);
  next.command.concert = option()->concert;
  next.command.claim.user = wanted.user;
  tell(std::move(next));
}

} // namespace boxoffice::actors
