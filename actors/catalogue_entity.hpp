// The catalogue: what is on offer; rules in actors/domain/catalogue.hpp. It changes rarely; readers
// take the published snapshot.
#pragma once

#include "actors/entity.hpp"

#include <deque>

namespace boxoffice::actors {

class catalogue_entity : public letter_handler<catalogue_entity> {
public:
  // `drafts`: what is to be gone on with.
  catalogue_entity(option_drafts drafts, node& n, entity_exits& exits);

  void start() override;
  void on_timer() override;
  bool busy() const override { return !waiting_.empty() || !works_.empty(); }
  void abandon() override;

  void on(stock_demo&);
  void on(add_concert&);
  void on(add_option&);

protected:
  void on_durable() override;

private:
  // A performance in the making.
  struct work {
    domain::option_draft draft;
    bool drafted = false;             // the store knows of it
    std::optional<request_id> client; // nobody waits for what an earlier life began
    domain::request_key_ptr key;      // whose detail is the performance's id
  };

  void stock(request_id);
  void lay_next();
  void rest();
  void finish(work&, domain::events);

  // It decides on the published snapshot, so it must not decide twice before the first is durable.
  std::vector<request_id> waiting_;
  // One after another, and each a step a commit, with a pause behind it, so that other sales have
  // their commits in between.
  std::deque<work> works_;
  bool step_under_way_ = false; // and perhaps not durable yet
  bool resting_ = false;        // until the timer
};

} // namespace boxoffice::actors
