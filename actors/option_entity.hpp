// An option's desk: rules in actors/domain/option_desk.hpp. It opens bookings, one attempt of a
// user at a time, and keeps the time of their holds.
#pragma once

#include "actors/entity.hpp"

#include <deque>
#include <set>
#include <unordered_map>

namespace boxoffice::actors {

class option_entity : public letter_handler<option_entity> {
public:
  option_entity(domain::option_id id, domain::option_desk loaded, node& n, entity_exits& exits)
      : letter_handler(ref(id), n, exits), id_(id), desk_(std::move(loaded)) {}

  void on_timer() override;
  bool busy() const override {
    return !deadlines_.empty() || !asking_.empty() || !attempts_.empty();
  }
  void abandon() override;

  void on(open_sale&);
  void on(owner_described&);
  void on(pay_at_desk&);
  void on(attempt_lost&);
  void on(booking_noted&);

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
    domain::booking_id booking;
    std::deque<request_of_user> behind;
  };

  void take(const domain::user_id&, request_of_user);
  void begin(request_of_user&);
  void begin(ready_sale&);
  void begin(pay_at_desk&);
  void end_attempt(const domain::user_id&, domain::booking_id);
  void arm_timer();
  std::shared_ptr<const domain::concert_option> option();

  domain::option_id id_;
  domain::option_desk desk_;
  std::uint64_t last_correlation_ = 0;
  std::unordered_map<std::uint64_t, open_sale> asking_; // until the user is known to exist
  std::unordered_map<domain::user_id, attempt> attempts_;
  std::set<std::pair<domain::time_point, domain::booking_id>> deadlines_; // of PENDING bookings
  std::unordered_map<domain::booking_id, domain::time_point> deadline_of_;
  std::optional<domain::time_point> armed_for_;
};

} // namespace boxoffice::actors
