// The part of INI that is also TOML: `[section]`, `name = value`, `section.name = value`, comments
// from `#` or `;`, values bare or in quotes. CLI11 has a reader for this, but it passes over lines
// it doesn't understand and cuts quoted values at a `#`, which would silently shorten a token.
#include "config/settings_file.hpp"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <optional>
#include <sstream>
#include <string_view>

namespace boxoffice::config {
namespace {

constexpr std::string_view blanks = " \t\r";

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

bool is_comment(std::string_view text) {
  return !text.empty() && (text.front() == '#' || text.front() == ';');
}

// A bare value ends at a comment sign with a blank before it: `a#b` is a value of three characters.
std::string_view bare_value(std::string_view text) {
  for (std::size_t at = 1; at < text.size(); ++at)
    if (is_comment(text.substr(at)) && blanks.find(text[at - 1]) != std::string_view::npos)
      return trimmed(text.substr(0, at));
  return text;
}

// `"…"` knows the escapes \" and \\; `'…'` knows none. Only a comment may follow.
std::optional<std::string> quoted_value(std::string_view text) {
  const char quote = text.front();
  std::string value;
  for (std::size_t at = 1; at < text.size(); ++at) {
    if (text[at] == quote) {
      const auto rest = trimmed(text.substr(at + 1));
      if (!rest.empty() && !is_comment(rest)) return std::nullopt;
      return value;
    }
    if (quote == '"' && text[at] == '\\') {
      if (++at == text.size() || (text[at] != '"' && text[at] != '\\')) return std::nullopt;
    }
    value += text[at];
  }
  return std::nullopt;
}

std::optional<std::string> value_of(std::string_view text) {
  if (text.empty() || is_comment(text)) return std::string();
  if (text.front() == '"' || text.front() == '\'') return quoted_value(text);
  return std::string(bare_value(text));
}

// The name inside `[section]`, which only a comment may follow.
std::optional<std::string> section_of(std::string_view line) {
  const auto close = line.find(']');
  if (close == std::string_view::npos) return std::nullopt;
  const auto rest = trimmed(line.substr(close + 1));
  const auto name = trimmed(line.substr(1, close - 1));
  if (name.empty() || (!rest.empty() && !is_comment(rest))) return std::nullopt;
  return std::string(name);
}

class reader {
public:
  explicit reader(std::string path) : path_(std::move(path)) {}

  void take(std::string_view line) {
    ++number_;
    line = trimmed(line);
    if (line.empty() || is_comment(line)) return;
    if (line.front() == '[')
      take_section(line);
    else
      take_setting(line);
  }

  settings_file result;

private:
  std::string where() const { return path_ + " line " + std::to_string(number_); }

  // The line itself is not repeated: it may hold a secret.
  void refuse(const std::string& why) { result.errors.push_back(where() + ": " + why); }

  void take_section(std::string_view line) {
    const auto name = section_of(line);
    if (!name) return refuse("expected a section such as [http]");
    section_ = *name;
  }

  void take_setting(std::string_view line) {
    const auto equals = line.find('=');
    const auto key = std::string(trimmed(line.substr(0, equals)));
    if (equals == std::string_view::npos || key.empty())
      return refuse("expected `name = value`, `[section]` or a comment");
    const auto name = section_.empty() ? key : section_ + "." + key;
    const auto value = value_of(trimmed(line.substr(equals + 1)));
    if (!value) return refuse(name + ": the value's quotes don't match, write \"...\" or '...'");
    result.settings.push_back({name, *value, origin::file, where()});
  }

  std::string path_;
  std::string section_;
  std::size_t number_ = 0;
};

} // namespace

settings_file read_settings_file(const std::string& path) {
  reader lines(path);
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  // Reading to the end first: only then does a directory show that it can't be read.
  std::ostringstream whole;
  if (file) whole << file.rdbuf();
  if (!file || (whole.fail() && errno != 0)) {
    lines.result.errors.push_back("--config = \"" + path +
                                  "\": expected a file that can be read: " + std::strerror(errno));
    return lines.result;
  }
  std::string text = whole.str();
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  if (text.compare(0, byte_order_mark.size(), byte_order_mark) == 0)
    text.erase(0, byte_order_mark.size());
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.take(line);
  return lines.result;
}

} // namespace boxoffice::config
