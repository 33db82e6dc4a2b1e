#include "config/settings.hpp"

#include "config/settings_file.hpp"
#include "config/settings_table.hpp"
#include "config/values.hpp"

#include <algorithm>
#include <set>

namespace boxoffice::config {
namespace {

constexpr std::string_view environment_prefix = "BOXOFFICE_";

// `http.port = "x" (--http.port)`; a secret's value stays out, and control characters of any other
// would let a value forge lines of the log.
std::string named(const raw_setting& given, bool secret) {
  auto value = secret ? std::string("(not shown)") : "\"" + given.value.substr(0, 200) + "\"";
  std::replace_if(
      value.begin(), value.end(), [](char byte) { return byte >= '\0' && byte < ' '; }, '?');
  return given.name + " = " + value + " (" + given.where + ")";
}

void apply(const raw_setting& given, resolved_settings& result) {
  const auto* row = find_setting(given.name);
  if (row == nullptr) {
    // What was meant may have been a secret: the value is shown only when nothing near it is one.
    const auto near = did_you_mean(given.name);
    const bool may_be_secret = given.name.find("token") != std::string::npos ||
                               given.name.find("secret") != std::string::npos ||
                               near.find("token") != std::string::npos ||
                               near.find("secret") != std::string::npos;
    result.errors.push_back(named(given, may_be_secret) +
                            ": expected a setting's name, there is no such setting" +
                            did_you_mean(given.name));
    return;
  }
  if (const auto expected = row->store(result.values, given.value))
    result.errors.push_back(named(given, row->secret) + ": expected " + *expected);
  else
    result.values.origins[row->name] = given.from;
}

void apply_file(const std::string& path, resolved_settings& result) {
  auto file = read_settings_file(path);
  result.errors.insert(result.errors.end(), file.errors.begin(), file.errors.end());
  std::set<std::string> seen;
  for (const auto& given : file.settings) {
    if (seen.insert(given.name).second)
      apply(given, result);
    else
      result.errors.push_back(given.where + ": " + given.name +
                              " is set a second time in this file, expected it once");
  }
}

void apply_environment(environment variables, resolved_settings& result) {
  for (const auto& row : settings_table()) {
    const auto name = environment_name(row.name);
    const auto found = variables.find(name);
    if (found == variables.end()) continue;
    apply({row.name, found->second, origin::environment, name}, result);
    variables.erase(found);
  }
  for (const auto& [name, value] : variables)
    if (name.compare(0, environment_prefix.size(), environment_prefix) == 0)
      result.warnings.push_back("environment variable " + name + " is no setting and was ignored");
}

std::string_view origin_name(origin from) {
  switch (from) {
  case origin::built_in: return "default";
  case origin::file: return "file";
  case origin::environment: return "environment";
  case origin::flag: return "flag";
  }
  return "?";
}

std::string padded(std::string text, std::size_t width) {
  text.resize(std::max(text.size(), width), ' ');
  return text;
}

} // namespace

bool settings::given(std::string_view name) const { return origins.find(name) != origins.end(); }

origin settings::origin_of(std::string_view name) const {
  const auto found = origins.find(name);
  return found == origins.end() ? origin::built_in : found->second;
}

environment environment_of(const char* const* variables) {
  environment result;
  for (; *variables != nullptr; ++variables) {
    const std::string_view variable = *variables;
    const auto equals = variable.find('=');
    if (equals == std::string_view::npos) continue;
    result.emplace(variable.substr(0, equals), variable.substr(equals + 1));
  }
  return result;
}

resolved_settings resolve(const std::string& config_file, const environment& variables,
                          const std::vector<raw_setting>& flags) {
  resolved_settings result;
  if (!config_file.empty()) apply_file(config_file, result);
  apply_environment(variables, result);
  for (const auto& given : flags) apply(given, result);
  return result;
}

namespace {

// What is missing for users to prove who they are.
std::vector<std::string> faults_of(const auth_settings& auth) {
  constexpr std::size_t least_secret = 32; // no shorter than the hash that it keys
  std::vector<std::string> faults;
  const bool secret = !auth.jwt_secret.empty(), file = !auth.jwt_key_file.empty();
  if (auth.mode != auth_mode::jwt) return faults;
  if (auth.jwt_algorithm == jwt_algorithm_name::rs256 && (secret || !file))
    faults.push_back("auth.jwt_algorithm is RS256: expected auth.jwt_key_file with the public key, "
                     "and no auth.jwt_secret");
  else if (secret == file)
    faults.push_back("auth.mode is jwt: expected either auth.jwt_secret or auth.jwt_key_file");
  else if (secret && auth.jwt_secret.size() < least_secret)
    faults.push_back("auth.jwt_secret is too short: expected at least 32 characters");
  return faults;
}

} // namespace

std::vector<std::string> reasons_not_to_listen(const settings& values) {
  auto reasons = faults_of(values.auth);
  if (is_loopback(values.http.address)) return reasons;
  const auto subject = "http.address = \"" + values.http.address + "\" is not loopback: ";
  if (values.admin.token.empty())
    reasons.push_back(subject + "expected admin.token to be set, or a loopback address such as "
                                "127.0.0.1");
  if (values.auth.mode == auth_mode::none && !values.auth.allow_anonymous)
    reasons.push_back(subject + "auth.mode is none, so expected auth.allow_anonymous = true, or a "
                                "loopback address such as 127.0.0.1");
  return reasons;
}

std::vector<std::string> contradictions(const settings& values) {
  std::vector<std::string> all;
  if (!values.postgres.url.empty()) return all;
  if (values.store.kind == store_kind::postgres)
    all.push_back("store.kind is postgres: expected postgres.url to be set");
  else if (values.durability == durability_mode::postgres)
    all.push_back("durability is postgres: expected postgres.url to be set");
  return all;
}

std::string describe(const settings& values) {
  std::string text;
  for (const auto& row : settings_table())
    text += padded(row.name, 30) + " " + padded(row.show(values), 24) + " " +
            std::string(origin_name(values.origin_of(row.name))) + "\n";
  return text;
}

std::string settings_reference() {
  std::string text = "# Settings\n\n"
                     "Every setting `section.name` is a flag `--section.name`, an environment "
                     "variable `BOXOFFICE_SECTION_NAME` and a key of the file that `--config` "
                     "names. A flag overrides the environment, the environment the file, the file "
                     "the default. `boxoffice check-config` shows what holds and why.\n\n"
                     "| setting | default | may be | what it does |\n|---|---|---|---|\n";
  const settings defaults;
  for (const auto& row : settings_table())
    text += "| `" + row.name + "` | `" + row.show(defaults) + "` | " + row.expected + " | " +
            row.explanation + " |\n";
  return text;
}

} // namespace boxoffice::config
