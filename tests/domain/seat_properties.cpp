// One holder a seat, ever (CONTRACT 2, Booking): rushes of bookings that claim overlapping seats,
// their messages delivered in random order.
//
// A booking claims its seats one by one, ascending. Granted them all, its record is appended (which
// takes a while) and then it tells its seats that they are held. Refused one, it withdraws the
// rest.
#include "actors/domain/seat.hpp"
#include "tests/domain/support.hpp"

#include <cstddef>
#include <deque>
#include <iterator>
#include <map>
#include <tuple>
#include <variant>
#include <vector>

namespace boxoffice::domain::test {

namespace {

enum class ask { claim, hold, withdraw, sell, release };
enum class word { granted, taken };
enum class fate { coming, asking, appending, won, lost, left, over };

struct request {
  std::vector<std::size_t> seats; // ascending
  std::size_t asked = 0;          // the seat it waits to hear of
  fate state = fate::coming;
  bool pays = false; // else its hold runs out
};

struct rush_rules {
  bool clients_leave = false; // some give up while they wait
  bool holds_end = false;     // some holds run out, so seats become free again
};

class rush {
public:
  rush(dice& d, rush_rules rules) : d_(d), rules_(rules), seats_(d.between<std::size_t>(1, 8)) {
    requests_.resize(d.between<std::size_t>(2, 14));
    for (auto& r : requests_) {
      for (std::size_t s = 0; s < seats_.size(); ++s)
        if (d_.chance(40)) r.seats.push_back(s);
      if (r.seats.empty()) r.seats.push_back(d_.between<std::size_t>(0, seats_.size() - 1));
      r.pays = d_.chance(50);
    }
  }

  // Delivers whatever is under way, in random order, until nothing is.
  void run() {
    std::vector<std::size_t> arrivals;
    for (std::size_t r = 0; r < requests_.size(); ++r) arrivals.push_back(r);
    d_.shuffle(arrivals);
    while (!arrivals.empty() || !channels_.empty() || !deeds_.empty()) {
      if (!arrivals.empty() && d_.chance(30)) {
        requests_[arrivals.back()].state = fate::asking;
        ask_next(arrivals.back());
        arrivals.pop_back();
      } else if (!deeds_.empty() && d_.chance(20)) {
        do_a_deed();
      } else if (!channels_.empty()) {
        deliver_one();
      }
      if (rules_.clients_leave && d_.chance(3)) let_somebody_leave();
    }
  }

  void check_everything_drained() const {
    for (const auto& r : requests_) require(r.state > fate::appending, "a request has no answer");
    for (std::size_t s = 0; s < seats_.size(); ++s) {
      require(!seats_[s].claimant && seats_[s].waiting.empty(), "a claim was left behind");
      const auto owner = owners_.find(s);
      const bool is_owned = owner != owners_.end();
      require((seats_[s].status == seat_status::free) == !is_owned, "free means unowned");
      require(!is_owned || seats_[s].holder == name(owner->second), "the seat knows its owner");
    }
  }

  // When seats neither came back nor were given up, each loser lost to a winner.
  void check_losers_lost_to_winners() const {
    for (const auto& r : requests_) {
      if (r.state != fate::lost) continue;
      const auto winner = owners_.find(r.seats[r.asked]);
      require(winner != owners_.end() && requests_[winner->second].state == fate::won,
              "a request lost a seat that nobody has");
    }
  }

private:
  struct message {
    std::size_t request = 0;
    std::size_t seat = 0;
    std::variant<ask, word> what;
  };

  static booking_id name(std::size_t r) { return {static_cast<std::int64_t>(r) + 1}; }
  static std::size_t request_of(booking_id b) { return static_cast<std::size_t>(b.value - 1); }

  // What one sends to the other arrives in the order sent; nothing else is promised.
  void send(std::size_t r, std::size_t s, std::variant<ask, word> what) {
    channels_[{r, s, what.index()}].push_back({r, s, what});
  }

  void deliver_one() {
    auto channel = channels_.begin();
    std::advance(channel, d_.between<std::size_t>(0, channels_.size() - 1));
    const auto m = channel->second.front();
    channel->second.pop_front();
    if (channel->second.empty()) channels_.erase(channel);
    if (const auto* what = std::get_if<ask>(&m.what))
      seat_hears(m.request, m.seat, *what);
    else
      request_hears(m.request, m.seat, std::get<word>(m.what));
  }

  void seat_hears(std::size_t r, std::size_t s, ask what) {
    auto& seat = seats_[s];
    switch (what) {
    case ask::claim:
      switch (claim(seat, name(r))) {
      case claim_answer::granted: send(r, s, word::granted); break;
      case claim_answer::taken: send(r, s, word::taken); break;
      case claim_answer::waits: break;
      }
      break;
    case ask::hold:
      for (const auto loser : hold(seat, name(r))) send(request_of(loser), s, word::taken);
      require(seat.holder == name(r), "who has the record has the seat");
      break;
    case ask::withdraw:
      if (const auto next = withdraw(seat, name(r))) send(request_of(*next), s, word::granted);
      break;
    case ask::sell: sell(seat, name(r)); break;
    case ask::release: release(seat, name(r)); break;
    }
  }

  void request_hears(std::size_t r, std::size_t s, word what) {
    auto& me = requests_[r];
    if (me.state != fate::asking) return;
    require(me.seats[me.asked] == s, "an answer to what was not asked");
    if (what == word::granted) {
      ++me.asked;
      ask_next(r);
    } else {
      me.state = fate::lost;
      tell_up_to(r, me.asked, ask::withdraw);
    }
  }

  void ask_next(std::size_t r) {
    auto& me = requests_[r];
    if (me.asked < me.seats.size()) return send(r, me.seats[me.asked], ask::claim);
    me.state = fate::appending;
    deeds_.push_back(r);
  }

  void tell_up_to(std::size_t r, std::size_t count, ask what) {
    for (std::size_t i = 0; i < count; ++i) send(r, requests_[r].seats[i], what);
  }

  // A record is appended: a new hold, or the end of one.
  void do_a_deed() {
    const auto at = d_.between<std::size_t>(0, deeds_.size() - 1);
    const auto r = deeds_[at];
    deeds_.erase(deeds_.begin() + static_cast<std::ptrdiff_t>(at));
    auto& me = requests_[r];
    if (me.state == fate::appending) {
      for (const auto s : me.seats)
        require(owners_.emplace(s, r).second, "two bookings have records of one seat");
      me.state = fate::won;
      tell_up_to(r, me.seats.size(), ask::hold);
      if (me.pays || rules_.holds_end) deeds_.push_back(r);
    } else if (me.pays) {
      tell_up_to(r, me.seats.size(), ask::sell);
    } else {
      for (const auto s : me.seats) owners_.erase(s);
      me.state = fate::over;
      tell_up_to(r, me.seats.size(), ask::release);
    }
  }

  void let_somebody_leave() {
    const auto r = d_.between<std::size_t>(0, requests_.size() - 1);
    auto& me = requests_[r];
    if (me.state != fate::asking) return;
    me.state = fate::left;
    tell_up_to(r, me.asked + 1, ask::withdraw); // also the place it waits in
  }

  dice& d_;
  rush_rules rules_;
  std::vector<seat> seats_;
  std::vector<request> requests_;
  std::map<std::tuple<std::size_t, std::size_t, std::size_t>, std::deque<message>> channels_;
  std::vector<std::size_t> deeds_;            // of these the next record is under way
  std::map<std::size_t, std::size_t> owners_; // seat → request, by the records alone
};

} // namespace

BOOST_AUTO_TEST_SUITE(seat_properties)

BOOST_AUTO_TEST_CASE(crossing_requests_never_share_a_seat_and_never_both_lose) {
  play(3000, [](dice& d) {
    rush r(d, {});
    r.run();
    r.check_everything_drained();
    r.check_losers_lost_to_winners();
  });
}

BOOST_AUTO_TEST_CASE(a_seat_has_one_holder_though_clients_leave_and_holds_run_out) {
  play(3000, [](dice& d) {
    rush r(d, {d.chance(70), d.chance(70)});
    r.run();
    r.check_everything_drained();
  });
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace boxoffice::domain::test
