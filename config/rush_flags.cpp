#include "config/rush_flags.hpp"

#include "config/values.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <thread>

namespace boxoffice::config {
namespace {

constexpr unsigned most_users = 1'000'000, most_connections = 10'000, most_threads = 64;
constexpr unsigned most_arrivals = 1'000'000, most_seats = 100'000;
constexpr unsigned most_default_threads = 4; // the server wants cores, too
constexpr std::size_t longest_token = 256;

rush_flag number(const char* name, unsigned rush_options::*member, unsigned least, unsigned most,
                 const char* explanation) {
  const auto expected =
      "a whole number from " + std::to_string(least) + " to " + std::to_string(most);
  rush_flag flag{name, "number", expected, explanation};
  flag.store = [=](rush_options& options, std::string_view text) {
    const auto value = parse_whole(text);
    if (!value || *value < least || *value > most) return false;
    options.*member = static_cast<unsigned>(*value);
    return true;
  };
  return flag;
}

rush_flag url_flag() {
  rush_flag flag{"url", "list", "addresses like http://127.0.0.1:8082, separated by commas",
                 "where boxoffice serves; of several, each connection keeps to one"};
  flag.store = [](rush_options& options, std::string_view text) {
    options.urls = parse_rush_urls(text);
    return !options.urls.empty();
  };
  return flag;
}

rush_flag scenario_flag() {
  rush_flag flag{"scenario", "word", "sale, buyers or waiting",
                 "sale = an opening sale; buyers = people who buy again and again, thinking; "
                 "waiting = people in the queue who poll every 5 s"};
  flag.store = [](rush_options& options, std::string_view text) {
    if (text == "sale")
      options.scenario = rush_scenario::sale;
    else if (text == "buyers")
      options.scenario = rush_scenario::buyers;
    else if (text == "waiting")
      options.scenario = rush_scenario::waiting;
    else
      return false;
    return true;
  };
  return flag;
}

rush_flag seed_flag() {
  constexpr auto most = std::numeric_limits<std::uint64_t>::max();
  rush_flag flag{"seed", "number", "a whole number from 0 to " + std::to_string(most),
                 "says what each user does and when; default: 1"};
  flag.store = [](rush_options& options, std::string_view text) {
    const auto* end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, options.seed);
    return read.ec == std::errc() && read.ptr == end;
  };
  return flag;
}

rush_flag length_flag() {
  rush_flag flag{"time", "duration", "a duration from 1s to 24h, such as 30s or 5m",
                 "after which nobody begins anything; default: 20s of a sale, 30s else"};
  flag.store = [](rush_options& options, std::string_view text) {
    const auto value = parse_duration(text);
    if (!value || *value < std::chrono::seconds(1) || *value > std::chrono::hours(24)) return false;
    options.length = *value;
    return true;
  };
  return flag;
}

rush_flag token_flag() {
  rush_flag flag{"admin-token", "secret", "up to 256 visible ASCII characters without a blank",
                 "admin.token of the server; --seats needs it"};
  flag.store = [](rush_options& options, std::string_view text) {
    options.admin_token = std::string(text);
    return text.size() <= longest_token &&
           std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7F'; });
  };
  return flag;
}

rush_flag json_flag() {
  rush_flag flag{"json", "bool", "true or false", "the summary for machines", true};
  flag.store = [](rush_options& options, std::string_view text) {
    options.json = text == "true";
    return text == "true" || text == "false";
  };
  return flag;
}

std::vector<rush_flag> make_flags() {
  return {url_flag(),
          scenario_flag(),
          number("users", &rush_options::users, 1, most_users,
                 "how many users; default: 2000 in a sale, 2400 buyers, 5000 waiting"),
          number("arrivals-per-second", &rush_options::arrivals_per_second, 1, most_arrivals,
                 "how fast users arrive, whatever the server does; default: 200 in a sale, all "
                 "within 5 s else"),
          length_flag(),
          seed_flag(),
          number("connections", &rush_options::connections, 1, most_connections,
                 "open at once; users beyond them share; default: 1000"),
          number("threads", &rush_options::threads, 1, most_threads,
                 "that carry the users; default: as many as cores, at most 4"),
          number("seats", &rush_options::seats, 1, most_seats,
                 "make a performance of so many seats first; default: take what is on sale"),
          token_flag(),
          json_flag()};
}

std::string text_of(const raw_setting& given) {
  auto value = given.name == "admin-token" ? std::string("...") : given.value.substr(0, 200);
  std::replace_if(
      value.begin(), value.end(), [](char c) { return c >= '\0' && c < ' '; }, '?');
  return given.where + " = \"" + value + "\"";
}

std::vector<rush_address> none() { return {}; }

} // namespace

const std::vector<rush_flag>& rush_flags() {
  static const auto flags = make_flags();
  return flags;
}

std::vector<rush_address> parse_rush_urls(std::string_view text) {
  constexpr std::string_view scheme = "http://";
  constexpr std::size_t longest = 255;
  std::vector<rush_address> all;
  for (std::size_t begin = 0; begin <= text.size();) {
    const auto end = std::min(text.find(',', begin), text.size());
    auto url = text.substr(begin, end - begin);
    begin = end + 1;
    if (url.substr(0, scheme.size()) != scheme) return none();
    url.remove_prefix(scheme.size());
    if (!url.empty() && url.back() == '/') url.remove_suffix(1);
    // [::1]:8082 has colons of its own.
    const auto bracket = url.find(']');
    const auto colon = url.find(':', bracket == url.npos ? 0 : bracket);
    auto host = url.substr(0, colon);
    if (bracket != url.npos && host.size() > 2) host = host.substr(1, host.size() - 2);
    const auto port = colon == url.npos ? std::string_view("80") : url.substr(colon + 1);
    const auto number = parse_whole(port);
    if (host.empty() || host.size() > longest || host.find_first_of(" /?#@") != host.npos ||
        !number || *number < 1 || *number > 65535)
      return none();
    all.push_back({std::string(host), std::string(port)});
  }
  return all;
}

resolved_rush_options resolve_rush_options(const std::vector<raw_setting>& given) {
  resolved_rush_options result;
  result.values.threads = std::clamp(std::thread::hardware_concurrency(), 1U, most_default_threads);
  const auto& flags = rush_flags();
  for (const auto& each : given) {
    const auto flag = std::find_if(flags.begin(), flags.end(),
                                   [&](const rush_flag& f) { return f.name == each.name; });
    if (flag == flags.end())
      result.errors.push_back(text_of(each) + ": expected a flag of rush, there is no such flag; " +
                              "rush takes no settings");
    else if (!flag->store(result.values, each.value))
      result.errors.push_back(text_of(each) + ": expected " + flag->expected);
  }
  if (!result.errors.empty()) return result;
  if (result.values.seats > 0 && result.values.admin_token.empty())
    result.errors.push_back("--seats = \"" + std::to_string(result.values.seats) +
                            "\": expected --admin-token with it, only an operator adds a "
                            "performance");
  return result;
}

} // namespace boxoffice::config
