#include "http/uri.hpp"

#include <algorithm>

namespace boxoffice::http {

namespace {

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// The byte that the escape at the front of `text` stands for.
std::optional<char> read_escape(std::string_view text) {
  if (text.size() < 3 || text[0] != '%') return std::nullopt;
  const int high = hex_value(text[1]), low = hex_value(text[2]);
  if (high < 0 || low < 0) return std::nullopt;
  return static_cast<char>(high * 16 + low);
}

bool is_unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '.' || c == '_' || c == '~';
}

std::optional<std::string> decode_form(std::string_view text) {
  std::string blanks(text);
  std::replace(blanks.begin(), blanks.end(), '+', ' ');
  return percent_decode(blanks);
}

} // namespace

std::optional<std::string> percent_decode(std::string_view text) {
  std::string plain;
  plain.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      plain += text[i];
      continue;
    }
    const auto c = read_escape(text.substr(i));
    if (!c) return std::nullopt;
    plain += *c;
    i += 2;
  }
  return plain;
}

std::string plain_path(std::string_view path) {
  std::string plain;
  plain.reserve(path.size());
  for (std::size_t i = 0; i < path.size(); ++i) {
    const auto c = path[i] == '%' ? read_escape(path.substr(i)) : std::nullopt;
    if (c && is_unreserved(*c)) {
      plain += *c;
      i += 2;
    } else {
      plain += path[i];
    }
  }
  return plain;
}

const std::string* query_parameters::find(std::string_view name) const {
  for (const auto& [key, value] : values_)
    if (key == name) return &value;
  return nullptr;
}

domain::result<query_parameters> query_parameters::parse(std::string_view query) {
  query_parameters parameters;
  while (!query.empty()) {
    const auto pair = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(query.size(), pair.size() + 1));
    if (pair.empty()) continue;

    const auto equals = std::min(pair.find('='), pair.size());
    auto name = decode_form(pair.substr(0, equals));
    auto value = decode_form(pair.substr(std::min(pair.size(), equals + 1)));
    if (!name || !value)
      return domain::reject(domain::error_code::invalid_request,
                            "A '%' in the query is not followed by two hexadecimal digits.");
    if (parameters.find(*name))
      return domain::reject(domain::error_code::invalid_request,
                            "A parameter of the query is given twice.");
    parameters.values_.emplace_back(*std::move(name), *std::move(value));
  }
  return parameters;
}

} // namespace boxoffice::http
