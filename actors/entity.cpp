#include "actors/entity.hpp"

#include <algorithm>
#include <cassert>
#include <stdexcept>
#include <utility>

namespace boxoffice::actors {

domain::rejection store_unavailable() {
  auto r = domain::reject(domain::error_code::store_unavailable,
                          "The store cannot be written to just now. Whether the request took "
                          "effect is unknown: ask again, with the same Idempotency-Key.");
  r.retry_after = std::chrono::seconds(1);
  return r;
}

void entity::misdirected() { throw std::logic_error("a letter came to the wrong kind of entity"); }

void entity::committed(std::uint64_t ticket) {
  assert(ticket > durable_ticket_ && ticket <= last_ticket_);
  durable_ticket_ = ticket;
  if (!durable()) return;
  // It went behind all that it followed from.
  known_durable_ = std::max(known_durable_, followed_at_append_);
  on_durable();
}

bool entity::may_retire() {
  if (busy() || !durable()) return false;
  // The journal's word is for this entity, not for the next of its name.
  if (known_durable_ == followed_ && heard_of_ == asked_after_) return true;
  wants_to_retire_ = true;
  change c;
  if (ask_after_followed(c.releases)) exits_.append(std::move(c));
  return false;
}

bool entity::ask_after_followed(std::vector<release>& releases) {
  if (known_durable_ == followed_ || asked_after_ == followed_) return false;
  asked_after_ = followed_;
  releases.push_back(letter(flushed{me_, followed_}));
  return true;
}

void entity::on(flushed& m) {
  heard_of_ = m.mark;
  known_durable_ = std::max(known_durable_, m.mark);
  if (std::exchange(wants_to_retire_, false)) exits_.offer_to_retire();
}

void entity::append(domain::events facts, std::vector<release> releases) {
  assert(!facts.empty());
  change c;
  c.ticket = ++last_ticket_;
  followed_at_append_ = followed_;
  c.facts = std::move(facts);
  c.releases = std::move(releases);
  exits_.append(std::move(c));
}

void entity::release_behind(release r) {
  change c;
  c.releases.push_back(std::move(r));
  ask_after_followed(c.releases);
  exits_.append(std::move(c));
}

void entity::answer(request_id request, outcome what) {
  if (follows_from_durable())
    node_.clients.complete(request, std::move(what));
  else
    release_behind(client_answer{request, std::move(what)});
}

void entity::tell_when_durable(letter l) {
  if (follows_from_durable())
    exits_.deliver(std::move(l));
  else
    release_behind(std::move(l));
}

void entity::refuse_unavailable(request_id request) {
  node_.clients.complete(request, store_unavailable());
}

// --- requests with an Idempotency-Key

bool entity::answered_before(request_id request, const domain::request_key_ptr& key) {
  if (!key) return false;
  auto known = kept_.find(*key, now());
  if (std::holds_alternative<std::monostate>(known)) return false;
  if (auto* refusal = std::get_if<domain::rejection>(&known))
    answer(request, std::move(*refusal));
  else
    answer(request, replayed_answer{*std::get<const domain::written_answer*>(known)});
  return true;
}

client_answer entity::conclude(request_id request, const domain::request_key_ptr& key, outcome what,
                               domain::events& facts, domain::booking_id booking) {
  if (!key) return {request, std::move(what)};
  const auto at = now();
  domain::request_answered fact{*key, booking,
                                node_.writer->write(*key, what, *node_.published.catalogue(), at),
                                at, at + rules().requests.keep_for};
  kept_.evolve(fact);
  facts.push_back(fact);
  return {request, std::move(fact.answer)};
}

void entity::on(recall& m) {
  if (answered_before(m.request, m.key)) return;
  if (m.next)
    pass_on(std::move(m.next->what));
  else
    answer(m.request, std::move(m.otherwise));
}

} // namespace boxoffice::actors
