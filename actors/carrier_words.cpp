#include "actors/carrier_words.hpp"

#include "actors/interfaces.hpp"
#include "actors/words.hpp"

namespace boxoffice::actors {
namespace {

std::string in_generation(generation g) {
  return g == any_generation ? "" : " in generation " + std::to_string(g);
}

std::string tell(const letter& m) { return words(m); }
std::string tell(const change& m) { return words(m) + in_generation(m.decided_in); }
std::string tell(const routed& m) {
  return "routed" + in_generation(m.sent_in) + ": " + words(m.what);
}
std::string tell(const committed& m) {
  return "committed: up to change " + std::to_string(m.ticket);
}
std::string tell(const retire&) { return "retire: if you may"; }
std::string tell(const retired& m) { return "retired" + in_generation(m.in) + ": " + words(m.who); }
std::string tell(const still_busy& m) {
  return "still_busy" + in_generation(m.in) + ": " + words(m.who);
}
std::string tell(const idle& m) { return "idle" + in_generation(m.in) + ": " + words(m.who); }
std::string tell(const discard&) { return "discard: your state is not to be trusted"; }
std::string tell(const store_lost& m) { return "store_lost: now" + in_generation(m.now); }
std::string tell(const store_found& m) { return "store_found: now" + in_generation(m.now); }
std::string tell(const mishap& m) { return "mishap" + in_generation(m.in) + ": " + m.what; }
std::string tell(const load& m) { return "load" + in_generation(m.in) + ": " + words(m.who); }
std::string tell(const loaded& m) {
  const bool found = !std::holds_alternative<std::monostate>(m.state);
  return "loaded" + in_generation(m.in) + ": " + words(m.who) +
         (found ? "" : ", which is not stored");
}
std::string tell(const unreadable& m) {
  return "unreadable" + in_generation(m.in) + ": " + words(m.who);
}
std::string tell(const trace& m) {
  return "trace" + in_generation(m.in) + ": whose is token " +
         domain::to_string(m.what.token).substr(0, 8) + "? question " +
         std::to_string(m.what.correlation) + " of concert " + std::to_string(m.what.concert.value);
}
std::string tell(const find_work& m) { return "find_work" + in_generation(m.in); }
std::string tell(const found_work& m) {
  return "found_work" + in_generation(m.in) + ": queues " + std::to_string(m.work.queues.size()) +
         ", bookings " + std::to_string(m.work.bookings.size());
}
std::string tell(const inquiry& m) {
  return "inquiry" + in_generation(m.in) + ": who holds something of " + m.user.value +
         "? question " + std::to_string(m.correlation);
}
std::string tell(const look_up_user& m) {
  return "look_up_user" + in_generation(m.in) + ": is " + m.user.value + " in use? question " +
         std::to_string(m.correlation);
}
std::string tell(const look_back& m) {
  return "look_back" + in_generation(m.in) + ": at what is past, " + std::to_string(m.part.most) +
         " at most";
}
std::string tell(const consult& m) {
  return "consult of request " + std::to_string(m.request) + ": " + words(command(m.what));
}
std::string tell(const shipped_to& m) { return "shipped up to " + std::to_string(m.last); }
std::string tell(const timer&) { return "timer"; }
std::string tell(const flush&) { return "flush"; }
std::string tell(const probe&) { return "probe"; }
std::string tell(const sweep&) { return "sweep"; }
std::string tell(const tidy&) { return "tidy"; }
std::string tell(const stop&) { return "stop"; }

template <class... Known>
std::string tell_known(const caf::message& m) {
  std::string text;
  const bool is_known =
      ((m.match_elements<Known>() && !(text = tell(m.get_as<Known>(0))).empty()) || ...);
  return is_known ? text : caf::to_string(m);
}

} // namespace

std::string carrier_words(const caf::message& m) {
  return tell_known<letter, change, routed, committed, retire, retired, still_busy, idle, discard,
                    store_lost, store_found, mishap, load, loaded, unreadable, trace, find_work,
                    found_work, inquiry, look_up_user, look_back, consult, shipped_to, timer, flush,
                    probe, sweep, tidy, stop>(m);
}

} // namespace boxoffice::actors
