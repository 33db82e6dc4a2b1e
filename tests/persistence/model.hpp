// All that a store should hold, kept in memory by the domain's own evolve: the judge of a store.
#pragma once

#include "persistence/store.hpp"

#include <map>

namespace boxoffice::persistence::test {

struct model {
  domain::catalogue catalogue;
  std::map<domain::user_id, domain::wallet> wallets;
  std::map<domain::concert_id, domain::queue> queues;
  std::map<domain::token_key, token_owner> tokens; // ever issued, and not forgotten
  std::map<domain::token_key, std::int64_t> arrivals;
  std::map<domain::option_id, domain::option_desk> desks;
  std::map<domain::booking_id, domain::booking> bookings;
  std::map<domain::seat_id, domain::seat> seats;
  std::map<domain::option_id, domain::option_draft> drafts;
  std::vector<domain::wallet_entry> entries; // in the order of their commits
  std::vector<domain::audit_record> acts;
  std::map<domain::request_owner, domain::kept_requests> kept; // expired ones too
  domain::id_counters next_ids{1, 1, 1, 1, 1, 1, 1, 1, 1};
  commit_number last_commit = 0;
  domain::time_point last_time;

  void commit(const domain::events&, domain::time_point now);
};

// Checks (Boost.Test) that the reader gives what the model holds, entity by entity.
void check_same(const model&, reader&, domain::time_point now);

} // namespace boxoffice::persistence::test
