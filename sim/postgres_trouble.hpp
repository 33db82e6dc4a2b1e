// What is wrong with one site's PostgreSQL just now. Faults set it; the simulated database asks it.
#pragma once

#include "sim/agenda.hpp"
#include "sim/coverage.hpp"
#include "sim/postgres.hpp"
#include "sim/random.hpp"

#include <deque>

namespace boxoffice::sim {

class postgres_trouble final : public postgres_faults {
public:
  postgres_trouble(random chance, coverage& reached) : chance_(chance), reached_(reached) {}

  bool away = false;
  moment takes_most{}; // each call takes up to this long, on top
  void hang_at_next_call(moment how_long) { next_hangs_.push_back(how_long); }
  void fail_next_batch(batch_fate how) { next_fates_.push_back(how); }
  void fail_batch_under_way(batch_fate how) { next_fates_.push_front(how); }

  // All is well from now on.
  void stop();
  moment next_delay();

  bool is_away() override;
  batch_fate next_batch() override;
  bool batch_in_flight_arrives() override;

private:
  random chance_;
  coverage& reached_;
  std::deque<batch_fate> next_fates_;
  std::deque<moment> next_hangs_;
};

} // namespace boxoffice::sim
