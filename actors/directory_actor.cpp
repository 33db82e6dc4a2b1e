// The directory: every letter passes by here and is brought to its entity, which is read from the
// store when it is not in memory. Because all letters pass in one line, an entity can leave memory
// without losing one: what comes meanwhile waits here.
#include "actors/interfaces.hpp"

#include <algorithm>
#include <set>
#include <unordered_map>

namespace boxoffice::actors {

namespace {

// What a client hears when its letter's receiver does not exist.
domain::rejection no_such_entity(entity_kind kind) {
  using domain::error_code;
  switch (kind) {
  case entity_kind::queue: return domain::unknown_concert();
  case entity_kind::wallet: return domain::unknown_user();
  case entity_kind::option: return domain::unknown_option();
  case entity_kind::booking: return domain::not_of_this_user();
  case entity_kind::seat:
  case entity_kind::catalogue:
  case entity_kind::caretaker: break;
  }
  return domain::reject(error_code::internal_error, "The request led nowhere.");
}

// What it tells is in the store already.
bool is_news(const letter& l) {
  return std::holds_alternative<bookings_gone>(l) || std::holds_alternative<booking_gone>(l) ||
         std::holds_alternative<refusals_gone>(l);
}

// How much of the directory is looked through at once for who may leave: a sale goes on beside it,
// and those who leave trouble it as well.
constexpr std::size_t swept_at_once = 1024; // buckets

bool keeps_things_of_users(entity_kind kind) {
  return kind == entity_kind::queue || kind == entity_kind::option;
}

// A client's letter that changes nothing.
bool is_question(const letter& l) {
  return std::holds_alternative<ask_of_token>(l) || std::holds_alternative<read_balance>(l) ||
         std::holds_alternative<watch_line>(l) || std::holds_alternative<survey_line>(l);
}

class directory {
public:
  directory(directory_actor::pointer self, house& h) : self_(self), house_(h) {}

  void open();
  void on_routed(routed& m);
  void on_loaded(loaded& m);
  void on_unreadable(const unreadable& m);
  void on_found_work(const found_work& m);
  void on_store_lost(store_lost m);
  void on_store_found(store_found m);
  void on_retired(const retired& m);
  void on_still_busy(const still_busy& m);
  void on_idle(const idle& m);
  void on_inquiry(const inquiry& m);
  void on_sweep();
  void on_tidy();
  void on_stop();

private:
  enum class phase { loading, living, retiring };
  struct entry {
    phase now = phase::loading;
    entity_actor actor;
    std::vector<letter> parked; // until the entity is there, or has left
    domain::time_point last_used;
  };

  bool is_published_free(const letter&) const;
  void bring(entry&, letter&&);
  void start(const entity_ref&, entry&, loaded_state,
             std::shared_ptr<domain::kept_requests> = nullptr);
  void give_up(letter&);
  void answer(request_id, domain::rejection);
  void turn_away(letter&);
  void discard_all();
  void forget(const entity_ref&);
  std::vector<letter> take_parked(const entity_ref&, entry&);
  void rouse(const entity_ref&);
  void send_for_caretaker();
  void ask_to_retire(entry&);
  entry* find(generation, const entity_ref&, phase);

  directory_actor::pointer self_;
  house& house_;
  generation generation_ = 1;
  bool available_ = false;
  std::unordered_map<entity_ref, entry> entries_;
  std::size_t next_swept_ = 0; // bucket of it; 0: a round begins
  // Those among them that keep things of users': the queues and the options' desks.
  std::set<std::pair<entity_kind, std::int64_t>> keepers_;
  // What entities whose rows are damaged have still to be told, in order: tried again at every
  // sweep and with every letter, so that a mended row is taken up without a restart.
  std::unordered_map<entity_ref, std::vector<letter>> kept_;
};

void directory::open() {
  available_ = true;
  self_->send(house_.loader, find_work{generation_});
}

void directory::on_routed(routed& m) {
  const bool current = m.sent_in == any_generation || m.sent_in == generation_;
  if (!available_ || !current) return turn_away(m.what);
  if (m.sent_in == any_generation && !is_question(m.what) && !house_.takes_changes())
    return turn_away(m.what);

  const auto who = address_of(m.what);
  if (is_news(m.what) && entries_.count(who) == 0) return;
  const auto [found, fresh] = entries_.try_emplace(who);
  house_.living = entries_.size();
  if (fresh && keeps_things_of_users(who.kind)) keepers_.emplace(who.kind, who.number);
  auto& e = found->second;
  e.last_used = house_.entities.time.now();
  if (fresh)
    if (auto kept = kept_.extract(who)) e.parked = std::move(kept.mapped());
  // A booking that is being opened is in no store. A payment that guessed its number may have sent
  // for it already: that one is told so by the booking itself, and the loader's word is ignored.
  const bool opens = std::holds_alternative<open_booking>(m.what);
  const bool has_no_rows = who.kind == entity_kind::caretaker;
  if ((opens || has_no_rows) && e.now == phase::loading)
    start(who, e, std::monostate{});
  else if (fresh && is_published_free(m.what))
    start(who, e, std::make_shared<domain::seat>());
  else if (fresh)
    self_->send(house_.loader, load{generation_, who});
  bring(e, std::move(m.what));
}

// A seat that is not in memory is as the published map has it: it left only when all it knew was
// durable, and what is durable is published. So a free one need not be read.
bool directory::is_published_free(const letter& l) const {
  const auto* claim = std::get_if<claim_seat>(&l);
  if (claim == nullptr) return false;
  const auto map = house_.published.seats(claim->option);
  return map != nullptr && map->status(claim->seat) == domain::seat_status::free;
}

void directory::bring(entry& e, letter&& l) {
  if (e.now == phase::living)
    self_->send(e.actor, std::move(l));
  else
    e.parked.push_back(std::move(l));
}

void directory::start(const entity_ref& who, entry& e, loaded_state state,
                      std::shared_ptr<domain::kept_requests> kept) {
  e.now = phase::living;
  e.actor = self_->spawn(run_entity, &house_, generation_, who, std::move(state), std::move(kept));
  for (auto& l : e.parked) self_->send(e.actor, std::move(l));
  e.parked.clear();
}

void directory::on_loaded(loaded& m) {
  auto* e = find(m.in, m.who, phase::loading);
  if (e == nullptr) return;
  if (!std::holds_alternative<std::monostate>(m.state))
    return start(m.who, *e, std::move(m.state), std::move(m.kept));
  const auto is_wish_to_be = [](const letter& l) {
    return std::holds_alternative<open_account>(l);
  };
  if (std::any_of(e->parked.begin(), e->parked.end(), is_wish_to_be))
    return start(m.who, *e, std::monostate{});
  for (auto& l : take_parked(m.who, *e)) give_up(l);
}

// One damaged row is not the store's end: who needs it hears 503, everybody else is served. What
// nobody waits for is work of the service's own, and must not be forgotten.
void directory::on_unreadable(const unreadable& m) {
  auto* e = find(m.in, m.who, phase::loading);
  if (e == nullptr) return;
  for (auto& l : take_parked(m.who, *e)) {
    // Those who ask on others' behalf must hear as well.
    if (const auto* asking = std::get_if<describe_owner>(&l)) {
      routed answer{generation_,
                    owner_described{asking->asker, asking->correlation, unreadable_rows{}}};
      on_routed(answer);
    } else if (const auto* inquiring = std::get_if<asked_after_user>(&l)) {
      routed answer{generation_, user_traced{inquiring->user, inquiring->correlation, false, true}};
      on_routed(answer);
    } else if (const auto* claiming = std::get_if<claim_seat>(&l)) {
      routed answer{generation_,
                    seat_answered{claiming->booking, claiming->seat, seat_word::unreadable}};
      on_routed(answer);
    } else if (client_of(l)) {
      turn_away(l);
    } else if (auto& kept = kept_[m.who]; kept.empty() || !std::holds_alternative<wake>(l)) {
      kept.push_back(std::move(l)); // one wake is enough, and so is any other letter
    }
  }
}

void directory::forget(const entity_ref& who) {
  entries_.erase(who);
  keepers_.erase({who.kind, who.number});
  house_.living = entries_.size();
}

// What came for one who is not there any more.
std::vector<letter> directory::take_parked(const entity_ref& who, entry& e) {
  auto parked = std::move(e.parked);
  forget(who);
  return parked;
}

// The receiver does not exist: whoever waits hears so.
void directory::give_up(letter& l) {
  if (auto* asking = std::get_if<describe_owner>(&l)) {
    routed answer{generation_, owner_described{asking->asker, asking->correlation, no_rows{}}};
    return on_routed(answer);
  }
  if (const auto* inquiring = std::get_if<asked_after_user>(&l)) {
    routed answer{generation_, user_traced{inquiring->user, inquiring->correlation, false, false}};
    return on_routed(answer);
  }
  if (auto* recalled = std::get_if<recall>(&l)) {
    // Nobody remembers it: it goes on its way.
    if (!recalled->next) return answer(recalled->request, std::move(recalled->otherwise));
    routed onward{generation_, std::move(recalled->next->what)};
    return on_routed(onward);
  }
  if (const auto client = client_of(l)) answer(*client, no_such_entity(address_of(l).kind));
}

// With what the store says, or does not say: behind all that went into it.
void directory::answer(request_id client, domain::rejection what) {
  change told;
  told.decided_in = generation_;
  told.releases.push_back(client_answer{client, std::move(what)});
  self_->send(house_.journal, std::move(told));
}

// The letter counts no more, or nothing is taken just now.
void directory::turn_away(letter& l) {
  if (const auto client = client_of(l))
    house_.entities.clients.complete(*client, store_unavailable());
}

void directory::on_found_work(const found_work& m) {
  if (m.in != generation_) return;
  for (const auto c : m.work.queues) rouse(ref(c));
  for (const auto o : m.work.options) rouse(ref(o));
  for (const auto b : m.work.bookings) rouse(ref(b));
  if (m.work.drafts) rouse({entity_kind::catalogue, 0});
  send_for_caretaker();
  house_.ready = true;
}

void directory::discard_all() {
  for (auto& [who, e] : entries_) {
    if (e.actor) self_->send(e.actor, discard{});
    for (auto& l : e.parked) turn_away(l);
  }
  entries_.clear();
  keepers_.clear();
  kept_.clear();
  house_.living = 0;
}

void directory::on_store_lost(store_lost m) {
  house_.ready = false;
  generation_ = m.now;
  available_ = false;
  discard_all();
}

void directory::on_store_found(store_found m) {
  if (m.now == generation_) open();
}

// What an entity of an earlier generation says of itself is not about the one of this name now.
directory::entry* directory::find(generation in, const entity_ref& who, phase p) {
  if (in != generation_) return nullptr;
  const auto found = entries_.find(who);
  return found != entries_.end() && found->second.now == p ? &found->second : nullptr;
}

void directory::ask_to_retire(entry& e) {
  e.now = phase::retiring;
  self_->send(e.actor, retire{});
}

void directory::on_idle(const idle& m) {
  if (auto* e = find(m.in, m.who, phase::living)) ask_to_retire(*e);
}

// Whoever is not in memory has nothing under way, and all that it knows is in the store.
void directory::on_inquiry(const inquiry& m) {
  if (m.in != generation_ || !available_) return;
  for (const auto& [kind, number] : keepers_) {
    const entity_ref who(kind, number);
    bring(entries_.at(who), asked_after_user{who, m.user, m.correlation});
  }
  self_->send(house_.loader, look_up_user{generation_, m.user, m.correlation});
  routed r{generation_, inquiry_begun{m.user, m.correlation, keepers_.size() + 1}};
  on_routed(r);
}

void directory::on_retired(const retired& m) {
  auto* e = find(m.in, m.who, phase::retiring);
  if (e == nullptr) return;
  for (auto& l : take_parked(m.who, *e)) {
    routed r{generation_, std::move(l)};
    on_routed(r);
  }
}

void directory::on_still_busy(const still_busy& m) {
  auto* e = find(m.in, m.who, phase::retiring);
  if (e == nullptr) return;
  e->now = phase::living;
  for (auto& l : e->parked) self_->send(e->actor, std::move(l));
  e->parked.clear();
}

void directory::rouse(const entity_ref& who) {
  routed r{generation_, wake{who}};
  on_routed(r);
}

// Not while changes are refused: nobody waits for this one.
void directory::send_for_caretaker() {
  if (!house_.takes_changes()) return;
  routed r{generation_, clean_up{}};
  on_routed(r);
}

void directory::on_tidy() {
  send_for_caretaker();
  self_->delayed_send(self_, house_.look_back_every, tidy{});
}

void directory::on_sweep() {
  if (next_swept_ == 0) {
    std::vector<entity_ref> unreadable;
    for (const auto& [who, letters] : kept_) unreadable.push_back(who);
    for (const auto& who : unreadable) rouse(who);
  }
  const auto unused_since = house_.entities.time.now() - house_.idle_after;
  const auto buckets = entries_.bucket_count();
  const auto end = std::min(next_swept_ + swept_at_once, buckets);
  for (auto b = next_swept_; b < end; ++b)
    for (auto i = entries_.begin(b); i != entries_.end(b); ++i)
      if (i->second.now == phase::living && i->second.last_used <= unused_since)
        ask_to_retire(i->second);
  next_swept_ = end < buckets ? end : 0;
  const auto steps = (buckets + swept_at_once - 1) / swept_at_once;
  self_->delayed_send(self_, house_.idle_after / 2 / static_cast<std::int64_t>(steps), sweep{});
}

void directory::on_stop() {
  available_ = false;
  house_.ready = false;
  discard_all();
  self_->quit();
}

} // namespace

directory_actor::behavior_type run_directory(directory_actor::pointer self, house* h) {
  auto it = std::make_shared<directory>(self, *h);
  fail_fast(self, "directory");
  self->delayed_send(self, h->idle_after / 2, sweep{});
  self->delayed_send(self, h->look_back_every, tidy{});
  return {
      [it](routed& m) { it->on_routed(m); },
      [it](loaded& m) { it->on_loaded(m); },
      [it](const unreadable& m) { it->on_unreadable(m); },
      [it](const found_work& m) { it->on_found_work(m); },
      [it](store_lost m) { it->on_store_lost(m); },
      [it](store_found m) { it->on_store_found(m); },
      [it](const retired& m) { it->on_retired(m); },
      [it](const still_busy& m) { it->on_still_busy(m); },
      [it](const idle& m) { it->on_idle(m); },
      [it](const inquiry& m) { it->on_inquiry(m); },
      [it](sweep) { it->on_sweep(); },
      [it](tidy) { it->on_tidy(); },
      [it](stop) { it->on_stop(); },
  };
}

} // namespace boxoffice::actors
