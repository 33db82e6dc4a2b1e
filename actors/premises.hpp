// A node put together, but for the actor system that runs it: production runs it on threads
// (service), a simulator one message at a time (stepped_node). Only this room's CAF side includes
// this.
#pragma once

#include "actors/interfaces.hpp"

#include <memory>

namespace boxoffice::actors {

class premises {
public:
  // Reads and publishes what the store holds. The references must outlive this.
  // Throws persistence::store_failed.
  premises(service_options, std::unique_ptr<persistence::store>, const clock&, random_source&,
           client_port&);

  // Starts the actors.
  void open(caf::actor_system&, blocking_actors);

  // Any thread. The outcome goes to the client port.
  void submit(request_id, command, domain::request_key_ptr key = nullptr);
  void send(letter);
  void shipped(persistence::commit_number);

  const snapshots& published() const { return published_; }
  const house& state() const { return house_; }

  // Ends the actors in the order in which work flows: no new letters, and the entities, until
  // `workers_of_the_store` are left; then the journal's last group, until none is.
  static constexpr std::size_t workers_of_the_store = 3;
  void stop_entities();
  void stop_workers_of_the_store();
  // Drops the handles: before the actor system ends, and when no actor can use them any more.
  void release();

private:
  domain::id_counters load_and_publish();
  void address(pay_booking&) const;
  template <class Command>
  bool address_by_token(Command&) const;

  std::unique_ptr<persistence::store> store_;
  snapshots published_;
  domain::id_source ids_;
  client_port& clients_;
  node node_;
  house house_;
};

} // namespace boxoffice::actors
