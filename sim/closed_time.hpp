// Since when, or when last, something was closed.
#pragma once

#include "sim/agenda.hpp"

#include <optional>

namespace boxoffice::sim {

class closed_time {
public:
  void close(moment now) {
    if (!since_) since_ = now;
  }
  void open(moment now) {
    if (since_) last_ = {*since_, now};
    since_.reset();
  }
  // Whether it was closed from before the one until after the other, as far as is remembered.
  bool covers(moment from, moment until) const {
    return (since_ && *since_ < from) || (last_.begin < from && until < last_.end);
  }

private:
  struct span {
    moment begin{}, end{};
  };
  std::optional<moment> since_;
  span last_;
};

} // namespace boxoffice::sim
