#include "config/command_line.hpp"

#include "config/settings_table.hpp"

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
  boxoffice check-config --config boxoffice.ini     which settings hold, and where they come from
)";

constexpr auto settings_footer = R"(
Every setting section.name is a flag --section.name, an environment variable
BOXOFFICE_SECTION_NAME and a key of the config file, as `section.name = value` or as
`name = value` below `[section]`. A flag overrides the environment, the environment
the file, the file the default.
)";

enum class subcommand { serve, audit, check_config };

struct subcommand_text {
  subcommand id;
  const char* name;
  const char* summary;
};

constexpr subcommand_text subcommands[] = {
    {subcommand::serve, "serve", "sell seats over HTTP until SIGTERM or Ctrl-C"},
    {subcommand::audit, "audit",
     "check the books: no seat sold twice, money conserved, every paid booking paid once"},
    {subcommand::check_config, "check-config", "show every setting and where its value comes from"},
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

// One subcommand's flags as CLI11 fills them; the table gives them their meaning afterwards.
struct flags {
  CLI::App* app = nullptr;
  std::string config_file;
  std::vector<std::pair<const setting_row*, CLI::Option*>> options;

  std::vector<raw_setting> given() const {
    std::vector<raw_setting> result;
    for (const auto& [row, option] : options) {
      if (option->count() == 0) continue;
      auto value = option->as<std::string>();
      if (row->is_switch && value.empty()) value = "true";
      result.push_back({row->name, value, origin::flag, "--" + row->name});
    }
    return result;
  }
};

void add_flag(flags& target, const setting_row& row, const settings& defaults) {
  const auto text = row.explanation + "\n" + row.expected + "; default: " + row.show(defaults);
  auto* option = target.app->add_option("--" + row.name, text)
                     ->type_name(row.kind)
                     ->take_last()
                     ->group(row.name.substr(0, row.name.find('.')));
  if (row.is_switch) option->expected(0, 1);
  target.options.emplace_back(&row, option);
}

std::unique_ptr<flags> add_subcommand(CLI::App& app, const subcommand_text& text) {
  auto result = std::make_unique<flags>();
  result->app = app.add_subcommand(text.name, text.summary)->allow_extras();
  result->app->footer(settings_footer);
  result->app->add_option("--config", result->config_file, "read settings from this file")
      ->type_name("file")
      ->take_last();
  const settings defaults;
  for (const auto& row : settings_table()) add_flag(*result, row, defaults);
  return result;
}

// What CLI11 leaves over: `--http.prot 90` goes on as a setting, to be refused with the others, and
// `extra` is an error.
void take_extras(const std::vector<std::string>& extras, std::vector<raw_setting>& given,
                 std::vector<std::string>& errors) {
  for (std::size_t at = 0; at < extras.size(); ++at) {
    const auto& argument = extras[at];
    if (argument.compare(0, 2, "--") != 0) {
      errors.push_back("\"" + argument + "\": expected a flag such as --http.port 8082");
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

parsed_command carry_out(subcommand id, const flags& chosen, const environment& variables) {
  std::vector<std::string> errors;
  auto given = chosen.given();
  take_extras(chosen.app->remaining(), given, errors);
  auto resolved = resolve(chosen.config_file, variables, given);
  errors.insert(errors.end(), resolved.errors.begin(), resolved.errors.end());
  // An audit listens nowhere, so any address is fine with it.
  if (errors.empty() && id != subcommand::audit) errors = reasons_not_to_listen(resolved.values);
  if (!errors.empty()) return usage_error(joined(errors, "error: "));
  if (id == subcommand::check_config)
    return ending{exit_code::success,
                  describe(resolved.values) + joined(resolved.warnings, "warning: ")};
  return invocation{id == subcommand::serve ? command::serve : command::audit,
                    std::move(resolved.values), std::move(resolved.warnings)};
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
                       "\": expected a command first: serve, audit or check-config\n");
  for (std::size_t at = 0; at < all.size(); ++at)
    if (all[at]->app->parsed()) return carry_out(subcommands[at].id, *all[at], variables);
  return ending{exit_code::usage, app.help()};
}

} // namespace boxoffice::config
