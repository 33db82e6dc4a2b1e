#include "persistence/postgres_wallets.hpp"

#include "persistence/refusals.hpp"

namespace boxoffice::persistence {

namespace {

using of = column::of;

constexpr const char* add_users = R"sql(
INSERT INTO users (user_id, name, email, created_at)
SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::timestamp[]))sql";

constexpr const char* add_wallets = R"sql(
INSERT INTO point (point_id, user_id, amount)
SELECT *, 0 FROM unnest($1::bigint[], $2::text[]))sql";

constexpr const char* change_balances = R"sql(
UPDATE point p SET amount = u.after::numeric / 100,
  last_charge_amount = coalesce(u.charge, last_charge_amount),
  last_charge_at = coalesce(u.charged_at, last_charge_at)
FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::bigint[], $5::timestamp[])
  WITH ORDINALITY AS u (user_id, before, after, charge, charged_at, n)
WHERE p.user_id = u.user_id AND p.amount = u.before::numeric / 100
RETURNING u.n)sql";

constexpr const char* add_entries = R"sql(
INSERT INTO point_entry (entry_id, user_id, kind, amount, balance_after, payment_id, booking_id,
                         reason, created_at)
SELECT * FROM unnest($1::bigint[], $2::text[], $3::text[], $4::bigint[], $5::bigint[], $6::bigint[],
                     $7::bigint[], $8::text[], $9::timestamp[]))sql";

constexpr const char* add_debits = R"sql(
INSERT INTO payment (payment_id, user_id, booking_id, amount, created_at, status)
SELECT *, 'DEBITED' FROM unnest($1::bigint[], $2::text[], $3::bigint[], $4::bigint[],
                                $5::timestamp[]))sql";

constexpr const char* note_refusals = R"sql(
INSERT INTO payment (payment_id, user_id, booking_id, amount, created_at, status)
SELECT *, 'REFUSED' FROM unnest($1::bigint[], $2::text[], $3::bigint[], $4::bigint[],
                                $5::timestamp[])
ON CONFLICT (booking_id) WHERE status = 'REFUSED' DO UPDATE
SET payment_id = excluded.payment_id, user_id = excluded.user_id, amount = excluded.amount,
  created_at = excluded.created_at)sql";

// Payments as columns, as both statements take them.
struct payment_columns {
  column id{of::integers}, user{of::texts}, booking{of::integers}, amount{of::integers},
      at{of::times};

  template <class Decided>
  void add(const Decided& e) {
    id.add(e.payment);
    user.add(e.user);
    booking.add(e.booking);
    amount.add(e.amount);
    at.add(e.at);
  }
  void run(const postgres_connection& db, const char* statement) {
    db.run(statement, {&id, &user, &booking, &amount, &at});
  }
};

} // namespace

void postgres_wallets::note(const domain::user_created& e) {
  users_.push_back(e);
  balances_.try_emplace(e.who.id).first->second.is_new = true;
}

void postgres_wallets::change(const domain::user_id& user, domain::money change,
                              domain::money after) {
  const auto [found, is_first] = balances_.try_emplace(user);
  auto& b = found->second;
  if (is_first) b.before = b.after = after - change;
  require(b.after + change == after && after.minor >= 0, user, "has another balance.");
  b.after = after;
}

void postgres_wallets::note(const domain::wallet_charged& e) {
  change(e.user, e.amount, e.balance);
  if (e.guards_double_submit) balances_.at(e.user).last_charge = e;
  entries_.push_back(
      {e.entry, e.user, "CHARGE", e.amount, e.balance, std::nullopt, std::nullopt, {}, e.at});
}

void postgres_wallets::note(const domain::wallet_debited& e) {
  const auto taken = domain::money{} - e.amount;
  change(e.user, taken, e.balance);
  entries_.push_back(
      {e.entry, e.user, "PAYMENT", taken, e.balance, e.payment, e.booking, {}, e.at});
  debits_.push_back(e);
}

void postgres_wallets::note(const domain::debit_refused& e) {
  refusals_.insert_or_assign(e.booking, e);
}

void postgres_wallets::note(const domain::wallet_refunded& e) {
  change(e.user, e.amount, e.balance);
  entries_.push_back(
      {e.entry, e.user, "REFUND", e.amount, e.balance, e.payment, e.booking, {}, e.at});
}

void postgres_wallets::note(const domain::wallet_adjusted& e) {
  change(e.user, e.amount, e.balance);
  entries_.push_back({e.entry, e.user, "ADJUSTMENT", e.amount, e.balance, std::nullopt,
                      std::nullopt, e.reason, e.at});
}

void postgres_wallets::write(const postgres_connection& db) {
  if (!users_.empty()) write_users(db);
  if (!balances_.empty()) write_balances(db);
  if (!entries_.empty()) write_entries(db);
  if (!debits_.empty()) write_debits(db);
  if (!refusals_.empty()) write_refusals(db);
  *this = {};
}

void postgres_wallets::write_users(const postgres_connection& db) {
  column id(of::texts), name(of::texts), email(of::texts), at(of::times), wallet(of::integers);
  for (const auto& e : users_) {
    id.add(e.who.id);
    name.add(e.who.name);
    email.add(e.who.email);
    at.add(e.at);
    wallet.add(e.wallet);
  }
  db.run(add_users, {&id, &name, &email, &at});
  db.run(add_wallets, {&wallet, &id});
}

void postgres_wallets::write_balances(const postgres_connection& db) {
  column user(of::texts), before(of::integers), after(of::integers), charge(of::integers),
      charged_at(of::times);
  std::vector<const domain::user_id*> in_order;
  for (const auto& [id, b] : balances_) {
    if (b.is_new && b.after == domain::money{} && !b.last_charge) continue;
    user.add(id);
    before.add(b.before);
    after.add(b.after);
    charge.add(b.last_charge ? std::optional(b.last_charge->amount) : std::nullopt);
    charged_at.add(b.last_charge ? std::optional(b.last_charge->at) : std::nullopt);
    in_order.push_back(&id);
  }
  if (in_order.empty()) return;
  if (const auto n =
          db.find_left_out(change_balances, {&user, &before, &after, &charge, &charged_at}))
    require(false, *in_order[*n], "has another balance in point.");
}

void postgres_wallets::write_entries(const postgres_connection& db) {
  column id(of::integers), user(of::texts), kind(of::texts), amount(of::integers),
      balance(of::integers), payment(of::integers), booking(of::integers), reason(of::texts),
      at(of::times);
  for (const auto& e : entries_) {
    id.add(e.id);
    user.add(e.user);
    kind.add(e.kind);
    amount.add(e.amount);
    balance.add(e.balance);
    payment.add(e.payment);
    booking.add(e.booking);
    reason.add(e.reason);
    at.add(e.at);
  }
  db.run(add_entries, {&id, &user, &kind, &amount, &balance, &payment, &booking, &reason, &at});
}

void postgres_wallets::write_debits(const postgres_connection& db) {
  payment_columns all;
  for (const auto& e : debits_) all.add(e);
  all.run(db, add_debits);
}

void postgres_wallets::write_refusals(const postgres_connection& db) {
  payment_columns all;
  for (const auto& [booking, e] : refusals_) all.add(e);
  all.run(db, note_refusals);
}

} // namespace boxoffice::persistence
