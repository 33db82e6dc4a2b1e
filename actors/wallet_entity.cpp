#include "actors/wallet_entity.hpp"

#include <cassert>

namespace boxoffice::actors {

void wallet_entity::abandon() {
  if (!erasure_) return;
  refuse_unavailable(erasure_->request);
  for (const auto request : erasure_->behind) refuse_unavailable(request);
}

void wallet_entity::evolve(const domain::events& facts) {
  for (const auto& e : facts) domain::evolve(*wallet_, e);
}

domain::entry_id wallet_entity::next_entry() {
  return context().ids.next<domain::entry_id>(domain::id_kind::entry);
}

// --- money

void wallet_entity::on(charge& m) {
  if (answered_before(m.request, m.key)) return;
  if (!exists()) return answer(m.request, domain::unknown_user());
  auto decision = domain::decide_charge(*wallet_, rules().wallet, m.command.amount, next_entry(),
                                        now(), m.key != nullptr);
  if (const auto* refusal = domain::refused(decision)) return answer(m.request, *refusal);
  auto& facts = std::get<domain::events>(decision);
  evolve(facts);
  entry_view told{view(), domain::entry_of(std::get<domain::wallet_charged>(facts.front()))};
  auto answer_to_it = conclude(m.request, m.key, std::move(told), facts);
  append(std::move(facts), {std::move(answer_to_it)});
}

void wallet_entity::on(adjust& m) {
  if (answered_before(m.request, m.key)) return;
  if (!exists()) return answer(m.request, domain::unknown_user());
  auto decision = domain::decide_adjustment(*wallet_, rules().wallet, m.command.amount,
                                            m.command.reason, next_entry(), now());
  if (const auto* refusal = domain::refused(decision)) return answer(m.request, *refusal);
  auto& facts = std::get<domain::events>(decision);
  evolve(facts);
  entry_view told{view(), domain::entry_of(std::get<domain::wallet_adjusted>(facts.front()))};
  auto answer_to_it = conclude(m.request, m.key, std::move(told), facts);
  append(std::move(facts), {std::move(answer_to_it)});
}

void wallet_entity::on(read_balance& m) {
  if (!exists()) return answer(m.request, domain::unknown_user());
  answer(m.request, view());
}

void wallet_entity::on(describe_owner& m) {
  owner_described told{std::move(m.asker), m.correlation, no_rows{}};
  if (exists()) told.wallet = view();
  if (erasure_) erasure_->in_use = true; // something is being made for the user
  tell_when_durable(std::move(told));
}

void wallet_entity::on(debit_wallet& m) {
  assert(wallet_); // a booking is a user's, and a user's wallet stays
  auto decision =
      domain::decide_debit(*wallet_, m.payment, m.booking, m.amount, next_entry(), now());
  evolve(decision.facts);
  debit_decided word{m.booking, m.payment, decision.debited, view()};
  if (decision.facts.empty()) return tell_when_durable(std::move(word));
  append(std::move(decision.facts), {letter(std::move(word))});
}

void wallet_entity::on(credit_wallet& m) {
  const auto entry = context().ids.next<domain::entry_id>(domain::id_kind::entry);
  auto facts = domain::decide_refund(*wallet_, m.payment, m.booking, m.amount, entry, now());
  const money_returned word{m.booking};
  if (facts.empty()) return tell_when_durable(word);
  evolve(facts);
  append(std::move(facts), {letter(word)});
}

// --- the user

void wallet_entity::on(open_account& m) {
  const auto id =
      wallet_ ? domain::point_id{} : context().ids.next<domain::point_id>(domain::id_kind::point);
  auto decision = domain::decide_creation(wallet_.has_value(), m.command.who, id, now());
  if (const auto* refusal = domain::refused(decision)) return answer(m.request, *refusal);
  auto& facts = std::get<domain::events>(decision);
  wallet_ = domain::created(std::get<domain::user_created>(facts.front()));
  append(std::move(facts), {client_answer{m.request, account()}});
}

void wallet_entity::on(change_account& m) {
  if (!exists()) return answer(m.request, domain::unknown_user());
  auto decision = domain::decide_change(*wallet_, m.command.who, now());
  if (const auto* refusal = domain::refused(decision)) return answer(m.request, *refusal);
  auto& facts = std::get<domain::events>(decision);
  evolve(facts);
  append(std::move(facts), {client_answer{m.request, account()}});
}

void wallet_entity::on(close_account& m) {
  if (erasure_) return erasure_->behind.push_back(m.request);
  begin_erasure(m.request);
}

void wallet_entity::begin_erasure(request_id request) {
  if (!exists()) return answer(request, domain::unknown_user());
  if (auto decision = domain::decide_erasure(*wallet_, false, now()); domain::refused(decision))
    return answer(request, *domain::refused(decision));
  erasure_.emplace();
  erasure_->request = request;
  erasure_->correlation = ++last_correlation_;
  exits().inquire_after(wallet_->owner.id, erasure_->correlation);
}

void wallet_entity::on(inquiry_begun& m) {
  if (!erasure_ || erasure_->correlation != m.correlation) return;
  erasure_->asked = m.asked;
  end_erasure_if_all_answered();
}

void wallet_entity::on(user_traced& m) {
  if (!erasure_ || erasure_->correlation != m.correlation) return;
  ++erasure_->heard;
  erasure_->in_use = erasure_->in_use || m.in_use;
  erasure_->unreadable = erasure_->unreadable || m.unreadable;
  end_erasure_if_all_answered();
}

// The balance is looked at again: a charge may have come meanwhile.
void wallet_entity::end_erasure_if_all_answered() {
  if (!erasure_->asked || erasure_->heard < *erasure_->asked) return;
  auto ended = *std::move(erasure_);
  erasure_.reset();
  auto decision = domain::decide_erasure(*wallet_, ended.in_use, now());
  if (ended.unreadable) {
    refuse_unavailable(ended.request);
  } else if (const auto* refusal = domain::refused(decision)) {
    answer(ended.request, *refusal);
  } else {
    auto& facts = std::get<domain::events>(decision);
    evolve(facts);
    append(std::move(facts), {client_answer{ended.request, done{}}});
  }
  for (const auto request : ended.behind) {
    close_account again{{request, {wallet_->owner.id}}};
    on(again);
  }
}

} // namespace boxoffice::actors
