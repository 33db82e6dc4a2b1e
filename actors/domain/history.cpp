#include "actors/domain/history.hpp"

namespace boxoffice::domain {

wallet_entry entry_of(const wallet_charged& e) {
  return {e.entry, e.user, entry_kind::charge, e.amount, e.balance, {}, {}, {}, e.at};
}

wallet_entry entry_of(const wallet_debited& e) {
  const auto change = money{} - e.amount;
  return {e.entry, e.user, entry_kind::payment, change, e.balance, e.payment, e.booking, {}, e.at};
}

wallet_entry entry_of(const wallet_refunded& e) {
  return {e.entry, e.user, entry_kind::refund, e.amount, e.balance, e.payment, e.booking, {}, e.at};
}

wallet_entry entry_of(const wallet_adjusted& e) {
  return {e.entry, e.user, entry_kind::adjustment, e.amount, e.balance, {}, {}, e.reason, e.at};
}

} // namespace boxoffice::domain
