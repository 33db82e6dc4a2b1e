#include "persistence/postgres_requests.hpp"

#include "persistence/refusals.hpp"

#include <algorithm>
#include <vector>

namespace boxoffice::persistence {

namespace {

using of = column::of;

// A key is free when it is not there, or its answer had expired when it was used again; one that
// was not begun in this batch may also be answered while it is under way.
constexpr const char* put_rows = R"sql(
WITH u AS (
  SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[],
                       $7::bigint[], $8::integer[], $9::text[], $10::text[], $11::timestamp[],
                       $12::timestamp[], $13::boolean[])
    AS u (owner, route, actor, key, fingerprint, detail, booking_id, status, body, location,
          created_at, expires_at, begun)),
put AS (
  INSERT INTO idempotency_key AS k (owner, route, actor, key, fingerprint, detail, booking_id,
                                    status, body, location, created_at, expires_at)
  SELECT u.owner, u.route, u.actor, u.key, u.fingerprint, u.detail, u.booking_id, u.status, u.body,
         u.location,
         CASE WHEN NOT u.begun AND o.status IS NULL AND o.key IS NOT NULL THEN o.created_at
              ELSE u.created_at END,
         u.expires_at
  FROM u LEFT JOIN idempotency_key o USING (owner, route, actor, key)
  WHERE o.key IS NULL OR (o.status IS NULL AND NOT u.begun)
     OR (o.status IS NOT NULL AND o.expires_at <= u.created_at)
  ON CONFLICT ON CONSTRAINT idempotency_key_pkey DO UPDATE SET
    fingerprint = excluded.fingerprint, detail = excluded.detail,
    booking_id = excluded.booking_id, status = excluded.status, body = excluded.body,
    location = excluded.location, created_at = excluded.created_at,
    expires_at = excluded.expires_at
  RETURNING owner, route, actor, key)
SELECT n FROM put JOIN unnest($1::text[], $2::text[], $3::text[], $4::text[]) WITH ORDINALITY
  AS w (owner, route, actor, key, n) USING (owner, route, actor, key))sql";

constexpr const char* drop_rows = R"sql(
DELETE FROM idempotency_key k
USING unnest($1::text[], $2::text[], $3::text[], $4::text[]) WITH ORDINALITY
  AS u (owner, route, actor, key, n)
WHERE k.owner = u.owner AND k.route = u.route AND k.actor = u.actor AND k.key = u.key
  AND k.status IS NULL
RETURNING u.n)sql";

// Every answer takes away up to four.
constexpr const char* sweep_rows = R"sql(
DELETE FROM idempotency_key WHERE (owner, route, actor, key) IN
  (SELECT owner, route, actor, key FROM idempotency_key
   WHERE expires_at <= ($1::timestamp[])[1] ORDER BY expires_at LIMIT 4 * ($2::bigint[])[1]))sql";

} // namespace

postgres_requests::scope postgres_requests::scope_of(const domain::request_key& k) {
  return {to_string(k.owner), k.route, k.actor, k.key};
}

void postgres_requests::note(const domain::request_begun& e) {
  auto& r = requests_.try_emplace(scope_of(e.key)).first->second;
  const bool known = !r.key.key.empty() && !r.dropped;
  require(!known || (r.answer && r.expires_at <= e.at), e.key, "is kept already.");
  const bool was_under_way = r.was_under_way;
  r = {e.key, e.booking, e.at, std::nullopt, {}, false, true, was_under_way};
}

void postgres_requests::note(const domain::request_answered& e) {
  const auto [found, is_first] = requests_.try_emplace(scope_of(e.key));
  auto& r = found->second;
  require(is_first || r.dropped || !r.answer || r.expires_at <= e.at, e.key,
          "is answered already.");
  const bool goes_on = !is_first && !r.dropped && !r.answer;
  const auto created_at = goes_on ? r.created_at : e.at;
  r = {e.key, e.booking, created_at, e.answer, e.expires_at, false, r.begun_here, r.was_under_way};
  ++answers_;
  latest_ = std::max(latest_, e.at);
}

void postgres_requests::note(const domain::request_dropped& e) {
  const auto [found, is_first] = requests_.try_emplace(scope_of(e.key));
  auto& r = found->second;
  require(is_first || (!r.answer && !r.dropped), e.key, "is not under way.");
  if (is_first) r.was_under_way = true;
  r.key = e.key;
  r.dropped = true;
}

void postgres_requests::write(const postgres_connection& db) {
  if (requests_.empty()) return;
  drop_requests(db);
  put_requests(db);
  if (answers_ > 0) sweep(db);
  *this = {};
}

// One that was under way in the table when the batch began, or is begun and dropped within it.
void postgres_requests::drop_requests(const postgres_connection& db) {
  column owner(of::texts), route(of::texts), actor(of::texts), key(of::texts);
  std::vector<const request*> dropped;
  for (const auto& [where, r] : requests_) {
    if (!r.was_under_way) continue;
    owner.add(std::get<0>(where));
    route.add(std::get<1>(where));
    actor.add(std::get<2>(where));
    key.add(std::get<3>(where));
    dropped.push_back(&r);
  }
  if (dropped.empty()) return;
  if (const auto n = db.find_left_out(drop_rows, {&owner, &route, &actor, &key}))
    require(false, dropped[*n]->key, "is not under way.");
}

void postgres_requests::put_requests(const postgres_connection& db) {
  column owner(of::texts), route(of::texts), actor(of::texts), key(of::texts), print(of::texts),
      detail(of::texts), booking(of::integers), status(of::integers_32), body(of::texts),
      location(of::texts), created_at(of::times), expires_at(of::times), begun(of::booleans);
  std::vector<const request*> put;
  for (const auto& [where, r] : requests_) {
    if (r.dropped) continue;
    owner.add(std::get<0>(where));
    route.add(std::get<1>(where));
    actor.add(std::get<2>(where));
    key.add(std::get<3>(where));
    print.add(to_string(r.key.print));
    detail.add(r.key.detail);
    booking.add(r.booking ? std::optional(r.booking) : std::nullopt);
    created_at.add(r.created_at);
    begun.add(r.begun_here);
    if (r.answer) {
      status.add(std::int64_t{r.answer->status});
      body.add(r.answer->body);
      location.add(r.answer->location);
      expires_at.add(r.expires_at);
    } else {
      status.add(std::nullopt);
      body.add(std::nullopt);
      location.add(std::nullopt);
      expires_at.add(std::nullopt);
    }
    put.push_back(&r);
  }
  if (put.empty()) return;
  if (const auto n =
          db.find_left_out(put_rows, {&owner, &route, &actor, &key, &print, &detail, &booking,
                                      &status, &body, &location, &created_at, &expires_at, &begun}))
    require(false, put[*n]->key, "is kept already in idempotency_key.");
}

void postgres_requests::sweep(const postgres_connection& db) {
  column until(of::times), answers(of::integers);
  until.add(latest_);
  answers.add(answers_);
  db.run(sweep_rows, {&until, &answers});
}

} // namespace boxoffice::persistence
