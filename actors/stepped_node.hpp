// A node whose actors take one message at a time, in the order in which its owner says, under a
// clock that its owner advances: what simulations and tests run. The actors, and all that they do,
// are the same as in production (service); only who runs them differs. No CAF in here.
//
// Everything happens on the caller's thread, and two nodes given the same commands and the same
// choices do the same, in any process and build.
#pragma once

#include "actors/service.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace boxoffice::actors {

class stepped_node {
public:
  // Time since the owner's beginning; the actors' timers run by it. What they read off `clock` is
  // the owner's to choose.
  using moment = std::chrono::microseconds;

  // Starts the actors on what the store holds; they have done nothing yet. The references must
  // outlive the node. Throws persistence::store_failed.
  stepped_node(service_options, std::unique_ptr<persistence::store>, const clock&, random_source&,
               client_port&, moment now);
  // The node is gone as after a crash: nothing that waits is done any more.
  ~stepped_node();

  // --- as service
  void submit(request_id, command, domain::request_key_ptr key = nullptr);
  std::shared_ptr<const domain::catalogue> catalogue() const;
  std::shared_ptr<const domain::seat_map> seats(domain::option_id) const;
  bool ready() const;
  void shipped(persistence::commit_number);
  std::size_t living() const;

  // From a failed commit until a probe succeeds.
  bool failing() const;
  // The highest commit of which the journal has taken the news that it is shipped.
  persistence::commit_number heard_shipped() const;

  // --- what could happen next
  // Actors that have a message and aren't held; `which` below is one of them, from 0.
  std::size_t runnable() const;
  enum class role { journal, loader, directory, entity, librarian };
  role role_of(std::size_t which) const;
  // Whether its next message makes it wait for the store: a commit, a probe, a read.
  bool touches_store(std::size_t which) const;
  // When the next timer or held actor is due.
  std::optional<moment> next_due() const;

  // --- making it happen
  // The actor takes its next message.
  void run(std::size_t which);
  // The actor is not run until then: its thread is slow, or the disk is.
  void hold(std::size_t which, moment until);
  // Whether it was held, has been let go since, and hasn't run yet.
  bool was_held(std::size_t which) const;
  // Fires the timers that are due by then. Time never goes back.
  void advance_to(moment);
  // True while an entity takes a message: for what a test hands in and an entity calls.
  bool entity_runs() const;

  // --- ending in order: entities first, then the journal's last group
  void begin_stop();
  // Call after every step once begun; true when the last actor has ended.
  bool stopped();

  // --- looking at it
  // Who it is and what its next message says, in words.
  std::string words(std::size_t which);
  // A number for the same; equal in any process.
  std::uint64_t fingerprint(std::size_t which) const;

private:
  class impl;
  std::unique_ptr<impl> impl_;
};

} // namespace boxoffice::actors
