// From a path to what answers it. Pistache's segment tree does the matching and nothing else of
// Pistache's router is used: its own front cleans paths with a regular expression that overflows
// the stack on thousands of slashes.
#pragma once

#include "http/call.hpp"

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace boxoffice::http {

using route_handler = std::function<void(call&&)>;

struct route {
  std::string method;  // "GET" answers HEAD too
  std::string pattern; // "/mock/balance/:userId"; with a slash at the end it has no names
  route_handler handle;
};

// All that one path offers.
struct resource {
  std::string pattern;
  std::vector<std::pair<std::string, route_handler>> methods;
  std::string allow; // "GET, HEAD, OPTIONS"

  const route_handler* find(std::string_view method) const;
};

class router {
public:
  explicit router(const std::vector<route>&);
  ~router();

  struct match {
    const resource* found = nullptr;
    std::vector<std::string> parameters; // still percent-encoded, in the pattern's order
  };
  // A path is matched as it stands: "/a/" and "//a" are not "/a". Any thread.
  match find(std::string_view path) const;

  // For "OPTIONS *": what some path or other allows.
  const std::string& allow_anywhere() const { return allow_anywhere_; }

private:
  class tree;

  std::vector<std::unique_ptr<resource>> resources_;
  std::unique_ptr<tree> tree_;
  std::string allow_anywhere_;
};

} // namespace boxoffice::http
