#include "tests/actors/stage.hpp"

#include "actors/domain/concert.hpp"

#include <boost/test/unit_test.hpp>

namespace boxoffice::test {

using namespace std::chrono_literals;

namespace {

constexpr sim::moment patience = 60s;

sim::plan scene_plan(std::uint64_t seed, const std::function<void(actors::rules&)>& change) {
  sim::plan p;
  p.seed = seed;
  p.faults = {"those of the scene"};
  p.users = 8;
  p.concerts = 2;
  p.seats = 20;
  p.open_for = 1s;
  p.step_takes_most = 20us;
  p.latency_low = 50us;
  p.latency_high = 500us;
  p.idle_after = 500ms;
  p.rules.booking.hold_for = 5s;
  p.rules.queue.active_ttl = 10s;
  p.rules.queue.abandon_after = 10s;
  p.rules.wallet.double_submit_window = 0s;
  if (change) change(p.rules);
  p.lowered = p.rules;
  return p;
}

template <class View>
const View& success(const actors::outcome& what) {
  if (const auto* refusal = std::get_if<domain::rejection>(&what))
    BOOST_FAIL("refused: " << domain::to_string(refusal->code) << ' ' << refusal->detail);
  return std::get<View>(what);
}

std::vector<domain::seat_name> names_of(const std::string& seats) {
  auto names = domain::parse_seat_names(seats, 100, "/seats");
  BOOST_REQUIRE(domain::refused(names) == nullptr);
  return std::get<0>(names);
}

} // namespace

stage::stage(std::uint64_t seed, const std::function<void(actors::rules&)>& change)
    : world_(scene_plan(seed, change), reached_) {
  start();
}

sim::person& stage::of(const std::string& user) {
  auto& p = people_[user];
  if (p == nullptr) {
    const auto number = static_cast<sim::host>(people_.size());
    p = std::make_unique<sim::person>(world_, 0, domain::user_id{user}, sim::outside + number,
                                      world_.chance(5000 + number), patience);
  }
  return *p;
}

stage::answer stage::asks(const std::string& user, const actors::command& c) {
  auto slot = std::make_shared<std::optional<actors::outcome>>();
  of(user).ask(c, [this, slot, user](const sim::person::answer& a) {
    *slot = a;
    if (const auto* token = sim::view_in<domain::token_view>(a)) tokens_[user] = token->key;
    if (const auto* booked = sim::view_in<actors::booking_view>(a))
      bookings_[user] = booked->booking;
  });
  return slot;
}

actors::command stage::entry(const std::string& user, std::int64_t concert) const {
  return actors::enter_queue{{concert}, {user}, 0};
}

actors::command stage::booking(const std::string& user, const std::string& seats) const {
  return actors::create_booking{{1}, {user}, tokens_.at(user), names_of(seats), {}};
}

actors::command stage::payment(const std::string& user) const {
  const auto& b = bookings_.at(user);
  actors::pay_booking p;
  p.booking = b.id;
  p.concert = b.concert;
  p.claim.user = b.user;
  p.claim.token = b.token;
  return p;
}

actors::command stage::charging(const std::string& user, std::int64_t points) const {
  return actors::charge_wallet{{user}, domain::points(points)};
}

domain::token_view stage::enter(const std::string& user) {
  return success<domain::token_view>(wait_for(asks(user, entry(user))));
}

actors::booking_view stage::book(const std::string& user, const std::string& seats) {
  return success<actors::booking_view>(wait_for(asks(user, booking(user, seats))));
}

void stage::pay(const std::string& user) {
  success<actors::booking_view>(wait_for(asks(user, payment(user))));
}

void stage::charge(const std::string& user, std::int64_t points) {
  success<actors::entry_view>(wait_for(asks(user, charging(user, points))));
}

void stage::run_until(const std::function<bool()>& holds) {
  const auto latest = world_.now() + patience;
  while (!holds()) BOOST_REQUIRE_MESSAGE(world_.step(latest), "it never came about");
}

void stage::run_steps(int count) {
  run_until([&count] { return count-- == 0; });
}

void stage::run_for(sim::moment length) { world_.run_until(world_.now() + length); }

const actors::outcome& stage::wait_for(const answer& a) {
  run_until([&] { return a->has_value(); });
  return **a;
}

std::optional<domain::error_code> stage::refusal(const answer& a) {
  const auto* refused = std::get_if<domain::rejection>(&wait_for(a));
  return refused ? std::optional(refused->code) : std::nullopt;
}

void stage::start() {
  world_.start(0);
  run_until([this] { return site().node().ready(); });
}

void stage::finish() {
  run_for(patience);
  run_until([this] { return site().node().living() == 0; }); // the caretaker may be at it just now
  site().finish();
}

// In spite of all the store's troubles.
template <class Look>
auto stage::read(Look look) {
  trouble().checker_reads = true;
  const auto seen = look(site().stored());
  trouble().checker_reads = false;
  return seen;
}

domain::seat_status stage::in_store(const std::string& seat) {
  const auto place = domain::find_seat(*world_.option({1}), names_of(seat).front());
  BOOST_REQUIRE(place);
  return read([&](auto& stored) { return stored.load_seat(place->id)->status; });
}

domain::money stage::balance_in_store(const std::string& user) {
  return read([&](auto& stored) { return stored.load_wallet({user})->balance; });
}

domain::booking_status stage::status_in_store(domain::booking_id booking) {
  return read([&](auto& stored) { return stored.load_booking(booking)->status; });
}

void under_seeds(int count, const std::function<void(std::uint64_t)>& scene) {
  for (int seed = 1; seed <= count; ++seed) BOOST_TEST_CONTEXT("seed " << seed) {
      scene(static_cast<std::uint64_t>(seed));
    }
}

} // namespace boxoffice::test
