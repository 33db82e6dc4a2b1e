#include "config/sim_flags.hpp"

#include "config/values.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <set>
#include <thread>

namespace boxoffice::config {
namespace {

constexpr std::uint64_t most_seed = std::numeric_limits<std::uint64_t>::max();
constexpr std::uint64_t most_seeds = 1'000'000'000;
constexpr double most_hours = 8760;

unsigned cores() { return std::max(1U, std::thread::hardware_concurrency()); }

std::optional<std::uint64_t> parse_seed(std::string_view text) {
  std::uint64_t value = 0;
  const auto* end = text.data() + text.size();
  const auto result = std::from_chars(text.data(), end, value);
  if (result.ec != std::errc() || result.ptr != end) return std::nullopt;
  return value;
}

std::optional<double> parse_hours(std::string_view text) {
  double value = 0;
  const auto* end = text.data() + text.size();
  const auto result = std::from_chars(text.data(), end, value, std::chars_format::fixed);
  // "nan" is a number to from_chars, but neither above nor below any other.
  if (result.ec != std::errc() || result.ptr != end || !(value > 0 && value <= most_hours))
    return std::nullopt;
  return value;
}

// `none`, or names separated by commas.
std::optional<std::vector<std::string>> parse_names(std::string_view text) {
  std::vector<std::string> names;
  if (text == "none") return names;
  const auto is_of_a_name = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  };
  for (std::size_t begin = 0; begin <= text.size();) {
    const auto end = std::min(text.find(',', begin), text.size());
    const auto name = text.substr(begin, end - begin);
    if (name.empty() || name == "none" || !std::all_of(name.begin(), name.end(), is_of_a_name) ||
        std::find(names.begin(), names.end(), name) != names.end())
      return std::nullopt;
    names.emplace_back(name);
    begin = end + 1;
  }
  return names;
}

// --- kinds of flags

template <class Value>
sim_flag number(const char* name, Value sim_options::*member, std::int64_t least, std::int64_t most,
                const char* explanation) {
  const auto expected =
      "a whole number from " + std::to_string(least) + " to " + std::to_string(most);
  sim_flag flag{name, "number", expected, explanation};
  flag.store = [=](sim_options& options, std::string_view text) {
    const auto value = parse_whole(text);
    if (!value || *value < least || *value > most) return false;
    options.*member = static_cast<unsigned>(*value);
    return true;
  };
  return flag;
}

sim_flag names(const char* name, std::optional<std::vector<std::string>> sim_options::*member,
               const char* explanation) {
  sim_flag flag{name, "list", "none, or names separated by commas, each once", explanation};
  flag.store = [=](sim_options& options, std::string_view text) {
    const auto value = parse_names(text);
    if (value) options.*member = *value;
    return value.has_value();
  };
  return flag;
}

sim_flag flag_switch(const char* name, bool sim_options::*member, const char* explanation) {
  sim_flag flag{name, "bool", "true or false", explanation, true};
  flag.store = [=](sim_options& options, std::string_view text) {
    options.*member = text == "true";
    return text == "true" || text == "false";
  };
  return flag;
}

sim_flag seed_flag() {
  sim_flag flag{"seed", "number", "a whole number from 0 to " + std::to_string(most_seed),
                "the first run's seed, which says all that happens in it; default: fresh ones"};
  flag.store = [](sim_options& options, std::string_view text) {
    const auto value = parse_seed(text);
    if (value) options.seed = *value;
    return value.has_value();
  };
  return flag;
}

sim_flag seeds_flag() {
  sim_flag flag{"seeds", "number", "a whole number from 1 to " + std::to_string(most_seeds),
                "how many runs, each with the next seed; default: 1 with --seed, else 1000"};
  flag.store = [](sim_options& options, std::string_view text) {
    const auto value = parse_seed(text);
    if (!value || *value < 1 || *value > most_seeds) return false;
    options.seeds = *value;
    return true;
  };
  return flag;
}

sim_flag hours_flag() {
  sim_flag flag{"hours", "number", "hours above 0 to 8760, such as 8 or 0.5",
                "begin new runs until this time has passed, instead of --seeds"};
  flag.store = [](sim_options& options, std::string_view text) {
    const auto value = parse_hours(text);
    if (value) options.hours = *value;
    return value.has_value();
  };
  return flag;
}

sim_flag postgres_flag() {
  sim_flag flag{
      "postgres", "choice", "none, local or postgres",
      "whether PostgreSQL follows the stores, and the durability if it does; default: drawn "
      "from the seed"};
  flag.store = [](sim_options& options, std::string_view text) {
    options.postgres = std::string(text);
    return text == "none" || text == "local" || text == "postgres";
  };
  return flag;
}

std::vector<sim_flag> make_flags() {
  return {
      seed_flag(),
      seeds_flag(),
      hours_flag(),
      number("nodes", &sim_options::nodes, 1, 5, "how many nodes; default: drawn from the seed"),
      postgres_flag(),
      names("faults", &sim_options::faults,
            "which faults may strike; default: drawn from the seed"),
      names("workloads", &sim_options::workloads,
            "what the users do; default: drawn from the seed"),
      number("users", &sim_options::users, 1, 100'000,
             "how many users; default: drawn from the seed"),
      number("acts", &sim_options::acts, 1, 100'000,
             "how much all users do together; default: drawn from the seed"),
      number("jobs", &sim_options::jobs, 1, 1024, "runs at once; default: one a core"),
      flag_switch("trace", &sim_options::trace,
                  "print all that happens, in order; needs --seed, for one run"),
      flag_switch("minimize", &sim_options::minimize,
                  "search a smaller run that fails the same way; needs --seed"),
  };
}

// --- flags together

bool has(const std::set<std::string>& given, const char* name) { return given.count(name) != 0; }

std::string text_of(const raw_setting& given) {
  auto value = given.value.substr(0, 200);
  std::replace_if(
      value.begin(), value.end(), [](char c) { return c >= '\0' && c < ' '; }, '?');
  return given.where + " = \"" + value + "\"";
}

void set_defaults(sim_options& options, const std::set<std::string>& given) {
  if (!has(given, "seeds")) options.seeds = options.hours > 0 ? 0 : options.seed ? 1 : 1000;
  if (!has(given, "jobs")) options.jobs = cores();
}

// What is wrong with flags that are each right.
std::vector<std::string> misfits(const sim_options& options, const std::set<std::string>& given) {
  std::vector<std::string> reasons;
  const auto seeds = "--seeds = \"" + std::to_string(options.seeds) + "\"";
  if (has(given, "hours") && has(given, "seeds"))
    reasons.push_back(seeds + " besides --hours: expected one of them, both say when to end");
  if (options.trace && (!options.seed || options.hours > 0 || options.seeds != 1))
    reasons.push_back("--trace = \"true\": expected --seed with it, and neither --hours nor more "
                      "than one of --seeds: a trace is of one run");
  if (options.minimize && !options.seed)
    reasons.push_back("--minimize = \"true\": expected --seed with it, of a run that fails");
  if (options.seed && options.seeds > 0 && options.seeds - 1 > most_seed - *options.seed)
    reasons.push_back(seeds + " from --seed = \"" + std::to_string(*options.seed) +
                      "\" on: expected the last seed to be at most " + std::to_string(most_seed));
  return reasons;
}

} // namespace

const std::vector<sim_flag>& sim_flags() {
  static const auto flags = make_flags();
  return flags;
}

resolved_sim_options resolve_sim_options(const std::vector<raw_setting>& given) {
  resolved_sim_options result;
  std::set<std::string> names_given;
  const auto& flags = sim_flags();
  for (const auto& each : given) {
    const auto flag = std::find_if(flags.begin(), flags.end(),
                                   [&](const sim_flag& f) { return f.name == each.name; });
    if (flag == flags.end())
      result.errors.push_back(text_of(each) + ": expected a flag of sim, there is no such flag; " +
                              "sim takes no settings");
    else if (!flag->store(result.values, each.value))
      result.errors.push_back(text_of(each) + ": expected " + flag->expected);
    names_given.insert(each.name);
  }
  // Judged together only when each is right, or one mistake would be told twice.
  if (!result.errors.empty()) return result;
  set_defaults(result.values, names_given);
  result.errors = misfits(result.values, names_given);
  return result;
}

} // namespace boxoffice::config
