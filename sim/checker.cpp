#include "sim/checker.hpp"

#include "sim/judgement.hpp"

#include <algorithm>
#include <map>
#include <unordered_set>

namespace boxoffice::sim {

using persistence::commit_number;

struct checker::books {
  explicit books(coverage& reached) : sale(reached) {}

  sale_books sale;
  std::map<actors::request_id, request> open; // in order, so that the first left over is named
  std::unordered_set<actors::request_id> known;
};

namespace {

// In whose name a token or a booking is asked for; nullptr: nobody's.
const domain::user_id* served_user(const actors::command& what) {
  if (const auto* c = std::get_if<actors::enter_queue>(&what)) return &c->user;
  if (const auto* c = std::get_if<actors::create_booking>(&what)) return &c->user;
  return nullptr;
}

} // namespace

checker::checker(coverage& reached) : books_(std::make_unique<books>(reached)) {}
checker::~checker() = default;

// --- what the store does

void checker::durable(commit_number n, const domain::events& facts) {
  auto& b = books_->sale;
  require(n == b.last_commit + 1, invariant::store_agrees, "commit ", n, " comes behind commit ",
          b.last_commit);
  b.last_commit = n;
  for (const auto& fact : facts) take_fact(b, fact);
  judge_group(b);
}

void checker::told(commit_number n) {
  auto& b = books_->sale;
  require(n == b.last_commit, invariant::store_agrees, "the node is told of commit ", n,
          ", the last durable one is ", b.last_commit);
  b.told = n;
}

void checker::shown(commit_number n) {
  auto& b = books_->sale;
  require(n <= b.last_commit, invariant::durable_first, "readers are shown commit ", n,
          ", the last durable one is ", b.last_commit);
  b.told = std::max(b.told, n);
}

void checker::compare(persistence::reader& stored, domain::time_point now) {
  judge_store(books_->sale, stored, now);
}

// --- the node's life

void checker::started(const actors::rules& rules, persistence::reader& stored,
                      domain::time_point now) {
  gone();
  auto& b = books_->sale;
  b.rules = rules;
  b.node_started = true;
  b.new_concerts.clear();
  b.new_options.clear();
  b.endings.clear();
  b.cancellations.clear();
  b.note_clock(now);
  b.leavings.clear();
  b.priorities.clear();
  b.configurations.clear();
  b.demands.clear(); // what an earlier life was asked will never happen any more
  judge_store(b, stored, now);
  b.told = b.last_commit; // the store is read when the node starts
  // A restart counts as a poll of whoever waits. What the last life was asked counts no more: its
  // clock may have been ahead of this one's, which goes on from the last commit.
  for (auto& [id, q] : b.queues)
    for (const auto& [place, key] : q.line) b.tokens.at(key).what.last_polled = now;
}

void checker::gone() {
  books_->open.clear();
  books_->sale.served.clear();
  books_->sale.calm_since.reset();
}

void checker::calm(domain::time_point now, domain::duration tolerance) {
  books_->sale.calm_since = now;
  for (auto& [concert, queue] : books_->sale.queues) queue.room_since.reset();
  books_->sale.tolerance = tolerance;
}

// --- what it is asked and answers

void checker::asked(actors::request_id id, const actors::command& what, domain::time_point now,
                    const domain::request_key_ptr& key) {
  auto& b = books_->sale;
  require(books_->known.insert(id).second, invariant::one_answer, "request ", id,
          " is asked twice");
  const auto& opened = books_->open.emplace(id, request{id, what, b.now, now, key}).first->second;
  note_keyed(b, opened);
  b.note_clock(now);
  if (const auto* user = served_user(what)) ++b.served[*user].open;
  judge_lines(b, now);
  auto* wanted = demanded(b, what);
  if (wanted == nullptr) return;
  if (wanted->asked++ == 0) wanted->first_asked = now;
}

request checker::close(actors::request_id id, domain::time_point now) {
  auto open = books_->open.extract(id);
  require(!open.empty(), invariant::one_answer, "request ", id, " is answered, but ",
          books_->known.count(id) != 0 ? "was answered before, or its node is gone"
                                       : "was never asked");
  books_->sale.note_clock(now);
  judge_lines(books_->sale, now);
  if (const auto* user = served_user(open.mapped().command)) {
    auto& served = books_->sale.served[*user];
    --served.open;
    served.last_answered = now;
  }
  return std::move(open.mapped());
}

void checker::answered(actors::request_id id, const actors::outcome& said, domain::time_point now) {
  const auto r = close(id, now);
  if (!take_keyed_refusal(books_->sale, r, said, now)) take_answer(books_->sale, r, said, now);
}

void checker::answered_in_writing(actors::request_id id, const domain::written_answer& written,
                                  bool is_replay, const actors::outcome& behind,
                                  domain::time_point now) {
  take_keyed_answer(books_->sale, close(id, now), written, is_replay, behind, now);
}

void checker::saw_seats(domain::option_id id, const domain::seat_map* map) {
  const auto& b = books_->sale;
  const auto* option = found_in(b.options, id);
  if (map == nullptr) {
    require(option == nullptr || option->created_in > b.told, invariant::seats_shown,
            "a reader hears that there is no ", id);
    return;
  }
  require(option != nullptr, invariant::seats_shown, "a reader is shown a map of ", id,
          ", which does not exist");
  judge_map(*option, *map, b.told, b.last_commit);
}

// --- the end

void checker::finished(persistence::reader& stored, domain::time_point now) {
  auto& b = books_->sale;
  if (!books_->open.empty())
    broken(invariant::all_answered, books_->open.begin()->second, " and ", books_->open.size() - 1,
           " more are not answered");
  judge_end(b);
  judge_past(b, now);
  judge_store(b, stored, now);

  const auto note = [&b](const char* what, std::uint64_t times) {
    if (times > 0) b.reached.reached(what, times);
  };
  std::uint64_t charges = 0, bookings = 0, payments = 0;
  for (const auto& [id, user] : b.users)
    for (const auto& e : user.charges) charges += e.told ? 0 : 1;
  for (const auto& [id, made] : b.bookings) bookings += made.told ? 0 : 1;
  for (const auto& [id, paid] : b.payments) payments += paid.told ? 0 : 1;
  note("untold: a charge", charges);
  note("untold: a booking", bookings);
  note("untold: a payment's end", payments);
}

// --- coverage

void checker::expect_all(coverage& reached) {
  using domain::error_code;
  for (const char* name : {"booking: PENDING -> PAYING",
                           "booking: PAYING -> CONFIRMED",
                           "booking: PAYING -> PENDING",
                           "booking: PAYING -> EXPIRED",
                           "booking: PENDING -> EXPIRED",
                           "booking: CONFIRMED -> settled",
                           "seat: free -> held",
                           "seat: held -> sold",
                           "seat: held -> free",
                           "token: issued -> WAITING",
                           "token: admitted at once",
                           "token: WAITING -> PROCESSING",
                           "token: WAITING -> EXPIRED",
                           "token: WAITING -> EXPIRED by payment",
                           "token: PROCESSING -> EXPIRED by time",
                           "token: PROCESSING -> EXPIRED by payment",
                           "token: WAITING -> EXPIRED by leaving",
                           "token: PROCESSING -> EXPIRED by leaving",
                           "token: given another place",
                           "token: forgotten",
                           "booking: forgotten",
                           "booking: forgotten, with refused payments",
                           "queue: configured",
                           "queue: paused",
                           "answer: token EXPIRED",
                           "answer: token left",
                           "answer: token prioritized",
                           "answer: tokens watched",
                           "answer: queue",
                           "answer: queue configured",
                           "wallet: charged",
                           "wallet: debited",
                           "wallet: debit refused",
                           "answer: token WAITING",
                           "answer: token PROCESSING",
                           "answer: balance",
                           "answer: charged",
                           "answer: booked",
                           "answer: paid",
                           "answer: paid at the desk",
                           "user: changed",
                           "user: erased",
                           "wallet: adjusted",
                           "operator: acted",
                           "answer: user made",
                           "answer: user changed",
                           "answer: user gone",
                           "answer: adjusted",
                           "read: a user",
                           "read: a booking",
                           "read: a payment",
                           "read: an entry",
                           "read: entries",
                           "read: operators' acts",
                           "read: a user's bookings",
                           "read: an option's bookings",
                           "untold: a charge",
                           "untold: a booking",
                           "untold: a payment's end",
                           "keyed: begun",
                           "keyed: answered",
                           "keyed: answered behind its beginning",
                           "keyed: dropped",
                           "answer: replayed",
                           "refusal: IDEMPOTENCY_KEY_REUSED",
                           "refusal: REQUEST_IN_PROGRESS"})
    reached.expect(name);
  for (const auto code : {error_code::invalid_request,
                          error_code::insufficient_balance,
                          error_code::queue_token_invalid,
                          error_code::queue_token_waiting,
                          error_code::queue_token_not_found,
                          error_code::forbidden,
                          error_code::sale_not_open,
                          error_code::sale_closed,
                          error_code::user_not_found,
                          error_code::concert_not_found,
                          error_code::concert_option_not_found,
                          error_code::seat_not_found,
                          error_code::booking_not_found,
                          error_code::seat_already_reserved,
                          error_code::booking_not_pending,
                          error_code::duplicate_request,
                          error_code::balance_limit,
                          error_code::seat_limit,
                          error_code::user_already_exists,
                          error_code::user_in_use,
                          error_code::route_not_found,
                          error_code::booking_expired,
                          error_code::store_unavailable})
    reached.expect("refusal: " + std::string(domain::to_string(code)));
}

} // namespace boxoffice::sim
