// One request on its way through the API.
#pragma once

#include "actors/domain/error.hpp"
#include "http/access.hpp"
#include "http/answer.hpp"
#include "http/message.hpp"
#include "http/problem.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace boxoffice::http {

struct call {
  request asked;
  exchange reply;
  answer_context context;
  std::vector<std::string> parameters; // of the path, decoded
  caller who;                          // nobody on a public call
  std::string_view pattern;            // of the route: "/mock/balance/:userId"; outlives the call

  void answer(response r) const { reply.send(std::move(r)); }
  void refuse(const domain::rejection& why) const { reply.send(problem(context, why)); }
};

} // namespace boxoffice::http
