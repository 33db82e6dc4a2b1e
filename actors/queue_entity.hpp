// A concert's queue: rules in actors/domain/queue.hpp. Whatever needs a token passes by here.
#pragma once

#include "actors/domain/sale_hours.hpp"
#include "actors/entity.hpp"

#include <unordered_map>
#include <variant>

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
  void on(sale_announced&) { advance(); }
  void on(ask_of_token&);
  void on(quit_line&);
  void on(move_in_line&);
  void on(watch_line&);
  void on(survey_line&);
  void on(set_up_line&);
  void on(asked_after_user&);

private:
  // Those who named a token that this queue does not hold: expired long ago, perhaps. The store
  // remembers every token ever issued.
  using token_question = std::variant<admit_payment, ask_of_token, quit_line, move_in_line>;

  void advance();
  void let_in(join_queue&);
  void arm_timer();
  domain::queue_rules rules_in_force() const;
  domain::time_point admits_from() const;
  domain::token_view view_of(const domain::token&) const;
  void pass_on(asked<pay_booking>&);
  // The token, when this queue holds it and the asker may see it; else the asker is told so, or
  // the store is asked.
  template <class Question>
  const domain::token* find_for(Question&);
  template <class Question>
  void trace(Question&);
  void told(admit_payment&, const persistence::token_owner&);
  template <class Question>
  void told(Question&, const persistence::token_owner&);

  std::shared_ptr<domain::queue> queue_;
  // The hours of sale by the catalogue last looked at.
  mutable std::shared_ptr<const domain::catalogue> catalogue_;
  mutable domain::sale_calendar calendar_;
  std::optional<domain::time_point> armed_for_;
  std::uint64_t last_correlation_ = 0;
  std::unordered_map<std::uint64_t, join_queue> joining_;     // until the user is known to exist
  std::unordered_map<std::uint64_t, token_question> tracing_; // until the token's owner is known
};

} // namespace boxoffice::actors
