// Reads queues and their tokens. Private to this room.
#pragma once

#include "persistence/sql.hpp"
#include "persistence/store.hpp"

#include <optional>
#include <string>
#include <vector>

namespace boxoffice::persistence {

// Each call within the caller's transaction, where it needs one.
class queue_rows {
public:
  explicit queue_rows(const sql_connection& db) : db_(db) {}

  std::optional<domain::queue> load(domain::concert_id, domain::time_point now);
  std::vector<live_token> load_live_tokens(); // within a transaction
  std::optional<token_owner> find_token(domain::token_key);
  std::vector<domain::concert_id> find_unfinished(); // with live tokens, in the order of their ids

private:
  void restore_tokens(domain::queue&, const std::string& concert_code, domain::time_point now);
  void restore_admissions(domain::queue&, const std::string& concert_code);
  void restore_override(domain::queue&);

  const sql_connection& db_;

  statement all_live_tokens_{
      db_.prepare_long("SELECT token, CAST(concert_code AS BIGINT), status FROM token "
                       "WHERE status <> 'EXPIRED'")};
  statement unfinished_queues_{db_, "SELECT DISTINCT CAST(concert_code AS BIGINT) FROM token "
                                    "WHERE status <> 'EXPIRED' ORDER BY 1"};
  statement concert_exists_{db_, "SELECT 1 FROM concert WHERE concert_id = ?"};
  statement queue_setting_{db_, "SELECT active_limit, admit_per_second, paused FROM queue_setting "
                                "WHERE concert_id = ?"};
  statement last_arrival_{db_, "SELECT max(position) FROM queue WHERE concert_id = ?"};
  statement live_tokens_{db_, "SELECT token, token_id, t.user_id, position, priority, status, "
                              "issued_at, admitted_at, expiration_time "
                              "FROM token t JOIN queue ON queue_id = token_id "
                              "WHERE concert_code = ? AND status <> 'EXPIRED'"};
  statement last_admission_{db_, "SELECT max(admitted_at) FROM token "
                                 "WHERE concert_code = ? AND admitted_at IS NOT NULL"};
  statement admissions_since_{db_, "SELECT admitted_at FROM token "
                                   "WHERE concert_code = ? AND admitted_at > ? "
                                   "AND status = 'EXPIRED'"};
  statement token_{db_, "SELECT user_id, CAST(concert_code AS BIGINT), status, priority, "
                        "issued_at, admitted_at, expiration_time FROM token WHERE token = ?"};
};

} // namespace boxoffice::persistence
