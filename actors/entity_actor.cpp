// Runs an entity in a mailbox of its own.
#include "actors/interfaces.hpp"

namespace boxoffice::actors {

namespace {

// An entity that throws is a fault of ours: nothing that rests on its state may stand, so the
// journal ends the generation. Until the directory knows, letters keep coming, and those who wait
// for them must hear: the actor stays, without its entity, to turn them away.
class running_entity : public entity_exits {
public:
  running_entity(entity_actor::pointer self, house& h, generation born, entity_ref who)
      : self_(self), house_(h), born_(born), who_(std::move(who)) {}

  void start(loaded_state state, const std::shared_ptr<domain::kept_requests>& kept) {
    guard([&] {
      const bool was_read = !std::holds_alternative<std::monostate>(state);
      entity_ = make_entity(who_, std::move(state), house_.entities, *this);
      if (was_read && house_.waits_for_shipping) entity_->follow_store();
      if (kept) entity_->remember(std::move(*kept));
      entity_->start();
    });
  }

  // Who follows it in the next generation, perhaps read from the store already, knows nothing of
  // what is told here now.
  void take(letter& l) {
    if (born_ != house_.current) return turn_away(l);
    if (entity_ == nullptr) return turn_away(l);
    guard([&] { entity_->on_letter(l); });
    if (entity_ == nullptr) turn_away(l);
  }
  void take(committed c) {
    guard([&] { entity_->committed(c.ticket); });
  }
  void take(timer) {
    guard([&] { entity_->on_timer(); });
  }
  void take(retire) {
    guard([&] {
      if (!entity_->may_retire()) return self_->send(house_.directory, still_busy{born_, who_});
      self_->send(house_.directory, retired{born_, who_});
      end();
    });
  }
  void take(discard) {
    if (entity_ != nullptr) entity_->abandon();
    end();
  }

  void deliver(letter l) override { self_->send(house_.directory, routed{born_, std::move(l)}); }
  void append(change c) override {
    c.decided_in = born_;
    self_->send(house_.journal, std::move(c));
  }
  void wake_after(domain::duration d) override {
    self_->delayed_send(entity_actor(self_), d, timer{});
  }
  void trace_token(const token_search& what) override {
    self_->send(house_.loader, trace{born_, what});
  }
  void look_back(const domain::past_bounds& part) override {
    self_->send(house_.loader, actors::look_back{born_, part});
  }
  void inquire_after(const domain::user_id& user, std::uint64_t correlation) override {
    self_->send(house_.directory, inquiry{born_, user, correlation});
  }
  void offer_to_retire() override { self_->send(house_.directory, idle{born_, who_}); }

private:
  template <class Act>
  void guard(Act act) {
    if (entity_ == nullptr && failed_) return;
    try {
      act();
    } catch (...) {
      fail(std::current_exception());
    }
  }

  void fail(const std::exception_ptr& thrown) {
    failed_ = true;
    if (entity_ != nullptr) entity_->abandon();
    entity_.reset();
    self_->send(house_.journal, mishap{born_, "an entity failed: " + text_of(thrown)});
  }

  void turn_away(const letter& l) {
    if (const auto client = client_of(l))
      house_.entities.clients.complete(*client, store_unavailable());
  }

  // The state goes now; the actor's shell may be kept by a timer that is still to fire.
  void end() {
    entity_.reset();
    self_->quit();
  }

  entity_actor::pointer self_;
  house& house_;
  generation born_;
  entity_ref who_;
  std::unique_ptr<entity> entity_;
  bool failed_ = false;
};

} // namespace

entity_actor::behavior_type run_entity(entity_actor::pointer self, house* h, generation born,
                                       entity_ref who, loaded_state state,
                                       std::shared_ptr<domain::kept_requests> kept) {
  auto running = std::make_shared<running_entity>(self, *h, born, std::move(who));
  running->start(std::move(state), kept);
  return {
      [running](letter& l) { running->take(l); }, [running](committed c) { running->take(c); },
      [running](timer t) { running->take(t); },   [running](retire r) { running->take(r); },
      [running](discard d) { running->take(d); },
  };
}

} // namespace boxoffice::actors
