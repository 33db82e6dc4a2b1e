// Users who come, change and go while something is made in their name; operators who set balances
// right; readers who page through the past.
#include "sim/workloads.hpp"

namespace boxoffice::sim {

using std::chrono::milliseconds;

namespace {

// Few enough that several meet over one of them.
constexpr std::uint64_t guests = 5;

domain::user_id somebody(crowd& all, const person& who) {
  auto& chance = all.chance();
  return chance.one_in(4) ? who.name()
                          : domain::user_id{"guest" + std::to_string(chance.below(guests))};
}

void ignore(const person::answer&) {}

// Books a seat in the user's name as soon as a token admits.
void book_for(crowd& all, person& who, const domain::user_id& user, domain::token_key token) {
  const auto number = static_cast<int>(all.chance().between(1, 6));
  who.ask(actors::create_booking{{1}, user, token, {{"A", number}}, {}}, ignore);
}

void come_and_go(crowd& all, person& who) {
  auto& chance = all.chance();
  const auto user = somebody(all, who);
  const auto later_on = [&](actors::command c) {
    who.later(chance.between(milliseconds(0), milliseconds(80)),
              [&who, c = std::move(c)] { who.ask(c, ignore); });
  };
  const auto presses = static_cast<unsigned>(chance.between(1, 2));
  who.press(presses, actors::create_user{{user, "guest", "a@guest"}}, ignore);
  if (chance.one_in(2))
    later_on(actors::change_user{{user, "guest " + std::to_string(chance.below(3)), "b@guest"}});
  if (chance.one_in(2))
    who.ask(actors::enter_queue{{1}, user, 0}, [&all, &who, user](const person::answer& a) {
      const auto* token = view_in<domain::token_view>(a);
      if (token != nullptr && token->status == domain::token_status::processing)
        book_for(all, who, user, token->key);
    });
  if (chance.one_in(3)) later_on(actors::charge_wallet{user, domain::points(1)});
  if (chance.one_in(2))
    who.later(chance.between(moment(0), moment(milliseconds(2))),
              [&who, user] { who.ask(actors::erase_user{user}, ignore); });
  // A wish to go, about when the others arrive.
  for (auto n = chance.between(1, 3); n > 0; --n) later_on(actors::erase_user{user});
}

void set_right(crowd& all, person& who) {
  auto& chance = all.chance();
  const domain::money amount{chance.between(-3000, 3000)};
  const auto reason = "slip " + std::to_string(chance.below(3));
  who.press(static_cast<unsigned>(chance.between(1, 2)),
            actors::adjust_wallet{somebody(all, who), amount, chance.one_in(8) ? "" : reason},
            ignore);
}

// Reads on, page by page, as long as there are more.
template <class List, class Item>
void page_through(person& who, List list) {
  who.ask(actors::query(list), [&who, list](const person::answer& a) {
    const auto* page = view_in<domain::page<Item>>(a);
    if (page == nullptr || !page->next) return;
    auto rest = list;
    rest.bounds.before = page->next;
    page_through<List, Item>(who, rest);
  });
}

void read_on(crowd& all, person& who) {
  auto& chance = all.chance();
  domain::page_bounds bounds;
  bounds.limit = static_cast<std::size_t>(chance.between(1, 4));
  const auto user = somebody(all, who);
  const auto* heard = all.heard(who.site()).bookings.empty()
                          ? nullptr
                          : &chance.pick(all.heard(who.site()).bookings);
  switch (chance.below(heard == nullptr ? 5 : 8)) {
  case 0: return page_through<actors::list_entries, domain::wallet_entry>(who, {user, bounds});
  case 1: return page_through<actors::list_user_bookings, domain::booking>(who, {user, bounds});
  case 2:
    return page_through<actors::list_option_bookings, domain::booking>(
        who, {{chance.between(1, all.around().the_plan().options)}, bounds});
  case 3: return page_through<actors::list_audit, domain::audit_record>(who, {bounds});
  case 4: return who.ask(actors::query(actors::read_user{user}), ignore);
  case 5: {
    const auto as = chance.one_in(2) ? std::optional(who.name()) : std::nullopt;
    return who.ask(actors::query(actors::read_booking{heard->booking.id, as}), ignore);
  }
  case 6: return who.ask(actors::query(actors::read_payment{heard->booking.id, {}}), ignore);
  default: return who.ask(actors::query(actors::read_entry{user, {chance.between(1, 50)}}), ignore);
  }
}

} // namespace

void look_after_accounts(crowd& all, person& who) {
  auto& chance = all.chance();
  switch (chance.below(5)) {
  case 0:
  case 1: return come_and_go(all, who);
  case 2: return set_right(all, who);
  default: return read_on(all, who);
  }
}

} // namespace boxoffice::sim
