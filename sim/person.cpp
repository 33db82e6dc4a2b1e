#include "sim/person.hpp"

#include <utility>

namespace boxoffice::sim {

std::optional<domain::error_code> refusal_in(const person::answer& a) {
  const auto* refusal = view_in<domain::rejection>(a);
  return refusal ? std::optional(refusal->code) : std::nullopt;
}

moment person::until(domain::time_point t) const { return t - (opening_day() + world_.now()); }

void person::ask(const actors::command& what, hearing then, const domain::request_key_ptr& key) {
  const auto attempt = ++last_attempt_;
  open_.emplace(attempt, std::move(then));
  const auto there = static_cast<host>(site_);
  world_.net().send(from_, there, world_.now(), [this, there, attempt, what, key] {
    const auto reply = [this, there, attempt](const actors::outcome& said) {
      world_.net().send(there, from_, world_.now(),
                        [this, attempt, said] { close(attempt, said); });
    };
    world_.at(site_).ask(what, reply, key);
  });
  later(patience_, [this, attempt] { close(attempt, std::nullopt); });
}

void person::close(std::uint64_t attempt, const answer& what) {
  auto open = open_.extract(attempt);
  if (!open.empty()) open.mapped()(what);
}

void person::press(unsigned times, const actors::command& what, hearing then,
                   const domain::request_key_ptr& key) {
  struct pressing {
    unsigned left;
    bool heard = false;
    answer refusal;
    hearing then;
  };
  auto p = std::make_shared<pressing>();
  p->left = times;
  p->then = std::move(then);
  for (unsigned i = 0; i < times; ++i)
    ask(
        what,
        [p](const answer& a) {
          --p->left;
          if (p->heard) return;
          const bool success = a && !refusal_in(a);
          if (!success && a) p->refusal = a;
          if (!success && p->left > 0) return;
          p->heard = true;
          p->then(success ? a : p->refusal);
        },
        key);
}

void person::look_at(domain::option_id option, seeing then) {
  const auto there = static_cast<host>(site_);
  // What is shown again, because the network brought something twice, makes nobody act again.
  const auto waits = std::make_shared<seeing>(std::move(then));
  world_.net().send(from_, there, world_.now(), [this, there, option, waits] {
    auto map = world_.at(site_).look_at(option);
    if (map == nullptr) return;
    world_.net().send(there, from_, world_.now(), [waits, map] {
      if (const auto see = std::exchange(*waits, nullptr)) see(map);
    });
  });
}

} // namespace boxoffice::sim
