#include "http/request_rules.hpp"

#include <algorithm>
#include <array>

namespace boxoffice::http {

namespace {

constexpr std::array<std::string_view, 7> known_methods = {"GET",   "HEAD",   "POST",   "PUT",
                                                           "PATCH", "DELETE", "OPTIONS"};

bool is_known(std::string_view method) {
  return std::find(known_methods.begin(), known_methods.end(), method) != known_methods.end();
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_alphanumeric(char c) {
  return is_digit(c) || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

bool is_token(std::string_view text) {
  constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
    return is_alphanumeric(c) || marks.find(c) != std::string_view::npos;
  });
}

std::string_view trim(std::string_view text) {
  constexpr std::string_view blanks = " \t";
  const auto first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

// Calls use(element) for each element of a comma-separated list that is not empty.
template <class Use>
void for_each_element(std::string_view list, Use use) {
  while (!list.empty()) {
    const auto comma = list.find(',');
    const auto element = trim(list.substr(0, comma));
    if (!element.empty()) use(element);
    list = comma == std::string_view::npos ? std::string_view() : list.substr(comma + 1);
  }
}

// host[:port] by its characters: no user info, no path, nothing that a second parser could read
// otherwise.
bool is_authority(std::string_view text) {
  constexpr std::string_view marks = "-._~%!$&'()*+;=:[]";
  return std::all_of(text.begin(), text.end(), [&](char c) {
    return is_alphanumeric(c) || marks.find(c) != std::string_view::npos;
  });
}

bool starts_ignoring_case(std::string_view text, std::string_view prefix) {
  return text.size() >= prefix.size() && equal_ignoring_case(text.substr(0, prefix.size()), prefix);
}

// "http://host/path?q" becomes "/path?q"; authority is what stood between. False when there is no
// authority.
bool reduce_absolute_form(std::string& target, std::string& authority) {
  const std::size_t scheme = starts_ignoring_case(target, "http://") ? 7 : 8;
  const auto end = std::min(target.find_first_of("/?", scheme), target.size());
  authority = target.substr(scheme, end - scheme);
  if (authority.empty() || !is_authority(authority)) return false;
  target.erase(0, end);
  if (target.empty() || target.front() != '/') target.insert(0, 1, '/');
  return true;
}

refusal check_target(request& head, std::string& authority) {
  if (head.target.find('#') != std::string::npos) return {400, "the request target has a fragment"};
  if (head.target == "*") {
    if (head.method == "OPTIONS") return {};
    return {400, "the request target * is for OPTIONS only"};
  }
  if (starts_ignoring_case(head.target, "http://") ||
      starts_ignoring_case(head.target, "https://")) {
    if (reduce_absolute_form(head.target, authority)) return {};
    return {400, "the request target has no valid host"};
  }
  if (head.target.empty() || head.target.front() != '/')
    return {400, "the request target does not begin with /"};
  return {};
}

// Anything but a lone "chunked" would leave the end of the body to interpretation.
refusal check_transfer_encoding(std::string_view value, int minor) {
  if (minor == 0) return {400, "Transfer-Encoding is not for HTTP/1.0"};
  if (equal_ignoring_case(value, "chunked")) return {};
  std::size_t chunked = 0;
  bool chunked_last = false;
  for_each_element(value, [&](std::string_view coding) {
    chunked_last = equal_ignoring_case(coding, "chunked");
    if (chunked_last) ++chunked;
  });
  if (chunked > 1 || (chunked == 1 && !chunked_last))
    return {400, "Transfer-Encoding does not end in a single chunked"};
  return {501, "only the transfer coding chunked is supported"};
}

refusal check_content_length(std::string_view value) {
  if (value.empty() || !std::all_of(value.begin(), value.end(), is_digit))
    return {400, "Content-Length is not a number"};
  return {};
}

// The fields that frame and route a request, counted while they go by.
struct framing_fields {
  int host = 0, length = 0, transfer_encoding = 0, content_type = 0, queue_token = 0,
      authorization = 0;
  bool close = false, keep_alive = false;
};

refusal check_field(const std::pair<std::string, std::string>& field, int minor,
                    framing_fields& seen, head_facts& facts) {
  const auto& [name, value] = field;
  if (equal_ignoring_case(name, "host")) {
    if (++seen.host > 1) return {400, "more than one Host"};
    if (!is_authority(value)) return {400, "Host is not a host and port"};
  } else if (equal_ignoring_case(name, "content-length")) {
    if (++seen.length > 1) return {400, "more than one Content-Length"};
    return check_content_length(value);
  } else if (equal_ignoring_case(name, "transfer-encoding")) {
    if (++seen.transfer_encoding > 1) return {400, "more than one Transfer-Encoding"};
    facts.chunked = true;
    return check_transfer_encoding(value, minor);
  } else if (equal_ignoring_case(name, "content-type")) {
    if (++seen.content_type > 1) return {400, "more than one Content-Type"};
  } else if (equal_ignoring_case(name, "queue-token")) {
    // Whoever stands in front may have looked at another of them than we would.
    if (++seen.queue_token > 1) return {400, "more than one Queue-Token"};
  } else if (equal_ignoring_case(name, "authorization")) {
    if (++seen.authorization > 1) return {400, "more than one Authorization"};
  } else if (equal_ignoring_case(name, "expect")) {
    if (minor == 0) return {}; // HTTP/1.0 does not know it: ignored, as RFC 9110 says
    if (!equal_ignoring_case(value, "100-continue"))
      return {417, "the only expectation met is 100-continue"};
    facts.expects_continue = true;
  } else if (equal_ignoring_case(name, "connection")) {
    for_each_element(value, [&](std::string_view option) {
      if (equal_ignoring_case(option, "close")) seen.close = true;
      if (equal_ignoring_case(option, "keep-alive")) seen.keep_alive = true;
    });
  }
  return {};
}

void set_host(header_list& headers, std::string&& authority) {
  for (auto& [name, value] : headers)
    if (equal_ignoring_case(name, "host")) {
      value = std::move(authority);
      return;
    }
  headers.emplace_back("Host", std::move(authority));
}

} // namespace

refusal check_request_line(std::string_view line, const limits& bounds) {
  const auto first = line.find(' '), last = line.rfind(' ');
  if (first == std::string_view::npos || first == last)
    return {400, "the request line is not three words"};
  const auto method = line.substr(0, first);
  const auto target = line.substr(first + 1, last - first - 1);
  const auto version = line.substr(last + 1);

  if (!is_token(method)) return {400, "the method is not a token"};
  if (target.empty() || target.find_first_of(" \t") != std::string_view::npos)
    return {400, "the request line is not three words"};
  if (version.size() != 8 || version.substr(0, 5) != "HTTP/" || !is_digit(version[5]) ||
      version[6] != '.' || !is_digit(version[7]))
    return {400, "the HTTP version is malformed"};
  if (version != "HTTP/1.1" && version != "HTTP/1.0")
    return {505, "only HTTP/1.0 and HTTP/1.1 are supported"};
  if (!is_known(method)) return {501, "the method is not known"};
  if (target.size() > bounds.target_bytes) return {414, "the request target is too long"};
  return {};
}

refusal check_head(request& head, int minor, const limits& bounds, head_facts& facts) {
  if (head.headers.size() > bounds.header_fields) return {431, "too many header fields"};
  std::string authority;
  if (auto no = check_target(head, authority)) return no;

  facts = {};
  framing_fields seen;
  for (const auto& field : head.headers)
    if (auto no = check_field(field, minor, seen, facts)) return no;

  if (seen.transfer_encoding > 0 && seen.length > 0)
    return {400, "both Content-Length and Transfer-Encoding"};
  if (seen.host == 0 && minor == 1) return {400, "Host is missing"};
  if (!authority.empty()) set_host(head.headers, std::move(authority));
  facts.keep_alive = !seen.close && (minor == 1 || seen.keep_alive);
  return {};
}

} // namespace boxoffice::http
