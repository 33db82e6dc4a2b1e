#include "http/response_head.hpp"

#include <algorithm>
#include <charconv>

namespace boxoffice::http {

namespace {

// Fields the transport sets itself; two of them could frame the answer in two ways.
bool is_ours(std::string_view name) {
  return equal_ignoring_case(name, "content-length") ||
         equal_ignoring_case(name, "transfer-encoding") ||
         equal_ignoring_case(name, "connection") || equal_ignoring_case(name, "date");
}

void append_number(std::string& out, std::size_t number) {
  char digits[20];
  const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
  out.append(digits, end);
}

} // namespace

std::string_view reason_phrase(int status) {
  switch (status) {
  case 200: return "OK";
  case 201: return "Created";
  case 202: return "Accepted";
  case 204: return "No Content";
  case 206: return "Partial Content";
  case 301: return "Moved Permanently";
  case 302: return "Found";
  case 303: return "See Other";
  case 304: return "Not Modified";
  case 307: return "Temporary Redirect";
  case 308: return "Permanent Redirect";
  case 400: return "Bad Request";
  case 401: return "Unauthorized";
  case 402: return "Payment Required";
  case 403: return "Forbidden";
  case 404: return "Not Found";
  case 405: return "Method Not Allowed";
  case 406: return "Not Acceptable";
  case 408: return "Request Timeout";
  case 409: return "Conflict";
  case 410: return "Gone";
  case 412: return "Precondition Failed";
  case 413: return "Content Too Large";
  case 414: return "URI Too Long";
  case 415: return "Unsupported Media Type";
  case 417: return "Expectation Failed";
  case 422: return "Unprocessable Content";
  case 428: return "Precondition Required";
  case 429: return "Too Many Requests";
  case 431: return "Request Header Fields Too Large";
  case 500: return "Internal Server Error";
  case 501: return "Not Implemented";
  case 502: return "Bad Gateway";
  case 503: return "Service Unavailable";
  case 504: return "Gateway Timeout";
  case 505: return "HTTP Version Not Supported";
  default: return "Unknown";
  }
}

bool is_sendable(const response& answer) {
  constexpr std::string_view line_breakers("\r\n\0", 3);
  constexpr std::string_view not_in_names("\r\n\0: \t", 6);
  return answer.status >= 200 && answer.status <= 599 &&
         std::all_of(answer.headers.begin(), answer.headers.end(), [&](const auto& field) {
           return !field.first.empty() &&
                  field.first.find_first_of(not_in_names) == std::string::npos &&
                  field.second.find_first_of(line_breakers) == std::string::npos;
         });
}

bool may_have_body(int status) { return status != 204 && status != 304; }

namespace {

// Status line, Date and the handler's fields.
std::string begin_head(const response& answer, std::string_view date, std::size_t extra_capacity) {
  std::size_t size = 160 + extra_capacity;
  for (const auto& [name, value] : answer.headers) size += name.size() + value.size() + 4;
  std::string out;
  out.reserve(size);

  out += "HTTP/1.1 ";
  append_number(out, static_cast<std::size_t>(answer.status));
  out += ' ';
  out += reason_phrase(answer.status);
  out += "\r\nDate: ";
  out += date;
  for (const auto& [name, value] : answer.headers) {
    if (is_ours(name)) continue;
    out += "\r\n";
    out += name;
    out += ": ";
    out += value;
  }
  return out;
}

void end_head(std::string& out, after_answer then) {
  if (then == after_answer::close) out += "\r\nConnection: close";
  if (then == after_answer::keep_http_1_0) out += "\r\nConnection: keep-alive";
  out += "\r\n\r\n";
}

} // namespace

std::string render_head(const response& answer, std::size_t body_bytes, after_answer then,
                        std::string_view date, std::size_t extra_capacity) {
  auto out = begin_head(answer, date, extra_capacity);
  if (may_have_body(answer.status)) {
    out += "\r\nContent-Length: ";
    append_number(out, body_bytes);
  }
  end_head(out, then);
  return out;
}

std::string render_stream_head(const response& answer, bool chunked, after_answer then,
                               std::string_view date) {
  auto out = begin_head(answer, date, 0);
  if (chunked) out += "\r\nTransfer-Encoding: chunked";
  end_head(out, then);
  return out;
}

std::string_view date_text::now() {
  const auto second = std::time(nullptr);
  if (second != second_ || text_.empty()) {
    second_ = second;
    std::tm parts{};
    ::gmtime_r(&second, &parts);
    char text[64];
    text_.assign(text, std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &parts));
  }
  return text_;
}

} // namespace boxoffice::http
