// The checker: an executable model of the sale that hears all that a node is asked, makes durable
// and answers, and says when that can't be right.
//
// It knows nothing of actors, rules' code or stores: its books follow from the facts alone, by code
// of its own, and each fact and each answer is judged against them. An answer is right when there
// was a moment between the request's coming and its answer at which, with what was durable then, it
// was the answer to give.
#pragma once

#include "actors/commands.hpp"
#include "actors/domain/events.hpp"
#include "actors/domain/seat_map.hpp"
#include "actors/environment.hpp"
#include "actors/service.hpp"
#include "persistence/store.hpp"
#include "sim/coverage.hpp"
#include "sim/disk.hpp"

#include <memory>
#include <stdexcept>
#include <string>

namespace boxoffice::sim {

struct request;

// The run has proved a fault. `invariant` is a short name, the same for the same kind of fault
// ("one holder a seat"); what() tells what was seen.
struct broken_invariant : std::runtime_error {
  broken_invariant(std::string name, const std::string& seen)
      : std::runtime_error(seen), invariant(std::move(name)) {}
  std::string invariant;
};

// Judges one node's sale. Every call may throw broken_invariant. Times are the node's clock.
class checker : public disk_listener {
public:
  // `reached` outlives the checker.
  explicit checker(coverage& reached);
  ~checker() override;

  // Names all that a suite of runs should reach.
  static void expect_all(coverage&);

  // --- what the store does (disk_listener)
  void durable(persistence::commit_number, const domain::events&) override;
  void told(persistence::commit_number) override;
  // Where commits are durable only later than the node is told of them: readers are shown all up to
  // this one, or more.
  void shown(persistence::commit_number);
  // Compares all that these tables hold with the books.
  void compare(persistence::reader&, domain::time_point now);

  // --- the node's life
  // A node starts on the store with these rules; the store's doubts are settled. Compares all that
  // the store holds, read by `stored`, with the books.
  void started(const actors::rules&, persistence::reader& stored, domain::time_point now);
  // The node is gone, and with it what it had not answered. It is calm no more.
  void gone();
  // Nothing has troubled the node for a while: from now on nothing may be later than it is due by
  // more than `tolerance`.
  void calm(domain::time_point now, domain::duration tolerance);

  // --- what it is asked and answers
  void asked(actors::request_id, const actors::command&, domain::time_point now,
             const domain::request_key_ptr& key = nullptr);
  void answered(actors::request_id, const actors::outcome&, domain::time_point now);
  // A keyed request is answered in these words; `behind` is what they tell.
  void answered_in_writing(actors::request_id, const domain::written_answer&, bool is_replay,
                           const actors::outcome& behind, domain::time_point now);
  // A reader saw this map (nullptr: the node says that there is no such option).
  void saw_seats(domain::option_id, const domain::seat_map*);

  // --- the end
  // Faults have stopped, no one asks any more, and every deadline has passed: nothing may be left
  // to do. Compares the books once more.
  void finished(persistence::reader& stored, domain::time_point now);

private:
  struct books;
  request close(actors::request_id, domain::time_point now);
  std::unique_ptr<books> books_;
};

} // namespace boxoffice::sim
