#include "actors/option_entity.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace boxoffice::actors {

namespace {

// Bookings of a cancelled performance that are being ended at the same time: few, so that other
// sales go on beside it.
constexpr std::size_t ended_at_once = 64;

} // namespace

// The published map shows all that is durable, and whoever decided more tells it to this desk.
void option_entity::start() {
  if (context().published.seats(id_) != nullptr) chooser();
  if (desk_.cancelled && !desk_.wound_up) begin_winding_up();
}

void option_entity::abandon() {
  for (const auto& m : cancellers_) refuse_unavailable(m.request);
  for (const auto& [user, request] : shut_out_)
    refuse_unavailable(std::visit([](const auto& b) { return request_of(b); }, request));
  for (const auto& sale : waiting_) refuse_unavailable(sale.asked.request);
  for (const auto& [id, m] : asking_) refuse_unavailable(m.request);
  for (const auto& [user, a] : attempts_)
    for (const auto& behind : a.behind)
      refuse_unavailable(std::visit([](const auto& b) { return request_of(b); }, behind));
}

// A performance that was not on offer when the desk started has had no bookings since.
domain::seat_chooser& option_entity::chooser() {
  if (!chooser_) chooser_.emplace(*option(), *context().published.seats(id_));
  return *chooser_;
}

std::shared_ptr<const domain::concert_option> option_entity::option() {
  return context().published.catalogue()->options.at(id_);
}

// A keyed request is under way from here on; nothing durable says so, for nothing is done yet.
void option_entity::on(open_sale& m) {
  if (answered_before(m.request, m.key)) return;
  if (m.key) kept().begin(*m.key);
  const auto correlation = ++last_correlation_;
  tell(describe_owner{m.command.user, ref(id_), correlation});
  asking_.emplace(correlation, std::move(m));
}

// It came to nothing, or to an answer, which stays.
void option_entity::forget(const domain::request_key_ptr& key) {
  if (key) kept().drop(*key);
}

void option_entity::on(owner_described& m) {
  const auto open = asking_.find(m.correlation);
  if (open == asking_.end()) return;
  auto& asked = open->second;
  auto* wallet = std::get_if<wallet_view>(&m.wallet);
  if (std::holds_alternative<unreadable_rows>(m.wallet)) {
    forget(asked.key);
    refuse_unavailable(asked.request);
  } else if (wallet == nullptr) {
    forget(asked.key);
    answer(asked.request, domain::unknown_user());
  } else {
    const auto user = asked.command.user;
    take(user, ready_sale{std::move(asked), std::move(*wallet)});
  }
  asking_.erase(m.correlation);
}

// One at a time of each user.
void option_entity::take(const domain::user_id& user, request_of_user what) {
  if (!cancellers_.empty()) {
    shut_out_.emplace_back(user, std::move(what));
    return;
  }
  const auto under_way = attempts_.find(user);
  if (under_way != attempts_.end()) return under_way->second.behind.push_back(std::move(what));
  begin(what);
}

void option_entity::begin(request_of_user& what) {
  std::visit([this](auto& request) { begin(request); }, what);
}

// Puts the best seats into the request. False when it is refused, or has to wait.
bool option_entity::find_best(ready_sale& sale) {
  auto& wanted = sale.asked.command;
  auto refusal =
      domain::check_best(*option(), desk_, rules().booking, wanted.user, wanted.best, now());
  if (!refusal) {
    wanted.seats.clear();
    for (const auto& s : chooser().choose(wanted.best)) wanted.seats.push_back(s.name);
    if (!wanted.seats.empty()) return true;
    if (chooser().may_have_some(wanted.best)) {
      attempts_[wanted.user].waits = true;
      waiting_.push_back(std::move(sale));
      return false;
    }
    refusal = domain::none_together(wanted.best);
  }
  forget(sale.asked.key);
  answer(sale.asked.request, *refusal);
  return false;
}

void option_entity::begin(ready_sale& sale) {
  auto& wanted = sale.asked.command;
  if (wanted.best.count > 0 && !find_best(sale)) return;
  const auto what = option();
  auto decision =
      domain::decide_admission(*what, desk_, rules().booking, wanted.user, wanted.seats, now());
  if (const auto* refusal = domain::refused(decision)) {
    forget(sale.asked.key);
    return answer(sale.asked.request, *refusal);
  }

  const bool chosen = wanted.best.count > 0;
  if (chosen) attempts_[wanted.user].again = sale;
  open_booking m;
  m.chosen = chosen;
  m.request = sale.asked.request;
  m.wallet = std::move(sale.wallet);
  m.key = sale.asked.key;
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
  auto& begun = attempts_[wanted.user];
  begun.booking = draft.booking;
  begun.key = m.key;
  begun.seats = draft.seats;
  chooser().claim(draft.seats);
  tell(std::move(m));
}

void option_entity::end_attempt(const domain::user_id& user, domain::booking_id booking) {
  const auto found = attempts_.find(user);
  if (found == attempts_.end() || found->second.booking != booking) return;
  auto& ended = found->second;
  forget(std::exchange(ended.key, nullptr));
  chooser().give_up(ended.seats);
  ended.seats.clear();
  ended.again.reset();
  ended.booking = {};
  if (!cancellers_.empty()) {
    for (auto& request : ended.behind) shut_out_.emplace_back(user, std::move(request));
    attempts_.erase(found);
    shut_out_waiting();
    return call_off_between_attempts();
  }
  serve_waiting();
  go_on_with(user);
}

// The next that is not refused begins an attempt; the rest wait behind it.
void option_entity::go_on_with(const domain::user_id& user) {
  const auto found = attempts_.find(user);
  if (found == attempts_.end()) return;
  auto& [who, current] = *found;
  while (!current.behind.empty() && !current.is_under_way()) {
    begin(current.behind.front());
    current.behind.pop_front();
  }
  if (!current.is_under_way()) attempts_.erase(found);
}

// Each is tried once: it finds seats, is refused, or waits on.
void option_entity::serve_waiting() {
  for (auto left = waiting_.size(); left > 0; --left) {
    const auto user = waiting_.front().asked.command.user;
    attempts_.at(user).waits = false;
    begin(waiting_.front());
    waiting_.pop_front();
    go_on_with(user);
  }
}

void option_entity::shut_out_waiting() {
  for (auto& sale : waiting_) {
    const auto user = sale.asked.command.user;
    auto waited = attempts_.extract(user);
    shut_out_.emplace_back(user, std::move(sale));
    for (auto& request : waited.mapped().behind) shut_out_.emplace_back(user, std::move(request));
  }
  waiting_.clear();
}

// Seats that the desk chose may be lost to somebody who named them: a claim by name asks no desk.
// Then others are chosen, before what the user asked for meanwhile.
void option_entity::on(attempt_lost& m) {
  const auto found = attempts_.find(m.user);
  const bool is_known = found != attempts_.end() && found->second.booking == m.booking;
  if (m.request != 0 && is_known) {
    auto& lost = found->second;
    lost.key.reset(); // the request goes on, and is the attempt's
    m.request = 0;
    lost.behind.emplace_front(*std::exchange(lost.again, std::nullopt));
  } else if (m.request != 0) {
    refuse_unavailable(std::exchange(m.request, 0)); // it was another desk's, which failed
  }
  end_attempt(m.user, m.booking);
}

void option_entity::on(request_noted& m) { kept().evolve(m.fact); }

void option_entity::on(booking_noted& m) {
  const auto& b = m.booking;
  const bool ended =
      b.status == domain::booking_status::expired || b.status == domain::booking_status::cancelled;
  desk_.note(b);
  if (ended)
    chooser().release(b.seats, b.id);
  else
    chooser().hold(b.seats, b.id);
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
  if (ended) {
    to_end_.erase(b.id);
    ending_.erase(b.id);
  }
  wind_up();
}

void option_entity::on(bookings_gone& m) {
  for (const auto& b : m.bookings) desk_.forget(b.user, b.status, {b.held_until, b.booking});
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
  if (answered_before(m.request, m.key)) return;
  auto& wanted = m.command;
  auto decision = domain::find_payable(desk_, wanted.user, wanted.amount);
  if (const auto* refusal = domain::refused(decision)) return answer(m.request, *refusal);
  start_payment next;
  next.request = m.request;
  next.key = m.key;
  next.command.booking = std::get<domain::booking_id>(decision);
  next.command.concert = option()->concert;
  next.command.claim.user = wanted.user;
  tell(std::move(next));
}

// --- calling the performance off

void option_entity::on(call_off& m) {
  if (answered_before(m.request, m.key)) return;
  if (desk_.cancelled) {
    // Nothing is done, but who asks with a key is told the same whenever it asks again.
    domain::events facts;
    auto told = conclude(m.request, m.key, called_off(now()), facts);
    if (facts.empty()) return answer(m.request, called_off(now()));
    return append(std::move(facts), {std::move(told)});
  }
  cancellers_.push_back(m);
  m.request = 0; // whatever fails from here on, it is answered as one of these
  shut_out_waiting();
  call_off_between_attempts();
}

// Nothing is sold behind option_cancelled: what an attempt under way sells comes before it.
void option_entity::call_off_between_attempts() {
  if (cancellers_.empty() || !attempts_.empty()) return;
  auto decision = domain::decide_cancellation(*option(), desk_, now());
  if (const auto* refusal = domain::refused(decision)) {
    for (const auto& m : std::exchange(cancellers_, {})) answer(m.request, *refusal);
  } else {
    auto& facts = std::get<domain::events>(decision);
    const auto since = std::get<domain::option_cancelled>(facts.front()).at;
    facts.push_back(domain::operator_acted{"option.cancel", "option " + std::to_string(id_.value),
                                           cancellers_.front().command.reason, now()});
    for (const auto& e : facts) domain::evolve(desk_, e);
    auto told =
        conclude(cancellers_.front().request, cancellers_.front().key, called_off(since), facts);
    // The first asker did it; the others come behind, and find it done.
    const auto askers = std::exchange(cancellers_, {});
    append(std::move(facts), {std::move(told)});
    for (auto m = std::next(askers.begin()); m != askers.end(); ++m) tell(*m);
    begin_winding_up();
  }
  while (!shut_out_.empty()) {
    auto& [user, request] = shut_out_.front();
    take(user, std::move(request));
    shut_out_.pop_front();
  }
}

// As the catalogue shows it once what was decided here is durable.
option_called_off option_entity::called_off(domain::time_point since) {
  option_called_off view{*option(), context().published.seats(id_)->free_seats(), now()};
  if (!view.what.cancelled) {
    const auto live = static_cast<std::int64_t>(domain::live_bookings(desk_).size());
    view.what.cancelled = domain::cancellation{since, live, live, std::nullopt};
  }
  return view;
}

void option_entity::begin_winding_up() {
  const auto live = domain::live_bookings(desk_);
  to_end_ = {live.begin(), live.end()};
  wind_up();
}

// Lets as many bookings as may end at once do so, and says when none is left.
void option_entity::wind_up() {
  if (!desk_.cancelled || desk_.wound_up) return;
  while (ending_.size() < ended_at_once && !to_end_.empty()) {
    const auto next = *to_end_.begin();
    to_end_.erase(to_end_.begin());
    ending_.insert(next);
    tell(wind_up_booking{next});
  }
  if (!ending_.empty()) return;
  domain::events facts{domain::cancellation_completed{id_, now()}};
  domain::evolve(desk_, facts.front());
  append(std::move(facts));
}

void option_entity::on(asked_after_user& m) {
  const bool asks = std::any_of(asking_.begin(), asking_.end(), [&m](const auto& asking) {
    return asking.second.command.user == m.user;
  });
  // The desk of a performance that is not on offer yet has no bookings.
  const auto catalogue = context().published.catalogue();
  const auto* what = catalogue->option(id_);
  const bool holds =
      what != nullptr && domain::has_live_booking(desk_, m.user, what->starts_at, now());
  const bool in_use = asks || attempts_.count(m.user) != 0 || holds;
  tell_when_durable(user_traced{m.user, m.correlation, in_use, false});
}

} // namespace boxoffice::actors
