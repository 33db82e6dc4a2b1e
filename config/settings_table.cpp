#include "config/settings_table.hpp"

#include "config/addresses.hpp"
#include "config/setting_kinds.hpp"
#include "config/values.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <numeric>
#include <type_traits>
#include <utility>

namespace boxoffice::config {
namespace {

using namespace std::chrono_literals;

// A name and the member it names, written once so that they can't differ.
#define SETTING(member)                                                                            \
#member, [](auto& values) -> auto& { return values.member; }

// Kinds of settings. `Member` maps settings to the member, const or not.

template <class Member>
setting_row number(const char* name, Member member, std::int64_t least, std::int64_t most,
                   const char* explanation) {
  const auto expected =
      "a whole number from " + std::to_string(least) + " to " + std::to_string(most);
  setting_row row{name, "number", expected, explanation};
  row.store = [=](settings& values, std::string_view text) -> std::optional<std::string> {
    const auto value = parse_whole(text);
    if (!value || *value < least || *value > most) return expected;
    auto& target = member(values);
    target = static_cast<std::remove_reference_t<decltype(target)>>(*value);
    return std::nullopt;
  };
  row.show = [=](const settings& values) { return std::to_string(member(values)); };
  return row;
}

template <class Member>
setting_row duration(const char* name, Member member, milliseconds least, milliseconds most,
                     const char* explanation) {
  const auto expected = "a duration from " + format_duration(least) + " to " +
                        format_duration(most) + ", written like 250ms, 2s, 5m or 24h";
  setting_row row{name, "duration", expected, explanation};
  row.store = [=](settings& values, std::string_view text) -> std::optional<std::string> {
    const auto value = parse_duration(text);
    if (!value || *value < least || *value > most) return expected;
    member(values) = *value;
    return std::nullopt;
  };
  row.show = [=](const settings& values) { return format_duration(member(values)); };
  return row;
}

// Up to 9·10^15 minor units: below 2^53, so that every JSON reader gets an amount exactly.
constexpr std::int64_t most_points = 10'000'000'000'000'00; // what the wallet can hold exactly

template <class Member>
setting_row points(const char* name, Member member, const char* explanation) {
  const auto expected = "an amount of points from " + format_points(1) + " to " +
                        format_points(most_points) + " with at most two decimals";
  setting_row row{name, "points", expected, explanation};
  row.store = [=](settings& values, std::string_view text) -> std::optional<std::string> {
    const auto value = parse_points(text);
    if (!value || *value < 1 || *value > most_points) return expected;
    member(values) = *value;
    return std::nullopt;
  };
  row.show = [=](const settings& values) { return format_points(member(values)); };
  return row;
}

template <class Member>
setting_row flag(const char* name, Member member, const char* explanation) {
  const std::string expected = "true or false";
  setting_row row{name, "bool", expected, explanation};
  row.is_switch = true;
  row.store = [=](settings& values, std::string_view text) -> std::optional<std::string> {
    if (text != "true" && text != "false") return expected;
    member(values) = text == "true";
    return std::nullopt;
  };
  row.show = [=](const settings& values) { return member(values) ? "true" : "false"; };
  return row;
}

template <class Enum>
using choices = std::vector<std::pair<const char*, Enum>>;

template <class Member, class Enum>
setting_row choice(const char* name, Member member, choices<Enum> all, const char* explanation) {
  std::string expected = all.front().first;
  for (std::size_t at = 1; at < all.size(); ++at)
    expected += (at + 1 == all.size() ? " or " : ", ") + std::string(all[at].first);
  setting_row row{name, "word", expected, explanation};
  row.store = [=](settings& values, std::string_view text) -> std::optional<std::string> {
    for (const auto& [word, value] : all) {
      if (text != word) continue;
      member(values) = value;
      return std::nullopt;
    }
    return expected;
  };
  row.show = [=](const settings& values) -> std::string {
    const auto found = std::find_if(all.begin(), all.end(), [&](const auto& candidate) {
      return candidate.second == member(values);
    });
    return found->first;
  };
  return row;
}

template <class Member>
setting_row address(const char* name, Member member, const char* text) {
  const std::string expected = "an IPv4 or IPv6 address, or localhost";
  setting_row row{name, "address", expected, text};
  row.store = [=](settings& values, std::string_view given) -> std::optional<std::string> {
    auto parsed = parse_address(given);
    if (!parsed) return expected;
    member(values) = std::move(*parsed);
    return std::nullopt;
  };
  row.show = [=](const settings& values) { return member(values); };
  return row;
}

template <class Member>
setting_row path(const char* name, Member member, const char* text) {
  const std::string expected = "a path of 1 to 4096 bytes without control characters";
  setting_row row{name, "path", expected, text};
  row.store = [=](settings& values, std::string_view given) -> std::optional<std::string> {
    const auto is_control = [](unsigned char byte) { return std::iscntrl(byte) != 0; };
    if (given.empty() || given.size() > 4096 || std::any_of(given.begin(), given.end(), is_control))
      return expected;
    member(values) = std::string(given);
    return std::nullopt;
  };
  row.show = [=](const settings& values) { return member(values); };
  return row;
}

// Visible ASCII only, since it must fit into an `Authorization` header as it stands. Empty is not
// set, so that an environment variable may be passed on whether it holds something or not.
template <class Member>
setting_row secret(const char* name, Member member, const char* text) {
  const std::string expected = "up to 256 visible ASCII characters without a blank";
  setting_row row{name, "secret", expected, text};
  row.secret = true;
  row.store = [=](settings& values, std::string_view given) -> std::optional<std::string> {
    const auto is_visible = [](char byte) { return byte > ' ' && byte < '\x7F'; };
    if (given.size() > 256 || !std::all_of(given.begin(), given.end(), is_visible)) return expected;
    member(values) = std::string(given);
    return std::nullopt;
  };
  row.show = [=](const settings& values) { return member(values).empty() ? "not set" : "set"; };
  return row;
}

// Its path may be a password, so it is as secret as one.
setting_row webhook_row() {
  auto row = secret(SETTING(alerts.slack_webhook),
                    "address that errors are posted to, as Slack takes them");
  row.expected += ", an http:// or https:// address";
  row.store = [plain = row.store, expected = row.expected](
                  settings& values, std::string_view text) -> std::optional<std::string> {
    const auto begins = [text](std::string_view scheme) {
      return text.substr(0, scheme.size()) == scheme && text.size() > scheme.size();
    };
    if (!text.empty() && !begins("http://") && !begins("https://")) return expected;
    return plain(values, text) ? std::optional(expected) : std::nullopt;
  };
  return row;
}

bool is_address_range(std::string_view text) { return read_address_range(text).has_value(); }

// It may hold a password.
setting_row postgres_row() {
  auto row = secret(SETTING(postgres.url),
                    "database that follows the embedded store by write-behind, or is the store");
  const std::string expected = "an address like postgresql://user:password@host:5432/database, "
                               "of up to 1024 bytes";
  row.expected = expected;
  row.store = [expected](settings& values, std::string_view text) -> std::optional<std::string> {
    const auto begins = [text](std::string_view scheme) {
      return text.substr(0, scheme.size()) == scheme;
    };
    const auto is_control = [](unsigned char byte) { return std::iscntrl(byte) != 0; };
    const bool is_address = begins("postgresql://") || begins("postgres://") ||
                            text.find('=') != std::string_view::npos;
    if (!text.empty() &&
        (!is_address || text.size() > 1024 || std::any_of(text.begin(), text.end(), is_control)))
      return expected;
    values.postgres.url = std::string(text);
    return std::nullopt;
  };
  return row;
}

std::vector<setting_row> make_table() {
  const choices<client_priority_mode> priorities{{"clamp", client_priority_mode::clamp},
                                                 {"honour", client_priority_mode::honour}};
  const choices<log_level> levels{{"debug", log_level::debug},
                                  {"info", log_level::info},
                                  {"warning", log_level::warning},
                                  {"error", log_level::error}};
  const choices<log_format> formats{{"text", log_format::text}, {"json", log_format::json}};
  const choices<auth_mode> auth_modes{{"none", auth_mode::none}, {"jwt", auth_mode::jwt}};
  const choices<jwt_algorithm_name> algorithms{{"HS256", jwt_algorithm_name::hs256},
                                               {"RS256", jwt_algorithm_name::rs256}};
  constexpr std::int64_t most_id = (std::int64_t{1} << 53) - 1;
  return {
      number(SETTING(http.port), 0, 65535, "TCP port; 0 takes any free one"),
      address(SETTING(http.address), "address to listen on"),
      number(SETTING(http.workers), 1, 64, "threads that serve connections"),
      number(SETTING(http.max_header), 1024, 1 << 20, "bytes of a request's head"),
      number(SETTING(http.max_body), 1024, 64 << 20, "bytes of a request's body"),
      number(SETTING(http.max_connections), 1, 1'000'000, "connections open at once"),
      number(SETTING(http.max_streams), 1, 1'000'000, "event streams open at once"),
      number(SETTING(http.max_in_flight), 1, 1'000'000, "requests unanswered at once"),
      duration(SETTING(http.head_timeout), 10ms, 1h, "for a client to send a request's head"),
      duration(SETTING(http.body_timeout), 10ms, 1h, "for a client to send a request's body"),
      duration(SETTING(http.idle_timeout), 10ms, 1h, "a connection may stay without a request"),
      duration(SETTING(http.write_timeout), 10ms, 1h, "for a client to take some of an answer"),
      duration(SETTING(http.answer_timeout), 10ms, 1h, "a request may take before it gets 503"),
      duration(SETTING(http.drain_for), 0ms, 1h, "from SIGTERM to the end, whatever clients do"),
      list(SETTING(http.trusted_proxies), is_address_range,
           "addresses or ranges like 10.0.0.0/8, with commas between them, or none",
           "proxies whose X-Forwarded-For is believed"),
      list(SETTING(http.cors_origins), is_web_origin,
           "origins like https://tickets.example, with commas between them, or none",
           "pages of these origins may call from a browser"),
      choice(
          SETTING(store.kind),
          choices<store_kind>{{"sqlite", store_kind::sqlite}, {"postgres", store_kind::postgres}},
          "sqlite = embedded, in store.path; postgres = the database of postgres.url"),
      path(SETTING(store.path), "directory of the embedded store, made when absent"),
      duration(SETTING(store.busy_timeout), 0ms, 10min, "to wait for a lock on the store"),
      choice(SETTING(durability),
             choices<durability_mode>{{"local", durability_mode::local},
                                      {"postgres", durability_mode::postgres},
                                      {"none", durability_mode::none}},
             "when an answer may leave: local = once the store has synced it, postgres = once "
             "PostgreSQL has committed it, none = at once (for measurements only)"),
      postgres_row(),
      number(SETTING(postgres.max_backlog), 1'000, 1'000'000'000,
             "events that PostgreSQL may lack before changes get 503"),
      number(SETTING(journal.max_group), 1, 100'000, "changes that share one commit"),
      number(SETTING(queue.active_limit), 1, 10'000'000, "tokens admitted at once, per concert"),
      number(SETTING(queue.admit_per_second), 1, 1'000'000, "admissions a second, per concert"),
      duration(SETTING(queue.active_ttl), 100ms, 24h, "an admitted token lives"),
      duration(SETTING(queue.abandon_after), 100ms, 24h, "a waiting token lives without a poll"),
      choice(SETTING(queue.client_priority), priorities,
             "clamp = a client's own priority counts as 0, honour = as it says"),
      number(SETTING(queue.default_concert), 1, most_id,
             "concert of a queue request that names none"),
      duration(SETTING(booking.hold_for), 100ms, 24h,
               "to pay a booking before its seats are freed"),
      number(SETTING(booking.max_seats), 1, 1'000, "seats in one booking"),
      number(SETTING(booking.max_seats_per_user), 1, 100'000, "seats of one user in one option"),
      number(SETTING(booking.max_holds_per_user), 1, 100'000,
             "bookings of one user in one option that are not paid yet"),
      points(SETTING(wallet.max_charge), "largest single charge"),
      points(SETTING(wallet.max_balance), "balance that no charge may exceed"),
      duration(SETTING(wallet.double_submit_window), 0ms, 1h,
               "an equal charge is refused as sent twice; 0ms turns that off"),
      duration(SETTING(idempotency.keep_for), 100ms, 720h,
               "the answer to a request with an Idempotency-Key can be asked for again"),
      duration(SETTING(retention.dead_tokens), 48h, 87'600h,
               "a token is known after its end; then it is as if it had never been"),
      duration(SETTING(retention.unpaid_bookings), 1h, 87'600h,
               "an expired or given up booking is known after its hold, with attempts to pay it; "
               "what was paid is known for ever"),
      number(SETTING(actors.threads), 1, 256, "threads that run the actors"),
      duration(SETTING(actors.idle_after), 10ms, 24h, "an idle entity stays in memory"),
      choice(SETTING(log.level), levels, "least severe level that is logged"),
      choice(SETTING(log.format), formats, "text for people, json for machines"),
      flag(SETTING(log.requests), "log one line for every request"),
      webhook_row(),
      duration(SETTING(alerts.interval), 100ms, 1h,
               "between two messages to the webhook, at least"),
      secret(SETTING(admin.token), "bearer token of operator calls"),
      choice(
          SETTING(auth.mode), auth_modes,
          "how users prove who they are: none = everybody is believed, jwt = by a JSON Web Token"),
      flag(SETTING(auth.allow_anonymous), "listen beyond loopback although auth.mode is none"),
      choice(SETTING(auth.jwt_algorithm), algorithms, "the one way users' tokens are signed"),
      secret(SETTING(auth.jwt_secret), "secret of HS256, at least 32 characters"),
      optional_text(SETTING(auth.jwt_key_file), 4096,
                    "file with the secret of HS256 (at least 32 bytes; a newline at its end does "
                    "not count), or with the RSA public key of RS256 in PEM"),
      optional_text(SETTING(auth.jwt_issuer), 1024, "what a token's iss must be; none = anything"),
      optional_text(SETTING(auth.jwt_audience), 1024,
                    "what a token's aud must name; none = anything"),
      duration(SETTING(auth.jwt_leeway), 0ms, 10min,
               "the clock of whoever signs tokens may differ from ours"),
      number(SETTING(limits.address_per_second), 0, 1'000'000,
             "requests a second from one address; 0 = no limit"),
      number(SETTING(limits.address_burst), 1, 1'000'000,
             "requests from one address at once, after a pause"),
      number(SETTING(limits.user_per_second), 0, 1'000'000,
             "requests a second of one user; 0 = no limit"),
      number(SETTING(limits.user_burst), 1, 1'000'000,
             "requests of one user at once, after a pause"),
      flag(SETTING(limits.loopback), "limit requests from loopback addresses too"),
      flag(SETTING(demo), "put demo concerts and users into an empty store"),
  };
}

#undef SETTING

std::size_t edit_distance(std::string_view left, std::string_view right) {
  std::vector<std::size_t> row(right.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= left.size(); ++i) {
    auto diagonal = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= right.size(); ++j) {
      const auto replaced = diagonal + (left[i - 1] == right[j - 1] ? 0 : 1);
      diagonal = std::exchange(row[j], std::min({row[j] + 1, row[j - 1] + 1, replaced}));
    }
  }
  return row.back();
}

} // namespace

const std::vector<setting_row>& settings_table() {
  static const auto table = make_table();
  return table;
}

const setting_row* find_setting(std::string_view name) {
  const auto& table = settings_table();
  const auto found = std::find_if(table.begin(), table.end(),
                                  [&](const setting_row& row) { return row.name == name; });
  return found == table.end() ? nullptr : &*found;
}

std::string environment_name(std::string_view setting) {
  std::string name = "BOXOFFICE_";
  for (const char letter : setting)
    name +=
        letter == '.' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(letter)));
  return name;
}

std::string did_you_mean(std::string_view name) {
  constexpr std::size_t longest_name = 64; // beyond it no setting is near, and the search is slow
  constexpr std::size_t most_edits = 3;
  if (name.size() > longest_name) return {};
  std::string nearest;
  auto fewest = most_edits + 1;
  for (const auto& row : settings_table()) {
    const auto edits = edit_distance(name, row.name);
    if (edits >= fewest) continue;
    fewest = edits;
    nearest = row.name;
  }
  if (nearest.empty()) return {};
  return "; did you mean " + nearest + "?";
}

} // namespace boxoffice::config
