// A concert's queue: rules in actors/domain/queue.hpp. Whatever needs a token passes by here.
#pragma once

#include "actors/entity.hpp"

#include <unordered_map>

namespace boxoffice::actors {

class queue_entity : public letter_handler<queue_entity> {
public:
  queue_entity(std::shared_ptr<domain::queue> loaded, node& n, entity_exits& exits)
      : letter_handler(ref(loaded->concert()), n, exits), queue_(std::move(loaded)) {}

  void start() override { advance(); }
  void on_timer() override;
  bool busy() const override;
  void abandon() override;

  void on(join_queue&);
  void on(owner_described&);
  void on(admit_booking&);
  void on(admit_payment&);
  void on(token_traced&);
  void on(release_tokens&);

private:
  void advance();
  void let_in(join_queue&);
  void arm_timer();
  domain::token_view view_of(const domain::token&) const;
  void pass_on(asked<pay_booking>&);

  std::shared_ptr<domain::queue> queue_;
  std::optional<domain::time_point> armed_for_;
  std::uint64_t last_correlation_ = 0;
  std::unordered_map<std::uint64_t, join_queue> joining_;    // until the user is known to exist
  std::unordered_map<std::uint64_t, admit_payment> tracing_; // until the token's owner is known
};

} // namespace boxoffice::actors
