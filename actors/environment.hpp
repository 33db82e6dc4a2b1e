// What comes from outside, so that a simulator can own it: time, randomness, who hears answers.
#pragma once

#include "actors/commands.hpp"
#include "actors/domain/concert.hpp"
#include "actors/domain/request_key.hpp"
#include "actors/domain/time.hpp"

#include <cstdint>

namespace boxoffice::actors {

// The time of day. Never goes backwards. Any thread.
class clock {
public:
  virtual ~clock() = default;
  virtual domain::time_point now() const = 0;
};

// Unguessable bits. Any thread.
class random_source {
public:
  virtual ~random_source() = default;
  virtual std::uint64_t next() = 0;
};

// Writes what the client of a keyed request is told, to be kept with what the request did and told
// again. Any thread.
class answer_writer {
public:
  virtual ~answer_writer() = default;
  // `what` is a success of the key's route, and not an answer written already. Must not block. A
  // throw ends a generation, as an entity's own does.
  virtual domain::written_answer write(const domain::request_key&, const outcome& what,
                                       const domain::catalogue&, domain::time_point now) const = 0;
};

// The number that whoever submits a command gives it, to know the answer by.
using request_id = std::uint64_t;

// Hears the outcome of each submitted command: once, unless the service stops first.
class client_port {
public:
  virtual ~client_port() = default;
  // Called on a thread of the service's; must neither block nor throw.
  virtual void complete(request_id, outcome) = 0;
};

// Hears of every group of changes, for whoever counts them. Must neither block nor throw: all
// changes wait for it, and what is read from the store.
class commit_listener {
public:
  virtual ~commit_listener() = default;
  // On the journal's thread: the facts of `changes` changes are durable; committing them took
  // `took`, and `waiting` changes came meanwhile.
  virtual void on_commit(const domain::events&, std::size_t changes, std::size_t waiting,
                         std::chrono::nanoseconds took) = 0;
  virtual void on_failure() = 0;
  // On the loader's thread: a booking comes into memory as it stands in the store, unfinished ones
  // at start and after a failure. What is committed of it from here on comes behind.
  virtual void on_read(const domain::booking&) = 0;
};

} // namespace boxoffice::actors
