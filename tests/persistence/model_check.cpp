#include "tests/persistence/model.hpp"

#include <boost/test/unit_test.hpp>

#include <sstream>

namespace boxoffice::persistence::test {

using namespace domain;

namespace {

// --- entities as text: what is compared, and what a failure shows

std::string text(const std::optional<token_key>& key) { return key ? to_string(*key) : "none"; }

std::string text(const wallet& w) {
  std::ostringstream out;
  out << w.owner.id.value << ' ' << w.owner.name << ' ' << w.owner.email << " point " << w.id.value
      << " balance " << w.balance.minor << " since " << to_sql_text(w.created_at)
      << (w.erased ? " erased" : "");
  if (w.last_unkeyed_charge)
    out << " charged " << w.last_unkeyed_charge->amount.minor << " at "
        << to_sql_text(w.last_unkeyed_charge->at);
  for (const auto id : w.debited) out << " debited " << id.value;
  for (const auto& [booking, last] : w.refused)
    out << " refused " << last.value << " for " << booking.value;
  for (const auto id : w.refunded) out << " refunded " << id.value;
  return out.str();
}

std::string text(const booking& b) {
  std::ostringstream out;
  out << b.id.value << " option " << b.option.value << " concert " << b.concert.value << " user "
      << b.user.value << " token " << to_string(b.token) << " total " << b.total.minor << " from "
      << to_sql_text(b.created_at) << " to " << to_sql_text(b.expires_at) << " status "
      << static_cast<int>(b.status) << " payment " << b.payment.value << " with "
      << text(b.paid_with) << " settled " << b.settled;
  if (b.confirmed_at) out << " confirmed " << to_sql_text(*b.confirmed_at);
  for (const auto& s : b.seats)
    out << " seat " << s.seat.value << ' ' << to_string(s.name) << " row " << s.reservation.value
        << " price " << s.price.minor;
  return out.str();
}

std::string text(const past_share& over) {
  const bool is_kept = over.first == time_point::max();
  return std::to_string(over.second.value) +
         (is_kept ? " for ever" : " until " + to_sql_text(over.first));
}

std::string text(const option_desk& desk) {
  std::map<user_id, customer> in_order(desk.customers.begin(), desk.customers.end());
  std::ostringstream out;
  out << (desk.cancelled ? "cancelled; " : "") << (desk.wound_up ? "wound up; " : "");
  for (const auto& [user, c] : in_order) {
    out << user.value;
    if (c.expired) out << " had expired " << text(*c.expired);
    if (c.cancelled) out << " had cancelled " << text(*c.cancelled);
    for (const auto& [id, share] : c.live)
      out << " booking " << id.value << ' ' << static_cast<int>(share.status) << ' ' << share.seats
          << " seats " << share.total.minor;
    out << "; ";
  }
  return out.str();
}

std::string text(const token_owner& o) {
  std::ostringstream out;
  out << o.user.value << " concert " << o.concert.value << " status " << static_cast<int>(o.status)
      << " priority " << o.priority << " issued " << to_sql_text(o.issued_at) << " admitted "
      << (o.admitted_at ? to_sql_text(*o.admitted_at) : "never") << " expires "
      << to_sql_text(o.expires_at);
  return out.str();
}

std::string text(const seat& s) {
  return "status " + std::to_string(static_cast<int>(s.status)) + " holder " +
         std::to_string(s.holder.value);
}

std::string text(const queue& q, const token& t) {
  std::ostringstream out;
  out << to_string(t.key) << " row " << t.row.value << " user " << t.user.value << " arrival "
      << t.arrival << " priority " << t.priority << " issued " << to_sql_text(t.issued_at)
      << " position " << q.position(t);
  if (t.status == token_status::processing)
    out << " admitted " << to_sql_text(t.admitted_at) << " expires " << to_sql_text(t.expires_at);
  return out.str();
}

// The queue with its live tokens, and its rate as of several instants around `now`.
std::string text(const queue& q, const model& m, time_point now) {
  std::ostringstream out;
  out << q.waiting() << " waiting, " << q.processing() << " admitted, next arrival "
      << q.next_arrival() << ", admissions";
  const auto& set = q.overridden();
  const auto text_of = [](std::optional<std::size_t> limit) {
    return limit ? std::to_string(*limit) : std::string("none");
  };
  out << " (limit " << text_of(set.active_limit) << ", rate " << text_of(set.admit_per_second)
      << (set.paused ? ", paused)" : ")");
  for (int tenths = -20; tenths <= 20; ++tenths)
    out << ' ' << q.recent_admissions(now + std::chrono::milliseconds(100) * tenths);
  for (const auto& [key, owner] : m.tokens)
    if (const auto* t = q.find(key)) out << "; " << text(q, *t);
  return out.str();
}

std::string text(const catalogue& all) {
  std::ostringstream out;
  for (const auto& [id, c] : all.concerts)
    out << "concert " << c.id.value << ' ' << c.title << ' ' << to_sql_text(c.created_at) << "; ";
  for (const auto& [id, o] : all.options) {
    out << "option " << o->id.value << " of " << o->concert.value << ' ' << o->venue << ' '
        << o->time_zone << ' ' << to_string(o->local_date) << ' ' << to_sql_text(o->starts_at)
        << ' ' << to_sql_text(o->sales_open_at) << ' ' << to_sql_text(o->sales_close_at);
    if (const auto& c = o->cancelled)
      out << " cancelled " << to_sql_text(c->requested_at) << " with " << c->bookings << ", "
          << c->remaining << " left" << (c->completed_at ? " until " : "")
          << (c->completed_at ? to_sql_text(*c->completed_at) : "");
    for (const auto& s : o->sections)
      out << ' ' << s.name << ' ' << s.first_seat.value << ' ' << s.seats << ' ' << s.price.minor;
    out << "; ";
  }
  return out.str();
}

void check_image(const model& m, reader& stored) {
  const auto whole = stored.load_image();
  BOOST_TEST(whole.empty == (m.wallets.empty() && m.catalogue.concerts.empty()));
  BOOST_TEST(text(whole.catalogue) == text(m.catalogue));
  BOOST_TEST(whole.next_ids == m.next_ids, boost::test_tools::per_element());
  BOOST_TEST(whole.last_commit == m.last_commit);
  BOOST_TEST(to_sql_text(whole.last_time) == to_sql_text(m.last_time));

  std::map<seat_id, seat_status> taken;
  for (const auto& [id, s] : m.seats)
    if (s.status != seat_status::free) taken[id] = s.status;
  BOOST_TEST(whole.taken.size() == taken.size());
  for (const auto& t : whole.taken) {
    BOOST_TEST_CONTEXT("seat " << t.seat.value) {
      BOOST_TEST((taken.count(t.seat) == 1 && taken[t.seat] == t.status));
      const auto* option = m.catalogue.option(t.option);
      BOOST_TEST((option != nullptr && !(t.seat < option->first_seat()) &&
                  t.seat.value < option->first_seat().value + option->seat_count()));
    }
  }
}

// Each live token once.
void check_tokens(const model& m, reader& stored) {
  std::map<token_key, live_token> live;
  for (const auto& t : stored.load_image().tokens) BOOST_TEST(live.emplace(t.token, t).second);
  std::size_t alive = 0;
  for (const auto& [key, owner] : m.tokens) {
    if (owner.status == token_status::expired) continue;
    ++alive;
    const auto found = live.find(key);
    BOOST_TEST((found != live.end() && found->second.concert == owner.concert &&
                found->second.status == owner.status));
  }
  BOOST_TEST(live.size() == alive);
}

void check_unfinished(const model& m, reader& stored) {
  std::vector<std::int64_t> queues, bookings, found_queues, found_bookings;
  for (const auto& [id, q] : m.queues)
    if (q.waiting() + q.processing() > 0) queues.push_back(id.value);
  for (const auto& [id, b] : m.bookings)
    if (!is_final(b)) bookings.push_back(id.value);
  std::vector<std::int64_t> options, found_options;
  for (const auto& [id, d] : m.desks)
    if (d.cancelled && !d.wound_up) options.push_back(id.value);
  const auto work = stored.find_unfinished();
  for (const auto id : work.options) found_options.push_back(id.value);
  BOOST_TEST(found_options == options, boost::test_tools::per_element());
  for (const auto id : work.queues) found_queues.push_back(id.value);
  for (const auto id : work.bookings) found_bookings.push_back(id.value);
  BOOST_TEST(found_queues == queues, boost::test_tools::per_element());
  BOOST_TEST(found_bookings == bookings, boost::test_tools::per_element());
}

template <class Entity>
std::string text_or_none(const std::optional<Entity>& found) {
  return found ? text(*found) : "none";
}

std::string text(const std::vector<option_draft>& drafts) {
  std::ostringstream out;
  for (const auto& d : drafts) {
    out << "option " << d.what.id.value << " of " << d.what.concert.value << " at "
        << to_sql_text(d.what.starts_at) << ' ' << d.what.venue << ' ' << d.what.time_zone << ' '
        << to_string(d.what.local_date) << " from " << to_sql_text(d.what.sales_open_at) << " to "
        << to_sql_text(d.what.sales_close_at) << ", laid " << d.laid;
    for (const auto& s : d.what.sections)
      out << ' ' << s.name << ' ' << s.first_seat.value << ' ' << s.seats << ' ' << s.price.minor;
    out << "; ";
  }
  return out.str();
}

void check_drafts(const model& m, reader& stored) {
  std::vector<option_draft> drafts;
  for (const auto& [id, draft] : m.drafts) drafts.push_back(draft);
  BOOST_TEST(text(stored.load_drafts()) == text(drafts));
  BOOST_TEST(stored.find_unfinished().drafts == !drafts.empty());
  for (const auto& draft : drafts) BOOST_TEST(!stored.load_desk(draft.what.id));
}

} // namespace

void check_same(const model& m, reader& stored, time_point now) {
  check_image(m, stored);
  check_tokens(m, stored);
  check_unfinished(m, stored);
  check_drafts(m, stored);
  for (const auto& [id, w] : m.wallets) BOOST_TEST(text_or_none(stored.load_wallet(id)) == text(w));
  for (const auto& [id, b] : m.bookings)
    BOOST_TEST(text_or_none(stored.load_booking(id)) == text(b));
  for (const auto& [id, d] : m.desks) BOOST_TEST(text_or_none(stored.load_desk(id)) == text(d));
  for (const auto& [id, s] : m.seats) BOOST_TEST(text_or_none(stored.load_seat(id)) == text(s));
  for (const auto& [id, q] : m.queues) {
    const auto found = stored.load_queue(id, now);
    BOOST_TEST((found ? text(*found, m, now) : "none") == text(q, m, now));
  }
  for (const auto& [owner, kept] : m.kept)
    BOOST_TEST((stored.load_kept_requests(owner, {}) == kept), to_string(owner)
                                                                   << " remembers " << kept.size());
  for (const auto& [key, owner] : m.tokens) {
    const auto found = stored.find_token(key);
    BOOST_TEST((found ? text(*found) : "none") == text(owner));
  }
}

} // namespace boxoffice::persistence::test
