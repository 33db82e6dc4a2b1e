// The caretaker: forgets what is past, by the rules in actors/domain/retention.hpp.
//
// It has nothing of its own in the store, and is in memory only while it cleans up: the directory
// sends for it now and then. It reads a part of the past, forgets what may go, and takes the next
// part a moment after that is durable, so that others have their commits in between.
#pragma once

#include "actors/entity.hpp"

namespace boxoffice::actors {

class caretaker_entity : public letter_handler<caretaker_entity> {
public:
  caretaker_entity(node& n, entity_exits& exits) : letter_handler(the_caretaker(), n, exits) {}

  bool busy() const override { return cleans_up_; }

  void on(clean_up&);
  void on(past_found&);

protected:
  void on_durable() override;
  void on_timer() override;

private:
  void look_back() { exits().look_back(next_); }

  bool cleans_up_ = false;
  domain::time_point begun_at_;
  domain::past_bounds next_;
  domain::held_back held_back_;
};

} // namespace boxoffice::actors
