#include "actors/seat_entity.hpp"

namespace boxoffice::actors {

void seat_entity::answer_claim(domain::booking_id booking, seat_word word) {
  tell(seat_answered{booking, id_, word});
}

void seat_entity::on(claim_seat& m) {
  switch (domain::claim(seat_, m.booking)) {
  case domain::claim_answer::granted: return answer_claim(m.booking, seat_word::granted);
  case domain::claim_answer::taken: return answer_claim(m.booking, seat_word::taken);
  case domain::claim_answer::waits: return;
  }
}

void seat_entity::on(settle_seat& m) {
  switch (m.fate) {
  case seat_fate::held:
    for (const auto refused : domain::hold(seat_, m.booking))
      answer_claim(refused, seat_word::taken);
    return;
  case seat_fate::withdrawn:
    if (const auto next = domain::withdraw(seat_, m.booking))
      answer_claim(*next, seat_word::granted);
    return;
  case seat_fate::sold: return domain::sell(seat_, m.booking);
  case seat_fate::released: return domain::release(seat_, m.booking);
  }
}

} // namespace boxoffice::actors
