// Who judges what, and takes it into the books. Private to this room.
#pragma once

#include "actors/words.hpp"
#include "sim/books.hpp"

#include <algorithm>
#include <vector>

namespace boxoffice::sim {

// Judges a fact by what came before it, then takes it into the books. Throws broken_invariant.
void take_fact(sale_books&, const domain::event&);
void take(sale_books&, const domain::user_created&);
void take(sale_books&, const domain::concert_created&);
void take(sale_books&, const domain::option_created&);
void take(sale_books&, const domain::option_drafted&);
void take(sale_books&, const domain::seats_laid&);
void take(sale_books&, const domain::option_published&);
void take(sale_books&, const domain::token_issued&);
void take(sale_books&, const domain::token_admitted&);
void take(sale_books&, const domain::token_expired&);
void take(sale_books&, const domain::booking_created&);
void take(sale_books&, const domain::booking_expired&);
void take(sale_books&, const domain::payment_started&);
void take(sale_books&, const domain::payment_refused&);
void take(sale_books&, const domain::booking_confirmed&);
void take(sale_books&, const domain::booking_settled&);
void take(sale_books&, const domain::wallet_charged&);
void take(sale_books&, const domain::wallet_debited&);
void take(sale_books&, const domain::debit_refused&);
void take(sale_books&, const domain::option_cancelled&);
void take(sale_books&, const domain::cancellation_completed&);
void take(sale_books&, const domain::refund_started&);
void take(sale_books&, const domain::booking_cancelled&);
void take(sale_books&, const domain::wallet_refunded&);
void take(sale_books&, const domain::token_prioritized&);
void take(sale_books&, const domain::queue_configured&);
void take(sale_books&, const domain::user_changed&);
void take(sale_books&, const domain::user_erased&);
void take(sale_books&, const domain::wallet_adjusted&);
void take(sale_books&, const domain::tokens_forgotten&);
void take(sale_books&, const domain::bookings_forgotten&);
// What acts_due knows an act by.
std::string name_of_act(const std::string& act, const std::string& subject);
void take(sale_books&, const domain::operator_acted&);
// Of keyed requests: take_keys, key_books.hpp.
inline void take(sale_books&, const domain::request_begun&) {}
inline void take(sale_books&, const domain::request_answered&) {}
inline void take(sale_books&, const domain::request_dropped&) {}
// What must hold between groups.
void judge_group(sale_books&);
// While all is calm nobody waits long in a line that has room.
void judge_lines(sale_books&, domain::time_point now);

// Notes that one of those who asked for it got it. Before the first start the store is given what
// nobody asks for.
template <class... What>
void note_happened(const sale_books& b, demand& wanted, const What&... what) {
  if (!b.node_started) return;
  ++wanted.happened;
  require(wanted.covers(), invariant::asked_for, what..., " is the ", wanted.happened,
          ". of its kind, but of the ", wanted.asked, " requests for it ", wanted.in_vain,
          " came to nothing");
}

// What was due at `due` is done at `at`.
template <class... What>
void note_due(const sale_books& b, domain::time_point due, domain::time_point at,
              const What&... what) {
  if (!b.calm_since) return;
  require(at <= std::max(due, *b.calm_since) + b.tolerance, invariant::on_time, what..., " at ", at,
          ", it was due at ", due, " and nothing is in the way since ", *b.calm_since);
}

// The facts of one thing are in order of time.
template <class... Of>
void note_time(domain::time_point& last, domain::time_point at, const Of&... of) {
  require(at >= last, invariant::time_goes_on, "a fact of ", of..., " at ", at,
          " comes behind one at ", last);
  last = at;
}

// One that the fact can be about, in the state that it must be in.
booking_book& known_booking(sale_books&, domain::booking_id, const char* what);
void judge_step(const booking_book&, domain::booking_status from, const char* what);
void judge_own_seats(const booking_book&, domain::option_id, const std::vector<domain::seat_id>&,
                     const char* what);

inline const char* word_of(const payment_book& p) {
  if (!p.debited) return "not decided on";
  return *p.debited ? "debited" : "refused";
}

// A request that waits for its answer.
struct request {
  actors::request_id id = 0;
  actors::command command;
  instant since = 0; // what was durable when it came
  domain::time_point at;
  domain::request_key_ptr key = nullptr;
};
void put(std::ostream&, const request&);

// A request and what was answered to it, at `now`.
struct answered {
  sale_books& b;
  const request& r;
  const actors::outcome& said;
  domain::time_point now;

  template <class View>
  const View& view() const {
    const auto* fitting = std::get_if<View>(&said);
    if (fitting == nullptr)
      broken(invariant::fitting_answer, r, " is answered with ", actors::words(said));
    return *fitting;
  }
  // Whether the time is between the question and the answer.
  bool within(domain::time_point t) const { return t >= r.at && t <= now; }
};

// Judge the answer to a request, given at `now`, and take note of what it told.
void take_answer(sale_books&, const request&, const actors::outcome&, domain::time_point now);
void take_refusal(sale_books&, const request&, const domain::rejection&, domain::time_point now);
// What the command would have happen; nullptr: nothing.
demand* demanded(sale_books&, const actors::command&);
// What led to the booking, as far as can be told.
demand& wanted_by(sale_books&, const domain::booking_created&);
// When it was first asked for, whoever of those it may have been for.
domain::time_point first_asked_for(sale_books&, const domain::booking_created&);
// Whether some of the seats that were asked for by this token were left to the desk to choose, and
// the requests cover all that happened for it: which of them it happened for can't always be told.
bool covered_together(sale_books&, const domain::user_id&, domain::option_id, domain::token_key);
// The request is answered, and it wasn't for it that anything happened.
void note_in_vain(sale_books&, const request&);
// The token's place at some instant from `since` on was this; 0 for PROCESSING.
bool had_place(const queue_book&, const token_book&, instant since, std::size_t position);

void judge_map(const option_book&, const domain::seat_map&, commit_number floor,
               commit_number latest);

// Compares all that the store holds with the books.
void judge_store(sale_books&, persistence::reader&, domain::time_point now);
void judge_end(sale_books&);
// While all is calm nothing is kept long past its time.
void judge_past(const sale_books&, domain::time_point now);

} // namespace boxoffice::sim
