// Every setting of the service, by section. The name of a member is the name of its setting:
// `http.port` is `settings::http.port`, the flag `--http.port`, the environment variable
// `BOXOFFICE_HTTP_PORT` and the key `http.port` of the config file. What each may hold is checked
// by the table in settings_table.cpp; a new setting is a member here and a row there.
#pragma once

#include "config/log_settings.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace boxoffice::config {

using milliseconds = std::chrono::milliseconds;

struct http_settings {
  std::uint16_t port = 8082;                              // 0 to 65535; 0 takes any free port
  std::string address = "127.0.0.1";                      // IPv4 or IPv6; `localhost` is 127.0.0.1
  std::size_t workers = 2;                                // threads, 1 to 64
  std::size_t max_header = 16 * 1024;                     // bytes of request head, 1 KiB to 1 MiB
  std::size_t max_body = 64 * 1024;                       // bytes of request body, 1 KiB to 64 MiB
  std::size_t max_connections = 8192;                     // open at once, 1 to 1,000,000
  std::size_t max_streams = 6'000;                        // event streams open, 1 to 1,000,000
  std::size_t max_in_flight = 2'000;                      // requests unanswered, 1 to 1,000,000
  milliseconds head_timeout = std::chrono::seconds(10);   // to send a whole head, 10ms to 1h
  milliseconds body_timeout = std::chrono::seconds(15);   // to send a whole body, 10ms to 1h
  milliseconds idle_timeout = std::chrono::seconds(60);   // between two requests, 10ms to 1h
  milliseconds write_timeout = std::chrono::seconds(15);  // for a client to take bytes, 10ms to 1h
  milliseconds answer_timeout = std::chrono::seconds(10); // until a request gets 503, 10ms to 1h
  milliseconds drain_for = std::chrono::seconds(10);      // from SIGTERM to the end, 0ms to 1h
  std::vector<std::string> trusted_proxies;               // addresses, or ranges like 10.0.0.0/8
  std::vector<std::string> cors_origins;                  // https://tickets.example
};

enum class store_kind {
  sqlite,   // an embedded store; PostgreSQL may follow it by write-behind
  postgres, // PostgreSQL is the store
};

struct store_settings {
  store_kind kind = store_kind::sqlite;
  std::string path = "data";                           // directory, made when absent
  milliseconds busy_timeout = std::chrono::seconds(5); // wait for a lock, 0ms to 10m
};

enum class durability_mode {
  local,    // an answer waits until the store has synced it
  postgres, // an answer waits until PostgreSQL has committed it
  none,     // answers wait for nothing: for measurements only
};

struct postgres_settings {
  std::string url;                      // secret, postgresql://...; empty is not set
  std::size_t max_backlog = 20'000'000; // events it may lack before sales stop, 1,000 to 10^9
};

struct journal_settings {
  std::size_t max_group = 512; // changes in one commit, 1 to 100,000
};

enum class client_priority_mode {
  clamp,  // a client's own priority counts as 0
  honour, // it counts as sent
};

struct queue_settings {
  std::size_t active_limit = 100;                        // tokens admitted at once, 1 to 10,000,000
  std::size_t admit_per_second = 50;                     // tokens a second, 1 to 1,000,000
  milliseconds active_ttl = std::chrono::minutes(5);     // life of an admission, 100ms to 24h
  milliseconds abandon_after = std::chrono::minutes(10); // unpolled and waiting, 100ms to 24h
  client_priority_mode client_priority = client_priority_mode::clamp;
  std::int64_t default_concert = 1; // for POST /mock/queue without concertId, 1 to 2^53 - 1
};

struct booking_settings {
  milliseconds hold_for = std::chrono::minutes(5); // time to pay, 100ms to 24h
  std::size_t max_seats = 10;                      // seats in a request, 1 to 1,000
  std::size_t max_seats_per_user = 10;             // live or paid, per option, 1 to 100,000
  std::size_t max_holds_per_user = 100'000; // bookings not paid yet, per option, 1 to 100,000
};

// Amounts are minor units: 1 point is 100. In flags and files they are written in points.
struct wallet_settings {
  std::int64_t max_charge = 10'000'000'00;                     // 0.01 to 10,000,000,000,000 points
  std::int64_t max_balance = 1'000'000'000'00;                 // 0.01 to 10,000,000,000,000 points
  milliseconds double_submit_window = std::chrono::seconds(1); // 0ms (off) to 1h
};

struct idempotency_settings {
  milliseconds keep_for = std::chrono::hours(24); // an answer to a keyed request, 100ms to 720h
};

struct retention_settings {
  milliseconds dead_tokens = std::chrono::hours(720);     // from a token's end, 48h to 87600h
  milliseconds unpaid_bookings = std::chrono::hours(720); // from a hold's end, 1h to 87600h
};

struct actors_settings {
  std::size_t threads = 2;                            // 1 to 256
  milliseconds idle_after = std::chrono::seconds(60); // until memory is given back, 10ms to 24h
};

struct alerts_settings {
  std::string slack_webhook; // secret, an address that takes Slack's messages; empty is not set
  milliseconds interval = std::chrono::seconds(10); // between two messages, 100ms to 1h
};

struct admin_settings {
  std::string token; // secret, up to 256 visible ASCII characters; empty is not set
};

enum class auth_mode {
  none, // everybody is believed to be who they say they are
  jwt,  // a user shows a JSON Web Token that a login service elsewhere has signed
};

enum class jwt_algorithm_name { hs256, rs256 };

struct auth_settings {
  auth_mode mode = auth_mode::none;
  bool allow_anonymous = false; // accept that anyone who can reach the port may act as any user
  jwt_algorithm_name jwt_algorithm = jwt_algorithm_name::hs256;
  std::string jwt_secret;   // secret of HS256, 32 visible ASCII characters or more
  std::string jwt_key_file; // instead: a file with the secret's bytes, or RS256's public key in PEM
  std::string jwt_issuer;   // what a token's `iss` must be; empty: anything
  std::string jwt_audience; // what a token's `aud` must name; empty: anything
  milliseconds jwt_leeway = std::chrono::seconds(5); // between the clocks, 0ms to 10m
};

// How often clients may ask. A burst is what may come at once after a pause.
struct limits_settings {
  std::size_t address_per_second = 100; // from one address, 0 (no limit) to 1,000,000
  std::size_t address_burst = 200;      // 1 to 1,000,000
  std::size_t user_per_second = 20;     // of one user, 0 (no limit) to 1,000,000
  std::size_t user_burst = 40;          // 1 to 1,000,000
  bool loopback = false;                // whether loopback addresses are limited too
};

// Where a value came from; a later one overrides an earlier one.
enum class origin { built_in, file, environment, flag };

struct settings {
  http_settings http;
  store_settings store;
  durability_mode durability = durability_mode::local;
  postgres_settings postgres;
  journal_settings journal;
  queue_settings queue;
  booking_settings booking;
  wallet_settings wallet;
  idempotency_settings idempotency;
  retention_settings retention;
  actors_settings actors;
  log_settings log;
  alerts_settings alerts;
  admin_settings admin;
  auth_settings auth;
  limits_settings limits;
  bool demo = false; // put the demo concerts and users into an empty store

  // Whether a setting was given explicitly, whatever its value: `--demo` leaves such a one alone.
  bool given(std::string_view name) const;
  origin origin_of(std::string_view name) const;

  std::map<std::string, origin, std::less<>> origins; // of those that were given
};

// One `name = value` from outside, not yet understood.
struct raw_setting {
  std::string name;
  std::string value;
  origin from = origin::flag;
  std::string where; // for the reader of an error: `--http.port`, `boxoffice.ini line 3`
};

using environment = std::map<std::string, std::string>;

// A process's `environ` as a map.
environment environment_of(const char* const* variables);

struct resolved_settings {
  settings values;
  std::vector<std::string> errors;   // each names the key, the value and what would be right
  std::vector<std::string> warnings; // such as environment variables that mean nothing
};

// Puts the defaults, the config file (unless its name is empty), the environment and the flags
// together, each overriding the one before it. All errors are collected, not the first alone.
resolved_settings resolve(const std::string& config_file, const environment& variables,
                          const std::vector<raw_setting>& flags);

// Why a server must not listen with these settings; empty when it may.
std::vector<std::string> reasons_not_to_listen(const settings& values);

// Settings that contradict each other, whatever the command; empty when none do.
std::vector<std::string> contradictions(const settings& values);

// Every setting, its value and where it came from, one a line. Secrets are `set` or `not set`.
std::string describe(const settings& values);

// The reference of all settings as a Markdown document.
std::string settings_reference();

} // namespace boxoffice::config
