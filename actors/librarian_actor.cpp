// The librarian: answers what clients ask of the store itself, from a reader of its own, so that a
// long list holds up neither the loader nor an entity.
#include "actors/interfaces.hpp"

namespace boxoffice::actors {

namespace {

using domain::error_code;
using domain::reject;

template <class T>
outcome or_no_user(std::optional<T> found) {
  return found ? outcome(std::move(*found)) : domain::unknown_user();
}

// Another user's booking is none either (CONTRACT 5).
bool may_see(const std::optional<domain::user_id>& acting_for, const domain::user_id& owner) {
  return !acting_for || *acting_for == owner;
}

struct answers {
  persistence::reader& stored;

  outcome operator()(const read_user& q) const { return or_no_user(stored.find_user(q.user)); }
  outcome operator()(const read_booking& q) const {
    auto booking = stored.load_booking(q.booking);
    if (!booking || !may_see(q.acting_for, booking->user)) return domain::unknown_booking();
    return *std::move(booking);
  }
  outcome operator()(const read_payment& q) const {
    auto payment = stored.find_payment(q.booking);
    if (!payment || !may_see(q.acting_for, payment->user))
      return reject(error_code::booking_not_found, "Nothing was paid for such a booking.");
    return *std::move(payment);
  }
  outcome operator()(const read_entry& q) const {
    if (auto entry = stored.find_entry(q.user, q.entry)) return *std::move(entry);
    if (!stored.find_user(q.user)) return domain::unknown_user();
    return reject(error_code::route_not_found, "The wallet has no such entry.");
  }
  outcome operator()(const list_entries& q) const {
    return or_no_user(stored.find_entries(q.user, q.bounds));
  }
  outcome operator()(const list_user_bookings& q) const {
    return or_no_user(stored.find_user_bookings(q.user, q.bounds));
  }
  outcome operator()(const list_option_bookings& q) const {
    return stored.find_option_bookings(q.option, q.bounds);
  }
  outcome operator()(const list_audit& q) const { return stored.find_acts(q.bounds); }
};

class librarian {
public:
  librarian(librarian_actor::pointer self, house& h) : self_(self), house_(h) {}

  // What the store holds may not be durable everywhere yet: then the answer joins the journal's
  // line, behind all that it may have seen.
  void on_consult(const consult& m) {
    if (!house_.waits_for_shipping) return house_.entities.clients.complete(m.request, answer(m));
    change told;
    told.decided_in = any_generation;
    told.releases.push_back(client_answer{m.request, answer(m)});
    self_->send(house_.journal, std::move(told));
  }

private:
  // A read that fails harms only who asked: whether the store can be written to is the journal's
  // to find out.
  outcome answer(const consult& m) {
    if (house_.failing) return store_unavailable();
    try {
      auto what = std::visit(answers{*house_.librarian_reader}, m.what);
      failed_ = false;
      return what;
    } catch (const persistence::store_failed& e) {
      if (!failed_) house_.report(true, std::string("A read for a client failed: ") + e.what());
      failed_ = true; // said once, until a read succeeds again
      return store_unavailable();
    }
  }

  librarian_actor::pointer self_;
  house& house_;
  bool failed_ = false;
};

} // namespace

librarian_actor::behavior_type run_librarian(librarian_actor::pointer self, house* h) {
  auto it = std::make_shared<librarian>(self, *h);
  fail_fast(self, "librarian");
  return {
      [it](const consult& m) { it->on_consult(m); },
      [self](stop) { self->quit(); },
  };
}

} // namespace boxoffice::actors
