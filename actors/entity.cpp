#include "actors/entity.hpp"

#include <cassert>
#include <stdexcept>

namespace boxoffice::actors {

domain::rejection store_unavailable() {
  auto r = domain::reject(domain::error_code::store_unavailable,
                          "The store cannot be written to just now. Whether the request took "
                          "effect is unknown: ask again.");
  r.retry_after = std::chrono::seconds(1);
  return r;
}

void entity::misdirected() { throw std::logic_error("a letter came to the wrong kind of entity"); }

void entity::committed(std::uint64_t ticket) {
  assert(ticket > durable_ticket_ && ticket <= last_ticket_);
  durable_ticket_ = ticket;
  if (durable()) on_durable();
}

bool entity::may_retire() {
  if (busy() || !durable()) return false;
  if (asked_after_ != followed_) {
    asked_after_ = followed_;
    release_behind(letter(flushed{me_, followed_}));
  }
  return known_durable_ == followed_;
}

void entity::on(flushed& m) { known_durable_ = m.mark; }

void entity::append(domain::events facts, std::vector<release> releases) {
  assert(!facts.empty());
  change c;
  c.ticket = ++last_ticket_;
  c.facts = std::move(facts);
  c.releases = std::move(releases);
  exits_.append(std::move(c));
}

void entity::release_behind(release r) {
  change c;
  c.releases.push_back(std::move(r));
  exits_.append(std::move(c));
}

void entity::answer(request_id request, outcome what) {
  if (durable())
    node_.clients.complete(request, std::move(what));
  else
    answer_behind(request, std::move(what));
}

void entity::answer_behind(request_id request, outcome what) {
  release_behind(client_answer{request, std::move(what)});
}

void entity::tell_when_durable(letter l) {
  if (durable())
    exits_.deliver(std::move(l));
  else
    release_behind(std::move(l));
}

void entity::refuse_unavailable(request_id request) {
  node_.clients.complete(request, store_unavailable());
}

} // namespace boxoffice::actors
