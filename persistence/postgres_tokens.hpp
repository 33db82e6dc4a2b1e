// Queue tokens in a batch of events. Private to this room.
#pragma once

#include "actors/domain/events.hpp"
#include "persistence/postgres_connection.hpp"

#include <unordered_map>

namespace boxoffice::persistence {

// As postgres_wallets.
class postgres_tokens {
public:
  void note(const domain::token_issued&);
  void note(const domain::token_admitted&);
  void note(const domain::token_expired&);
  void note(const domain::token_prioritized&);

  void write(const postgres_connection&);

private:
  enum class status { alive, waiting, processing, expired }; // alive: not EXPIRED
  struct token {
    std::optional<domain::token_issued> issued; // in this batch
    status before = status::alive;              // in the tables, of one that was not
    status now = status::alive;
    std::optional<std::int32_t> priority; // what changed
    std::optional<domain::time_point> admitted_at;
    std::optional<domain::time_point> expires_at;
  };

  static const char* name_of(status);
  // Throws when the token can't be in this state.
  token& require_in(domain::token_key, status, const char* fault);
  void change_tokens(const postgres_connection&);
  void add_tokens(const postgres_connection&);

  std::unordered_map<domain::token_key, token> tokens_;
};

} // namespace boxoffice::persistence
