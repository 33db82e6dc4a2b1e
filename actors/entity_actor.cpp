// Runs an entity in a mailbox of its own.
#include "actors/interfaces.hpp"

namespace boxoffice::actors {

namespace {

class running_entity : public entity_exits {
public:
  running_entity(entity_actor::pointer self, house& h, generation born, entity_ref who,
                 loaded_state state)
      : self_(self),
        house_(h),
        born_(born),
        who_(std::move(who)),
        entity_(make_entity(who_, std::move(state), h.entities, *this)) {}

  entity& it() { return *entity_; }

  // Should the entity fail over the letter, its client must hear all the same.
  void take(letter& l) {
    try {
      entity_->on_letter(l);
    } catch (...) {
      if (const auto client = client_of(l))
        house_.entities.clients.complete(*client, store_unavailable());
      throw;
    }
  }

  void deliver(letter l) override { self_->send(house_.directory, routed{born_, std::move(l)}); }
  void append(change c) override {
    c.decided_in = born_;
    self_->send(house_.journal, std::move(c));
  }
  void wake_after(domain::duration d) override {
    self_->delayed_send(entity_actor(self_), d, timer{});
  }
  void trace_token(domain::token_key key, domain::concert_id concert,
                   std::uint64_t correlation) override {
    self_->send(house_.loader, trace{born_, key, concert, correlation});
  }
  void offer_to_retire() override { self_->send(house_.directory, idle{born_, who_}); }

  void retire_if_possible() {
    if (!entity_->may_retire()) return self_->send(house_.directory, still_busy{born_, who_});
    self_->send(house_.directory, retired{born_, who_});
    end();
  }

  void discard_state() {
    entity_->abandon();
    end();
  }

  // An entity that throws is a fault of ours; nothing that rests on its state may stand.
  caf::error failed(const std::exception_ptr& thrown) {
    if (entity_ != nullptr) entity_->abandon();
    entity_.reset();
    self_->send(house_.journal, mishap{born_, "an entity failed: " + text_of(thrown)});
    return caf::exit_reason::unhandled_exception;
  }

private:
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
};

} // namespace

entity_actor::behavior_type run_entity(entity_actor::pointer self, house* h, generation born,
                                       entity_ref who, loaded_state state) {
  auto running = std::make_shared<running_entity>(self, *h, born, std::move(who), std::move(state));
  self->set_exception_handler(
      [running](std::exception_ptr& thrown) { return running->failed(thrown); });
  running->it().start();
  return {
      [running](letter& l) { running->take(l); },
      [running](committed c) { running->it().committed(c.ticket); },
      [running](timer) { running->it().on_timer(); },
      [running](retire) { running->retire_if_possible(); },
      [running](discard) { running->discard_state(); },
  };
}

} // namespace boxoffice::actors
