#include "sim/world.hpp"

#include <algorithm>
#include <cstdio>

namespace boxoffice::sim {

namespace {

// Streams of chance; people have numbers of their own above these.
enum stream : std::uint64_t { for_order = 1, for_network = 2, for_sites = 100 };

// How many due acts compete with the actors at most.
constexpr std::size_t competing_acts = 4;

} // namespace

world::world(plan what, coverage& reached, listener trace)
    : plan_(std::move(what)),
      reached_(reached),
      trace_(std::move(trace)),
      origin_(plan_.seed),
      chance_(origin_.stream(for_order)),
      network_(agenda_, origin_.stream(for_network), plan_.latency_low, plan_.latency_high,
               reached) {
  const auto facts = first_facts(plan_);
  for (const auto& fact : facts)
    if (const auto* created = std::get_if<domain::option_created>(&fact))
      options_.emplace(created->what.id, created->what);
  for (unsigned n = 0; n < plan_.nodes; ++n)
    berths_.push_back({std::make_unique<site>(static_cast<int>(n), plan_, *this,
                                              origin_.stream(for_sites + n), facts),
                       std::nullopt, false, false});
}

world::~world() = default;

const domain::concert_option* world::option(domain::option_id id) const {
  const auto found = options_.find(id);
  return found == options_.end() ? nullptr : &found->second;
}

void world::mix_in(const std::string& text) {
  for (const char c : text) mix(static_cast<unsigned char>(c));
}

void world::tell(int site, const std::function<std::string()>& text) {
  if (!trace_) return;
  char when[32];
  std::snprintf(when, sizeof when, "%12.6f  ", static_cast<double>(now_.count()) / 1e6);
  const auto who = site < 0 ? std::string() : "node " + std::to_string(site) + ": ";
  trace_(when + who + text());
}

std::size_t world::draw(std::size_t candidates) {
  const auto one = chance_.below(candidates);
  if (plan_.chosen == order::any) return static_cast<std::size_t>(one);
  const auto other = chance_.below(candidates);
  return static_cast<std::size_t>(plan_.chosen == order::mostly_oldest ? std::min(one, other)
                                                                       : std::max(one, other));
}

void world::advance(moment to) {
  now_ = to;
  for (auto& b : berths_)
    if (awake(*b.machine)) b.machine->node().advance_to(now_);
}

// To the next moment at which something can happen.
bool world::jump(moment end) {
  auto next = end;
  if (const auto act = agenda_.next()) next = std::min(next, *act);
  for (const auto& b : berths_) {
    if (!b.machine->runs()) continue;
    if (b.machine->paused()) {
      next = std::min(next, b.machine->paused_until());
      continue;
    }
    if (b.machine->postgres() != nullptr) next = std::min(next, b.machine->postgres()->next_due());
    if (!b.machine->up()) continue;
    if (const auto due = b.machine->node().next_due()) next = std::min(next, *due);
  }
  advance(std::max(now_, next));
  return now_ < end;
}

void world::settle() {
  for (std::size_t n = 0; n < berths_.size(); ++n) {
    auto& b = berths_[n];
    b.machine->settle();
    if (b.machine->runs() || !b.down_for || b.start_planned) continue;
    b.start_planned = true;
    later(*b.down_for, [this, n] { start(n); });
  }
}

void world::start(std::size_t number) {
  auto& b = berths_[number];
  b.start_planned = false;
  tell(static_cast<int>(number), [] { return "starts"; });
  b.machine->start(b.lowered ? plan_.lowered : plan_.rules);
}

bool world::step(moment end) {
  for (;;) {
    if (now_ >= end) return false;
    const auto acts = agenda_.due(now_, competing_acts);
    auto candidates = acts;
    for (const auto& b : berths_)
      if (awake(*b.machine)) candidates += b.machine->node().runnable();
    const auto before_shippers = candidates;
    for (const auto& b : berths_)
      if (ships(*b.machine)) ++candidates;
    if (candidates == 0) {
      if (!jump(end)) return false;
      continue;
    }
    auto which = draw(candidates);
    mix(candidates);
    mix(which);
    mix(static_cast<std::uint64_t>(now_.count()));
    if (which < acts) {
      agenda_.take(which)();
    } else if (which >= before_shippers) {
      which -= before_shippers;
      for (auto& b : berths_)
        if (ships(*b.machine) && which-- == 0) {
          b.machine->postgres()->step();
          break;
        }
    } else {
      which -= acts;
      for (auto& b : berths_) {
        if (!awake(*b.machine)) continue;
        const auto here = b.machine->node().runnable();
        if (which < here) {
          run_actor(*b.machine, which);
          break;
        }
        which -= here;
      }
    }
    settle();
    advance(now_ + chance_.between(moment(0), plan_.step_takes_most));
    return true;
  }
}

void world::run_actor(site& s, std::size_t which) {
  auto& node = s.node();
  if (!node.was_held(which)) {
    auto wait = s.trouble().next_slowness();
    if (node.touches_store(which)) wait += s.trouble().next_store_delay();
    if (wait > moment(0)) return node.hold(which, now_ + wait);
  }
  mix(node.fingerprint(which));
  tell(s.number(), [&] { return node.words(which); });
  ++messages_;
  node.run(which);
}

void world::run_until(moment end) {
  while (step(end)) {
  }
}

// Their actors' timers must see the time that has passed before anything else happens.
void world::end_pauses() {
  for (auto& b : berths_) b.machine->pause_until(moment(0));
  advance(now_);
}

void world::lose_time(moment length) {
  reached_.reached("node: time was lost");
  advance(now_ + length);
}

} // namespace boxoffice::sim
