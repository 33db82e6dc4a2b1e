// Requests as nobody sensible sends them: to every address of the service, with some of each one's
// parts replaced, doubled, cut or scrambled; one in four is right, so that there is a state to
// harm. All of it comes from one seed.
#pragma once

#include "tests/e2e/support.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace boxoffice::e2e {

struct generated_request {
  std::string method;    // as meant; in `bytes` it may have been scrambled
  std::size_t route = 0; // below request_generator::routes()
  std::string bytes;     // the whole request
  // Nobody can say where it ends, or who closes: it needs a connection of its own.
  bool alone = false;
};

class request_generator {
public:
  // What is right somewhere: an operator's token, and queue tokens of users.
  struct known_things {
    std::string operator_token;
    std::vector<std::string> queue_tokens;
  };

  request_generator(std::uint64_t stream, known_things known);

  generated_request next();

  // How many routes there are.
  static std::size_t routes();

private:
  std::string fill(std::string_view pattern);
  std::string path_value(std::string_view name);
  std::string right_value(std::string_view name);
  std::string json_value();
  std::string hostile_json();
  std::string text(std::size_t longest);
  std::string bytes(std::size_t longest);
  std::string body_for(std::string_view fields);
  void mutate_members(std::vector<std::pair<std::string, std::string>>& members);
  std::string queue_token();
  void add_headers(std::vector<std::pair<std::string, std::string>>& headers, bool& alone);
  void add_right_headers(std::vector<std::pair<std::string, std::string>>& headers);
  void scramble(std::string& whole);

  dice dice_;
  const known_things known_;
  bool is_right_ = false; // the request that is being made
};

} // namespace boxoffice::e2e
