// Percent-encoding and query strings (RFC 3986).
#pragma once

#include "actors/domain/error.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace boxoffice::http {

// Nothing when a '%' is not followed by two hexadecimal digits.
std::optional<std::string> percent_decode(std::string_view);

// A path in which what never needed encoding stands plain: "%71ueue" and "queue" name the same
// resource. All other escapes stay, so that a "%2F" does not become a separator.
std::string plain_path(std::string_view);

// The parameters of a query, decoded ('+' is a blank).
class query_parameters {
public:
  // nullptr when there is none.
  const std::string* find(std::string_view name) const;

  // INVALID_REQUEST when the encoding is broken or a name comes twice.
  static domain::result<query_parameters> parse(std::string_view query);

private:
  std::vector<std::pair<std::string, std::string>> values_;
};

} // namespace boxoffice::http
