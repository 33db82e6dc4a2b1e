// Somebody who comes to the sale: a script from the queue to the payment, its turns drawn from a
// seed. Keeps what it was told, for the books.
#pragma once

#include "rush/arrivals.hpp"
#include "rush/documents.hpp"
#include "rush/guest.hpp"

#include <functional>
#include <string>
#include <vector>

namespace boxoffice::rush {

// What all visitors of a sale know.
struct sale {
  std::int64_t concert = 0, option = 0;
  std::string run;                     // in front of all names and keys of this run
  std::function<void()> sold_out = {}; // told whenever somebody finds no free seat
};

struct habits {
  bool bot = false;        // no thinking, many tries, bad requests
  bool again = false;      // buys again when done
  bool only_waits = false; // enters, and then polls
  int tries = 2;           // for seats, when others were faster
  std::size_t most_seats = 4;
  double leaving = 0.02; // the chance to go away at each step
  std::chrono::milliseconds least_thought{50}, most_thought{500};
  std::chrono::milliseconds poll_every{}; // 0: as the server says
};

enum class told_state { held, paid, given_up, unsure };

struct told_booking {
  booking_document what;
  told_state state = told_state::held;
};

// What one user was told, from the first answer to the last.
struct account {
  std::string user;
  std::vector<told_booking> bookings;
  std::int64_t charged = 0;
  bool unsure_money = false;   // a charge or payment was never answered
  bool unsure_booking = false; // a booking was never answered
  bool did_anything = false;   // that moved seats or money
};

class visitor : public guest {
public:
  visitor(const sale& where, std::string user, habits ways, std::uint64_t seed,
          std::int64_t money = 0);

  std::optional<act> begin() override;
  std::optional<act> hear(const request& asked, const answer& told) override;
  bool expects(const request& asked, const answer& told) const override;

  // When nothing more will be heard: what was never answered is noted as unsure.
  void finish();
  const account& told() const { return told_; }

private:
  using next = std::optional<act>;
  act ask(request what);
  request make(step what, std::string method, std::string target, std::string body = {}) const;
  request poll() const;
  next again(const request& asked, const answer& told);
  next give_up(const request& asked);
  next nothing_free();
  next go_away();
  next end();
  next after_enter(const answer& told);
  next wait_or_look(const token_document& place, const answer& told);
  next look_for_seats();
  next after_seats(const answer& told);
  next choose();
  next after_booking(const answer& told);
  next pay();
  next after_payment(const answer& told);
  next misbehave();
  std::string fresh_key();

  const sale& sale_;
  habits ways_;
  dice chance_;
  account told_;
  std::int64_t balance_;
  std::string token_;
  std::string etag_;
  std::vector<std::string> free_;
  std::optional<request> unanswered_; // and to be asked again
  int tries_ = 0, repeats_ = 0, keys_ = 0;
};

} // namespace boxoffice::rush
