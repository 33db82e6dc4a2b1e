#include "http/v1_request.hpp"

#include "http/uri.hpp"

#include <charconv>
#include <utility>

namespace boxoffice::http {

namespace {

std::optional<std::int64_t> parse_positive(const std::string& text) {
  if (text.empty() || text.front() < '0' || text.front() > '9') return std::nullopt;
  std::int64_t value = 0;
  const auto end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || stop != end || value < 1) return std::nullopt;
  return value;
}

domain::rejection bad_parameter(std::string detail) {
  return domain::reject(domain::error_code::invalid_request, std::move(detail));
}

} // namespace

domain::result<body_fields> read_v1_body(const call& c) {
  if (!c.asked.header("Content-Type"))
    return domain::reject(domain::error_code::unsupported_media_type,
                          "A body needs the header Content-Type: application/json.");
  auto body = read_body(c.asked);
  if (auto* fields = std::get_if<body_fields>(&body)) fields->refuse_unknown();
  return body;
}

domain::result<body_fields> read_optional_v1_body(const call& c) {
  if (c.asked.body.empty()) return body_fields(json_object{});
  return read_v1_body(c);
}

domain::result<std::int64_t> read_path_number(const call& c, std::size_t index) {
  if (const auto number = parse_positive(c.parameters.at(index))) return *number;
  return bad_parameter("An id in the address is an integer from 1 to 9223372036854775807.");
}

domain::result<domain::user_id> read_path_user(const call& c) {
  const auto& text = c.parameters.at(0);
  if (domain::is_valid_user_id(text)) return domain::user_id{text};
  return bad_parameter("A user id is 1 to 64 letters, digits and -_.@.");
}

domain::result<domain::user_id> read_own_user(const call& c, const access& who_may) {
  auto user = read_path_user(c);
  if (const auto* id = std::get_if<domain::user_id>(&user))
    if (auto no = who_may.require_user(c, *id)) return *std::move(no);
  return user;
}

domain::result<domain::page_bounds> read_page(const call& c, list_kind kind) {
  auto query = query_parameters::parse(c.asked.query());
  if (auto* refusal = std::get_if<domain::rejection>(&query)) return std::move(*refusal);
  const auto& given = std::get<query_parameters>(query);
  domain::page_bounds page;
  page.limit = default_page;
  if (const auto* text = given.find("limit")) {
    const auto limit = parse_positive(*text);
    if (!limit || *limit > static_cast<std::int64_t>(max_page))
      return bad_parameter("The parameter limit is an integer from 1 to " +
                           std::to_string(max_page) + ".");
    page.limit = static_cast<std::size_t>(*limit);
  }
  if (const auto* text = given.find("cursor")) {
    page.before = read_cursor(kind, *text);
    if (!page.before)
      return bad_parameter("The parameter cursor is the nextCursor of an earlier page of this "
                           "list.");
  }
  return page;
}

} // namespace boxoffice::http
