#include "sim/site.hpp"

#include "actors/real_environment.hpp"
#include "actors/words.hpp"
#include "sim/invariants.hpp"

#include <algorithm>
#include <cassert>
#include <new>

namespace boxoffice::sim {

site::site(int number, const plan& what, surroundings& around, random chance,
           const domain::events& facts)
    : number_(number),
      plan_(what),
      around_(around),
      chance_(chance.stream(1)),
      trouble_(chance.stream(2), around.reached()),
      checker_(around.reached()),
      disk_(trouble_, *this),
      behind_(what.postgres.exists ? make_behind(chance.stream(3)) : nullptr) {
  const bool is_kept = behind_ && what.postgres.from_the_first;
  disk_.open(is_kept ? behind_->open_window() : nullptr)->commit(facts, opening_day());
}

site::~site() = default;

// The checker reads the store without its troubles.
template <class Judgement>
void site::judge_store(Judgement judgement) {
  trouble_.checker_reads = true;
  judge(judgement);
  trouble_.checker_reads = false;
}

// The wall clock counts at boot only, and never behind what the store says; then it is carried on
// by the monotonic one (CONTRACT 2, Time).
domain::time_point site::time_of_day() const {
  return clock_at_boot_ + (around_.now() - booted_at_);
}

domain::time_point site::now() const {
  if (node_ != nullptr && node_->entity_runs() && trouble_.entity_dies()) throw std::bad_alloc();
  return time_of_day();
}

void site::start(const actors::rules& rules) {
  assert(!up());
  rules_ = rules;
  was_ready_ = calm_ = false;
  stopping_ = false;
  paused_until_ = moment(0);
  if (disk_lost_) make_disk_anew();
  store_ = disk_.open(behind_ ? behind_->open_window() : nullptr);
  stored_ = store_->open_reader();
  booted_at_ = around_.now();
  const auto wall = opening_day() + booted_at_ + trouble_.wall_offset;
  clock_at_boot_ = actors::first_reading(wall, stored_->load_image().last_time);
  if (trouble_.wall_offset != moment(0))
    around_.reached().reached("clock: a start with a wrong wall clock");
  if (clock_at_boot_ != wall) around_.reached().reached("clock: a start behind the store's time");
  if (behind_) behind_->begin();
  if (!waits_for_postgres()) serve();
}

// Where answers wait for PostgreSQL, only once it has all that the store holds.
void site::serve() {
  judge_store([&] {
    checker_.started(rules_, *stored_, time_of_day());
    if (waits_for_postgres()) checker_.compare(*behind_->open_reader(), time_of_day());
  });
  shown_ = disk_.last_commit();

  actors::service_options o;
  o.rules = rules_;
  o.waits_for_shipping = waits_for_postgres();
  if (behind_) o.takes_changes = [this] { return behind_->takes_changes(); };
  o.max_group = plan_.max_group;
  o.idle_after = plan_.idle_after;
  o.writer = ledger_;
  o.report = [this](bool, const std::string& text) { around_.tell(number_, [&] { return text; }); };
  const actors::clock& time = *this;
  actors::random_source& bits = *this;
  actors::client_port& clients = *this;
  node_ = std::make_unique<actors::stepped_node>(std::move(o), std::move(store_), time, bits,
                                                 clients, around_.now());
  if (behind_) node_->shipped(behind_->has_shipped());
}

void site::leave(bool in_order) {
  node_.reset();
  store_.reset();
  if (behind_) behind_->end(in_order);
  open_.clear();
  stopping_ = false;
  judge([&] { checker_.gone(); });
}

void site::crash() {
  if (!runs()) return;
  around_.tell(number_, [] { return "the power goes"; });
  around_.reached().reached("node: crashed");
  ++crashes_;
  disk_.cut_power();
  leave(false);
}

void site::begin_stop() {
  if (!runs() || stopping_) return;
  if (!up()) return leave(true); // it waits for PostgreSQL, and nobody was served yet
  around_.tell(number_, [] { return "is told to stop"; });
  stopping_ = true;
  node_->begin_stop();
}

void site::ask(const actors::command& c, reply to, const domain::request_key_ptr& key) {
  if (!up() || stopping_) return;
  const auto request = ++last_request_;
  around_.tell(number_, [&] {
    const auto keyed = key ? ", keyed " + key->key : "";
    return "request " + std::to_string(request) + keyed + ": " + actors::words(c);
  });
  open_.emplace(request, waiting{std::move(to), node_->ready(), around_.now()});
  judge([&] { checker_.asked(request, c, time_of_day(), key); });
  node_->submit(request, c, key);
}

std::shared_ptr<const domain::seat_map> site::look_at(domain::option_id option) {
  if (!up() || paused()) return nullptr;
  auto map = node_->seats(option);
  judge([&] { checker_.saw_seats(option, map.get()); });
  return map;
}

void site::complete(actors::request_id request, actors::outcome what) {
  if (!disk_.powered()) return; // the machine was gone before this could be said
  around_.tell(number_,
               [&] { return "answer " + std::to_string(request) + ": " + actors::words(what); });
  const auto* again = std::get_if<actors::replayed_answer>(&what);
  const auto* written = again ? &again->first : std::get_if<domain::written_answer>(&what);
  if (written == nullptr) {
    judge([&] { checker_.answered(request, what, time_of_day()); });
  } else {
    auto behind = ledger_->behind(*written);
    judge([&] {
      checker_.answered_in_writing(request, *written, again != nullptr, behind, time_of_day());
    });
    what = std::move(behind); // people read it
  }
  auto open = open_.extract(request);
  if (open.empty()) return;
  judge([&] { judge_unavailable(open.mapped(), what); });
  judge([&] { judge_bound(open.mapped(), what); });
  open.mapped().to(what);
}

// A client that is told "unknown" can bear it, but it must have a cause.
void site::judge_unavailable(const waiting& w, const actors::outcome& what) const {
  const auto* refusal = std::get_if<domain::rejection>(&what);
  if (refusal == nullptr || refusal->code != domain::error_code::store_unavailable) return;
  if (calm_ && w.asked_when_ready && !stopping_)
    throw broken_invariant("no 503 without a cause", "A request was told: " + refusal->detail);
}

void site::be_calm() {
  // The more people, the longer the lines in the node itself.
  const auto tolerance = std::chrono::milliseconds(500) + std::chrono::milliseconds(5) * plan_.acts;
  calm_ = true;
  judge([&] { checker_.calm(time_of_day(), tolerance); });
}

// What readers are shown, whoever looks.
void site::look_at_all() {
  for (std::int64_t id = 1; id <= plan_.concerts * plan_.options; ++id) {
    const domain::option_id option{id};
    const auto map = node_->seats(option);
    judge([&] { checker_.saw_seats(option, map.get()); });
  }
}

void site::durable(persistence::commit_number n, const domain::events& facts) {
  ++commits_;
  around_.tell(number_, [&] {
    std::string text = "commit " + std::to_string(n) + ":";
    for (const auto& fact : facts) text += "\n    " + actors::words(fact);
    return text;
  });
  for (const auto& fact : facts) around_.mix_in(actors::words(fact));
  if (!waits_for_postgres()) judge([&] { checker_.durable(n, facts); });
}

void site::told(persistence::commit_number n) {
  if (behind_) behind_->committed(n);
  if (!waits_for_postgres()) judge([&] { checker_.told(n); });
}

void site::refused(const domain::events&, const std::string& why) {
  judge([&] { throw broken_invariant("the tables refuse no fact", why); });
}

void site::settle() {
  if (runs() && !disk_.powered()) crash();
  if (stopping_ && up() && node_->stopped()) {
    around_.tell(number_, [] { return "has stopped"; });
    around_.reached().reached("node: stopped in order");
    leave(true);
  }
  if (behind_) settle_postgres();
  if (up() && node_->ready() != was_ready_) {
    was_ready_ = node_->ready();
    if (was_ready_) look_at_all(); // after every recovery
  }
  if (broken_) throw broken_invariant(*broken_);
}

void site::finish() {
  if (!up() || stopping_ || !node_->ready())
    throw broken_invariant("a node comes back", "Faults have stopped, and it is not ready.");
  look_at_all();
  judge_store([&] { checker_.finished(*stored_, time_of_day()); });
  if (behind_)
    judge([&] {
      behind_->judge_end();
      checker_.compare(*behind_->open_reader(), time_of_day());
    });
  if (broken_) throw broken_invariant(*broken_);
  if (node_->living() > 0)
    throw broken_invariant("what is idle leaves memory",
                           std::to_string(node_->living()) + " entities are still in memory.");
}

} // namespace boxoffice::sim
