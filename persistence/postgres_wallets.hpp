// Users and their wallets in a batch of events. Private to this room.
#pragma once

#include "actors/domain/events.hpp"
#include "persistence/postgres_connection.hpp"

#include <unordered_map>
#include <vector>

namespace boxoffice::persistence {

// Takes the events of a batch in order and keeps what the rows come to in the end; then writes each
// row once. An event that contradicts what the batch knows is refused at once, one that contradicts
// the tables when it is written.
class postgres_wallets {
public:
  void note(const domain::user_created&);
  void note(const domain::wallet_charged&);
  void note(const domain::wallet_debited&);
  void note(const domain::debit_refused&);
  void note(const domain::wallet_refunded&);
  void note(const domain::wallet_adjusted&);

  // Within the caller's transaction; then it is empty again.
  void write(const postgres_connection&);

private:
  struct balance_change {
    domain::money before; // in the tables
    domain::money after;
    std::optional<domain::wallet_charged> last_charge; // that guards against a double submit
    bool is_new = false;                               // the wallet is; nothing was before
  };
  void change(const domain::user_id&, domain::money change, domain::money after);
  void write_users(const postgres_connection&);
  void write_balances(const postgres_connection&);
  void write_entries(const postgres_connection&);
  void write_debits(const postgres_connection&);
  void write_refusals(const postgres_connection&);

  std::vector<domain::user_created> users_;
  std::unordered_map<domain::user_id, balance_change> balances_;
  struct new_entry {
    domain::entry_id id;
    domain::user_id user;
    const char* kind;
    domain::money amount; // signed
    domain::money balance;
    std::optional<domain::payment_id> payment;
    std::optional<domain::booking_id> booking;
    std::optional<std::string> reason;
    domain::time_point at;
  };
  std::vector<new_entry> entries_;
  std::vector<domain::wallet_debited> debits_;
  std::unordered_map<domain::booking_id, domain::debit_refused> refusals_; // of each the last
};

} // namespace boxoffice::persistence
