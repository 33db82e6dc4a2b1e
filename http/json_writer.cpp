#include "http/json_writer.hpp"

#include <charconv>

namespace boxoffice::http {

namespace {

using byte = unsigned char;

// The length of the well-formed UTF-8 sequence at the front of `text`, 0 when there is none
// (Unicode 15, table 3-7: no overlong forms, no surrogates, nothing above U+10FFFF).
std::size_t sequence_length(std::string_view text) {
  const auto at = [text](std::size_t i) { return i < text.size() ? byte(text[i]) : byte{0}; };
  const auto follows = [at](std::size_t i) { return (at(i) & 0xC0) == 0x80; };
  const byte first = at(0), second = at(1);
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF) return follows(1) ? 2 : 0;
  if (first >= 0xE0 && first <= 0xEF) {
    if ((first == 0xE0 && second < 0xA0) || (first == 0xED && second > 0x9F)) return 0;
    return follows(1) && follows(2) ? 3 : 0;
  }
  if (first >= 0xF0 && first <= 0xF4) {
    if ((first == 0xF0 && second < 0x90) || (first == 0xF4 && second > 0x8F)) return 0;
    return follows(1) && follows(2) && follows(3) ? 4 : 0;
  }
  return 0;
}

bool is_plain(char c) { return byte(c) >= 0x20 && byte(c) < 0x80 && c != '"' && c != '\\'; }

void append_escape(std::string& out, char c) {
  constexpr std::string_view hex = "0123456789abcdef";
  switch (c) {
  case '"': out += "\\\""; return;
  case '\\': out += "\\\\"; return;
  case '\n': out += "\\n"; return;
  case '\r': out += "\\r"; return;
  case '\t': out += "\\t"; return;
  default:
    out += "\\u00";
    out += hex[byte(c) >> 4];
    out += hex[byte(c) & 0xF];
  }
}

} // namespace

void json_writer::separate() {
  if (comma_due_) out_ += ',';
  comma_due_ = true;
}

void json_writer::open(char bracket) {
  separate();
  out_ += bracket;
  comma_due_ = false;
}

void json_writer::close(char bracket) {
  out_ += bracket;
  comma_due_ = true;
}

void json_writer::key(std::string_view name) {
  separate();
  out_ += '"';
  out_ += name;
  out_ += "\":";
  comma_due_ = false;
}

void json_writer::string(std::string_view text) {
  separate();
  out_ += '"';
  while (!text.empty()) {
    std::size_t plain = 0;
    while (plain < text.size() && is_plain(text[plain])) ++plain;
    out_ += text.substr(0, plain);
    text.remove_prefix(plain);
    if (text.empty()) break;

    const auto length = sequence_length(text);
    if (length == 1)
      append_escape(out_, text.front());
    else if (length == 0)
      out_ += "\xEF\xBF\xBD"; // U+FFFD
    else
      out_ += text.substr(0, length);
    text.remove_prefix(length == 0 ? 1 : length);
  }
  out_ += '"';
}

void json_writer::integer(std::int64_t value) {
  separate();
  char digits[24];
  const auto [end, error] = std::to_chars(digits, digits + sizeof digits, value);
  static_cast<void>(error); // 24 characters hold any int64
  out_.append(digits, end);
}

void json_writer::boolean(bool value) { raw(value ? "true" : "false"); }

void json_writer::points(domain::money amount) { raw(domain::to_points(amount)); }

void json_writer::date_time(domain::time_point t) {
  const auto c = domain::to_calendar(t);
  begin_array();
  for (const int part :
       {c.date.year, c.date.month, c.date.day, c.hour, c.minute, c.second, c.nanosecond})
    integer(part);
  end_array();
}

void json_writer::raw(std::string_view json) {
  separate();
  out_ += json;
}

} // namespace boxoffice::http
