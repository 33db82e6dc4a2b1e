#include "http/v1_documents.hpp"

namespace boxoffice::http {

namespace {

void append_digits(std::string& out, int value, std::size_t width) {
  const auto digits = std::to_string(value);
  if (digits.size() < width) out.append(width - digits.size(), '0');
  out += digits;
}

} // namespace

std::string to_rfc3339(domain::time_point t) {
  const auto c = domain::to_calendar(t);
  auto text = domain::to_string(c.date) + 'T';
  append_digits(text, c.hour, 2);
  text += ':';
  append_digits(text, c.minute, 2);
  text += ':';
  append_digits(text, c.second, 2);
  if (const int micros = c.nanosecond / 1000; micros != 0) {
    text += '.';
    append_digits(text, micros, 6);
    text.erase(text.find_last_not_of('0') + 1);
  }
  return text + 'Z';
}

void write_time(json_writer& out, domain::time_point t) { out.string(to_rfc3339(t)); }

void write_time(json_writer& out, const std::optional<domain::time_point>& t) {
  if (t)
    write_time(out, *t);
  else
    write_null(out);
}

void write_minor(json_writer& out, domain::money amount) { out.integer(amount.minor); }

void write_v1_user_id(json_writer& out, const domain::user_id& user) { out.string(user.value); }

void write_null(json_writer& out) { out.raw("null"); }

} // namespace boxoffice::http
