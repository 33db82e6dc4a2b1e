#include "sim/visit.hpp"

#include "actors/domain/concert.hpp"
#include "sim/keyed_requests.hpp"

#include <algorithm>

namespace boxoffice::sim {

using domain::error_code;
using std::chrono::milliseconds;

namespace {

// Seats that everybody wants: so few that requests cross.
constexpr int popular_seats = 5;

// The seats of a performance, by place from its first.
domain::seat_name name_of(const domain::concert_option& option, int place) {
  for (const auto& s : option.sections) {
    if (place < s.seats) return {s.name, place + 1};
    place -= s.seats;
  }
  return {};
}

} // namespace

void hearsay::hear(const domain::booking& b) {
  constexpr std::size_t remembered = 32;
  if (bookings.size() == remembered) bookings.erase(bookings.begin());
  bookings.push_back({b, b.token});
}

void hearsay::hear(const domain::token_view& t) {
  constexpr std::size_t remembered = 32;
  if (!t.fresh) return;
  if (tokens.size() == remembered) tokens.erase(tokens.begin());
  tokens.push_back(t);
}

person::hearing visit::hear(void (visit::*how)(const person::answer&)) {
  return [me = shared_from_this(), how](const person::answer& a) { (*me.*how)(a); };
}

void visit::after(moment low, moment high, step next) {
  who_.later(who_.chance().between(low, high), [me = shared_from_this(), next] { (*me.*next)(); });
}

void visit::send(const actors::command& c, void (visit::*how)(const person::answer&)) {
  if (how_.keyed)
    insist(who_, how_.presses, c, draw_key(who_, c), hear(how));
  else
    who_.press(how_.presses, c, hear(how));
}

// --- the queue

void visit::enter() {
  if (polls_left_ == 0 || tries_left_ == 0) return;
  --polls_left_;
  const actors::enter_queue c{how_.concert, who_.name(), how_.priority};
  const auto storms = how_.refreshes > 0 && who_.chance().one_in(4);
  who_.press(how_.presses + (storms ? how_.refreshes : 0), c, hear(&visit::on_token));
  if (how_.refreshes > 0 || who_.chance().one_in(4))
    who_.ask(actors::read_wallet{who_.name()}, [](const person::answer&) {});
}

void visit::on_token(const person::answer& a) {
  const auto* view = view_in<domain::token_view>(a);
  if (view == nullptr) {
    if (tries_left_ == 0) return; // one press of several has used them up
    --tries_left_;
    return after(milliseconds(1), milliseconds(100), &visit::enter);
  }
  token_ = view->key;
  heard_.hear(*view);
  if (how_.leaves_queue) return;
  if (view->status == domain::token_status::processing) return choose();
  if (how_.tries_while_waiting) {
    how_.tries_while_waiting = false;
    return choose();
  }
  after(milliseconds(5), milliseconds(400), &visit::enter);
}

// --- seats

void visit::choose() {
  if (how_.together) return choose_together();
  who_.look_at(how_.option, [me = shared_from_this()](const auto& map) { me->on_map(map); });
}

void visit::on_map(const std::shared_ptr<const domain::seat_map>& map) {
  const auto* option =
      how_.performance ? how_.performance.get() : who_.around().option(how_.option);
  if (option == nullptr || map == nullptr) return;
  std::vector<int> places;
  const auto wanted = std::min<int>(static_cast<int>(how_.seats), map->size());
  auto& chance = who_.chance();
  for (int tries = 0; tries < 50 && static_cast<int>(places.size()) < wanted; ++tries) {
    const auto range = how_.same_seats_as_all ? std::max(popular_seats, wanted) : map->size();
    const auto place =
        static_cast<int>(chance.below(static_cast<std::uint64_t>(std::min(range, map->size()))));
    if (std::find(places.begin(), places.end(), place) != places.end()) continue;
    const domain::seat_id seat{map->first_seat().value + place};
    // Most take what is free; some want it all the same.
    if (!how_.same_seats_as_all && map->status(seat) != domain::seat_status::free &&
        !chance.one_in(8))
      continue;
    places.push_back(place);
  }
  if (places.empty()) return;
  actors::create_booking c;
  c.option = how_.option;
  c.user = who_.name();
  c.token = *token_;
  for (const auto place : places) c.seats.push_back(name_of(*option, place));
  said_.push_back(c);
  send(c, &visit::on_booked);
  if (!how_.two_windows) return;
  auto other = c;
  other.seats = {
      name_of(*option, static_cast<int>(chance.below(static_cast<std::uint64_t>(map->size()))))};
  who_.ask(other, [](const person::answer&) {});
}

void visit::choose_together() {
  actors::create_booking c;
  c.option = how_.option;
  c.user = who_.name();
  c.token = *token_;
  c.best.count = how_.seats;
  const auto* option = who_.around().option(how_.option);
  if (option != nullptr && who_.chance().one_in(2))
    c.best.section = who_.chance().pick(option->sections).name;
  said_.push_back(c);
  send(c, &visit::on_booked);
}

void visit::on_booked(const person::answer& a) {
  if (const auto* view = view_in<actors::booking_view>(a)) {
    booking_ = view->booking;
    heard_.hear(*booking_);
    if (--how_.bookings > 0) return after(milliseconds(0), milliseconds(20), &visit::choose);
    if (how_.leaves_cart) return;
    if (how_.pays_first) return go_and_pay();
    return charge();
  }
  if (tries_left_ == 0) return;
  --tries_left_;
  const auto refusal = refusal_in(a);
  if (!refusal || refusal == error_code::seat_already_reserved ||
      refusal == error_code::store_unavailable || refusal == error_code::sale_not_open)
    return after(milliseconds(1), milliseconds(60), &visit::choose);
  if (refusal == error_code::queue_token_invalid || refusal == error_code::queue_token_waiting)
    return after(milliseconds(1), milliseconds(60), &visit::enter);
  // Enough seats, or no sale: pay what there is.
  if (booking_ && !how_.leaves_cart) charge();
}

// --- money

void visit::charge() {
  const actors::charge_wallet c{who_.name(), booking_->total};
  said_.push_back(c);
  send(c, &visit::on_charged);
}

void visit::on_charged(const person::answer& a) {
  if (!view_in<actors::entry_view>(a)) {
    if (tries_left_ == 0) return;
    --tries_left_;
    if (refusal_in(a) != error_code::duplicate_request)
      return after(milliseconds(1), milliseconds(60), &visit::charge);
  }
  go_and_pay();
}

void visit::go_and_pay() {
  const auto next = how_.asks_anew ? &visit::renew_token : &visit::pay;
  if (!how_.pays_late) return after(milliseconds(0), milliseconds(30), next);
  const auto left = std::max(who_.until(booking_->expires_at), moment(0));
  constexpr moment about = milliseconds(4);
  after(std::max(left - about, moment(0)), left + about, next);
}

// The token that it booked with may have run out since; any that it was ever given will do.
void visit::renew_token() {
  how_.asks_anew = false;
  who_.ask(actors::enter_queue{how_.concert, who_.name(), how_.priority}, hear(&visit::on_renewed));
}

void visit::on_renewed(const person::answer& a) {
  if (const auto* view = view_in<domain::token_view>(a)) token_ = view->key;
  pay();
}

actors::command visit::payment() const {
  if (how_.pays_at_desk) return actors::pay_pending{how_.option, who_.name(), booking_->total};
  actors::pay_booking p;
  p.booking = booking_->id;
  p.concert = how_.concert;
  p.claim.user = who_.name();
  p.claim.concert = how_.concert;
  p.claim.token = *token_;
  std::vector<domain::seat_name> names;
  for (const auto& s : booking_->seats) names.push_back(s.name);
  p.claim.seats = std::move(names);
  return p;
}

void visit::pay() {
  const auto c = payment();
  said_.push_back(c);
  send(c, &visit::on_paid);
}

void visit::on_paid(const person::answer& a) {
  const bool paid = view_in<actors::booking_view>(a) != nullptr;
  if (paid || tries_left_ == 0) {
    if (how_.repeats) after(milliseconds(0), milliseconds(3000), &visit::repeat);
    return;
  }
  --tries_left_;
  const auto refusal = refusal_in(a);
  if (refusal == error_code::insufficient_balance) {
    // Late payers have charged before; others do now.
    return after(milliseconds(0), milliseconds(50), &visit::charge);
  }
  if (!refusal || refusal == error_code::store_unavailable)
    return after(milliseconds(1), milliseconds(100), &visit::pay);
  if (how_.repeats) after(milliseconds(0), milliseconds(3000), &visit::repeat);
}

// All that it said before, again: a browser's back button, a proxy's retry.
void visit::repeat() {
  for (const auto& c : said_) who_.ask(c, [](const person::answer&) {});
}

} // namespace boxoffice::sim
