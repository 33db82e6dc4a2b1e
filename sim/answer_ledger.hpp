// Writes the answers to keyed requests in the simulator: a number each, behind which stands what
// the answer tells. It outlives the node, as what clients were told does. Private to this room.
#pragma once

#include "actors/environment.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace boxoffice::sim {

class answer_ledger final : public actors::answer_writer {
public:
  domain::written_answer write(const domain::request_key& key, const actors::outcome& what,
                               const domain::catalogue&, domain::time_point) const override {
    told_.push_back(what);
    return {200, std::to_string(told_.size() - 1), "/" + key.route};
  }

  const actors::outcome& behind(const domain::written_answer& answer) const {
    return told_.at(std::stoul(answer.body));
  }

private:
  mutable std::vector<actors::outcome> told_; // everything here happens on one thread
};

} // namespace boxoffice::sim
