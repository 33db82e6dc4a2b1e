// One seat's arbiter: rules in actors/domain/seat.hpp.
#pragma once

#include "actors/entity.hpp"

namespace boxoffice::actors {

class seat_entity : public letter_handler<seat_entity> {
public:
  seat_entity(domain::seat_id id, domain::seat loaded, node& n, entity_exits& exits)
      : letter_handler(ref(id), n, exits), id_(id), seat_(std::move(loaded)) {}

  bool busy() const override { return static_cast<bool>(seat_.claimant); }

  void on(claim_seat&);
  void on(settle_seat&);

private:
  void answer_claim(domain::booking_id, seat_word);

  domain::seat_id id_;
  domain::seat seat_;
};

} // namespace boxoffice::actors
