// An option's desk: rules in actors/domain/option_desk.hpp. It opens bookings, one attempt of a
// user at a time, keeps the time of their holds, and ends them all when the performance is
// cancelled.
#pragma once

#include "actors/domain/seat_chooser.hpp"
#include "actors/entity.hpp"

#include <deque>
#include <set>
#include <unordered_map>

namespace boxoffice::actors {

class option_entity : public letter_handler<option_entity> {
public:
  option_entity(domain::option_id id, domain::option_desk loaded, node& n, entity_exits& exits)
      : letter_handler(ref(id), n, exits), id_(id), desk_(std::move(loaded)) {}

  void start() override;
  void on_timer() override;
  bool busy() const override {
    return !deadlines_.empty() || !asking_.empty() || !attempts_.empty() || !cancellers_.empty() ||
           (desk_.cancelled && !desk_.wound_up);
  }
  void abandon() override;

  void on(open_sale&);
  void on(owner_described&);
  void on(pay_at_desk&);
  void on(attempt_lost&);
  void on(request_noted&);
  void on(booking_noted&);
  void on(bookings_gone&);
  void on(call_off&);
  void on(asked_after_user&);

private:
  // A request whose user is known to exist.
  struct ready_sale {
    open_sale asked;
    wallet_view wallet;
  };
  using request_of_user = std::variant<ready_sale, pay_at_desk>;
  static request_id request_of(const ready_sale& s) { return s.asked.request; }
  static request_id request_of(const pay_at_desk& m) { return m.request; }
  // A user's attempt under way, and the requests behind it. Were they decided at once, a sale
  // might be refused over seats that the attempt is about to lose, or a payment miss the booking
  // whose answer its client has just read.
  struct attempt {
    domain::booking_id booking;      // none while it waits for seats
    domain::request_key_ptr key;     // of the request that wants it
    bool waits = false;              // until others' attempts have ended
    std::optional<ready_sale> again; // should the seats that were chosen for it be lost
    std::vector<domain::booked_seat> seats;
    std::deque<request_of_user> behind;

    bool is_under_way() const { return booking || waits; }
  };

  void take(const domain::user_id&, request_of_user);
  void begin(request_of_user&);
  void begin(ready_sale&);
  void begin(pay_at_desk&);
  void forget(const domain::request_key_ptr&);
  bool find_best(ready_sale&);
  void end_attempt(const domain::user_id&, domain::booking_id);
  void go_on_with(const domain::user_id&);
  void serve_waiting();
  void shut_out_waiting();
  void arm_timer();
  void call_off_between_attempts();
  void begin_winding_up();
  void wind_up();
  std::shared_ptr<const domain::concert_option> option();
  option_called_off called_off(domain::time_point since);
  domain::seat_chooser& chooser();

  domain::option_id id_;
  domain::option_desk desk_;
  std::uint64_t last_correlation_ = 0;
  std::unordered_map<std::uint64_t, open_sale> asking_; // until the user is known to exist
  std::unordered_map<domain::user_id, attempt> attempts_;
  // Knows of every attempt, so that those who want the best seats don't run into one another.
  std::optional<domain::seat_chooser> chooser_;
  // Those for whom there would be seats together, were others not after them: first come, first
  // served when an attempt ends.
  std::deque<ready_sale> waiting_;
  std::set<std::pair<domain::time_point, domain::booking_id>> deadlines_; // of PENDING bookings
  std::unordered_map<domain::booking_id, domain::time_point> deadline_of_;
  std::optional<domain::time_point> armed_for_;

  // While somebody wants the performance cancelled no attempt begins; what would have begun one
  // waits until those under way have ended.
  std::vector<call_off> cancellers_;
  std::deque<std::pair<domain::user_id, request_of_user>> shut_out_;
  // Of a cancelled performance: the live bookings that are still to be told, and those that were
  // and live on.
  std::set<domain::booking_id> to_end_, ending_;
};

} // namespace boxoffice::actors
