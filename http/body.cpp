#include "http/body.hpp"

#include "actors/domain/text.hpp"
#include "actors/domain/time.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

namespace boxoffice::http {

namespace {

std::string_view trim(std::string_view text) {
  constexpr std::string_view blanks = " \t";
  const auto first = text.find_first_not_of(blanks);
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

std::string_view unquote(std::string_view text) {
  const bool quoted = text.size() >= 2 && text.front() == '"' && text.back() == '"';
  return quoted ? text.substr(1, text.size() - 2) : text;
}

// Whether a parameter of a media type, "charset=utf-8", leaves the body UTF-8.
bool keeps_utf8(std::string_view parameter) {
  const auto equals = parameter.find('=');
  if (equals == parameter.npos) return trim(parameter).empty();
  if (!equal_ignoring_case(trim(parameter.substr(0, equals)), "charset")) return true;
  return equal_ignoring_case(unquote(trim(parameter.substr(equals + 1))), "utf-8");
}

bool is_json(std::string_view content_type) {
  auto end = std::min(content_type.find(';'), content_type.size());
  if (!equal_ignoring_case(trim(content_type.substr(0, end)), "application/json")) return false;
  while (end < content_type.size()) {
    content_type.remove_prefix(end + 1);
    end = std::min(content_type.find(';'), content_type.size());
    if (!keeps_utf8(content_type.substr(0, end))) return false;
  }
  return true;
}

std::optional<domain::rejection> check_media_type(const request& asked) {
  const auto refuse = [](std::string detail) {
    return domain::reject(domain::error_code::unsupported_media_type, std::move(detail));
  };
  if (const auto* type = asked.header("Content-Type"); type && !is_json(*type))
    return refuse("The body must be application/json in UTF-8.");
  if (const auto* coding = asked.header("Content-Encoding");
      coding && !equal_ignoring_case(trim(*coding), "identity"))
    return refuse("The body must not be compressed.");
  return std::nullopt;
}

bool has_control_character(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
}

struct range {
  std::int64_t lowest, highest;
};
constexpr std::array<range, 7> date_time_parts{
    {{0, 9999}, {1, 12}, {1, 31}, {0, 23}, {0, 59}, {0, 59}, {0, 999'999'999}}};
constexpr std::size_t fewest_date_time_parts = 5; // Jackson leaves out zeros at the end

bool is_date_time_array(const json_value& value) {
  if (value.length < fewest_date_time_parts || value.length > date_time_parts.size()) return false;
  for (std::size_t i = 0; i < value.length; ++i) {
    const auto& part = value.items[i];
    const auto [lowest, highest] = date_time_parts[i];
    if (part.kind != json_kind::integer || part.integer < lowest || part.integer > highest)
      return false;
  }
  const domain::calendar_date date{static_cast<int>(value.items[0].integer),
                                   static_cast<int>(value.items[1].integer),
                                   static_cast<int>(value.items[2].integer)};
  return domain::parse_date(domain::to_string(date)).has_value(); // whether the day exists
}

} // namespace

void body_fields::fault(std::string_view name, std::string detail) {
  faults_.push_back({'/' + std::string(name), std::move(detail)});
}

const json_value* body_fields::find(std::string_view name) {
  if (refuse_unknown_) read_.emplace_back(name);
  const auto* value = object_.find(name);
  return value && value->kind != json_kind::null ? value : nullptr;
}

const json_value* body_fields::require(std::string_view name) {
  const auto* value = find(name);
  if (!value) fault(name, "This field is required.");
  return value;
}

std::int64_t body_fields::positive(const json_value* value, std::string_view name) {
  if (value && (value->kind != json_kind::integer || value->integer < 1)) {
    fault(name, "An id is an integer from 1 to 9223372036854775807.");
    return 0;
  }
  return value ? value->integer : 0;
}

domain::user_id body_fields::user(std::string_view name) {
  const auto* value = require(name);
  if (!value) return {};
  const bool named = value->kind == json_kind::string && domain::is_valid_user_id(value->text);
  const bool numbered = value->kind == json_kind::integer && value->integer >= 0;
  if (named || numbered) return {value->text};
  fault(name, "A user id is 1 to 64 letters, digits and -_.@, or an integer from 0.");
  return {};
}

domain::user_id body_fields::v1_user(std::string_view name) {
  if (!require(name)) return {};
  return optional_v1_user(name).value_or(domain::user_id{});
}

std::optional<domain::user_id> body_fields::optional_v1_user(std::string_view name) {
  const auto* value = find(name);
  if (!value) return std::nullopt;
  if (value->kind == json_kind::string && domain::is_valid_user_id(value->text))
    return domain::user_id{value->text};
  fault(name, "A user id is a string of 1 to 64 letters, digits and -_.@.");
  return std::nullopt;
}

domain::money body_fields::whole_minor(const json_value* value, std::string_view name,
                                       bool negative_too) {
  if (!value) return {};
  const auto lowest = negative_too ? -domain::max_money.minor : std::int64_t{1};
  if (value->kind == json_kind::integer && value->integer != 0 && value->integer >= lowest &&
      value->integer <= domain::max_money.minor)
    return domain::money{value->integer};
  fault(name, std::string("An amount is an integer of minor units, ") +
                  (negative_too ? "not 0" : "above 0") + " and at most " +
                  std::to_string(domain::max_money.minor) + ".");
  return {};
}

domain::money body_fields::minor_amount(std::string_view name) {
  return whole_minor(require(name), name, false);
}

domain::money body_fields::signed_minor_amount(std::string_view name) {
  return whole_minor(require(name), name, true);
}

domain::money body_fields::amount(std::string_view name) {
  const auto* value = require(name);
  if (!value) return {};
  if (value->kind != json_kind::integer && value->kind != json_kind::number) {
    fault(name, "An amount is a JSON number.");
    return {};
  }
  const auto amount = domain::parse_points(value->text);
  if (!amount)
    fault(name, "An amount has at most two decimals and is at most " +
                    domain::to_points(domain::max_money) + " points.");
  else if (*amount <= domain::money{0})
    fault(name, "An amount is above 0.");
  else
    return *amount;
  return {};
}

std::vector<domain::seat_name> body_fields::seats(std::string_view name, std::size_t max_seats) {
  const auto* value = require(name);
  if (!value) return {};
  if (value->kind != json_kind::string) {
    fault(name, "Seats are written as a string, like \"A_10,A_11\".");
    return {};
  }
  auto names = domain::parse_seat_names(value->text, max_seats, '/' + std::string(name));
  if (const auto* refusal = domain::refused(names)) {
    faults_.insert(faults_.end(), refusal->faults.begin(), refusal->faults.end());
    return {};
  }
  return std::get<0>(std::move(names));
}

std::string body_fields::words(std::string_view name, std::size_t max_characters) {
  const auto* value = require(name);
  if (!value) return {};
  if (value->kind == json_kind::string && !value->text.empty() &&
      domain::count_characters(value->text) <= max_characters &&
      !has_control_character(value->text))
    return value->text;
  fault(name, "This is a string of 1 to " + std::to_string(max_characters) +
                  " characters, without control characters.");
  return {};
}

std::optional<std::string> body_fields::optional_words(std::string_view name,
                                                       std::size_t max_characters) {
  if (!find(name)) return std::nullopt;
  return words(name, max_characters);
}

bool body_fields::has(std::string_view name) {
  find(name);
  return object_.find(name) != nullptr;
}

std::optional<std::int32_t> body_fields::optional_small_integer(std::string_view name) {
  using limits = std::numeric_limits<std::int32_t>;
  const auto* value = find(name);
  if (!value) return std::nullopt;
  if (value->kind == json_kind::integer && value->integer >= limits::min() &&
      value->integer <= limits::max())
    return static_cast<std::int32_t>(value->integer);
  fault(name, "This is an integer of 32 bits.");
  return std::nullopt;
}

void body_fields::optional_integer(std::string_view name) {
  const auto* value = find(name);
  if (value && value->kind != json_kind::integer) fault(name, "This is an integer of 64 bits.");
}

void body_fields::optional_time(std::string_view name) {
  const auto* value = find(name);
  if (!value) return;
  const bool valid = value->kind == json_kind::string
                         ? domain::parse_iso_time(value->text).has_value()
                         : value->kind == json_kind::array && is_date_time_array(*value);
  if (!valid) fault(name, "A date-time is written as in ISO 8601, like 2024-07-03T10:00:00.");
}

std::optional<domain::rejection> body_fields::faults() const {
  auto all = domain::reject(domain::error_code::invalid_request, "The request body is not valid.");
  all.faults = faults_;
  if (refuse_unknown_)
    object_.each_name([&](const std::string& name) {
      if (std::find(read_.begin(), read_.end(), name) == read_.end())
        all.faults.push_back({json_pointer(name), "There is no such field here."});
    });
  if (all.faults.empty()) return std::nullopt;
  return all;
}

domain::result<body_fields> read_body(const request& asked) {
  if (auto refusal = check_media_type(asked)) return *std::move(refusal);
  auto object = read_json_object(asked.body);
  if (auto* refusal = std::get_if<domain::rejection>(&object)) return std::move(*refusal);
  return body_fields(std::get<json_object>(std::move(object)));
}

} // namespace boxoffice::http
