#include "sim/postgres_trouble.hpp"

#include "sim/planned.hpp"

namespace boxoffice::sim {

namespace {

const char* name_of(batch_fate fate) {
  switch (fate) {
  case batch_fate::done: break;
  case batch_fate::lost: return "postgres: a batch was lost";
  case batch_fate::done_untold: return "postgres: a batch failed but was done";
  case batch_fate::in_flight: return "postgres: a batch failed and was on its way";
  case batch_fate::refused: return "postgres: a batch was refused";
  }
  return "postgres: a batch went well";
}

} // namespace

void postgres_trouble::stop() {
  next_fates_.clear();
  away = false;
  next_hangs_.clear();
  takes_most = moment(0);
}

moment postgres_trouble::next_delay() {
  if (!next_hangs_.empty()) {
    reached_.reached("postgres: a call hung");
    const auto hang = next_hangs_.front();
    next_hangs_.pop_front();
    return hang;
  }
  if (takes_most == moment(0)) return moment(0);
  reached_.reached("postgres: a call was slow");
  return chance_.between(moment(0), takes_most);
}

bool postgres_trouble::is_away() {
  if (away) reached_.reached("postgres: a call found it away");
  return away;
}

batch_fate postgres_trouble::next_batch() {
  const auto fate = take_next(next_fates_, batch_fate::done);
  if (fate != batch_fate::done) reached_.reached(name_of(fate));
  return fate;
}

bool postgres_trouble::batch_in_flight_arrives() {
  const bool arrives = chance_.one_in(2);
  reached_.reached(arrives ? "postgres: a batch on its way arrived"
                           : "postgres: a batch on its way was lost");
  return arrives;
}

} // namespace boxoffice::sim
