// What all entities share: decide, append, evolve, and tell when it is durable.
//
// An entity is a plain class that handles one letter at a time; entity_actor.cpp runs it in an
// actor's mailbox. It evolves at once and goes on; what it tells others waits for the journal.
#pragma once

#include "actors/change.hpp"
#include "actors/domain/kept_requests.hpp"
#include "actors/service.hpp"
#include "actors/snapshots.hpp"

#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace boxoffice::actors {

// What all entities of a node work with. Outlives them.
struct node {
  const clock& time;
  random_source& random;
  domain::id_source& ids;
  client_port& clients;
  const snapshots& published;
  actors::rules rules;
  std::shared_ptr<const answer_writer> writer;
};

// A queue's question about a token that it does not hold.
struct token_search {
  domain::token_key token;
  domain::concert_id concert; // the queue's that asks
  std::uint64_t correlation = 0;
  std::optional<domain::booking_id> pays; // the booking that is to be paid with it
};

// The ways out of an entity; its actor provides them.
class entity_exits {
public:
  virtual ~entity_exits() = default;
  virtual void deliver(letter) = 0;              // at once, by way of the directory
  virtual void append(change) = 0;               // to the journal
  virtual void wake_after(domain::duration) = 0; // entity::on_timer(), once
  // Asks the store whose token it is: a token_traced will come.
  virtual void trace_token(const token_search&) = 0;
  // Reads a part of the past: a past_found will come.
  virtual void look_back(const domain::past_bounds&) = 0;
  virtual void offer_to_retire() = 0; // nothing is left to do here
  // Asks all who may hold something of the user's: an inquiry_begun and its user_traced will come.
  virtual void inquire_after(const domain::user_id&, std::uint64_t correlation) = 0;
};

class entity {
public:
  entity(entity_ref me, node& n, entity_exits& exits)
      : me_(std::move(me)), node_(n), exits_(exits) {}
  virtual ~entity() = default;
  entity(const entity&) = delete;
  entity& operator=(const entity&) = delete;

  virtual void on_letter(letter&) = 0;
  // Takes up unfinished work; once, before any letter.
  virtual void start() {}
  virtual void on_timer() {}
  // Whether it must stay in memory: a deadline, an unfinished step, an open request.
  virtual bool busy() const = 0;
  // Takes what is known of keyed requests; once, before start().
  void remember(domain::kept_requests kept) { kept_ = std::move(kept); }
  // Answers 503 to every client that waits for this entity; it is about to be discarded, perhaps
  // because it failed in the midst of a letter. So a request stays on the entity's books until its
  // answer, or the letter that carries it on, is on its way. The letter's own is not its concern.
  virtual void abandon() {}
  // Asked to leave memory: may it? Only when whoever reads it from the store next finds the same
  // state. Where it is only the journal that is behind, it sees to that and may leave later.
  bool may_retire();
  // What it was read from may not be durable yet: others wait for it to be shipped.
  void follow_store() { follow(); }

  void committed(std::uint64_t ticket);
  void on(flushed&);
  void on(recall&);
  void on(wake&) {} // start() did it all

protected:
  const entity_ref& me() const { return me_; }
  domain::time_point now() const { return node_.time.now(); }
  const actors::rules& rules() const { return node_.rules; }
  const node& context() const { return node_; }
  node& context() { return node_; }
  entity_exits& exits() { return exits_; }

  // Whether all that this entity ever appended is durable.
  bool durable() const { return last_ticket_ == durable_ticket_; }

  void append(domain::events facts, std::vector<release> releases = {});

  // At once when all that this entity's state follows from is durable, else behind that in the
  // journal.
  void answer(request_id, outcome);
  // To another shard: likewise.
  void tell_when_durable(letter);
  // Inside the shard, at once.
  template <class M>
  void tell(M m) {
    static_assert(runs_ahead<M>::value || only_asks<M>::value, "see messages.hpp");
    exits_.deliver(std::move(m));
  }
  // A letter that somebody else wrote goes on its way.
  void pass_on(letter l) { exits_.deliver(std::move(l)); }
  void refuse_unavailable(request_id);

  // --- requests with an Idempotency-Key: those that this entity owns or completes
  domain::kept_requests& kept() { return kept_; }
  // Whether that was all there is to say: the request has a key and was answered before, is under
  // way, or uses the key of another. Before any other check.
  bool answered_before(request_id, const domain::request_key_ptr&);
  // The answer to a request, for the releases of the append that makes what it tells durable. With
  // a key the answer is written down, and the fact of it joins `facts`. `booking` is the one whose
  // acts completed it, if any.
  client_answer conclude(request_id, const domain::request_key_ptr&, outcome, domain::events& facts,
                         domain::booking_id booking = {});

  // Called when the last append has become durable.
  virtual void on_durable() {}

  // This entity's state now follows from an append of another's, which may not be durable yet.
  void follow() { ++followed_; }

  [[noreturn]] static void misdirected();

private:
  bool follows_from_durable() const { return durable() && known_durable_ == followed_; }
  void release_behind(release);
  bool ask_after_followed(std::vector<release>&);

  const entity_ref me_;
  // Appends of others that this state follows from: how many there were, how many came before the
  // last append here, and how many are known to be durable; how many of them were asked after, and
  // of how many the journal has said so.
  std::uint64_t followed_ = 0, followed_at_append_ = 0, known_durable_ = 0;
  std::uint64_t asked_after_ = 0, heard_of_ = 0;
  bool wants_to_retire_ = false; // once those are durable
  node& node_;
  entity_exits& exits_;
  std::uint64_t last_ticket_ = 0;
  std::uint64_t durable_ticket_ = 0;
  domain::kept_requests kept_;
};

domain::rejection store_unavailable();

// Hands each letter to the entity's `on` for it.
template <class Entity>
class letter_handler : public entity {
public:
  using entity::entity;

  void on_letter(letter& l) final {
    std::visit([this](auto& m) { hand_over(m, 0); }, l);
  }

private:
  void hand_over(flushed& m, int) { entity::on(m); }
  void hand_over(wake& m, int) { entity::on(m); }
  void hand_over(recall& m, int) { entity::on(m); }
  template <class M, class E = Entity>
  auto hand_over(M& m, int) -> decltype(std::declval<E&>().on(m)) {
    if constexpr (runs_ahead<M>::value) this->follow();
    static_cast<E*>(this)->on(m);
  }
  // A letter that the directory never brings to this kind of entity.
  template <class M>
  void hand_over(M&, long) {
    misdirected();
  }
};

// The performances that the catalogue has in the making.
using option_drafts = std::vector<domain::option_draft>;

// What the loader read; nothing = there is no such entity.
using loaded_state =
    std::variant<std::monostate, std::shared_ptr<domain::wallet>, std::shared_ptr<domain::queue>,
                 std::shared_ptr<domain::option_desk>, std::shared_ptr<domain::booking>,
                 std::shared_ptr<domain::seat>, std::shared_ptr<option_drafts>>;

// The entity of this name, in this state; a booking without one is about to be opened.
std::unique_ptr<entity> make_entity(const entity_ref&, loaded_state, node&, entity_exits&);

} // namespace boxoffice::actors
