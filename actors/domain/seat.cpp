#include "actors/domain/seat.hpp"

#include <algorithm>

namespace boxoffice::domain {

const char* to_string(seat_status status) {
  switch (status) {
  case seat_status::free: return "FREE";
  case seat_status::held: return "HELD";
  case seat_status::sold: return "SOLD";
  }
  return "";
}

claim_answer claim(seat& s, booking_id asker) {
  if (s.status != seat_status::free)
    return s.holder == asker ? claim_answer::granted : claim_answer::taken;
  if (!s.claimant || s.claimant == asker) {
    s.claimant = asker;
    return claim_answer::granted;
  }
  if (std::find(s.waiting.begin(), s.waiting.end(), asker) == s.waiting.end())
    s.waiting.push_back(asker);
  return claim_answer::waits;
}

std::vector<booking_id> hold(seat& s, booking_id claimant) {
  if (s.status != seat_status::free || s.claimant != claimant) return {};
  s.status = seat_status::held;
  s.holder = claimant;
  s.claimant = {};
  std::vector<booking_id> refused(s.waiting.begin(), s.waiting.end());
  s.waiting.clear();
  return refused;
}

std::optional<booking_id> withdraw(seat& s, booking_id asker) {
  if (s.claimant != asker) {
    s.waiting.erase(std::remove(s.waiting.begin(), s.waiting.end(), asker), s.waiting.end());
    return std::nullopt;
  }
  s.claimant = {};
  if (s.waiting.empty()) return std::nullopt;
  s.claimant = s.waiting.front();
  s.waiting.pop_front();
  return s.claimant;
}

void sell(seat& s, booking_id holder) {
  if (s.status == seat_status::held && s.holder == holder) s.status = seat_status::sold;
}

void release(seat& s, booking_id holder) {
  if (s.status == seat_status::free || s.holder != holder) return;
  s.status = seat_status::free;
  s.holder = {};
}

} // namespace boxoffice::domain
