// What a batch of events does to the tables in PostgreSQL. Private to this room.
//
// Hundreds of events become a dozen statements: each row is written once, in the state that the
// batch leads to, parents before children, and what is given up before what is taken. Every
// statement that changes a row names the state it must be in; when it finds no such row the batch
// contradicts the tables: store_failed, refused, and the caller rolls back the whole of it.
#pragma once

#include "actors/domain/events.hpp"
#include "persistence/postgres_bookings.hpp"
#include "persistence/postgres_catalogue.hpp"
#include "persistence/postgres_past.hpp"
#include "persistence/postgres_requests.hpp"
#include "persistence/postgres_tokens.hpp"
#include "persistence/postgres_wallets.hpp"
#include "persistence/used_ids.hpp"

namespace boxoffice::persistence {

class postgres_writer {
public:
  explicit postgres_writer(const postgres_connection& db) : db_(db), catalogue_(db), past_(db) {}

  // Writes the events in order and raises the id counters. Within the caller's transaction.
  void write(const domain::events&);

  // Visited by write().
  template <class Event>
  void operator()(const Event& e) {
    take(e);
  }

private:
  // Rows that many events change are gathered; all else is written where it stands among them.
  void take(const domain::user_created& e) { wallets_.note(e); }
  void take(const domain::wallet_charged& e) { wallets_.note(e); }
  void take(const domain::wallet_debited& e) { wallets_.note(e); }
  void take(const domain::debit_refused& e) { wallets_.note(e); }
  void take(const domain::wallet_adjusted& e) { wallets_.note(e); }
  void take(const domain::wallet_refunded& e) {
    wallets_.note(e);
    bookings_.note(e);
  }
  void take(const domain::token_issued& e) { tokens_.note(e); }
  void take(const domain::token_admitted& e) { tokens_.note(e); }
  void take(const domain::token_expired& e) { tokens_.note(e); }
  void take(const domain::token_prioritized& e) { tokens_.note(e); }
  void take(const domain::booking_created& e) { bookings_.note(e); }
  void take(const domain::booking_expired& e) { bookings_.note(e); }
  void take(const domain::payment_started& e) { bookings_.note(e); }
  void take(const domain::payment_refused& e) { bookings_.note(e); }
  void take(const domain::booking_confirmed& e) { bookings_.note(e); }
  void take(const domain::booking_settled& e) { bookings_.note(e); }
  void take(const domain::refund_started& e) { bookings_.note(e); }
  void take(const domain::booking_cancelled& e) { bookings_.note(e); }
  void take(const domain::request_begun& e) { requests_.note(e); }
  void take(const domain::request_answered& e) { requests_.note(e); }
  void take(const domain::request_dropped& e) { requests_.note(e); }
  void take(const domain::tokens_forgotten& e) {
    write_gathered();
    past_.write(e);
  }
  void take(const domain::bookings_forgotten& e) {
    write_gathered();
    past_.write(e);
  }
  template <class Rare>
  void take(const Rare& e) {
    write_gathered();
    catalogue_.write(e);
  }

  void write_gathered();

  const postgres_connection& db_;
  postgres_catalogue catalogue_;
  postgres_past past_;
  postgres_wallets wallets_;
  postgres_tokens tokens_;
  postgres_bookings bookings_;
  postgres_requests requests_;
};

} // namespace boxoffice::persistence
