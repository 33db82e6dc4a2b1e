// The one door into this room: the running actors behind a plain interface. No CAF in here.
#pragma once

#include "actors/commands.hpp"
#include "actors/domain/kept_requests.hpp"
#include "actors/domain/seat_map.hpp"
#include "actors/environment.hpp"
#include "actors/token_index.hpp"
#include "persistence/store.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>

namespace boxoffice::actors {

struct rules {
  domain::queue_rules queue;
  domain::booking_rules booking;
  domain::wallet_rules wallet;
  domain::catalogue_rules catalogue;
  domain::request_rules requests;
  domain::retention_rules retention;
};

struct service_options {
  actors::rules rules;
  std::size_t max_group = 512;                 // changes a commit
  unsigned threads = 2;                        // of the scheduler; the journal has its own
  std::chrono::milliseconds idle_after{60000}; // unused entities leave memory after this
  // Writes the answers to requests with an Idempotency-Key; without it none may come.
  std::shared_ptr<const answer_writer> writer;
  // Hears what an operator should know: (is_error, text). Any thread.
  std::function<void(bool, const std::string&)> report = [](bool, const std::string&) {};
  commit_listener* listener = nullptr; // must outlive the service; nullptr: nobody listens
  // Whether a commit counts as durable only when shipped() has said so: then answers, readers and
  // other entities wait for that.
  bool waits_for_shipping = false;
  // Asked for every command that would change something: false refuses it. Any thread.
  std::function<bool()> takes_changes = [] { return true; };
};

class service {
public:
  // Starts the actors on what the store holds; entities with unfinished work wake up by themselves.
  // `clock`, `random` and `clients` must outlive the service. Throws persistence::store_failed.
  service(service_options, std::unique_ptr<persistence::store>, const clock&, random_source&,
          client_port& clients);
  ~service(); // as stop()

  // Any thread; never blocks. The outcome goes to the client port. `key`: the Idempotency-Key that
  // the command came with, if any; it names as its owner what the command changes.
  void submit(request_id, command, domain::request_key_ptr key = nullptr);

  // Puts the demo's data on offer when it is due (CONTRACT 6), durably. Blocks; throws
  // persistence::store_failed.
  void stock_demo_data();

  // What is on offer, and an option's seats (nothing when there is no such option), as of a recent
  // commit: durable, and at least as new as every answer already given. Any thread, no waiting.
  std::shared_ptr<const domain::catalogue> catalogue() const;
  std::shared_ptr<const domain::seat_map> seats(domain::option_id) const;

  // All commits up to this one are durable elsewhere as well. Any thread; never goes back.
  void shipped(persistence::commit_number);

  // Whether commands are being taken: false while the store is failing, or changes are refused.
  bool ready() const;

  // Entities in memory: those with something left to do, and those used of late.
  std::size_t living() const;
  // Tokens that wait and that are admitted, of every concert that ever had one. Any thread.
  std::map<domain::concert_id, line_count> lines() const;

  // Ends the actors: the entities first, then the journal, which commits what they left it.
  // Commands submitted from now on are not answered. False when some have not ended `within`, as
  // when the store hangs; then the process should end without destroying what it handed in.
  bool stop(std::chrono::milliseconds within);

private:
  class impl;
  std::unique_ptr<impl> impl_;
};

} // namespace boxoffice::actors
