// Judges users who come, change and go, operators' adjustments, and what readers are told of the
// past.
#include "sim/account_rules.hpp"

#include "actors/words.hpp"

namespace boxoffice::sim {

using actors::entry_view;
using domain::booking_status;
using domain::error_code;
using domain::id_kind;
using domain::token_status;

// --- facts

namespace {

bool same_person(const domain::user& x, const domain::user& y) {
  return x.id == y.id && x.name == y.name && x.email == y.email;
}

user_book& living_user(sale_books& b, const domain::user_id& id, const char* what) {
  auto* found = b.find_user(id);
  require(found != nullptr && found->erased_since == 0, invariant::known_things, "user ", id,
          " is ", what, ", who does not exist");
  return *found;
}

bool is_live(const sale_books& b, const domain::booking& booking, domain::time_point at) {
  switch (booking.status) {
  case booking_status::pending:
  case booking_status::paying:
  case booking_status::refunding: return true;
  case booking_status::confirmed: return b.options.at(booking.option).what.starts_at > at;
  case booking_status::cancelled:
  case booking_status::expired: return false;
  }
  return false;
}

} // namespace

std::string name_of_act(const std::string& act, const std::string& subject) {
  return act + ' ' + subject;
}

void take(sale_books& b, const domain::user_changed& e) {
  auto& user = living_user(b, e.who.id, "changed");
  note_time(user.last_at, e.at, "the wallet of ", e.who.id);
  note_happened(b, b.demands[e.who.id].changes[{e.who.name, e.who.email}], "the change of ",
                e.who.id);
  user.persons.add(b.now, e.who);
  b.reached.reached("user: changed");
}

void take(sale_books& b, const domain::user_erased& e) {
  auto& user = living_user(b, e.user, "erased");
  note_time(user.last_at, e.at, "the wallet of ", e.user);
  require(user.balances.now() == domain::money{}, invariant::erased_alone, e.user,
          " is erased with ", user.balances.now(), " in the wallet");
  for (const auto& [option, customer] : user.as_customer)
    for (const auto id : customer.bookings)
      require(!is_live(b, b.bookings.at(id).what, e.at), invariant::erased_alone, e.user,
              " is erased with the live ", id, ", which is ", b.bookings.at(id).what.status);
  for (const auto& [concert, queue] : b.queues)
    require(queue.live.count(e.user) == 0, invariant::erased_alone, e.user,
            " is erased with a live token for ", concert);
  note_happened(b, b.demands[e.user].erasures, "the end of ", e.user);
  user.persons.add(b.now, {e.user, "", ""});
  user.erased_since = b.now;
  b.reached.reached("user: erased");
}

void take(sale_books& b, const domain::wallet_adjusted& e) {
  auto& user = living_user(b, e.user, "adjusted");
  const auto before = user.balances.now();
  require(b.use_id(id_kind::entry, e.entry.value), invariant::ids_name_one_thing, e.entry, " of ",
          e.user, " was used before");
  note_time(user.last_at, e.at, "the wallet of ", e.user);
  require(e.amount != domain::money{} && e.balance == before + e.amount &&
              e.balance >= domain::money{},
          invariant::money_conserved, e.entry, " adds ", e.amount, " to the ", before, " of ",
          e.user, " and leaves ", e.balance);
  require(e.amount < domain::money{} || e.balance <= b.rules.wallet.max_balance,
          invariant::charge_limits, e.entry, " lifts the balance of ", e.user, " to ", e.balance,
          ", at most ", b.rules.wallet.max_balance, " are allowed");
  note_happened(b, b.demands[e.user].adjustments[{e.amount.minor, e.reason}], "the adjustment of ",
                e.user, " by ", e.amount, " as ", e.entry);
  user.balances.add(b.now, e.balance);
  user.entries.push_back({domain::entry_of(e), b.now});
  b.adjusted = b.adjusted + e.amount;
  b.in_wallets = b.in_wallets + (e.balance - before);
  ++b.acts_due[name_of_act("wallet.adjust", "user " + e.user.value)];
  b.reached.reached("wallet: adjusted");
}

void take(sale_books& b, const domain::operator_acted& e) {
  --b.acts_due[name_of_act(e.act, e.subject)];
  const domain::audit_id next{static_cast<std::int64_t>(b.acts.size()) + 1};
  b.acts.push_back({{next, e.at, e.act, e.subject, e.reason}, b.now});
  b.reached.reached("operator: acted");
}

// Only of the acts that have facts of their own here.
void judge_acts(const sale_books& b) {
  for (const auto& [act, due] : b.acts_due)
    if (act.rfind("wallet.adjust ", 0) == 0 || act.rfind("concert.create ", 0) == 0 ||
        act.rfind("option.create ", 0) == 0 || act.rfind("queue.configure ", 0) == 0 ||
        act.rfind("token.prioritize ", 0) == 0)
      require(due == 0, invariant::acts_are_logged, act, " is in the log ", -due,
              " times more often than it was done");
}

// --- successes

namespace {

bool same_entry(const domain::wallet_entry& x, const domain::wallet_entry& y) {
  return x.id == y.id && x.user == y.user && x.kind == y.kind && x.amount == y.amount &&
         x.balance == y.balance && x.payment == y.payment && x.booking == y.booking &&
         x.reason == y.reason && x.at == y.at;
}

} // namespace

user_book& account_judgement::judge_account(const domain::user_account& v,
                                            const domain::user_id& id) const {
  auto* user = b.find_user(id);
  require(user != nullptr, invariant::durable_first, r, " is told of user ", id,
          ", who is not durable");
  require(v.created_at == user->created_at &&
              user->persons.ever(r.since,
                                 [&](const domain::user& as) { return same_person(as, v.who); }),
          invariant::true_answer, r, " is told of user ", v.who.id, " (", v.who.name, ", ",
          v.who.email, "), who was so at no moment since it asked");
  return *user;
}

void account_judgement::operator()(const actors::create_user& c) const {
  const auto& v = view<domain::user_account>();
  require(same_person(v.who, c.who), invariant::true_answer, r, " is told of another: ", v.who.id);
  auto& user = judge_account(v, c.who.id);
  require(user.since > r.since && within(user.created_at), invariant::durable_first, r,
          " is told that it made user ", c.who.id, ", who was there before it asked");
  require(!user.told, invariant::told_once, r, " is told that it made user ", c.who.id,
          ", as another request was before");
  user.told = true;
  b.reached.reached("answer: user made");
}

void account_judgement::operator()(const actors::change_user& c) const {
  const auto& v = view<domain::user_account>();
  require(same_person(v.who, c.who), invariant::true_answer, r, " is told of another: ", v.who.id);
  judge_account(v, c.who.id);
  b.reached.reached("answer: user changed");
}

void account_judgement::operator()(const actors::erase_user& c) const {
  view<actors::done>();
  auto* user = b.find_user(c.user);
  require(user != nullptr && user->erased_since > r.since, invariant::durable_first, r,
          " is told that the user is gone, which did not become durable since it asked");
  require(!user->told_erased, invariant::told_once, r,
          " is told that the user is gone, as another "
          "request was before");
  user->told_erased = true;
  b.reached.reached("answer: user gone");
}

void account_judgement::operator()(const actors::adjust_wallet& c) const {
  const auto& v = view<entry_view>();
  auto* user = b.find_user(c.user);
  require(user != nullptr, invariant::durable_first, r, " is told of a wallet of nobody");
  const auto made = std::find_if(user->entries.begin(), user->entries.end(),
                                 [&](const entry_book& e) { return same_entry(e.what, v.entry); });
  require(made != user->entries.end() && made->since > r.since && within(v.entry.at),
          invariant::durable_first, r, " is told of ", v.entry.id, " over ", v.entry.amount,
          ", which is no entry that became durable since it asked");
  require(v.entry.kind == domain::entry_kind::adjustment && v.entry.amount == c.amount &&
              v.entry.reason == c.reason && v.wallet.balance == v.entry.balance,
          invariant::true_answer, r, " is told of ", v.entry.id, " over ", v.entry.amount, " and ",
          v.wallet.balance);
  require(!made->told, invariant::told_once, r, " is told of ", v.entry.id,
          ", as another request was before");
  made->told = true;
  b.reached.reached("answer: adjusted");
}

void account_judgement::operator()(const actors::query& q) const { std::visit(*this, q); }

void account_judgement::operator()(const actors::read_user& q) const {
  judge_account(view<domain::user_account>(), q.user);
  b.reached.reached("read: a user");
}

void account_judgement::judge_booking(const domain::booking& v) const {
  const auto* made = b.find_booking(v.id);
  require(made != nullptr, invariant::durable_first, r, " is told of ", v.id,
          ", which is not durable");
  require(same_booking(v, made->what) && made->states.was(r.since, v.status),
          invariant::true_answer, r, " is told that ", v.id, " of ", v.user, " is ", v.status,
          ", as it was at no moment since it asked; it is ", made->states.now());
  require(made->forgotten_since == 0 || made->forgotten_since > r.since, invariant::true_answer, r,
          " is told of ", v.id, ", which was forgotten before it asked");
}

void account_judgement::operator()(const actors::read_booking& q) const {
  const auto& v = view<domain::booking>();
  require(v.id == q.booking, invariant::true_answer, r, " is told of ", v.id);
  judge_booking(v);
  b.reached.reached("read: a booking");
}

void account_judgement::operator()(const actors::read_payment& q) const {
  const auto& v = view<domain::payment_record>();
  const auto* paid = b.find_payment(v.id);
  require(paid != nullptr && paid->debited.value_or(false), invariant::durable_first, r,
          " is told of ", v.id, ", which is durably no debit");
  const auto& made = b.bookings.at(paid->booking).what;
  require(v.booking == q.booking && v.booking == paid->booking && v.user == made.user &&
              v.amount == made.total,
          invariant::true_answer, r, " is told of ", v.id, " over ", v.amount, " of ", v.user);
  b.reached.reached("read: a payment");
}

void account_judgement::operator()(const actors::read_entry& q) const {
  const auto& v = view<domain::wallet_entry>();
  const auto* user = b.find_user(q.user);
  require(user != nullptr && v.id == q.entry && v.user == q.user &&
              std::any_of(user->entries.begin(), user->entries.end(),
                          [&](const entry_book& e) { return same_entry(e.what, v); }),
          invariant::durable_first, r, " is told of ", v.id, " over ", v.amount,
          ", which is not durable so");
  b.reached.reached("read: an entry");
}

// The page is that of an instant since the request came: the earliest one at which all that it
// shows was durable, or one at which something left the list later on. What came later can't have
// been left out, for it would stand before these.
template <class Row, class Item, class Same>
void account_judgement::judge_page(const std::vector<const Row*>& all,
                                   const domain::page<Item>& page,
                                   const domain::page_bounds& bounds, Same same) const {
  auto then = r.since;
  for (const auto& item : page.items) {
    const auto found = std::find_if(all.begin(), all.end(),
                                    [&](const Row* row) { return row->what.id == item.id; });
    require(found != all.end(), invariant::durable_first, r, " is told of number ", item.id.value,
            ", which is not durable");
    require(same(**found, item), invariant::true_answer, r, " is told of number ", item.id.value,
            " as it was at no moment since it asked");
    then = std::max(then, (*found)->since);
  }
  std::vector<instant> moments{then};
  for (const auto* row : all)
    if (left_at(*row) > then) moments.push_back(left_at(*row));
  const auto is_of = [&](instant at) {
    const auto rows = rows_then(all, at, at, bounds);
    const auto shown = std::min(rows.size(), bounds.limit);
    bool fits = page.items.size() == shown;
    for (std::size_t i = 0; fits && i < shown; ++i) fits = page.items[i].id == rows[i]->what.id;
    if (!fits || !page.next) return fits && rows.size() == shown;
    return *page.next == page.items.back().id.value &&
           rows_then(all, b.now, at, bounds).size() > shown;
  };
  require(std::any_of(moments.begin(), moments.end(), is_of), invariant::pages_are_whole, r,
          " is shown ", page.items.size(), " of the ", rows_then(all, then, then, bounds).size(),
          " that were durable, or not the right ones, or is told wrongly whether a page follows");
}

namespace {

template <class Row>
std::vector<const Row*> all_of(const std::vector<Row>& rows) {
  std::vector<const Row*> all;
  for (const auto& row : rows) all.push_back(&row);
  return all;
}

} // namespace

void account_judgement::operator()(const actors::list_entries& q) const {
  const auto* user = b.find_user(q.user);
  require(user != nullptr, invariant::durable_first, r, " is told of entries of nobody");
  judge_page(
      all_of(user->entries), view<domain::page<domain::wallet_entry>>(), q.bounds,
      [](const entry_book& e, const domain::wallet_entry& v) { return same_entry(e.what, v); });
  b.reached.reached("read: entries");
}

void account_judgement::operator()(const actors::list_audit& q) const {
  judge_page(all_of(b.acts), view<domain::page<domain::audit_record>>(), q.bounds,
             [](const act_book& a, const domain::audit_record& v) {
               return a.what.act == v.act && a.what.subject == v.subject &&
                      a.what.reason == v.reason && a.what.at == v.at;
             });
  b.reached.reached("read: operators' acts");
}

void account_judgement::judge_bookings(const std::vector<const booking_book*>& all,
                                       const domain::page_bounds& bounds) const {
  const auto& page = view<domain::page<domain::booking>>();
  for (const auto& v : page.items) judge_booking(v);
  judge_page(all, page, bounds, [](const booking_book&, const domain::booking&) { return true; });
}

void account_judgement::operator()(const actors::list_user_bookings& q) const {
  const auto* user = b.find_user(q.user);
  require(user != nullptr, invariant::durable_first, r, " is told of bookings of nobody");
  std::vector<const booking_book*> all;
  for (const auto& [option, customer] : user->as_customer)
    for (const auto id : customer.bookings) all.push_back(&b.bookings.at(id));
  judge_bookings(all, q.bounds);
  b.reached.reached("read: a user's bookings");
}

void account_judgement::operator()(const actors::list_option_bookings& q) const {
  std::vector<const booking_book*> all;
  for (const auto& [id, made] : b.bookings)
    if (made.what.option == q.option) all.push_back(&made);
  judge_bookings(all, q.bounds);
  b.reached.reached("read: an option's bookings");
}

bool take_account_answer(sale_books& b, const request& r, const actors::outcome& said,
                         domain::time_point now) {
  return std::visit(
      [&](const auto& c) {
        constexpr bool mine = std::is_invocable_v<account_judgement, decltype(c)>;
        if constexpr (mine) account_judgement{{b, r, said, now}}(c);
        return mine;
      },
      r.command);
}

// --- the store

namespace {

// All of a list, in pages of a few.
template <class Item, class Read>
std::vector<Item> walk(Read read) {
  std::vector<Item> all;
  domain::page_bounds bounds;
  bounds.limit = 7;
  for (;;) {
    auto page = read(bounds);
    for (auto& item : page.items) all.push_back(std::move(item));
    if (!page.next) return all;
    bounds.before = page.next;
  }
}

} // namespace

void judge_history(sale_books& b, persistence::reader& stored) {
  const auto agree = [](bool holds, const auto&... seen) {
    require(holds, invariant::store_agrees, "the store ", seen...);
  };
  for (const auto& [id, user] : b.users) {
    const auto account = stored.find_user(id);
    const bool erased = user.erased_since != 0;
    agree(account.has_value() == !erased &&
              (erased || (same_person(account->who, user.persons.now()) &&
                          account->created_at == user.created_at)),
          "does not hold user ", id, " as the books do");
    if (erased) continue;
    const auto entries = walk<domain::wallet_entry>(
        [&](const auto& bounds) { return *stored.find_entries(id, bounds); });
    agree(std::equal(entries.rbegin(), entries.rend(), user.entries.begin(), user.entries.end(),
                     [](const auto& x, const auto& y) { return same_entry(x, y.what); }),
          "holds ", entries.size(), " entries of ", id, ", the books ", user.entries.size(),
          ", or other ones");
    std::size_t booked = 0;
    for (const auto& [option, customer] : user.as_customer)
      for (const auto made : customer.bookings)
        booked += b.bookings.at(made).forgotten_since == 0 ? 1 : 0;
    const auto bookings = walk<domain::booking>(
        [&](const auto& bounds) { return *stored.find_user_bookings(id, bounds); });
    agree(bookings.size() == booked, "lists ", bookings.size(), " bookings of ", id, ", the books ",
          booked);
  }
  const auto acts =
      walk<domain::audit_record>([&](const auto& bounds) { return stored.find_acts(bounds); });
  agree(acts.size() == b.acts.size(), "holds ", acts.size(), " acts of operators, the books ",
        b.acts.size());
}

} // namespace boxoffice::sim
