#include "persistence/sqlite_requests.hpp"

#include <optional>
#include <string>

namespace boxoffice::persistence {

namespace {

// owner: "user ann", "option 3", "booking 12" or "catalogue", whichever the request changes
// status, body, location, expires_at: the answer as it was given; NULL while the request is under
// way. booking_id: the booking whose acts complete it. detail: what the answer repeats of the
// request.
constexpr const char* request_table = R"sql(
CREATE TABLE idempotency_key (
  owner       TEXT NOT NULL,
  route       TEXT NOT NULL,
  actor       TEXT NOT NULL,
  key         TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  detail      TEXT NOT NULL,
  booking_id  INTEGER,
  status      INTEGER,
  body        TEXT,
  location    TEXT,
  created_at  TEXT NOT NULL,
  expires_at  TEXT,
  PRIMARY KEY (owner, route, actor, key),
  CHECK ((status IS NULL) = (body IS NULL) AND (status IS NULL) = (location IS NULL)
         AND (status IS NULL) = (expires_at IS NULL))
) STRICT;
CREATE INDEX idempotency_by_booking ON idempotency_key (booking_id) WHERE booking_id IS NOT NULL;
CREATE INDEX idempotency_by_expiry ON idempotency_key (expires_at) WHERE expires_at IS NOT NULL;
)sql";

std::optional<domain::booking_id> nothing_for_zero(domain::booking_id id) {
  return id ? std::optional(id) : std::nullopt;
}

[[noreturn]] void fail_content(const char* what) {
  throw store_failed(store_failed::reason::damaged,
                     std::string("The store holds no ") + what + " where one belongs.");
}

// What the column `owner` says: the inverse of domain::to_string.
domain::request_owner to_owner(std::string_view text) {
  const auto rest_of = [text](std::string_view word) -> std::optional<std::string> {
    if (text.substr(0, word.size()) != word) return std::nullopt;
    return std::string(text.substr(word.size()));
  };
  const auto number = [](const std::string& digits) {
    try {
      return std::stoll(digits);
    } catch (const std::exception&) {
      fail_content("owner of a request");
    }
  };
  if (text == "catalogue") return domain::whole_catalogue{};
  if (auto user = rest_of("user ")) return domain::user_id{*std::move(user)};
  if (const auto option = rest_of("option ")) return domain::option_id{number(*option)};
  if (const auto booking = rest_of("booking ")) return domain::booking_id{number(*booking)};
  fail_content("owner of a request");
}

void take_row(domain::kept_requests& all, const cursor& row) {
  domain::request_key key;
  key.owner = to_owner(row.text(0));
  key.route = row.text(1);
  key.actor = row.text(2);
  key.key = row.text(3);
  const auto print = domain::parse_fingerprint(row.text(4));
  if (!print) fail_content("fingerprint of a request");
  key.print = *print;
  key.detail = row.text(5);
  const auto booking = row.id<domain::booking_id>(6); // NULL reads as 0: none
  if (row.is_null(9))
    return all.evolve(domain::request_begun{std::move(key), booking, row.time(7)});
  domain::written_answer answer{static_cast<int>(row.integer(9)), std::string(row.text(10)),
                                std::string(row.text(11))};
  all.evolve(domain::request_answered{std::move(key), booking, std::move(answer), row.time(7),
                                      row.time(8)});
}

} // namespace

void create_request_table(const sqlite_connection& db) { db.execute(request_table); }

bool sqlite_request_writer::write(const domain::request_begun& e) {
  const auto& k = e.key;
  return begin_.run(to_string(k.owner), k.route, k.actor, k.key, to_string(k.print), k.detail,
                    nothing_for_zero(e.booking), e.at) == 1;
}

bool sqlite_request_writer::write(const domain::request_answered& e) {
  const auto& k = e.key;
  const bool is_new = answer_.run(to_string(k.owner), k.route, k.actor, k.key, to_string(k.print),
                                  k.detail, nothing_for_zero(e.booking), e.at, e.expires_at,
                                  e.answer.status, e.answer.body, e.answer.location) == 1;
  sweep_.run(e.at);
  return is_new;
}

bool sqlite_request_writer::write(const domain::request_dropped& e) {
  const auto& k = e.key;
  return drop_.run(to_string(k.owner), k.route, k.actor, k.key) == 1;
}

domain::kept_requests sqlite_request_reader::load(const domain::request_owner& owner,
                                                  domain::time_point now) {
  domain::kept_requests all;
  const auto* booking = std::get_if<domain::booking_id>(&owner);
  const auto name = to_string(owner);
  for (auto row = booking ? of_booking_.query(*booking, now) : of_owner_.query(name, now);
       row.next();)
    take_row(all, row);
  return all;
}

} // namespace boxoffice::persistence
