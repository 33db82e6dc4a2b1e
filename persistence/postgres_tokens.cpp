#include "persistence/postgres_tokens.hpp"

#include "persistence/refusals.hpp"

namespace boxoffice::persistence {

namespace {

using of = column::of;

constexpr const char* change_rows = R"sql(
UPDATE token t SET status = coalesce(u.now, t.status),
  priority = coalesce(u.priority, t.priority),
  admitted_at = coalesce(u.admitted_at, t.admitted_at),
  expiration_time = coalesce(u.expires_at, t.expiration_time)
FROM unnest($1::uuid[], $2::text[], $3::text[], $4::integer[], $5::timestamp[], $6::timestamp[])
  WITH ORDINALITY AS u (token, before, now, priority, admitted_at, expires_at, n)
WHERE t.token = u.token AND t.status <> 'EXPIRED' AND t.status = coalesce(u.before, t.status)
RETURNING u.n)sql";

constexpr const char* add_rows = R"sql(
INSERT INTO token (token_id, user_id, concert_code, expiration_time, token, status, priority,
                   issued_at, admitted_at)
SELECT token_id, user_id, concert_id::text, expiration_time, token, status, priority, issued_at,
       admitted_at
FROM unnest($1::bigint[], $2::text[], $3::bigint[], $4::timestamp[], $5::uuid[], $6::text[],
            $7::integer[], $8::timestamp[], $9::timestamp[])
  AS u (token_id, user_id, concert_id, expiration_time, token, status, priority, issued_at,
        admitted_at))sql";

constexpr const char* add_places = R"sql(
INSERT INTO queue (queue_id, user_id, concert_id, queue_time, position)
SELECT * FROM unnest($1::bigint[], $2::text[], $3::bigint[], $4::timestamp[], $5::bigint[]))sql";

} // namespace

const char* postgres_tokens::name_of(status s) {
  switch (s) {
  case status::waiting: return "WAITING";
  case status::processing: return "PROCESSING";
  case status::expired: return "EXPIRED";
  case status::alive: break;
  }
  return nullptr;
}

postgres_tokens::token& postgres_tokens::require_in(domain::token_key key, status wanted,
                                                    const char* fault) {
  const auto [found, is_first] = tokens_.try_emplace(key);
  auto& t = found->second;
  if (is_first) {
    t.before = t.now = wanted;
    return t;
  }
  if (wanted == status::alive) {
    require(t.now != status::expired, key, fault);
  } else if (t.now == status::alive && !t.issued) {
    t.before = t.now = wanted; // whether it is so, the table says
  } else {
    require(t.now == wanted, key, fault);
  }
  return t;
}

void postgres_tokens::note(const domain::token_issued& e) {
  const auto [found, is_first] = tokens_.try_emplace(e.token);
  require(is_first, e.token, "exists already.");
  found->second.issued = e;
  found->second.now = status::waiting;
}

void postgres_tokens::note(const domain::token_admitted& e) {
  auto& t = require_in(e.token, status::waiting, "does not wait.");
  t.now = status::processing;
  t.admitted_at = e.at;
  t.expires_at = e.expires_at;
}

void postgres_tokens::note(const domain::token_expired& e) {
  auto& t = require_in(e.token, status::alive, "is not alive.");
  t.now = status::expired;
  t.expires_at = e.at;
}

void postgres_tokens::note(const domain::token_prioritized& e) {
  require_in(e.token, status::alive, "is not alive.").priority = e.priority;
}

// Those that die make room for the new ones of their users.
void postgres_tokens::write(const postgres_connection& db) {
  if (tokens_.empty()) return;
  change_tokens(db);
  add_tokens(db);
  tokens_.clear();
}

void postgres_tokens::change_tokens(const postgres_connection& db) {
  column key(of::tokens), before(of::texts), now(of::texts), priority(of::integers_32),
      admitted_at(of::times), expires_at(of::times);
  const auto add_status = [](column& to, status s) {
    const char* name = name_of(s);
    name ? to.add(name) : to.add(std::nullopt);
  };
  std::vector<domain::token_key> in_order;
  for (const auto& [id, t] : tokens_) {
    if (t.issued) continue;
    key.add(id);
    add_status(before, t.before);
    add_status(now, t.now);
    priority.add(t.priority ? std::optional(std::int64_t{*t.priority}) : std::nullopt);
    admitted_at.add(t.admitted_at);
    expires_at.add(t.expires_at);
    in_order.push_back(id);
  }
  if (in_order.empty()) return;
  if (const auto n = db.find_left_out(change_rows,
                                      {&key, &before, &now, &priority, &admitted_at, &expires_at}))
    require(false, in_order[*n], "is not in token, or in another state.");
}

void postgres_tokens::add_tokens(const postgres_connection& db) {
  column row(of::integers), user(of::texts), concert(of::integers), expires_at(of::times),
      key(of::tokens), now(of::texts), priority(of::integers_32), issued_at(of::times),
      admitted_at(of::times), arrival(of::integers);
  for (const auto& [id, t] : tokens_) {
    if (!t.issued) continue;
    const auto& e = *t.issued;
    row.add(e.row);
    user.add(e.user);
    concert.add(e.concert);
    expires_at.add(t.expires_at.value_or(e.expires_at));
    key.add(id);
    now.add(name_of(t.now));
    priority.add(std::int64_t{t.priority.value_or(e.priority)});
    issued_at.add(e.at);
    admitted_at.add(t.admitted_at);
    arrival.add(e.arrival);
  }
  if (row.size() == 0) return;
  db.run(add_rows,
         {&row, &user, &concert, &expires_at, &key, &now, &priority, &issued_at, &admitted_at});
  db.run(add_places, {&row, &user, &concert, &issued_at, &arrival});
}

} // namespace boxoffice::persistence
