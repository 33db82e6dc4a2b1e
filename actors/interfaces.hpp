// The actors of a node and what each of them takes. (What entities say to one another is in
// messages.hpp; here is who carries it.) Only this room's CAF side includes this.
#pragma once

#include "actors/caf_pch.hpp"

#include "actors/entity.hpp"

#include <atomic>
#include <cstdio>
#include <cstdlib>

namespace boxoffice::actors {

// --- what the carriers say to one another

// A letter on its way. One of an earlier generation is not delivered; `any_generation` marks a
// client's own.
constexpr generation any_generation = 0;
struct routed {
  generation sent_in = any_generation;
  letter what;
};
// All of the actor's changes up to this ticket are durable.
struct committed {
  std::uint64_t ticket = 0;
};
// Leave memory if you may: retired or still_busy is the answer.
struct retire {};
struct retired {
  generation in = 0;
  entity_ref who;
};
struct still_busy {
  generation in = 0;
  entity_ref who;
};
// Nothing is left for me to do.
struct idle {
  generation in = 0;
  entity_ref who;
};
// Answer 503 to whoever waits for you and be gone: your state is no longer to be trusted.
struct discard {};
// A commit failed; letters and changes of earlier generations count no more.
struct store_lost {
  generation now = 0;
};
// The store can be written to again.
struct store_found {
  generation now = 0;
};
// Something that must not fail did: an entity threw, or a read failed.
struct mishap {
  generation in = 0;
  std::string what;
};
struct load {
  generation in = 0;
  entity_ref who;
};
struct loaded {
  generation in = 0;
  entity_ref who;
  loaded_state state;
  std::shared_ptr<domain::kept_requests> kept; // nothing: none
};
// What the store holds of this entity makes no sense.
struct unreadable {
  generation in = 0;
  entity_ref who;
};
struct trace {
  generation in = 0;
  token_search what;
};
struct find_work {
  generation in = 0;
};
struct found_work {
  generation in = 0;
  persistence::unfinished_work work;
};
// Ask all who may hold something of this user's.
struct inquiry {
  generation in = 0;
  domain::user_id user;
  std::uint64_t correlation = 0;
};
// Does the store hold a live booking or token of this user's?
struct look_up_user {
  generation in = 0;
  domain::user_id user;
  std::uint64_t correlation = 0;
};
// Read this part of the past for the caretaker.
struct look_back {
  generation in = 0;
  domain::past_bounds part;
};
// A client's question to the store.
struct consult {
  request_id request = 0;
  query what;
};
// Commits up to this one are durable elsewhere as well.
struct shipped_to {
  persistence::commit_number last = 0;
};
struct timer {};
struct flush {};
struct probe {};
struct sweep {};
// Have the caretaker clean up.
struct tidy {};
// Finish what you have and quit.
struct stop {};

// --- who takes what

// Makes changes durable in groups and releases what waits for them.
using journal_actor =
    caf::typed_actor<caf::reacts_to<change>, caf::reacts_to<flush>, caf::reacts_to<probe>,
                     caf::reacts_to<shipped_to>, caf::reacts_to<mishap>, caf::reacts_to<stop>>;

// Reads entities from the store, off the scheduler's threads.
using loader_actor =
    caf::typed_actor<caf::reacts_to<load>, caf::reacts_to<trace>, caf::reacts_to<find_work>,
                     caf::reacts_to<look_up_user>, caf::reacts_to<look_back>, caf::reacts_to<stop>>;

// Answers clients' questions to the store, off the scheduler's threads as well.
using librarian_actor = caf::typed_actor<caf::reacts_to<consult>, caf::reacts_to<stop>>;

// Brings every letter to its entity, waking or creating it; retires the idle.
using directory_actor =
    caf::typed_actor<caf::reacts_to<routed>, caf::reacts_to<loaded>, caf::reacts_to<unreadable>,
                     caf::reacts_to<found_work>, caf::reacts_to<store_lost>,
                     caf::reacts_to<store_found>, caf::reacts_to<retired>,
                     caf::reacts_to<still_busy>, caf::reacts_to<idle>, caf::reacts_to<inquiry>,
                     caf::reacts_to<sweep>, caf::reacts_to<tidy>, caf::reacts_to<stop>>;

// Runs one entity.
using entity_actor =
    caf::typed_actor<caf::reacts_to<letter>, caf::reacts_to<committed>, caf::reacts_to<timer>,
                     caf::reacts_to<retire>, caf::reacts_to<discard>>;

// The node's actors and what they share. Outlives them.
struct house {
  node& entities;
  snapshots& published;
  persistence::store& store;
  std::unique_ptr<persistence::reader> loader_reader;    // the loader's alone
  std::unique_ptr<persistence::reader> journal_reader;   // the journal's alone
  std::unique_ptr<persistence::reader> librarian_reader; // the librarian's alone
  std::size_t max_group = 512;
  domain::duration idle_after{};
  domain::duration look_back_every{}; // at what is past
  std::function<void(bool, const std::string&)> report;
  commit_listener* listener = nullptr;
  bool waits_for_shipping = false;
  std::function<bool()> takes_changes;
  std::atomic<bool> ready{false};
  std::atomic<bool> failing{false};   // from a failed commit until a probe succeeds
  std::atomic<generation> current{1}; // the journal's
  std::atomic<std::size_t> living{0}; // entities in memory

  journal_actor journal;
  loader_actor loader;
  librarian_actor librarian;
  directory_actor directory;
};

journal_actor::behavior_type run_journal(journal_actor::pointer, house*);
loader_actor::behavior_type run_loader(loader_actor::pointer, house*);
librarian_actor::behavior_type run_librarian(librarian_actor::pointer, house*);
directory_actor::behavior_type run_directory(directory_actor::pointer, house*);
entity_actor::behavior_type run_entity(entity_actor::pointer, house*, generation, entity_ref,
                                       loaded_state, std::shared_ptr<domain::kept_requests>);

// What an exception says of itself.
std::string text_of(const std::exception_ptr&);

// A node without its journal, loader, librarian or directory answers nobody. Should one of them
// throw, which is a fault of ours, the process ends at once; the next start finds all that was
// acknowledged.
template <class Pointer>
void fail_fast(Pointer self, const char* name) {
  self->set_exception_handler([name](std::exception_ptr& thrown) -> caf::error {
    // Written here and now: a log's queue would end with the process.
    std::fprintf(stderr, "The %s failed, the process ends: %s\n", name, text_of(thrown).c_str());
    std::abort();
  });
}

// Blocking actors get threads of their own in production; in a simulation all are scheduled.
enum class blocking_actors { detached, scheduled };

// Starts the actors. The store's image must have been published.
void open_house(caf::actor_system&, house&, blocking_actors);

// Drops the handles: one that outlives the actor system would block its end.
void release_handles(house&);

} // namespace boxoffice::actors

// Messages stay inside a node's actor system, so none of them is ever serialized by CAF.
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(boxoffice::actors::letter)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(boxoffice::actors::change)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(boxoffice::actors::routed)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(boxoffice::actors::committed)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(boxoffice::actors::retire)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(boxoffice::actors::retired)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(boxoffice::actors::still_busy)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(boxoffice::actors::idle)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(boxoffice::actors::discard)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(boxoffice::actors::store_lost)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(boxoffice::actors::store_found)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(boxoffice::actors::mishap)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(boxoffice::actors::load)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(boxoffice::actors::loaded)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(boxoffice::actors::unreadable)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(boxoffice::actors::trace)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(boxoffice::actors::find_work)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(boxoffice::actors::found_work)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(boxoffice::actors::inquiry)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(boxoffice::actors::look_up_user)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(boxoffice::actors::look_back)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(boxoffice::actors::consult)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(boxoffice::actors::shipped_to)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(boxoffice::actors::timer)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(boxoffice::actors::flush)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(boxoffice::actors::probe)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(boxoffice::actors::sweep)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(boxoffice::actors::tidy)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(boxoffice::actors::stop)
