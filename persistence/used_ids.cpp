#include "persistence/used_ids.hpp"

#include <algorithm>
#include <variant>

namespace boxoffice::persistence {

namespace {

using domain::id_kind;

class collector {
public:
  domain::id_counters highest{};

  void operator()(const domain::user_created& e) { used(id_kind::point, e.wallet.value); }
  void operator()(const domain::concert_created& e) { used(id_kind::concert, e.what.id.value); }
  void operator()(const domain::option_created& e) { option(e.what); }
  void operator()(const domain::option_drafted& e) { option(e.what); }
  void operator()(const domain::token_issued& e) { used(id_kind::token, e.row.value); }
  void operator()(const domain::booking_created& e) {
    used(id_kind::booking, e.booking.value);
    for (const auto& s : e.seats) used(id_kind::reservation, s.reservation.value);
  }
  void operator()(const domain::payment_started& e) { used(id_kind::payment, e.payment.value); }
  void operator()(const domain::wallet_charged& e) { used(id_kind::entry, e.entry.value); }
  void operator()(const domain::wallet_debited& e) {
    used(id_kind::entry, e.entry.value);
    used(id_kind::payment, e.payment.value);
  }
  void operator()(const domain::debit_refused& e) { used(id_kind::payment, e.payment.value); }
  void operator()(const domain::wallet_refunded& e) { used(id_kind::entry, e.entry.value); }
  void operator()(const domain::wallet_adjusted& e) { used(id_kind::entry, e.entry.value); }
  template <class Other>
  void operator()(const Other&) {} // names what exists

private:
  void option(const domain::concert_option& o) {
    used(id_kind::option, o.id.value);
    for (const auto& s : o.sections) used(id_kind::seat, s.first_seat.value + s.seats - 1);
  }
  void used(id_kind kind, std::int64_t id) {
    auto& known = highest[static_cast<std::size_t>(kind)];
    known = std::max(known, id);
  }
};

} // namespace

domain::id_counters find_highest_used(const domain::events& facts) {
  collector all;
  for (const auto& fact : facts) std::visit(all, fact);
  return all.highest;
}

} // namespace boxoffice::persistence
