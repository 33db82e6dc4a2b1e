// What was asked for, and what it may have led to.
#include "sim/judgement.hpp"

#include <array>

namespace boxoffice::sim {

demand* demanded(sale_books& b, const actors::command& asked) {
  struct finder {
    sale_books& b;
    demand* operator()(const actors::enter_queue& c) const {
      const auto priority = b.rules.queue.honour_client_priority ? c.priority : 0;
      return &b.demands[c.user].tokens[{c.concert, priority}];
    }
    demand* operator()(const actors::create_booking& c) const {
      return &b.demands[c.user].bookings[{c.option, c.token, wish_of(c)}];
    }
    demand* operator()(const actors::pay_booking& c) const {
      if (!c.claim.token) return nullptr;
      return &b.demands[c.claim.user].payments[{c.booking, *c.claim.token}];
    }
    demand* operator()(const actors::pay_pending& c) const {
      return &b.demands[c.user].desk_payments[{c.option, c.amount.minor}];
    }
    demand* operator()(const actors::charge_wallet& c) const {
      return &b.demands[c.user].charges[c.amount.minor];
    }
    demand* operator()(const actors::read_wallet&) const { return nullptr; }
    demand* operator()(const actors::create_concert& c) const { return &b.new_concerts[c.title]; }
    demand* operator()(const actors::create_option& c) const {
      return &b.new_options[c.wanted.concert];
    }
    demand* operator()(const actors::cancel_booking& c) const { return &b.endings[c.booking]; }
    demand* operator()(const actors::release_booking& c) const { return &b.endings[c.booking]; }
    demand* operator()(const actors::cancel_option& c) const { return &b.cancellations[c.option]; }
    demand* operator()(const actors::read_token&) const { return nullptr; }
    demand* operator()(const actors::leave_queue& c) const { return &b.leavings[c.token]; }
    demand* operator()(const actors::prioritize_token& c) const {
      return &b.priorities[{c.token, c.priority}];
    }
    demand* operator()(const actors::watch_tokens&) const { return nullptr; }
    demand* operator()(const actors::read_queue&) const { return nullptr; }
    demand* operator()(const actors::configure_queue& c) const {
      return &b.configurations[c.concert];
    }
    demand* operator()(const actors::query&) const { return nullptr; }
    demand* operator()(const actors::create_user& c) const { return &b.demands[c.who.id].creation; }
    demand* operator()(const actors::change_user& c) const {
      return &b.demands[c.who.id].changes[{c.who.name, c.who.email}];
    }
    demand* operator()(const actors::erase_user& c) const { return &b.demands[c.user].erasures; }
    demand* operator()(const actors::adjust_wallet& c) const {
      return &b.demands[c.user].adjustments[{c.amount.minor, c.reason}];
    }
    demand* operator()(const actors::recall_answer&) const { return nullptr; }
  };
  return std::visit(finder{b}, asked);
}

bool covered_together(sale_books& b, const domain::user_id& user, domain::option_id option,
                      domain::token_key token) {
  const auto& all = b.demands[user].bookings;
  demand sum;
  bool is_left_to_the_desk = false;
  for (auto each = all.lower_bound({option, token, {}}); each != all.end(); ++each) {
    const auto& [in, by, wish] = each->first;
    if (in != option || by != token) break;
    is_left_to_the_desk = is_left_to_the_desk || wish.find(" together") != wish.npos;
    sum.asked += each->second.asked;
    sum.in_vain += each->second.in_vain;
    sum.happened += each->second.happened;
  }
  return is_left_to_the_desk && sum.covers();
}

void note_in_vain(sale_books& b, const request& r) {
  auto* wanted = demanded(b, r.command);
  if (wanted == nullptr) return;
  ++wanted->in_vain;
  const auto* booking = std::get_if<actors::create_booking>(&r.command);
  const bool is_covered =
      wanted->covers() ||
      (booking != nullptr && covered_together(b, booking->user, booking->option, booking->token));
  require(is_covered, invariant::asked_for, r, " is answered as if it had changed nothing, but ",
          wanted->happened, " such changes are durable, for ", wanted->asked, " requests of which ",
          wanted->in_vain, " came to nothing");
}

namespace {

// What asks for these seats, or so many of them together; nullptr: nobody did.
std::array<demand*, 3> fitting(sale_books& b, const domain::booking_created& e) {
  auto& all = b.demands[e.user].bookings;
  const auto by = [&](std::string wish) -> demand* {
    return found_in(all, std::tuple(e.option, e.token, std::move(wish)));
  };
  const domain::best_seats any{e.seats.size(), std::nullopt};
  const domain::best_seats of_section{e.seats.size(), e.seats[0].name.section};
  return {by(seats_in_order(names_of(e.seats))), by(wish_of(any)), by(wish_of(of_section))};
}

} // namespace

domain::time_point first_asked_for(sale_books& b, const domain::booking_created& e) {
  auto first = domain::time_point::max();
  for (const auto* wanted : fitting(b, e))
    if (wanted != nullptr && wanted->asked > 0) first = std::min(first, wanted->first_asked);
  return first == domain::time_point::max() ? domain::time_point{} : first;
}

// Who named these seats is thought to have them; else who left the choice to the desk.
demand& wanted_by(sale_books& b, const domain::booking_created& e) {
  const auto is_open = [](const demand* d) {
    return d != nullptr && d->happened + d->in_vain < d->asked;
  };
  const auto [named, any, of_section] = fitting(b, e);
  if (is_open(named)) return *named;
  for (auto* found : {any, of_section})
    if (is_open(found)) {
      require(side_by_side(e.seats) || named != nullptr, invariant::seats_together, e.booking,
              " of ", e.user, " is for seats together, and has ", e.seats);
      return *found;
    }
  return b.demands[e.user].bookings[{e.option, e.token, seats_in_order(names_of(e.seats))}];
}

} // namespace boxoffice::sim
