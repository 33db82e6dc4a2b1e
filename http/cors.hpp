// Which pages of other origins may call from a browser (the Fetch standard's CORS protocol).
// Cookies play no part here: who calls is shown by Authorization, which a page has to know.
#pragma once

#include "http/message.hpp"

#include <string>
#include <utility>
#include <vector>

namespace boxoffice::http {

// Any thread.
class cors {
public:
  // Origins as browsers send them: "https://tickets.example". None: no page may.
  explicit cors(std::vector<std::string> origins) : origins_(std::move(origins)) {}

  // Adds what every answer to this request is to say to the browser; nothing for an origin that may
  // not call, which is how the browser knows.
  void add_fields(const request&, header_list& also) const;
  // And what the answer to a browser that asks beforehand says, where `allowed` are the methods of
  // the address ("GET, HEAD, OPTIONS").
  void add_preflight_fields(const request&, const std::string& allowed, header_list& also) const;

private:
  // nullptr: the request comes from no such page.
  const std::string* allowed_origin(const request&) const;

  const std::vector<std::string> origins_;
};

} // namespace boxoffice::http
