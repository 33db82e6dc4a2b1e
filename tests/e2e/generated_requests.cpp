#include "tests/e2e/generated_requests.hpp"

#include "tests/e2e/route_samples.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace boxoffice::e2e {

namespace {

using members = std::vector<std::pair<std::string, std::string>>;

members read_members(std::string_view fields) {
  members all;
  while (!fields.empty()) {
    const auto end = std::min(fields.find('|'), fields.size());
    const auto equals = fields.find('=');
    all.emplace_back(fields.substr(0, equals), fields.substr(equals + 1, end - equals - 1));
    fields.remove_prefix(std::min(end + 1, fields.size()));
  }
  return all;
}

std::string quoted(const std::string& text) { return '"' + text + '"'; }

std::string object_of(const members& all) {
  std::string body = "{";
  for (const auto& [name, value] : all)
    body += (body.size() > 1 ? "," : "") + quoted(name) + ":" + value;
  return body + "}";
}

std::string percent(unsigned char byte) {
  constexpr const char* digits = "0123456789ABCDEF";
  return {'%', digits[byte >> 4], digits[byte & 15]};
}

} // namespace

request_generator::request_generator(std::uint64_t stream, known_things known)
    : dice_(stream), known_(std::move(known)) {}

std::size_t request_generator::routes() { return std::size(route_samples); }

std::string request_generator::bytes(std::size_t longest) {
  std::string all(static_cast<std::size_t>(dice_.between(0, static_cast<int>(longest))), '\0');
  for (auto& c : all) c = static_cast<char>(dice_.between(0, 255));
  return all;
}

// Of an alphabet in which every letter means something to somebody.
std::string request_generator::text(std::size_t longest) {
  constexpr std::string_view letters = "aZ09_-.@/\\:;,%{}[]()<>'`~!$^&*+=|?# \x7F\xC3\xA9";
  std::string all(static_cast<std::size_t>(dice_.between(0, static_cast<int>(longest))), 'a');
  for (auto& c : all)
    c = letters[static_cast<std::size_t>(dice_.between(0, static_cast<int>(letters.size()) - 1))];
  return all;
}

std::string request_generator::queue_token() {
  if (!known_.queue_tokens.empty() && dice_.one_in(2)) return dice_.pick(known_.queue_tokens);
  static const std::vector<std::string> others = {"00000000-0000-0000-0000-000000000000",
                                                  "ca20bc2a-577b-4055-ab3b-7e197c668b35",
                                                  "ca20bc2a577b4055ab3b7e197c668b35",
                                                  "CA20BC2A-577B-4055-AB3B-7E197C668B3",
                                                  "not-a-token",
                                                  "",
                                                  "ca20bc2a-577b-4055-ab3b-7e197c668b35-"};
  return dice_.one_in(8) ? text(80) : dice_.pick(others);
}

std::string request_generator::right_value(std::string_view name) {
  static const std::vector<std::string> users = {"1", "1001", "spring123", "user1"};
  static const std::vector<std::string> states = {"free", "held", "sold"};
  if (name == "user") return dice_.pick(users);
  if (name == "date") return "2024-07-10";
  if (name == "status") return dice_.pick(states);
  if (name == "token") return dice_.pick(known_.queue_tokens);
  if (name == "other-token") return queue_token(); // to end all that are known ends the sale
  if (name == "last-option") return "6";
  return std::to_string(dice_.between(1, name == "booking" ? 12 : 2));
}

std::string request_generator::path_value(std::string_view name) {
  static const std::vector<std::string> numbers = {"0",
                                                   "-1",
                                                   "007",
                                                   "1.0",
                                                   "1e3",
                                                   "9223372036854775807",
                                                   "9223372036854775808",
                                                   "+1",
                                                   " 1",
                                                   "0x1",
                                                   "99999999999999999999999999",
                                                   "%31",
                                                   "1%00",
                                                   "%zz",
                                                   "%",
                                                   "..",
                                                   "",
                                                   "null"};
  static const std::vector<std::string> users = {
      "1",     "1001",         "spring123", "user1",  "user7", "user42", "nobody", "01",
      "a%20b", "%F0%9F%8E%AB", "..",        "%2e%2e", "a%2Fb", "%00",    "a@b",    "USER1"};
  static const std::vector<std::string> dates = {
      "2024-07-10", "2024-02-30", "0000-00-00", "99999-01-01", "2024-7-1", "today", ""};
  static const std::vector<std::string> states = {"free", "held", "sold", "FREE", "", "all"};
  if (dice_.one_in(20)) return text(300);
  if (dice_.one_in(40)) return std::string(static_cast<std::size_t>(dice_.between(1, 6000)), 'a');
  if (dice_.one_in(20)) {
    std::string escaped;
    for (const char c : bytes(20)) escaped += percent(static_cast<unsigned char>(c));
    return escaped;
  }
  if (name == "user") return dice_.one_in(16) ? std::string(65, 'u') : dice_.pick(users);
  if (name == "date") return dice_.pick(dates);
  if (name == "status") return dice_.pick(states);
  if (name == "token" || name == "other-token") return queue_token();
  if (name == "text") return dice_.one_in(2) ? text(40) : "AAAAAAAAAAAB";
  if (name == "last-option" && dice_.one_in(2)) return "6";
  if (dice_.one_in(3)) return dice_.pick(numbers);
  return std::to_string(dice_.between(1, name == "booking" ? 40 : 8));
}

std::string request_generator::fill(std::string_view pattern) {
  std::string all;
  while (!pattern.empty()) {
    const auto open = std::min(pattern.find('{'), pattern.size());
    all += pattern.substr(0, open);
    pattern.remove_prefix(open);
    if (pattern.empty()) break;
    const auto close = pattern.find('}');
    const auto name = pattern.substr(1, close - 1);
    for (const char c : is_right_ ? right_value(name) : path_value(name))
      // What would end the request line is left to scramble().
      all += c == ' ' || c == '\r' || c == '\n' ? "%20" : std::string(1, c);
    pattern.remove_prefix(close + 1);
  }
  return all;
}

std::string request_generator::hostile_json() {
  switch (dice_.between(0, 9)) {
  case 0: {
    const auto depth = static_cast<std::size_t>(dice_.between(1, 5000));
    return std::string(depth, '[') + (dice_.one_in(2) ? std::string(depth, ']') : "");
  }
  case 1: return quoted(std::string(static_cast<std::size_t>(dice_.between(0, 70000)), 'x'));
  case 2: return std::string(static_cast<std::size_t>(dice_.between(1, 400)), '9');
  case 3: return quoted("\\ud800");
  case 4: return quoted("\xC3\x28\xFF");
  case 5: return quoted(bytes(30));
  case 6: return quoted("\\u0000\\u001f\\n'; DROP TABLE users; --");
  case 7: return "[" + json_value() + "," + json_value() + "]";
  case 8: return "{\"a\":" + json_value() + "}";
  default: return bytes(20);
  }
}

std::string request_generator::json_value() {
  static const std::vector<std::string> values = {"null",
                                                  "true",
                                                  "false",
                                                  "0",
                                                  "-0",
                                                  "1",
                                                  "-1",
                                                  "1.5",
                                                  "0.001",
                                                  "100.001",
                                                  "1e2",
                                                  "1e-2",
                                                  "1e309",
                                                  "-1e309",
                                                  "9223372036854775807",
                                                  "-9223372036854775808",
                                                  "9223372036854775808",
                                                  "18446744073709551616",
                                                  "9007199254740993",
                                                  "01",
                                                  "+1",
                                                  ".5",
                                                  "5.",
                                                  "NaN",
                                                  "Infinity",
                                                  "\"\"",
                                                  "\"1\"",
                                                  "\"A_1\"",
                                                  "\"A_0\"",
                                                  "\"A_1,A_1\"",
                                                  "\"A_99999999999999\"",
                                                  "\"Z_1\"",
                                                  "\"A_1,\"",
                                                  "\"\\u202e\"",
                                                  "\"2024-07-03T25:00:00\"",
                                                  "\"2096-01-01T00:00:00+14:00\"",
                                                  "\"Mars/Phobos\"",
                                                  "[]",
                                                  "{}",
                                                  "[1]",
                                                  "[\"A_1\"]",
                                                  "[null]",
                                                  "[[\"A_1\"]]",
                                                  "[2024,7,5,1,55,10,816342400]"};
  return dice_.one_in(6) ? hostile_json() : dice_.pick(values);
}

void request_generator::mutate_members(members& all) {
  const auto any = [&]() -> std::size_t {
    return static_cast<std::size_t>(dice_.between(0, static_cast<int>(all.size()) - 1));
  };
  const auto at = [&](std::size_t i) { return all.begin() + static_cast<std::ptrdiff_t>(i); };
  switch (dice_.between(0, 5)) {
  case 0:
    if (!all.empty()) all.erase(at(any()));
    break;
  case 1:
    if (!all.empty()) all.insert(all.begin(), all[any()]);
    break;
  case 2: all.emplace_back(dice_.one_in(2) ? "unknown" : "userid", json_value()); break;
  default:
    if (!all.empty()) all[any()].second = json_value();
  }
}

std::string request_generator::body_for(std::string_view fields) {
  auto all = read_members(fields);
  if (is_right_) return all.empty() ? "" : object_of(all);
  if (fields.empty()) return dice_.one_in(10) ? json_value() : "";
  if (dice_.one_in(25)) return json_value();
  for (auto changes = dice_.between(0, 3); changes > 0; --changes) mutate_members(all);
  auto body = object_of(all);
  if (dice_.one_in(12)) body.resize(body.size() / 2);
  if (dice_.one_in(12) && !body.empty())
    dice_.pick(body) = static_cast<char>(dice_.between(0, 255));
  if (dice_.one_in(30)) body += bytes(10);
  return body;
}

void request_generator::add_right_headers(members& headers) {
  headers.emplace_back("Content-Type", "application/json");
  headers.emplace_back("Queue-Token", dice_.pick(known_.queue_tokens));
  if (dice_.one_in(2)) headers.emplace_back("Authorization", "Bearer " + known_.operator_token);
}

void request_generator::add_headers(members& headers, bool& alone) {
  static const std::vector<std::string> types = {"application/json",
                                                 "application/json; charset=utf-8",
                                                 "text/plain",
                                                 "application/jsonx",
                                                 "application/x-www-form-urlencoded",
                                                 "",
                                                 "application/json; charset=latin1",
                                                 "*/*"};
  headers.emplace_back("Content-Type", dice_.one_in(6) ? dice_.pick(types) : types.front());
  if (!dice_.one_in(3)) headers.emplace_back("Queue-Token", queue_token());
  if (dice_.one_in(4))
    headers.emplace_back("Authorization",
                         dice_.one_in(2) ? "Bearer " + known_.operator_token : text(60));
  if (dice_.one_in(4))
    headers.emplace_back("Idempotency-Key", dice_.one_in(2)
                                                ? "key-" + std::to_string(dice_.between(1, 50))
                                                : text(300));
  static const std::vector<std::string> names = {"If-None-Match",
                                                 "Last-Event-ID",
                                                 "traceparent",
                                                 "tracestate",
                                                 "Origin",
                                                 "X-Forwarded-For",
                                                 "Access-Control-Request-Method",
                                                 "Accept",
                                                 "Cookie",
                                                 "Range",
                                                 "X-Anything",
                                                 "Forwarded"};
  for (auto more = dice_.between(0, 2); more > 0; --more)
    headers.emplace_back(dice_.pick(names), text(100));
  if (dice_.one_in(40)) // a field twice
    headers.push_back(dice_.pick(headers));
  if (dice_.one_in(60))
    for (int i = 0; i < 150; ++i) headers.emplace_back("X-" + std::to_string(i), "x");
  if (dice_.one_in(60)) headers.emplace_back("X-Long", std::string(20000, 'x'));
  static const members framing = {{"Content-Length", "5"},
                                  {"Content-Length", "-1"},
                                  {"Content-Length", "1e9"},
                                  {"Transfer-Encoding", "chunked"},
                                  {"Transfer-Encoding", "gzip"},
                                  {"Expect", "100-continue"},
                                  {"Expect", "more"},
                                  {"Connection", "close"},
                                  {"Connection", "Upgrade"},
                                  {"Upgrade", "h2c"},
                                  {"Host", "another.example"}};
  if (dice_.one_in(15)) {
    headers.push_back(dice_.pick(framing));
    alone = true;
  }
}

void request_generator::scramble(std::string& whole) {
  for (auto changes = dice_.between(1, 4); changes > 0 && !whole.empty(); --changes) {
    const auto at = static_cast<std::size_t>(dice_.between(0, static_cast<int>(whole.size()) - 1));
    const auto length = static_cast<std::size_t>(dice_.between(1, 20));
    switch (dice_.between(0, 4)) {
    case 0: whole[at] = static_cast<char>(dice_.between(0, 255)); break;
    case 1: whole.erase(at, length); break;
    case 2: whole.insert(at, whole.substr(at, length)); break;
    case 3: whole.insert(at, dice_.one_in(2) ? "\r\n" : std::string(1, '\0')); break;
    default: whole.resize(at); break;
    }
  }
}

generated_request request_generator::next() {
  static const std::vector<std::string> methods = {"GET",  "POST",  "PUT",     "PATCH",   "DELETE",
                                                   "HEAD", "TRACE", "CONNECT", "OPTIONS", "BREW"};
  generated_request made;
  made.route = static_cast<std::size_t>(dice_.between(0, static_cast<int>(routes()) - 1));
  const auto& sample = route_samples[made.route];
  is_right_ = !known_.queue_tokens.empty() && dice_.one_in(4);
  made.method = !is_right_ && dice_.one_in(20) ? dice_.pick(methods) : sample.method;
  auto target = fill(sample.address);
  if (!is_right_) {
    if (dice_.one_in(25)) target += "/";
    if (dice_.one_in(40)) target.insert(0, "/");
    if (dice_.one_in(40)) target += "?" + fill("{text}={text}");
  }
  const auto body = body_for(sample.body);
  members headers;
  if (is_right_)
    add_right_headers(headers);
  else
    add_headers(headers, made.alone);

  made.bytes = made.method + " " + target + " HTTP/1.1\r\nHost: test\r\n";
  for (const auto& [name, value] : headers) made.bytes += name + ": " + value + "\r\n";
  if (!body.empty()) made.bytes += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  made.bytes += "\r\n" + body;
  if (!is_right_ && dice_.one_in(10)) {
    scramble(made.bytes);
    made.alone = true;
  }
  return made;
}

} // namespace boxoffice::e2e
