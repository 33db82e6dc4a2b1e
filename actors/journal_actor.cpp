// The journal: group commit, and the release of what waits for it.
//
// Changes are committed in the order in which they came, as many at once as are waiting. Answers,
// reads and refusals among them, leave in that order after the commit, so a crash loses a suffix
// that nobody was told about. A failed commit ends a generation: whatever was decided on top of it
// is void, its clients hear 503, and nothing is taken until a probe has settled what the store
// holds.
#include "actors/interfaces.hpp"

#include <algorithm>
#include <deque>

namespace boxoffice::actors {

namespace {

// Before the next probe. The first comes at once; then the wait doubles. A failure that soon
// follows a recovery goes on from there: a probe may fit on a disk that has no room for a group,
// and each such flip costs all that is in memory.
constexpr domain::duration shortest_wait = std::chrono::milliseconds(100);
constexpr domain::duration longest_wait = std::chrono::seconds(2);
constexpr domain::duration calm = std::chrono::seconds(10);

class journal {
public:
  journal(journal_actor::pointer self, house& h) : self_(self), house_(h) {}

  void take(change& c);
  void commit_group();
  void probe_store();
  void on_mishap(const mishap& m);
  void on_shipped(shipped_to);
  void finish();

private:
  struct pending {
    change what;
    caf::strong_actor_ptr from;
  };

  // A group that is committed, and not told of yet.
  struct committed_group {
    persistence::commit_number number = 0;
    domain::events facts;
    std::vector<pending> changes;
  };

  persistence::commit_number commit(const domain::events&, std::size_t changes);
  void conclude(committed_group&);
  void fail(const std::string& why, std::vector<pending> group);
  void let_go(release&);
  void refuse(change&);
  void tell_committed(const std::vector<pending>&);
  void schedule_probe();

  journal_actor::pointer self_;
  house& house_;
  generation generation_ = 1;
  bool failing_ = false;
  bool flush_sent_ = false;
  domain::duration probe_wait_{};
  std::optional<domain::time_point> recovered_at_;
  std::deque<pending> waiting_;
  std::deque<committed_group> unshipped_; // where commits count only when they are shipped
  persistence::commit_number shipped_ = 0;
};

void journal::let_go(release& r) {
  if (auto* answer = std::get_if<client_answer>(&r))
    house_.entities.clients.complete(answer->request, std::move(answer->what));
  else
    self_->send(house_.directory, routed{generation_, std::move(std::get<letter>(r))});
}

// The change is void: its clients hear so, and what it would have told entities is not told.
void journal::refuse(change& c) {
  for (auto& r : c.releases) {
    std::optional<request_id> client;
    if (const auto* answer = std::get_if<client_answer>(&r))
      client = answer->request;
    else
      client = client_of(std::get<letter>(r));
    if (client) house_.entities.clients.complete(*client, store_unavailable());
  }
}

void journal::take(change& c) {
  const bool counts = c.decided_in == generation_ || c.decided_in == any_generation;
  if (failing_ || !counts) return refuse(c);
  if (c.facts.empty() && waiting_.empty() && unshipped_.empty()) {
    for (auto& r : c.releases) let_go(r);
    return;
  }
  waiting_.push_back({std::move(c), self_->current_sender()});
  if (flush_sent_) return;
  // Behind all that is in the mailbox already: whatever waits joins the group.
  flush_sent_ = true;
  self_->send(self_, flush{});
}

void journal::commit_group() {
  flush_sent_ = false;
  if (waiting_.empty()) return;

  committed_group group;
  auto& facts = group.facts;
  while (!waiting_.empty() && group.changes.size() < house_.max_group) {
    group.changes.push_back(std::move(waiting_.front()));
    waiting_.pop_front();
    auto& c = group.changes.back().what;
    facts.insert(facts.end(), std::make_move_iterator(c.facts.begin()),
                 std::make_move_iterator(c.facts.end()));
  }
  try {
    if (!facts.empty()) group.number = commit(facts, group.changes.size());
  } catch (const std::exception& e) {
    return fail(e.what(), std::move(group.changes));
  }

  const bool is_durable =
      !house_.waits_for_shipping || (unshipped_.empty() && group.number <= shipped_);
  if (is_durable)
    conclude(group);
  else
    unshipped_.push_back(std::move(group));
  if (waiting_.empty()) return;
  flush_sent_ = true;
  self_->send(self_, flush{});
}

// What the group holds is durable: it is published, and whoever waits for it hears.
void journal::conclude(committed_group& group) {
  if (!group.facts.empty()) house_.published.apply(group.facts, group.number);
  tell_committed(group.changes);
  for (auto& p : group.changes)
    for (auto& r : p.what.releases) let_go(r);
}

// In the order of the commits; a group without facts waits only for those before it.
void journal::on_shipped(shipped_to m) {
  shipped_ = std::max(shipped_, m.last);
  while (!unshipped_.empty() && unshipped_.front().number <= shipped_) {
    conclude(unshipped_.front());
    unshipped_.pop_front();
  }
}

persistence::commit_number journal::commit(const domain::events& facts, std::size_t changes) {
  const auto begin =
      std::chrono::steady_clock::now(); // for whoever measures, no rule depends on it
  const auto number = house_.store.commit(facts, house_.entities.time.now());
  const auto took = std::chrono::steady_clock::now() - begin;
  if (house_.listener != nullptr) house_.listener->on_commit(facts, changes, waiting_.size(), took);
  return number;
}

// Each entity hears once of the last of its changes in the group.
void journal::tell_committed(const std::vector<pending>& group) {
  std::unordered_map<caf::actor_id, const pending*> last;
  for (const auto& p : group)
    if (p.what.ticket != 0 && p.from) last[p.from->id()] = &p;
  for (const auto& [id, p] : last)
    self_->send(caf::actor_cast<entity_actor>(p->from), committed{p->what.ticket});
}

// `group` is what was being committed. Who is told 503 finds the service not ready.
void journal::fail(const std::string& why, std::vector<pending> group) {
  if (!failing_) house_.report(true, "The store failed, changes are refused: " + why);
  if (house_.listener != nullptr) house_.listener->on_failure();
  failing_ = true;
  house_.failing = true;
  house_.ready = false;
  house_.current = ++generation_;
  for (auto& p : group) refuse(p.what);
  for (auto& p : waiting_) refuse(p.what);
  waiting_.clear();
  // Committed, and nobody was told: that it is so, they learn by asking again.
  for (auto& lost : unshipped_)
    for (auto& p : lost.changes) refuse(p.what);
  unshipped_.clear();
  self_->send(house_.directory, store_lost{generation_});
  const bool calm_before = !recovered_at_ || house_.entities.time.now() - *recovered_at_ >= calm;
  if (calm_before) probe_wait_ = {};
  schedule_probe();
}

void journal::on_mishap(const mishap& m) {
  if (m.in == generation_ && !failing_) fail(m.what, {});
}

void journal::schedule_probe() {
  self_->delayed_send(self_, probe_wait_, probe{});
  probe_wait_ = std::clamp(probe_wait_ * 2, shortest_wait, longest_wait);
}

// The failed commit may be in the store after all, so readers' snapshots are taken anew as well.
void journal::probe_store() {
  if (!failing_) return;
  try {
    const auto last = house_.store.probe();
    if (house_.waits_for_shipping && last > shipped_) return schedule_probe();
    house_.published.reset(house_.journal_reader->load_image());
  } catch (const std::exception&) {
    return schedule_probe();
  }
  failing_ = false;
  house_.failing = false;
  recovered_at_ = house_.entities.time.now();
  house_.report(false, "The store can be written to again.");
  self_->send(house_.directory, store_found{generation_});
}

void journal::finish() {
  while (!failing_ && !waiting_.empty()) commit_group();
  self_->quit();
}

} // namespace

journal_actor::behavior_type run_journal(journal_actor::pointer self, house* h) {
  auto it = std::make_shared<journal>(self, *h);
  fail_fast(self, "journal");
  return {
      [it](change& c) { it->take(c); },          [it](flush) { it->commit_group(); },
      [it](probe) { it->probe_store(); },        [it](const mishap& m) { it->on_mishap(m); },
      [it](shipped_to m) { it->on_shipped(m); }, [it](stop) { it->finish(); },
  };
}

} // namespace boxoffice::actors
