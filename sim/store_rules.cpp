// Compares with the books what the store holds and what readers are shown.
#include "sim/account_rules.hpp"
#include "sim/judgement.hpp"

namespace boxoffice::sim {

using domain::booking_status;
using domain::seat_status;
using domain::token_status;

// --- the published map

namespace {

// The map beside an earlier state of the option, that one walking back commit by commit.
class seats_then {
public:
  seats_then(const option_book& o, const domain::seat_map& map)
      : option_(o), left_(o.changes.size()) {
    for (const auto& s : o.seats) states_.push_back(s.states.now().status);
    for (std::size_t i = 0; i < states_.size(); ++i)
      if (shown(map, i) != states_[i]) ++different_;
  }

  bool equal() const { return different_ == 0; }
  // The commit that led to this state.
  commit_number since() const {
    return left_ == 0 ? option_.created_in : option_.changes[left_ - 1].in;
  }

  void step_back(const domain::seat_map& map) {
    const auto in = since();
    for (; left_ > 0 && option_.changes[left_ - 1].in == in; --left_) {
      const auto& c = option_.changes[left_ - 1];
      const auto seen = shown(map, c.seat);
      different_ -= seen != states_[c.seat] ? 1 : 0;
      states_[c.seat] = c.before;
      different_ += seen != states_[c.seat] ? 1 : 0;
    }
  }
  void step_back_to(commit_number v, const domain::seat_map& map) {
    while (left_ > 0 && since() > v) step_back(map);
  }

private:
  seat_status shown(const domain::seat_map& map, std::size_t i) const {
    return map.status({option_.what.first_seat().value + static_cast<std::int64_t>(i)});
  }

  const option_book& option_;
  std::size_t left_; // changes that led to this state
  std::vector<seat_status> states_;
  std::size_t different_ = 0;
};

} // namespace

void judge_map(const option_book& option, const domain::seat_map& map, commit_number floor,
               commit_number latest) {
  const auto& what = option.what;
  require(map.option() == what.id && map.first_seat() == what.first_seat() &&
              map.size() == what.seat_count(),
          invariant::seats_shown, "the map of ", what.id, " shows ", map.option(), ": ", map.size(),
          " seats from ", map.first_seat());
  require(map.version() <= latest, invariant::seats_shown, "the map of ", what.id, " is of commit ",
          map.version(), ", but only ", latest, " are durable");
  seats_then then(option, map);
  while (!then.equal() && then.since() > floor) then.step_back(map);
  require(then.equal(), invariant::seats_shown, "the map of ", what.id, ", of commit ",
          map.version(), ", shows ", map.free_seats(), " of ", map.size(),
          " seats free, and is so of no commit from ", floor, ", which the node was told of, to ",
          latest, ", the last durable one; now ", option.count[0], " are free");
  // The version names this state: a client that has it is not sent the map again.
  then.step_back_to(map.version(), map);
  require(then.equal(), invariant::seats_shown, "the map of ", what.id, " calls itself commit ",
          map.version(), ", but is of a later one");
  int free = 0;
  for (int i = 0; i < map.size(); ++i)
    free += map.status({map.first_seat().value + i}) == seat_status::free ? 1 : 0;
  require(free == map.free_seats(), invariant::seats_shown, "the map of ", what.id, " counts ",
          map.free_seats(), " free seats and shows ", free);
}

// --- the store

namespace {

template <class... Parts>
void agree(bool holds, const Parts&... seen) {
  require(holds, invariant::store_agrees, "the store ", seen...);
}

bool same(const std::optional<domain::cancellation>& x, const option_book& o) {
  const auto& y = o.cancelled;
  return x.has_value() == y.has_value() &&
         (!x || (x->requested_at == y->requested_at && x->bookings == y->bookings &&
                 x->completed_at == y->completed_at &&
                 x->remaining == static_cast<std::int64_t>(o.live_bookings)));
}

bool same(const domain::concert_option& x, const domain::concert_option& y) {
  return x.id == y.id && x.concert == y.concert && x.starts_at == y.starts_at &&
         x.venue == y.venue && x.time_zone == y.time_zone && x.local_date == y.local_date &&
         x.sales_open_at == y.sales_open_at && x.sales_close_at == y.sales_close_at &&
         x.sections == y.sections;
}

void judge_catalogue(const sale_books& b, const domain::catalogue& stored) {
  agree(stored.concerts.size() == b.queues.size() && stored.options.size() == b.options.size(),
        "holds ", stored.concerts.size(), " concerts with ", stored.options.size(),
        " options, the books ", b.queues.size(), " with ", b.options.size());
  for (const auto& [id, q] : b.queues) {
    const auto* c = found_in(stored.concerts, id);
    agree(c != nullptr && c->id == id && c->title == q.what.title &&
              c->created_at == q.what.created_at,
          "does not hold ", id, " as it was created");
  }
  for (const auto& [id, o] : b.options) {
    const auto* stored_option = stored.option(id);
    agree(stored_option != nullptr && same(*stored_option, o.what), "does not hold ", id,
          " as it was created");
    agree(same(stored_option->cancelled, o), "does not hold the cancellation of ", id,
          ", of which ", o.live_bookings, " bookings live");
  }
}

void judge_drafts(const sale_books& b, const std::vector<domain::option_draft>& stored) {
  agree(stored.size() == b.drafts.size(), "holds ", stored.size(), " drafts, the books ",
        b.drafts.size());
  for (const auto& draft : stored) {
    const auto* known = found_in(b.drafts, draft.what.id);
    agree(known != nullptr && same(draft.what, known->what) &&
              static_cast<std::size_t>(draft.laid) == known->seats.size(),
          "does not hold the draft of ", draft.what.id, " as it was laid");
  }
}

void judge_image(const sale_books& b, const persistence::image& image, domain::time_point now) {
  agree(image.last_commit == b.last_commit, "is at commit ", image.last_commit, ", the books at ",
        b.last_commit);
  agree(image.empty == (b.users.empty() && b.queues.empty()), "says that it is ",
        image.empty ? "empty" : "not empty");
  require(now >= image.last_time, invariant::time_goes_on, "it is ", now,
          ", and the last commit was at ", image.last_time);
  judge_catalogue(b, image.catalogue);
  for (std::size_t kind = 0; kind < domain::id_kinds; ++kind)
    agree(image.next_ids[kind] > b.highest_id[kind], "gives out ", image.next_ids[kind],
          " as the next id of kind ", kind, ", but ", b.highest_id[kind], " was used");

  std::map<domain::seat_id, persistence::taken_seat> taken;
  for (const auto& t : image.taken)
    agree(taken.emplace(t.seat, t).second, "has ", t.seat, " taken twice");
  std::size_t expected = 0;
  for (const auto& [id, o] : b.options) {
    auto seat = o.what.first_seat();
    for (const auto& s : o.seats) {
      const auto& state = s.states.now();
      const auto* t = found_in(taken, seat);
      const auto stored = t == nullptr ? seat_status::free : t->status;
      agree(stored == state.status &&
                (t == nullptr || (t->option == id && t->holder == state.holder)),
            "has ", seat, " of ", id, " as ", stored, ", the books as ", state);
      expected += state.status == seat_status::free ? 0 : 1;
      ++seat.value;
    }
  }
  agree(taken.size() == expected, "has ", taken.size(), " seats taken, the books ", expected);
}

void judge_wallet(const user_book& user, const std::optional<domain::wallet>& w) {
  const auto& who = user.persons.now();
  agree(w && w->owner.id == who.id && w->owner.name == who.name && w->owner.email == who.email &&
            w->id == user.wallet && w->created_at == user.created_at &&
            w->erased == (user.erased_since != 0),
        "does not hold the wallet of ", who.id, " as the books do");
  agree(w->balance == user.balances.now(), "has ", w->balance, " in the wallet of ", who.id,
        ", the books ", user.balances.now());
  const auto& last = user.last_charge;
  agree(last.has_value() == w->last_unkeyed_charge.has_value() &&
            (!last || (last->amount == w->last_unkeyed_charge->amount &&
                       last->at == w->last_unkeyed_charge->at)),
        "has another last charge of ", who.id, " than the books");
  agree(w->refunded == user.refunded, "has ", w->refunded.size(), " refunds of ", who.id,
        ", the books ", user.refunded.size(), ", or of other bookings");
  agree(w->debited == user.debited, "has ", w->debited.size(), " debits of ", who.id,
        ", the books ", user.debited.size(), ", or of other payments");
  agree(w->refused == user.refused, "has refused payments for ", w->refused.size(), " bookings of ",
        who.id, ", the books for ", user.refused.size(), ", or others than the last");
}

void judge_booking(const booking_book& made, const std::optional<domain::booking>& y) {
  const auto& x = made.what;
  if (made.forgotten_since != 0) return agree(!y, "holds ", x.id, ", which was forgotten");
  agree(y.has_value(), "does not hold ", x.id);
  agree(same_booking(x, *y), "does not hold ", x.id, " of ", x.user, " as it was made");
  agree(x.status == y->status && x.settled == y->settled, "has ", x.id, " as ", y->status,
        y->settled ? ", settled" : "", "; the books have it as ", x.status,
        x.settled ? ", settled" : "");
  agree(x.payment == y->payment && x.paid_with == y->paid_with && x.confirmed_at == y->confirmed_at,
        "has ", x.id, " with ", y->payment, "; the books have it with ", x.payment);
}

void judge_queue(sale_books& b, const queue_book& q, const std::optional<domain::queue>& stored,
                 domain::time_point now) {
  const auto id = q.what.id;
  agree(stored.has_value(), "does not hold the queue of ", id);
  agree(stored->processing() == q.processing && stored->waiting() == q.line.size(), "has ",
        stored->processing(), " admitted and ", stored->waiting(), " waiting for ", id,
        "; the books ", q.processing, " and ", q.line.size());
  agree(stored->next_arrival() == q.last_arrival + 1, "gives number ", stored->next_arrival(),
        " to the next who comes for ", id, ", the last was ", q.last_arrival);
  for (const auto& [user, key] : q.live) {
    const auto& t = b.tokens.at(key).what;
    const auto* s = stored->find(key);
    agree(s != nullptr && s == stored->find_live(user) && s->row == t.row && s->user == t.user &&
              s->arrival == t.arrival && s->priority == t.priority && s->status == t.status &&
              s->issued_at == t.issued_at,
          "does not hold ", key, " of ", user, " as ", t.status, ", number ", t.arrival,
          " with priority ", t.priority);
    agree(t.status != token_status::processing ||
              (s->admitted_at == t.admitted_at && s->expires_at == t.expires_at),
          "has ", key, " admitted at ", s->admitted_at, " until ", s->expires_at, ", the books at ",
          t.admitted_at, " until ", t.expires_at);
  }
  const auto& set = stored->overridden();
  agree(set == q.set.now(), "has the queue of ", id,
        " set up otherwise than its operator: ", set.paused ? "paused" : "not paused", ", limit ",
        set.active_limit.value_or(0), ", rate ", set.admit_per_second.value_or(0));
  // The rate must hold from whenever the next may be admitted. Of what went a second before the
  // books may know less: they end with the last admission, whose token may be forgotten since.
  const auto from = q.admissions.empty() ? now : q.admissions.back();
  const auto first = from + std::chrono::seconds(1) > now ? from : now;
  for (const auto at : {first, std::max(from, now)})
    agree(stored->recent_admissions(at) == sale_books::recent_admissions(q, at), "counts ",
          stored->recent_admissions(at), " admissions for ", id, " in the second before ", at,
          ", the books ", sale_books::recent_admissions(q, at));
}

void judge_desk(const sale_books& b, domain::option_id id,
                const std::optional<domain::option_desk>& desk) {
  agree(desk.has_value(), "does not hold the desk of ", id);
  std::size_t customers = 0;
  for (const auto& [user, book] : b.users) {
    const auto* customer = found_in(book.as_customer, id);
    if (customer == nullptr) continue;
    const auto& s = customer->states.now();
    if (s.has_none()) continue; // all of theirs are forgotten
    ++customers;
    const auto* stored = found_in(desk->customers, user);
    agree(stored != nullptr && stored->expired.has_value() == (s.expired > 0) &&
              stored->cancelled.has_value() == (s.cancelled > 0) &&
              stored->live.size() == s.pending + s.paying_or_paid,
          "has other bookings of ", user, " at the desk of ", id, " than the books");
    for (const auto& [booking, share] : stored->live) {
      const auto* made = found_in(b.bookings, booking);
      agree(made != nullptr && made->what.status == share.status &&
                made->what.seats.size() == share.seats && made->what.total == share.total,
            "has ", booking, " of ", user, " at the desk of ", id, " as ", share.status);
    }
  }
  const auto& cancelled = b.options.at(id).cancelled;
  agree(desk->cancelled == cancelled.has_value() &&
            desk->wound_up == (cancelled && cancelled->completed_at),
        "has the desk of ", id, desk->cancelled ? " cancelled" : " not cancelled",
        desk->wound_up ? " and wound up" : "");
  agree(desk->customers.size() == customers, "has ", desk->customers.size(),
        " customers at the desk of ", id, ", the books ", customers);
}

void judge_unfinished(const sale_books& b, persistence::unfinished_work work) {
  persistence::unfinished_work expected;
  for (const auto& [id, q] : b.queues)
    if (!q.live.empty()) expected.queues.push_back(id);
  for (const auto& [id, made] : b.bookings)
    if (!domain::is_final(made.what)) expected.bookings.push_back(id);
  for (const auto& [id, o] : b.options)
    if (o.cancelled && !o.cancelled->completed_at) expected.options.push_back(id);
  std::sort(work.queues.begin(), work.queues.end());
  std::sort(work.bookings.begin(), work.bookings.end());
  std::sort(work.options.begin(), work.options.end());
  agree(work.options == expected.options, "finds ", work.options.size(),
        " cancelled options to wind up, the books ", expected.options.size());
  agree(work.queues == expected.queues && work.bookings == expected.bookings, "finds ",
        work.queues.size(), " queues and ", work.bookings.size(),
        " bookings with something left to do; the books ", expected.queues.size(), " and ",
        expected.bookings.size(), ", or not the same");
}

} // namespace

void judge_store(sale_books& b, persistence::reader& stored, domain::time_point now) {
  judge_image(b, stored.load_image(), now);
  judge_drafts(b, stored.load_drafts());
  judge_unfinished(b, stored.find_unfinished());
  judge_history(b, stored);
  for (const auto& [id, user] : b.users) judge_wallet(user, stored.load_wallet(id));
  for (const auto& [id, made] : b.bookings) judge_booking(made, stored.load_booking(id));
  for (const auto& [id, q] : b.queues) judge_queue(b, q, stored.load_queue(id, now), now);
  for (const auto& key : b.token_order) {
    const auto owner = stored.find_token(key);
    const auto& token = b.tokens.at(key);
    if (token.forgotten_since != 0) {
      agree(!owner, "knows ", key, ", which was forgotten");
      continue;
    }
    agree(owner && owner->user == token.what.user && owner->concert == token.concert &&
              owner->status == token.states.now() && owner->priority == token.what.priority &&
              owner->issued_at == token.what.issued_at,
          "does not know ", key, " as ", token.what.user, "'s for ", token.concert, ", ",
          token.states.now(), " with priority ", token.what.priority);
  }
  for (const auto& [id, o] : b.options) {
    judge_desk(b, id, stored.load_desk(id));
    auto seat = o.what.first_seat();
    for (const auto& s : o.seats) {
      const auto found = stored.load_seat(seat);
      const auto& state = s.states.now();
      const auto as_stored = found ? seat_state{found->status, found->holder} : seat_state{};
      agree(found && found->status == state.status && found->holder == state.holder, "has ", seat,
            " as ", as_stored, ", the books as ", state);
      ++seat.value;
    }
  }
}

// --- the end

void judge_end(sale_books& b) {
  for (const auto& [id, draft] : b.drafts)
    require(false, invariant::nothing_left, id, " is still a draft, with ", draft.seats.size(),
            " of ", draft.what.seat_count(), " seats");
  for (const auto& [id, made] : b.bookings)
    require(domain::is_final(made.what), invariant::nothing_left, id, " of ", made.what.user,
            " is still ", made.what.status, ", held until ", made.what.expires_at, ", paid for by ",
            made.what.payment);
  for (const auto& [id, q] : b.queues)
    for (const auto& [user, key] : q.live) {
      const auto& t = b.tokens.at(key).what;
      require(false, invariant::nothing_left, key, " of ", user, " for ", id, " is still ",
              t.status, ", issued at ", t.issued_at);
    }
  for (const auto& [id, o] : b.options)
    require(!o.cancelled || o.cancelled->completed_at, invariant::nothing_left, id,
            " is cancelled, and ", o.live_bookings, " of its bookings live");
  for (const auto& [id, o] : b.options)
    require(o.count[static_cast<std::size_t>(seat_status::held)] == 0, invariant::nothing_left,
            "seats of ", id, " are still held");
}

} // namespace boxoffice::sim
