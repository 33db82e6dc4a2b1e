// A booking: rules in actors/domain/booking.hpp. It wins its seats one by one, holds them, and
// carries its payment and its refund through every step, also after a restart.
#pragma once

#include "actors/entity.hpp"

#include <string>
#include <vector>

namespace boxoffice::actors {

class booking_entity : public letter_handler<booking_entity> {
public:
  // Without a booking: one is about to be opened.
  booking_entity(domain::booking_id id, std::shared_ptr<domain::booking> loaded, node& n,
                 entity_exits& exits)
      : letter_handler(ref(id), n, exits), booking_(std::move(loaded)) {}

  void start() override;
  bool busy() const override;
  void abandon() override;

  void on(open_booking&);
  void on(seat_answered&);
  void on(start_payment&);
  void on(debit_decided&);
  void on(tokens_released&);
  void on(check_expiry&);
  void on(give_up_booking&);
  void on(take_back_booking&);
  void on(wind_up_booking&);
  void on(money_returned&);
  void on(booking_gone&);

protected:
  void on_durable() override { offer_to_leave(); }

private:
  // The attempt at the seats, until it is won or lost.
  struct attempt {
    open_booking wanted;
    std::size_t next = 0; // the seat whose answer is awaited
    std::vector<domain::booked_seat> won;
    std::vector<domain::seat_name> lost;
    bool unreadable = false; // one of the seats could not be asked
  };

  // Somebody's wish to end the booking.
  struct ending {
    request_id request = 0;
    domain::request_key_ptr key;
    domain::cancelled_by by = domain::cancelled_by::user;
    std::string reason;
  };

  void claim_next_seat();
  void win();
  void lose();
  void settle_seats(const std::vector<domain::booked_seat>&, seat_fate);

  void apply(domain::events, std::vector<release> = {},
             const std::optional<domain::event>& request = {});
  void note_at_desk(const domain::event& request);
  void expire_if_due();
  void ask_wallet();
  void ask_queue();
  bool payment_under_way() const;
  void end(ending);
  void apply_and_tell(domain::events, std::optional<request_id> client,
                      const domain::request_key_ptr&, domain::booking after);
  void wind_up();
  void take_up_endings();
  letter refund() const;
  std::shared_ptr<const domain::concert_option> performance();
  letter token_release() const;
  void take_late_word(debit_decided&);
  void answer_keyed(domain::events, domain::request_key);
  void offer_to_leave();

  std::optional<attempt> attempt_;
  std::shared_ptr<domain::booking> booking_;
  // The client that pays, and what the wallet said; nobody waits for a payment taken up again
  // after a restart.
  std::optional<request_id> payer_;
  std::optional<wallet_view> paid_from_;
  // Who wants it ended, until its payment is settled; and who waits for the money to be back.
  std::vector<ending> endings_;
  std::optional<request_id> refunds_for_;
  bool called_off_ = false; // the performance is: end when the payment under way has ended
};

} // namespace boxoffice::actors
