#include "config/command_line.hpp"

#include "config/rush_flags.hpp"
#include "config/settings_table.hpp"
#include "config/sim_flags.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <memory>
#include <string_view>
#include <utility>

namespace boxoffice::config {
namespace {

constexpr auto examples = R"(
Examples:
  boxoffice serve --demo                            try it: concerts, seats and users to play with
  boxoffice serve --store.path /var/lib/boxoffice   sell for real, books kept in that directory
  boxoffice serve --config boxoffice.ini --log.format json
  BOXOFFICE_ADMIN_TOKEN=... boxoffice serve --http.address 0.0.0.0 --auth.allow_anonymous
  boxoffice audit --store.path /var/lib/boxoffice   check the books, beside a running server too
  boxoffice backup /backup/today --store.path /var/lib/boxoffice   copy the store while it serves
  boxoffice serve --store.path /var/lib/boxoffice --postgres.url postgresql://boxoffice@db/boxoffice
  boxoffice check-config --config boxoffice.ini     which settings hold, and where they come from
  boxoffice sim --hours 8                           search for faults in simulated sales overnight
  boxoffice rush                                    an opening sale against ./run's demo
)";

constexpr auto settings_footer = R"(
Every setting section.name is a flag --section.name, an environment variable
BOXOFFICE_SECTION_NAME and a key of the config file, as `section.name = value` or as
`name = value` below `[section]`. A flag overrides the environment, the environment
the file, the file the default.
)";

constexpr auto sim_footer = R"(
A run simulates a whole sale in one thread: nodes, store, network, clients, time and chance. Its
seed says all that happens in it, so the same seed, flags and build give the same run anywhere.
A checker judges every fact and every answer; sim ends with 1 when a run fails, and tells its seed.

Examples:
  boxoffice sim                                 1000 runs with fresh seeds
  boxoffice sim --seeds 50 --faults none        50 runs in which nothing goes wrong outside
  boxoffice sim --hours 8 --jobs 4              runs until the morning, four at once
  boxoffice sim --seed 42                       the run of seed 42
  boxoffice sim --seed 42 --seeds 100           the runs of seeds 42 to 141
  boxoffice sim --seed 42 --trace               all that happens in it, line by line
  boxoffice sim --seed 42 --minimize            the smallest run found that fails as it does
  boxoffice sim --seed 42 --nodes 1 --users 3 --acts 20    a small run
)";

constexpr auto rush_footer = R"(
Users come when they come, however slow the server is, and times are counted from when a request was
meant to be sent. At the end the books are checked through the API. Exit status: 0 when they are
right, 1 when they are wrong or can't be read, or the server is away; 2 for wrong flags.

Examples:
  boxoffice rush                                      a sale against ./run's demo, in half a minute
  boxoffice rush --users 20000 --arrivals-per-second 2000 --seats 5000 --admin-token SECRET
  boxoffice rush --scenario buyers                    2,400 buyers who think 0.5 to 3 s at each step
  boxoffice rush --scenario waiting --users 50000 --connections 10000
  boxoffice rush --url http://10.0.0.1:8082,http://10.0.0.2:8082 --json
)";

enum class subcommand { serve, audit, backup, migrate, rebuild, check_config, sim, rush };

struct subcommand_text {
  subcommand id;
  const char* name;
  const char* summary;
};

constexpr subcommand_text subcommands[] = {
    {subcommand::serve, "serve", "sell seats over HTTP until SIGTERM or Ctrl-C"},
    {subcommand::audit, "audit",
     "check the books: no seat sold twice, money conserved, every paid booking paid once"},
    {subcommand::backup, "backup",
     "copy the store into DIR, beside a running server too; to restore, start on the copy"},
    {subcommand::migrate, "migrate", "make or bring up to date the tables in PostgreSQL"},
    {subcommand::rebuild, "rebuild",
     "make the embedded store anew from PostgreSQL, when its disk was lost"},
    {subcommand::check_config, "check-config", "show every setting and where its value comes from"},
    {subcommand::sim, "sim", "run simulated sales under faults, by seed, and check all they tell"},
    {subcommand::rush, "rush", "put an opening sale's load on a server, and check its books"},
};

std::string joined(const std::vector<std::string>& lines, std::string_view prefix) {
  std::string text;
  for (const auto& line : lines) text += std::string(prefix) + line + "\n";
  return text;
}

ending usage_error(const std::string& text) {
  return {exit_code::usage,
          text + "`boxoffice --help` and `boxoffice COMMAND --help` tell more.\n"};
}

// One subcommand's flags as CLI11 fills them; the tables give them their meaning afterwards.
struct flags {
  struct flag {
    std::string name;
    bool is_switch;
    CLI::Option* option;
  };

  CLI::App* app = nullptr;
  std::string config_file;
  std::string target; // backup's DIR
  std::vector<flag> all;

  template <class Row>
  CLI::Option* add(const Row& row, const std::string& text) {
    auto* option = app->add_option("--" + row.name, text)->type_name(row.kind)->take_last();
    if (row.is_switch) option->expected(0, 1);
    all.push_back({row.name, row.is_switch, option});
    return option;
  }

  std::vector<raw_setting> given() const {
    std::vector<raw_setting> result;
    for (const auto& [name, is_switch, option] : all) {
      if (option->count() == 0) continue;
      auto value = option->as<std::string>();
      if (is_switch && value.empty()) value = "true";
      result.push_back({name, value, origin::flag, "--" + name});
    }
    return result;
  }
};

void add_settings(flags& target) {
  target.app->footer(settings_footer);
  target.app->add_option("--config", target.config_file, "read settings from this file")
      ->type_name("file")
      ->take_last();
  const settings defaults;
  for (const auto& row : settings_table())
    target.add(row, row.explanation + "\n" + row.expected + "; default: " + row.show(defaults))
        ->group(row.name.substr(0, row.name.find('.')));
}

void add_sim_flags(flags& target) {
  target.app->footer(sim_footer);
  for (const auto& flag : sim_flags()) target.add(flag, flag.explanation + "\n" + flag.expected);
}

void add_rush_flags(flags& target) {
  target.app->footer(rush_footer);
  for (const auto& flag : rush_flags()) target.add(flag, flag.explanation + "\n" + flag.expected);
}

std::unique_ptr<flags> add_subcommand(CLI::App& app, const subcommand_text& text) {
  auto result = std::make_unique<flags>();
  result->app = app.add_subcommand(text.name, text.summary)->allow_extras();
  if (text.id == subcommand::sim)
    add_sim_flags(*result);
  else if (text.id == subcommand::rush)
    add_rush_flags(*result);
  else
    add_settings(*result);
  if (text.id == subcommand::backup)
    result->app->add_option("DIR", result->target, "directory for the copy; made when absent")
        ->required();
  return result;
}

// What CLI11 leaves over: `--http.prot 90` goes on as a setting, to be refused with the others, and
// `extra` is an error.
void take_extras(const std::vector<std::string>& extras, const char* example,
                 std::vector<raw_setting>& given, std::vector<std::string>& errors) {
  for (std::size_t at = 0; at < extras.size(); ++at) {
    const auto& argument = extras[at];
    if (argument.compare(0, 2, "--") != 0) {
      errors.push_back("\"" + argument + "\": expected a flag such as " + example);
      continue;
    }
    const auto equals = std::min(argument.find('='), argument.size());
    const auto flag = argument.substr(0, equals);
    auto value = argument.substr(std::min(equals + 1, argument.size()));
    const bool value_is_next = equals == argument.size() && at + 1 < extras.size() &&
                               extras[at + 1].compare(0, 1, "-") != 0;
    if (value_is_next) value = extras[++at];
    given.push_back({flag.substr(2), value, origin::flag, flag});
  }
}

parsed_command simulate(const flags& chosen) {
  std::vector<std::string> errors;
  auto given = chosen.given();
  take_extras(chosen.app->remaining(), "--seed 42", given, errors);
  auto resolved = resolve_sim_options(given);
  errors.insert(errors.end(), resolved.errors.begin(), resolved.errors.end());
  if (!errors.empty()) return usage_error(joined(errors, "error: "));
  return invocation{command::sim, {}, {}, std::move(resolved.values), {}};
}

parsed_command rush(const flags& chosen) {
  std::vector<std::string> errors;
  auto given = chosen.given();
  take_extras(chosen.app->remaining(), "--users 2000", given, errors);
  auto resolved = resolve_rush_options(given);
  errors.insert(errors.end(), resolved.errors.begin(), resolved.errors.end());
  if (!errors.empty()) return usage_error(joined(errors, "error: "));
  invocation result;
  result.what = command::rush;
  result.rush = std::move(resolved.values);
  return result;
}

parsed_command carry_out(subcommand id, const flags& chosen, const environment& variables) {
  if (id == subcommand::sim) return simulate(chosen);
  if (id == subcommand::rush) return rush(chosen);
  std::vector<std::string> errors;
  auto given = chosen.given();
  take_extras(chosen.app->remaining(), "--http.port 8082", given, errors);
  auto resolved = resolve(chosen.config_file, variables, given);
  errors.insert(errors.end(), resolved.errors.begin(), resolved.errors.end());
  // An audit and a backup listen nowhere, so any address is fine with them.
  const bool listens = id == subcommand::serve || id == subcommand::check_config;
  if (errors.empty() && listens) errors = reasons_not_to_listen(resolved.values);
  if (errors.empty()) errors = contradictions(resolved.values);
  const bool needs_postgres = id == subcommand::migrate || id == subcommand::rebuild;
  if (errors.empty() && needs_postgres && resolved.values.postgres.url.empty())
    errors.emplace_back("postgres.url is not set: expected the database's address");
  if (!errors.empty()) return usage_error(joined(errors, "error: "));
  if (id == subcommand::check_config)
    return ending{exit_code::success,
                  describe(resolved.values) + joined(resolved.warnings, "warning: ")};
  const auto what = id == subcommand::serve     ? command::serve
                    : id == subcommand::audit   ? command::audit
                    : id == subcommand::migrate ? command::migrate
                    : id == subcommand::rebuild ? command::rebuild
                                                : command::backup;
  return invocation{what,         std::move(resolved.values), std::move(resolved.warnings), {}, {},
                    chosen.target};
}

} // namespace

parsed_command parse(int argc, const char* const* argv, const environment& variables) {
  CLI::App app("boxoffice sells numbered concert seats under load", "boxoffice");
  app.footer(examples);
  app.require_subcommand(0, 1);
  app.allow_extras();
  bool version = false;
  app.add_flag("--version", version, "print the version");
  std::vector<std::unique_ptr<flags>> all;
  for (const auto& text : subcommands) all.push_back(add_subcommand(app, text));

  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    return ending{exit_code::success, app.help()};
  } catch (const CLI::ParseError& error) {
    return usage_error("error: " + std::string(error.what()) + "\n");
  }

  if (version) return ending{exit_code::success, "boxoffice " BOXOFFICE_VERSION "\n"};
  if (const auto extras = app.remaining(); !extras.empty())
    return usage_error("error: \"" + extras.front() +
                       "\": expected a command first: serve, audit, backup, migrate, rebuild, "
                       "check-config, sim or rush\n");
  for (std::size_t at = 0; at < all.size(); ++at)
    if (all[at]->app->parsed()) return carry_out(subcommands[at].id, *all[at], variables);
  return ending{exit_code::usage, app.help()};
}

} // namespace boxoffice::config
