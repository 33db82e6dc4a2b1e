// A sale played at random by the domain's own rules: events that follow from one another.
#pragma once

#include "tests/persistence/model.hpp"
#include "tests/persistence/support.hpp"

namespace boxoffice::persistence::test {

class random_sale {
public:
  explicit random_sale(std::uint64_t seed) : dice_(seed) {}

  // Where it all starts: a few users, two concerts, three small performances.
  domain::events opening();

  // One to six decisions, each taken on what the ones before it led to. Time goes on a little.
  domain::events next(const model&);

  domain::time_point now() const { return now_; }

private:
  domain::events decide(const model&);
  domain::events enter(const model&);
  domain::events advance_queue(const model&);
  domain::events book(const model&);
  domain::events carry_on(const model&);
  domain::events pay(const domain::booking&);
  domain::request_key new_key(const domain::request_owner&);
  domain::request_answered answer(const domain::request_key&, domain::booking_id);
  domain::events await_wallet(const model&, const domain::booking&);
  domain::events cancel(const model&, const domain::booking&);
  domain::events refund(const model&, const domain::booking&);
  domain::events cancel_option(const model&);
  domain::events settle(const model&, const domain::booking&);
  domain::events charge(const model&);
  domain::events put_on_offer(const model&);
  domain::events operate(const model&);
  domain::events forget_tokens(const model&);
  domain::events forget_bookings(const model&);
  domain::events adjust(const model&);
  domain::events change_or_erase(const model&);
  domain::user_created new_user();
  domain::concert_option new_option(domain::concert_id, int day);

  dice dice_;
  domain::id_source ids_{domain::id_counters{1, 1, 1, 1, 1, 1, 1, 1, 1}};
  domain::time_point now_ = domain::from_micros(1'795'000'000'123'456);
  int users_ = 0;
  int keys_ = 0;

  domain::queue_rules queue_rules_{5, 3, std::chrono::seconds(20), std::chrono::seconds(30), true};
  domain::booking_rules booking_rules_{std::chrono::seconds(10), 3, 6};
  domain::wallet_rules wallet_rules_{};
};

} // namespace boxoffice::persistence::test
