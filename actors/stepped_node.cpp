#include "actors/stepped_node.hpp"

#include "actors/carrier_words.hpp"
#include "actors/premises.hpp"
#include "actors/words.hpp"

#include <caf/scheduler/test_coordinator.hpp>

#include <algorithm>
#include <cassert>
#include <map>
#include <set>

namespace boxoffice::actors {

namespace {

struct stepped_config : caf::actor_system_config {
  stepped_config() { set("scheduler.policy", caf::atom("testing")); }
};

using caf_time = caf::actor_clock::time_point;

// CAF takes its clock's zero for "none", so the owner's beginning is a little later.
caf_time to_caf(stepped_node::moment m) { return caf_time(std::chrono::hours(1) + m); }
stepped_node::moment from_caf(caf_time t) {
  // A timer set to a fraction of a microsecond is due at the next whole one.
  return std::chrono::ceil<stepped_node::moment>(t.time_since_epoch() - std::chrono::hours(1));
}

caf::resumable* job_of(const caf::strong_actor_ptr& actor) {
  return dynamic_cast<caf::resumable*>(caf::actor_cast<caf::abstract_actor*>(actor));
}

std::uint64_t mix(std::uint64_t seed, std::uint64_t x) { return (seed ^ x) * 0x100000001B3ull; }

// What tells one message from another without putting it into words.
std::uint64_t content_number(const caf::type_erased_tuple& m) {
  const auto named = [](const letter& l) {
    const auto who = address_of(l);
    auto number = mix(l.index() + 1, static_cast<std::uint64_t>(who.number));
    for (const char c : who.user) number = mix(number, static_cast<unsigned char>(c));
    return mix(number, client_of(l).value_or(0));
  };
  if (m.match_elements<letter>()) return named(m.get_as<letter>(0));
  if (m.match_elements<routed>()) return mix(named(m.get_as<routed>(0).what), 2);
  if (m.match_elements<change>()) {
    const auto& c = m.get_as<change>(0);
    auto number = mix(c.ticket, c.releases.size());
    for (const auto& fact : c.facts) number = mix(number, fact.index());
    return number;
  }
  if (m.match_elements<consult>()) return m.get_as<consult>(0).request;
  if (m.match_elements<shipped_to>())
    return static_cast<std::uint64_t>(m.get_as<shipped_to>(0).last);
  return m.match_elements<committed>() ? m.get_as<committed>(0).ticket : 0;
}

} // namespace

class stepped_node::impl {
public:
  impl(service_options options, std::unique_ptr<persistence::store> store, const clock& time,
       random_source& random, client_port& clients, moment now)
      : premises_(std::move(options), std::move(store), time, random, clients),
        system_(std::make_unique<caf::actor_system>(config_)),
        scheduler_(dynamic_cast<caf::scheduler::test_coordinator&>(system_->scheduler())) {
    system_->await_actors_before_shutdown(false);
    scheduler_.clock().current_time = to_caf(now);
    premises_.open(*system_, blocking_actors::scheduled);
    const auto& house = premises_.state();
    journal_ = job_of(caf::actor_cast<caf::strong_actor_ptr>(house.journal));
    loader_ = job_of(caf::actor_cast<caf::strong_actor_ptr>(house.loader));
    librarian_ = job_of(caf::actor_cast<caf::strong_actor_ptr>(house.librarian));
    directory_ = job_of(caf::actor_cast<caf::strong_actor_ptr>(house.directory));
  }

  // Left to itself the actor system would run all that waits, timers included. So what waits goes
  // first; letting go of one actor may queue another.
  ~impl() {
    scheduler_.clock().cancel_all();
    premises_.release();
    while (!scheduler_.jobs.empty()) {
      auto* job = scheduler_.jobs.front();
      scheduler_.jobs.pop_front();
      caf::scheduler::abstract_coordinator::cleanup_and_release(job);
      scheduler_.clock().cancel_all();
    }
  }

  premises& node() { return premises_; }
  const premises& node() const { return premises_; }

  std::size_t runnable() const {
    if (held_.empty()) return scheduler_.jobs.size();
    return scheduler_.jobs.size() - held_.size();
  }

  role role_of(std::size_t which) const {
    const auto* job = job_at(which);
    if (job == journal_) return role::journal;
    if (job == loader_) return role::loader;
    if (job == librarian_) return role::librarian;
    return job == directory_ ? role::directory : role::entity;
  }

  bool touches_store(std::size_t which) const {
    const auto* job = job_at(which);
    if (job != journal_ && job != loader_ && job != librarian_) return false;
    const auto* element = message_of(which);
    if (element == nullptr) return false;
    const auto& next = element->content();
    return (job == journal_ && next.match_elements<stop>()) || next.match_elements<flush>() ||
           next.match_elements<probe>() || next.match_elements<load>() ||
           next.match_elements<trace>() || next.match_elements<find_work>() ||
           next.match_elements<consult>() || next.match_elements<look_up_user>() ||
           next.match_elements<look_back>();
  }

  std::optional<moment> next_due() const {
    std::optional<moment> due;
    const auto sooner = [&due](moment m) { due = due ? std::min(*due, m) : m; };
    if (const auto& timers = scheduler_.clock().schedule(); !timers.empty())
      sooner(from_caf(timers.begin()->first));
    for (const auto& [job, until] : held_) sooner(until);
    return due;
  }

  void run(std::size_t which) {
    const auto at = place_of(which);
    auto& jobs = scheduler_.jobs;
    auto* job = jobs[at];
    jobs.erase(jobs.begin() + static_cast<std::ptrdiff_t>(at));
    jobs.push_front(job);
    let_go_.erase(job);
    entity_runs_ = job != journal_ && job != loader_ && job != directory_ && job != librarian_;
    if (job == journal_) note_shipped();
    scheduler_.try_run_once();
    entity_runs_ = false;
  }

  void hold(std::size_t which, moment until) { held_[job_at(which)] = until; }
  bool was_held(std::size_t which) const { return let_go_.count(job_at(which)) != 0; }

  void advance_to(moment now) {
    auto& clock = scheduler_.clock();
    const auto then = to_caf(now);
    assert(then >= clock.current_time);
    clock.current_time = then;
    clock.trigger_expired_timeouts();
    for (auto i = held_.begin(); i != held_.end();) {
      if (i->second > now) {
        ++i;
        continue;
      }
      let_go_.insert(i->first);
      i = held_.erase(i);
    }
  }

  bool entity_runs() const { return entity_runs_; }
  persistence::commit_number heard_shipped() const { return heard_shipped_; }

  void begin_stop() {
    held_.clear();
    premises_.stop_entities();
    stopping_ = true;
  }

  bool stopped() {
    const auto left = system_->registry().running();
    if (stopping_ && left <= premises::workers_of_the_store) {
      premises_.stop_workers_of_the_store();
      stopping_ = false;
    }
    return left == 0;
  }

  std::string words(std::size_t which) {
    const auto id = dynamic_cast<caf::scheduled_actor&>(*job_at(which)).id();
    const auto* element = message_of(which);
    if (element == nullptr) return name_of(which, id) + " starts";
    const auto next = element->copy_content_to_message();
    if (next.match_elements<letter>())
      names_[id] = actors::words(address_of(next.get_as<letter>(0)));
    return name_of(which, id) + " <- " + carrier_words(next);
  }

  std::uint64_t fingerprint(std::size_t which) const {
    const auto id = dynamic_cast<caf::scheduled_actor&>(*job_at(which)).id();
    const auto* element = message_of(which);
    const auto number = mix(which, id);
    return element == nullptr ? number : mix(number, content_number(element->content()));
  }

private:
  void note_shipped() {
    const auto* element = message_of(0);
    if (element == nullptr || !element->content().match_elements<shipped_to>()) return;
    heard_shipped_ = std::max(heard_shipped_, element->content().get_as<shipped_to>(0).last);
  }

  // The place in the scheduler's line of the `which`-th actor that isn't held.
  std::size_t place_of(std::size_t which) const {
    if (held_.empty()) return which;
    const auto& jobs = scheduler_.jobs;
    for (std::size_t at = 0;; ++at) {
      assert(at < jobs.size());
      if (held_.count(jobs[at]) != 0) continue;
      if (which-- == 0) return at;
    }
  }

  caf::resumable* job_at(std::size_t which) const { return scheduler_.jobs[place_of(which)]; }

  caf::mailbox_element* message_of(std::size_t which) const {
    return dynamic_cast<caf::scheduled_actor&>(*job_at(which)).peek_at_next_mailbox_element();
  }

  std::string name_of(std::size_t which, caf::actor_id id) {
    switch (role_of(which)) {
    case role::journal: return "journal";
    case role::loader: return "loader";
    case role::librarian: return "librarian";
    case role::directory: return "directory";
    case role::entity: break;
    }
    const auto known = names_.find(id);
    return known == names_.end() ? "entity of actor " + std::to_string(id) : known->second;
  }

  premises premises_;
  stepped_config config_;
  std::unique_ptr<caf::actor_system> system_;
  caf::scheduler::test_coordinator& scheduler_;
  caf::resumable* journal_ = nullptr;
  caf::resumable* loader_ = nullptr;
  caf::resumable* librarian_ = nullptr;
  caf::resumable* directory_ = nullptr;
  // Each of them is in the scheduler's line, and stays there until it is let go.
  std::map<caf::resumable*, moment> held_;
  std::set<caf::resumable*> let_go_;
  bool entity_runs_ = false;
  persistence::commit_number heard_shipped_ = 0;
  bool stopping_ = false;
  std::map<caf::actor_id, std::string> names_;
};

stepped_node::stepped_node(service_options options, std::unique_ptr<persistence::store> store,
                           const clock& time, random_source& random, client_port& clients,
                           moment now)
    : impl_(std::make_unique<impl>(std::move(options), std::move(store), time, random, clients,
                                   now)) {}
stepped_node::~stepped_node() = default;

void stepped_node::submit(request_id request, command c, domain::request_key_ptr key) {
  impl_->node().submit(request, std::move(c), std::move(key));
}
std::shared_ptr<const domain::catalogue> stepped_node::catalogue() const {
  return impl_->node().published().catalogue();
}
std::shared_ptr<const domain::seat_map> stepped_node::seats(domain::option_id option) const {
  return impl_->node().published().seats(option);
}
bool stepped_node::ready() const {
  return impl_->node().state().ready && impl_->node().state().takes_changes();
}
void stepped_node::shipped(persistence::commit_number last) { impl_->node().shipped(last); }
bool stepped_node::failing() const { return impl_->node().state().failing; }
persistence::commit_number stepped_node::heard_shipped() const { return impl_->heard_shipped(); }
std::size_t stepped_node::living() const { return impl_->node().state().living; }

std::size_t stepped_node::runnable() const { return impl_->runnable(); }
stepped_node::role stepped_node::role_of(std::size_t which) const { return impl_->role_of(which); }
bool stepped_node::touches_store(std::size_t which) const { return impl_->touches_store(which); }
std::optional<stepped_node::moment> stepped_node::next_due() const { return impl_->next_due(); }

void stepped_node::run(std::size_t which) { impl_->run(which); }
void stepped_node::hold(std::size_t which, moment until) { impl_->hold(which, until); }
void stepped_node::advance_to(moment now) { impl_->advance_to(now); }
bool stepped_node::was_held(std::size_t which) const { return impl_->was_held(which); }
bool stepped_node::entity_runs() const { return impl_->entity_runs(); }

void stepped_node::begin_stop() { impl_->begin_stop(); }
bool stepped_node::stopped() { return impl_->stopped(); }

std::string stepped_node::words(std::size_t which) { return impl_->words(which); }
std::uint64_t stepped_node::fingerprint(std::size_t which) const {
  return impl_->fingerprint(which);
}

} // namespace boxoffice::actors
