#include "persistence/queue_rows.hpp"

#include "persistence/history_rows.hpp"

#include <string>

namespace boxoffice::persistence {

namespace {

domain::token_status to_token_status(std::string_view text) {
  if (const auto status = domain::to_token_status(text)) return *status;
  fail_content("a token's status", text);
}

} // namespace

std::vector<live_token> queue_rows::load_live_tokens() {
  std::vector<live_token> tokens;
  for (auto row = all_live_tokens_.query(); row.next();)
    tokens.push_back({row.token(0), row.id<domain::concert_id>(1), to_token_status(row.text(2))});
  return tokens;
}

std::optional<domain::queue> queue_rows::load(domain::concert_id concert, domain::time_point now) {
  if (auto found = concert_exists_.query(concert); !found.next()) return std::nullopt;
  domain::queue queue(concert);
  const auto concert_code = std::to_string(concert.value);
  restore_tokens(queue, concert_code, now);
  restore_admissions(queue, concert_code);
  restore_override(queue);
  auto last = last_arrival_.query(concert);
  last.next();
  queue.restore_arrivals(last.integer(0)); // 0 when nobody ever came
  return queue;
}

void queue_rows::restore_tokens(domain::queue& queue, const std::string& concert_code,
                                domain::time_point now) {
  for (auto row = live_tokens_.query(concert_code); row.next();) {
    domain::token t;
    t.key = row.token(0);
    t.row = row.id<domain::token_id>(1);
    t.user = row.user(2);
    t.arrival = row.integer(3);
    t.priority = static_cast<std::int32_t>(row.integer(4));
    t.status = to_token_status(row.text(5));
    t.issued_at = row.time(6);
    if (t.status == domain::token_status::waiting) {
      t.last_polled = now;
    } else {
      t.last_polled = t.issued_at;
      t.admitted_at = row.time(7);
      t.expires_at = row.time(8);
    }
    queue.restore(t);
  }
}

// The rate counts admissions whose tokens have died since as well.
void queue_rows::restore_admissions(domain::queue& queue, const std::string& concert_code) {
  auto last = last_admission_.query(concert_code);
  last.next();
  if (last.is_null(0)) return;
  const auto window_begin = last.time(0) - std::chrono::seconds(1);
  for (auto row = admissions_since_.query(concert_code, window_begin); row.next();) {
    domain::token t;
    t.status = domain::token_status::expired;
    t.admitted_at = row.time(0);
    queue.restore(t);
  }
}

void queue_rows::restore_override(domain::queue& queue) {
  auto row = queue_setting_.query(queue.concert());
  if (!row.next()) return;
  const auto limit = [&row](int column) {
    return row.is_null(column) ? std::nullopt
                               : std::optional(static_cast<std::size_t>(row.integer(column)));
  };
  queue.restore_override({limit(0), limit(1), row.integer(2) != 0});
}

std::optional<token_owner> queue_rows::find_token(domain::token_key key) {
  auto row = token_.query(key);
  if (!row.next()) return std::nullopt;
  token_owner found;
  found.user = row.user(0);
  found.concert = row.id<domain::concert_id>(1);
  found.status = to_token_status(row.text(2));
  found.priority = static_cast<std::int32_t>(row.integer(3));
  found.issued_at = row.time(4);
  if (!row.is_null(5)) found.admitted_at = row.time(5);
  found.expires_at = row.time(6);
  return found;
}

std::vector<domain::concert_id> queue_rows::find_unfinished() {
  std::vector<domain::concert_id> queues;
  for (auto row = unfinished_queues_.query(); row.next();)
    queues.push_back(row.id<domain::concert_id>(0));
  return queues;
}

} // namespace boxoffice::persistence
