#include "config/log_line.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cstdio>
#include <ctime>

namespace boxoffice::config {
namespace {

constexpr std::size_t longest_text = 2048;

// `2024-07-03T10:00:00.000Z`
std::string rfc3339(std::chrono::system_clock::time_point time) {
  const auto second = std::chrono::floor<std::chrono::seconds>(time);
  const auto rest = std::chrono::duration_cast<std::chrono::milliseconds>(time - second).count();
  const auto seconds = std::chrono::system_clock::to_time_t(second);
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  std::array<char, 32> text{};
  const auto length = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S", &parts);
  std::array<char, 8> fraction{};
  std::snprintf(fraction.data(), fraction.size(), ".%03dZ", static_cast<int>(rest));
  return std::string(text.data(), length) + fraction.data();
}

std::string_view level_name(log_level level) {
  switch (level) {
  case log_level::debug: return "debug";
  case log_level::info: return "info";
  case log_level::warning: return "warning";
  case log_level::error: return "error";
  }
  return "?";
}

std::string_view cut(std::string_view text) { return text.substr(0, longest_text); }

// Valid JSON in valid UTF-8: bytes that are neither become U+FFFD.
template <class Json>
std::string dumped(const Json& value) {
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string quoted(std::string_view text) { return dumped(nlohmann::json(cut(text))); }

// Text as it stands when nothing in it could be mistaken for the end of a value, else quoted.
std::string plain_or_quoted(std::string_view text) {
  const auto is_plain = [](char byte) {
    return byte > ' ' && byte < '\x7F' && byte != '"' && byte != '\\' && byte != '=';
  };
  if (text.empty() || !std::all_of(text.begin(), text.end(), is_plain)) return quoted(text);
  return std::string(cut(text));
}

std::string as_json(std::chrono::system_clock::time_point time, log_level level,
                    std::string_view message, std::initializer_list<log_field> fields) {
  nlohmann::ordered_json line;
  line["time"] = rfc3339(time);
  line["level"] = level_name(level);
  line["message"] = cut(message);
  for (const auto& field : fields) {
    auto value = std::visit(
        [](const auto& held) -> nlohmann::ordered_json {
          if constexpr (std::is_same_v<std::decay_t<decltype(held)>, std::string_view>)
            return cut(held);
          else
            return held;
        },
        field.value());
    line.emplace(std::string(cut(field.name())), std::move(value));
  }
  return dumped(line);
}

std::string as_text(std::chrono::system_clock::time_point time, log_level level,
                    std::string_view message, std::initializer_list<log_field> fields) {
  std::string line = rfc3339(time) + " " + std::string(level_name(level)) + " ";
  // The escapes of a quoted message, without its quotes: sentences read best bare.
  const auto escaped = quoted(message);
  line.append(escaped, 1, escaped.size() - 2);
  for (const auto& field : fields) {
    line += " " + plain_or_quoted(field.name()) + "=";
    std::visit(
        [&](const auto& held) {
          if constexpr (std::is_same_v<std::decay_t<decltype(held)>, std::string_view>)
            line += plain_or_quoted(held);
          else if constexpr (std::is_same_v<std::decay_t<decltype(held)>, bool>)
            line += held ? "true" : "false";
          else
            line += std::to_string(held);
        },
        field.value());
  }
  return line;
}

} // namespace

std::string format_log_line(log_format format, std::chrono::system_clock::time_point time,
                            log_level level, std::string_view message,
                            std::initializer_list<log_field> fields) {
  return format == log_format::json ? as_json(time, level, message, fields)
                                    : as_text(time, level, message, fields);
}

} // namespace boxoffice::config
