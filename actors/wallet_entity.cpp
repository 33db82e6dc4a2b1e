#include "actors/wallet_entity.hpp"

namespace boxoffice::actors {

void wallet_entity::evolve(const domain::events& facts) {
  for (const auto& e : facts) domain::evolve(wallet_, e);
}

void wallet_entity::on(charge& m) {
  const auto entry = context().ids.next<domain::entry_id>(domain::id_kind::entry);
  auto decision = domain::decide_charge(wallet_, rules().wallet, m.command.amount, entry, now());
  if (const auto* refusal = domain::refused(decision)) return answer(m.request, *refusal);
  auto& facts = std::get<domain::events>(decision);
  evolve(facts);
  append(std::move(facts), {client_answer{m.request, view()}});
}

void wallet_entity::on(read_balance& m) { answer(m.request, view()); }

void wallet_entity::on(describe_owner& m) {
  tell_when_durable(owner_described{std::move(m.asker), m.correlation, view()});
}

void wallet_entity::on(debit_wallet& m) {
  const auto entry = context().ids.next<domain::entry_id>(domain::id_kind::entry);
  auto decision = domain::decide_debit(wallet_, m.payment, m.booking, m.amount, entry, now());
  evolve(decision.facts);
  debit_decided word{m.booking, m.payment, decision.debited, view()};
  if (decision.facts.empty()) return tell_when_durable(std::move(word));
  append(std::move(decision.facts), {letter(std::move(word))});
}

} // namespace boxoffice::actors
