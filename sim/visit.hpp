// One person's way through a sale: queue, seats, booking, charge, payment, in a manner of their
// own.
#pragma once

#include "sim/person.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace boxoffice::sim {

// How somebody goes about it. The default is a patient buyer of one seat.
struct manner {
  domain::concert_id concert{1};
  domain::option_id option{1};
  std::shared_ptr<const domain::concert_option> performance; // where not every site has it
  unsigned seats = 1;
  bool together = false;          // whichever are best, side by side
  bool same_seats_as_all = false; // wants the few seats that everybody wants, in any order
  unsigned presses = 1;           // each button so many times at once
  unsigned refreshes = 0;         // of the page, while waiting in the queue
  bool leaves_queue = false;      // never asks for its place again
  bool tries_while_waiting = false;
  bool leaves_cart = false;  // holds seats and never pays
  unsigned bookings = 1;     // one behind the other, with one token
  bool two_windows = false;  // books other seats at the same time, and minds only the first
  bool pays_first = false;   // before charging the wallet
  bool pays_late = false;    // about when the hold runs out
  bool pays_at_desk = false; // by user and performance, without a token
  bool asks_anew = false;    // for a place in the queue before paying: perhaps another token
  bool keyed = false;        // each change by a key, again and again until its fate is known
  bool repeats = false;      // sends its last requests again, much later
  std::int32_t priority = 0;
};

// What people have heard of each other's bookings: for those who meddle.
struct hearsay {
  struct item {
    domain::booking booking;
    domain::token_key token;
  };
  std::vector<item> bookings;             // of the last few
  std::vector<domain::token_view> tokens; // likewise, as they were first told
  void hear(const domain::token_view&);
  void hear(const domain::booking&);
};

class visit : public std::enable_shared_from_this<visit> {
public:
  visit(person& who, manner how, hearsay& heard) : who_(who), how_(how), heard_(heard) {}
  // Keeps itself alive until it has come to an end.
  void begin() { enter(); }

private:
  using step = void (visit::*)();
  person::hearing hear(void (visit::*)(const person::answer&));
  void after(moment low, moment high, step);

  void enter();
  void on_token(const person::answer&);
  void choose();
  void choose_together();
  void on_map(const std::shared_ptr<const domain::seat_map>&);
  void on_booked(const person::answer&);
  void charge();
  void on_charged(const person::answer&);
  void go_and_pay();
  void renew_token();
  void on_renewed(const person::answer&);
  void pay();
  void on_paid(const person::answer&);
  void repeat();
  actors::command payment() const;
  void send(const actors::command&, void (visit::*)(const person::answer&));

  person& who_;
  manner how_;
  hearsay& heard_;
  unsigned tries_left_ = 12; // in all: nobody tries for ever
  unsigned polls_left_ = 30;
  std::optional<domain::token_key> token_;
  std::optional<domain::booking> booking_;
  std::vector<actors::command> said_; // to be repeated
};

} // namespace boxoffice::sim
