// The tables and statements of a service without actors. What is asked for is read first, decided
// in the service, and written in one statement; how the two are kept together is the strategy.
#pragma once

#include "bench/locking/contest.hpp"
#include "bench/locking/postgres_session.hpp"

#include <optional>

namespace boxoffice::bench {

// The tables, filled for this load. They have no more indexes and constraints than the statements
// need: it is the strategies that are to be right, and what else costs time is left out.
void open_shop(const std::string& url, const load&);
std::vector<std::int64_t> shop_books(const std::string& url, const load&);

// Names of prepared statements.
constexpr const char* begin = "begin";
constexpr const char* commit = "commit";
constexpr const char* rollback = "rollback";
constexpr const char* look = "look";
constexpr const char* look_and_lock = "look_and_lock"; // ... FOR UPDATE
constexpr const char* change = "change";
constexpr const char* change_seen = "change_seen"; // only what still has the versions seen

void prepare_statements(postgres_session&, operation);

// What to write, after what was seen; nothing: refused.
std::optional<postgres_session::call>
decide(operation, const request&, const postgres_session::reply& seen, const char* statement);

} // namespace boxoffice::bench
