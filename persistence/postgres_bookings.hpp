// Bookings, their reservations and holds, and the seats they take, in a batch of events. Private to
// this room.
#pragma once

#include "actors/domain/events.hpp"
#include "persistence/postgres_connection.hpp"

#include <map>
#include <unordered_map>
#include <vector>

namespace boxoffice::persistence {

// As postgres_wallets, whose refunds must be written before: a booking is cancelled only when its
// money is back.
class postgres_bookings {
public:
  void note(const domain::booking_created&);
  void note(const domain::booking_expired&);
  void note(const domain::payment_started&);
  void note(const domain::payment_refused&);
  void note(const domain::booking_confirmed&);
  void note(const domain::booking_settled&);
  void note(const domain::refund_started&);
  void note(const domain::wallet_refunded&);
  void note(const domain::booking_cancelled&);

  void write(const postgres_connection&);

private:
  using state = domain::booking_status;

  struct booking_change {
    std::optional<domain::booking_created> created; // in this batch
    // What the tables must hold of one that was not:
    state before = state::pending;
    std::optional<domain::payment_id> payment_before;
    std::optional<bool> settled_before;
    bool may_be_refunding = false; // instead of PENDING; write() asks

    state now = state::pending;
    bool pays = false; // payment and paid_with are set
    std::optional<domain::payment_id> payment;
    std::optional<domain::token_key> paid_with;
    std::optional<domain::time_point> confirmed_at;
    std::optional<bool> settled;
    bool money_back = false; // its refund is in this batch

    bool confirmed = false;                        // its reservations are, in this batch
    std::optional<domain::time_point> released_at; // they are
    bool ends_holds = false;                       // that stand in the tables
    std::vector<domain::seat_id> seats;            // as the last event named them
  };
  struct seat_change {
    bool before = false; // reserved, in the tables
    bool now = false;
    std::optional<domain::option_id> option; // which the seat must be of
  };

  // The booking in this state, with this payment where one is named. One that the batch does not
  // know must be so in the tables.
  booking_change& expect(domain::booking_id, state,
                         std::optional<domain::payment_id> = std::nullopt);
  void take_seat(domain::seat_id, domain::option_id);
  void free_seats(const std::vector<domain::seat_id>&);
  void release(booking_change&, domain::booking_id, const std::vector<domain::seat_id>&,
               domain::time_point);

  void learn_refunding(const postgres_connection&);
  void check_refunds(const postgres_connection&);
  void change_reservations(const postgres_connection&);
  void end_holds(const postgres_connection&);
  void change_seats(const postgres_connection&);
  void change_bookings(const postgres_connection&);
  void add_bookings(const postgres_connection&);
  void add_reservations(const postgres_connection&);

  std::map<domain::booking_id, booking_change> bookings_;
  std::unordered_map<domain::seat_id, seat_change> seats_;
  std::vector<domain::wallet_refunded> refunds_;
};

} // namespace boxoffice::persistence
