#include "sim/keyed_requests.hpp"

#include "actors/words.hpp"
#include "sim/key_books.hpp"

#include <utility>

namespace boxoffice::sim {

namespace {

using domain::error_code;
using std::chrono::milliseconds;

constexpr unsigned tries = 10;

// Tells bodies apart; the same in any build.
domain::fingerprint print_of(const actors::command& c) {
  std::uint64_t hash = 0xCBF29CE484222325ull;
  for (const char letter : actors::words(c))
    hash = (hash ^ static_cast<unsigned char>(letter)) * 0x100000001B3ull;
  domain::fingerprint print;
  for (std::size_t i = 0; i < 8; ++i) print.bytes[i] = static_cast<unsigned char>(hash >> (8 * i));
  return print;
}

struct key_scoping {
  domain::request_key& key;

  void operator()(const actors::charge_wallet& c) const {
    key.owner = c.user;
    key.route = keyed_route::charge;
  }
  void operator()(const actors::create_booking& c) const {
    key.owner = c.option;
    key.route = keyed_route::book;
  }
  void operator()(const actors::pay_booking& c) const {
    key.owner = c.booking;
    key.route = keyed_route::pay;
  }
  void operator()(const actors::pay_pending& c) const {
    key.owner = c.option;
    key.route = keyed_route::pay_at_desk;
  }
  // Whoever sends it acts for somebody, or for anybody: then it is no one's in particular.
  void operator()(const actors::cancel_booking& c) const {
    key.owner = c.booking;
    key.route = keyed_route::give_up;
    key.actor = c.acting_for ? c.acting_for->value : std::string();
  }
  void operator()(const actors::release_booking& c) const {
    key.owner = c.booking;
    key.route = keyed_route::release;
  }
  void operator()(const actors::cancel_option& c) const {
    key.owner = c.option;
    key.route = keyed_route::call_off;
  }
  template <class Other>
  void operator()(const Other&) const {}
};

// The same request with another body.
struct changed_body {
  actors::command operator()(actors::charge_wallet c) const {
    ++c.amount.minor;
    return c;
  }
  actors::command operator()(actors::create_booking c) const {
    c.seats = {{"B", 1}};
    c.best = {};
    return c;
  }
  actors::command operator()(actors::release_booking c) const {
    c.reason += ", amended";
    return c;
  }
  actors::command operator()(actors::cancel_option c) const {
    c.reason = "another";
    return c;
  }
  actors::command operator()(actors::pay_booking c) const {
    c.claim.seats = {{"B", 1}, {"B", 2}};
    return c;
  }
  actors::command operator()(actors::pay_pending c) const {
    ++c.amount.minor;
    return c;
  }
  template <class Other>
  actors::command operator()(Other c) const {
    return c;
  }
};

struct insisting : std::enable_shared_from_this<insisting> {
  insisting(person& somebody, unsigned times, actors::command what, domain::request_key_ptr by,
            person::hearing hears)
      : who(somebody),
        presses(times),
        wanted(std::move(what)),
        key(std::move(by)),
        then(std::move(hears)) {}

  void ask() {
    who.press(
        presses, wanted, [me = shared_from_this()](const person::answer& a) { me->hear(a); }, key);
  }

  void hear(const person::answer& a) {
    const auto refusal = refusal_in(a);
    const bool unknown = !a || refusal == error_code::store_unavailable ||
                         refusal == error_code::request_in_progress;
    if (unknown && left-- > 0)
      return who.later(who.chance().between(milliseconds(1), milliseconds(300)),
                       [me = shared_from_this()] { me->ask(); });
    if (!refusal && a) after_success();
    then(a);
  }

  // A proxy sends it once more, or a client mixes up its keys.
  void after_success() {
    const auto later = [this](const actors::command& c, const domain::request_key_ptr& with) {
      who.later(who.chance().between(milliseconds(0), milliseconds(2500)),
                [me = shared_from_this(), c, with] {
                  me->who.ask(
                      c, [](const person::answer&) {}, with);
                });
    };
    if (who.chance().one_in(3)) later(wanted, key);
    if (!who.chance().one_in(4)) return;
    auto other = std::visit([](const auto& c) { return changed_body{}(c); }, wanted);
    auto mixed_up = std::make_shared<domain::request_key>(*key);
    mixed_up->print = print_of(other);
    later(other, mixed_up);
  }

  person& who;
  unsigned presses;
  actors::command wanted;
  domain::request_key_ptr key;
  person::hearing then;
  unsigned left = tries;
};

} // namespace

domain::request_key_ptr draw_key(person& who, const actors::command& c) {
  auto& used = who.keys_used();
  auto key = std::make_shared<domain::request_key>();
  key->actor = who.name().value;
  std::visit(key_scoping{*key}, c);
  const bool again = used > 0 && who.chance().one_in(12);
  const auto number = again ? 1 + static_cast<unsigned>(who.chance().below(used)) : ++used;
  key->key = "key" + std::to_string(number);
  key->print = print_of(c);
  return key;
}

void insist(person& who, unsigned presses, const actors::command& c,
            const domain::request_key_ptr& key, person::hearing then) {
  std::make_shared<insisting>(who, presses, c, key, std::move(then))->ask();
}

} // namespace boxoffice::sim
