#include "actors/seat_entity.hpp"

namespace boxoffice::actors {

void seat_entity::answer_claim(domain::booking_id booking, bool granted) {
  tell(seat_answered{booking, id_, granted, false});
}

void seat_entity::on(claim_seat& m) {
  switch (domain::claim(seat_, m.booking)) {
  case domain::claim_answer::granted: return answer_claim(m.booking, true);
  case domain::claim_answer::taken: return answer_claim(m.booking, false);
  case domain::claim_answer::waits: return;
  }
}

void seat_entity::on(settle_seat& m) {
  switch (m.fate) {
  case seat_fate::held:
    for (const auto refused : domain::hold(seat_, m.booking)) answer_claim(refused, false);
    return;
  case seat_fate::withdrawn:
    if (const auto next = domain::withdraw(seat_, m.booking)) answer_claim(*next, true);
    return;
  case seat_fate::sold: return domain::sell(seat_, m.booking);
  case seat_fate::released: return domain::release(seat_, m.booking);
  }
}

} // namespace boxoffice::actors
