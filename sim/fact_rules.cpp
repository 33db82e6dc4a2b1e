// Judges the facts of the catalogue and of bookings.
#include "sim/account_rules.hpp"
#include "sim/judgement.hpp"

namespace boxoffice::sim {

using domain::booking_status;
using domain::id_kind;
using domain::seat_status;

void take_fact(sale_books& b, const domain::event& fact) {
  ++b.now;
  std::visit([&b](const auto& e) { take(b, e); }, fact);
  take_keys(b, fact);
}

void judge_group(sale_books& b) {
  for (const auto& [id, o] : b.options)
    require(o.count[0] + o.count[1] + o.count[2] == o.seats.size(), invariant::seats_add_up, id,
            " has ", o.seats.size(), " seats: ", o.count[0], " free, ", o.count[1], " held, ",
            o.count[2], " sold");
  require(b.in_wallets == b.charged - b.debited + b.refunded + b.adjusted,
          invariant::money_conserved, "the wallets hold ", b.in_wallets, ", but ", b.charged,
          " were charged, ", b.debited, " debited, ", b.refunded, " refunded and ", b.adjusted,
          " added by operators");
  judge_acts(b);
  judge_keys(b);
  for (const auto& [id, q] : b.queues)
    require(!q.must_follow, invariant::room_is_used, "a newcomer to the queue of ", id,
            " waits though nobody was before it and there was room: ",
            q.must_follow.value_or(domain::token_key{}));
}

// --- users and the catalogue

void take(sale_books& b, const domain::user_created& e) {
  require(b.find_user(e.who.id) == nullptr, invariant::ids_name_one_thing, "user ", e.who.id,
          " is created twice");
  require(b.use_id(id_kind::point, e.wallet.value), invariant::ids_name_one_thing, e.wallet, " of ",
          e.who.id, " is another's already");
  auto& user = b.users[e.who.id];
  user.who = e.who;
  user.wallet = e.wallet;
  user.since = b.now;
  user.created_at = user.last_at = e.at;
  user.persons.add(b.now, e.who);
  user.balances.add(b.now, {});
  note_happened(b, b.demands[e.who.id].creation, "the coming of user ", e.who.id);
}

void take(sale_books& b, const domain::concert_created& e) {
  require(b.use_id(id_kind::concert, e.what.id.value), invariant::ids_name_one_thing, e.what.id,
          " is created twice");
  note_happened(b, b.new_concerts[e.what.title], e.what.id);
  if (b.node_started) ++b.acts_due[say("concert.create ", e.what.id)];
  auto& queue = b.queues[e.what.id];
  queue.what = e.what;
  queue.since = b.now;
  b.set_processing(queue, 0);
  queue.waiting_then.add(b.now, 0);
  queue.set.add(b.now, {});
}

namespace {

void take_new_option(sale_books& b, const domain::concert_option& what) {
  require(b.use_id(id_kind::option, what.id.value), invariant::ids_name_one_thing, what.id,
          " is created twice");
  require(b.find_queue(what.concert) != nullptr, invariant::known_things, what.id, " is of ",
          what.concert, ", which does not exist");
  for (const auto& section : what.sections)
    for (int n = 0; n < section.seats; ++n) {
      const domain::seat_id id{section.first_seat.value + n};
      require(b.use_id(id_kind::seat, id.value), invariant::ids_name_one_thing, id, " of ", what.id,
              " is another already");
    }
}

void add_seat(sale_books& b, option_book& option, const domain::seat_name& name,
              domain::money price) {
  option.seats.push_back({name, price, {}});
  option.seats.back().states.add(b.now, {});
}

void put_on_offer(sale_books& b, option_book option) {
  option.since = b.now;
  option.created_in = b.last_commit;
  option.count[static_cast<std::size_t>(seat_status::free)] = option.seats.size();
  b.undated_options.push_back(option.what.id);
  b.options[option.what.id] = std::move(option);
}

} // namespace

void take(sale_books& b, const domain::option_created& e) {
  take_new_option(b, e.what);
  option_book option;
  option.what = e.what;
  for (const auto& section : e.what.sections)
    for (int n = 1; n <= section.seats; ++n) add_seat(b, option, {section.name, n}, section.price);
  put_on_offer(b, std::move(option));
}

void take(sale_books& b, const domain::option_drafted& e) {
  take_new_option(b, e.what);
  note_happened(b, b.new_options[e.what.concert], e.what.id);
  b.drafts[e.what.id].what = e.what;
}

void take(sale_books& b, const domain::seats_laid& e) {
  const auto draft = b.drafts.find(e.option);
  require(draft != b.drafts.end(), invariant::known_things, "seats are laid for ", e.option,
          ", which is no draft");
  auto& option = draft->second;
  for (int i = 0; i < e.count; ++i) {
    const domain::seat_name name{e.section, e.first_number + i};
    const auto place = domain::find_seat(option.what, name);
    const domain::seat_id id{e.first.value + i};
    require(place && place->id == id && place->price == e.price &&
                id.value ==
                    option.what.first_seat().value + static_cast<std::int64_t>(option.seats.size()),
            invariant::seats_as_offered, id, " of ", e.option, " is laid as ",
            domain::to_string(name), " for ", e.price);
    add_seat(b, option, name, e.price);
  }
}

void take(sale_books& b, const domain::option_published& e) {
  const auto draft = b.drafts.find(e.what.id);
  require(draft != b.drafts.end(), invariant::known_things, e.what.id,
          " is published, which is no draft");
  const auto laid = draft->second.seats.size();
  require(laid == static_cast<std::size_t>(draft->second.what.seat_count()),
          invariant::option_whole, e.what.id, " is published with ", laid, " of ",
          draft->second.what.seat_count(), " seats");
  ++b.acts_due[say("option.create ", e.what.id)];
  put_on_offer(b, std::move(draft->second));
  b.drafts.erase(draft);
}

// --- a booking is made

namespace {

void judge_seats(sale_books& b, option_book& option, const domain::booking_created& e) {
  require(!e.seats.empty(), invariant::known_things, e.booking, " has no seats");
  domain::money sum;
  domain::seat_id last;
  for (const auto& s : e.seats) {
    auto* seat = option.find(s.seat);
    require(seat != nullptr, invariant::known_things, e.booking, " has ", s.seat,
            ", which is not in ", e.option);
    const auto& state = seat->states.now();
    require(state.status == seat_status::free, invariant::one_holder, e.booking, " of ", e.user,
            " takes ", s.seat, ", which is ", state);
    require(seat->name == s.name && seat->price == s.price, invariant::seats_as_offered, e.booking,
            " has ", s.seat, " as ", domain::to_string(s.name), " for ", s.price, "; it is ",
            domain::to_string(seat->name), " for ", seat->price);
    require(last < s.seat, invariant::seats_as_offered, e.booking, " names ", s.seat, " behind ",
            last);
    require(b.use_id(id_kind::reservation, s.reservation.value), invariant::ids_name_one_thing,
            "reservation ", s.reservation.value, " of ", e.booking, " was used before");
    last = s.seat;
    sum = sum + s.price;
  }
  require(sum == e.total, invariant::seats_as_offered, e.booking, " costs ", e.total,
          ", its seats cost ", sum);
}

void judge_limits(sale_books& b, const domain::booking_created& e) {
  const auto& rules = b.rules.booking;
  require(e.seats.size() <= rules.max_seats, invariant::seat_limits, e.booking, " has ",
          e.seats.size(), " seats, at most ", rules.max_seats, " are allowed");
  const auto* customer = b.find_customer(e.user, e.option);
  const auto had = customer == nullptr ? 0 : customer->states.now().seats;
  require(had + e.seats.size() <= rules.max_seats_per_user, invariant::seat_limits, e.user, " has ",
          had, " seats in ", e.option, " and takes ", e.seats.size(), " more with ", e.booking,
          ", at most ", rules.max_seats_per_user, " are allowed");
  const auto held =
      customer == nullptr ? 0 : customer->states.now().pending + customer->states.now().paying;
  require(held < rules.max_holds_per_user, invariant::seat_limits, e.user, " has ", held,
          " unpaid bookings in ", e.option, " and makes one more with ", e.booking, ", at most ",
          rules.max_holds_per_user, " are allowed");
}

// The token was judged a little before the seats were won, so its time may have run out, and the
// sale closed, meanwhile; but not before anybody asked.
void judge_admission(sale_books& b, const option_book& option, const domain::booking_created& e,
                     domain::time_point first_asked) {
  const auto* token = b.find_token(e.token);
  require(token != nullptr, invariant::admitted_book, e.booking, " is made with ", e.token,
          ", which was never issued");
  require(token->what.user == e.user && token->concert == e.concert, invariant::admitted_book,
          e.booking, " of ", e.user, " for ", e.concert, " is made with ", e.token, ", which is ",
          token->what.user, "'s for ", token->concert);
  require(token->was_admitted, invariant::admitted_book, e.booking, " is made with ", e.token,
          ", which is ", token->states.now(), " and was never admitted");
  require(e.at >= token->what.admitted_at, invariant::admitted_book, e.booking, " is made at ",
          e.at, " with ", e.token, ", admitted only at ", token->what.admitted_at);
  require(first_asked < token->what.expires_at, invariant::admitted_book, e.booking,
          " is first asked for at ", first_asked, " with ", e.token, ", whose time was out at ",
          token->what.expires_at);
  require(e.at >= option.what.sales_open_at, invariant::sale_hours, e.booking, " is made at ", e.at,
          ", the sale of ", e.option, " opens at ", option.what.sales_open_at);
  const auto close = std::min(option.what.sales_close_at, option.what.starts_at);
  require(first_asked < close, invariant::sale_hours, e.booking, " is first asked for at ",
          first_asked, ", the sale of ", e.option, " closed at ", close);
}

domain::booking as_booked(const domain::booking_created& e) {
  domain::booking made;
  made.id = e.booking;
  made.option = e.option;
  made.concert = e.concert;
  made.user = e.user;
  made.token = e.token;
  made.seats = e.seats;
  made.total = e.total;
  made.created_at = e.at;
  made.expires_at = e.expires_at;
  return made;
}

} // namespace

void take(sale_books& b, const domain::booking_created& e) {
  require(b.use_id(id_kind::booking, e.booking.value), invariant::ids_name_one_thing, e.booking,
          " is created twice");
  auto* option = b.find_option(e.option);
  require(option != nullptr && option->what.concert == e.concert, invariant::known_things,
          e.booking, " is for ", e.option, " of ", e.concert, ", which does not exist");
  auto* user = b.find_user(e.user);
  require(user != nullptr && user->erased_since == 0, invariant::known_things, e.booking, " is of ",
          e.user, ", who does not exist");
  require(!option->cancelled, invariant::called_off, e.booking, " of ", e.user, " is made for ",
          e.option, ", which is cancelled");
  judge_seats(b, *option, e);
  auto& wanted = wanted_by(b, e);
  if (b.node_started && covered_together(b, e.user, e.option, e.token))
    ++wanted.happened; // whose it is can't be told; all of them are counted when they are answered
  else
    note_happened(b, wanted, e.booking, " of ", e.user, " with ", e.seats);
  judge_limits(b, e);
  judge_admission(b, *option, e, first_asked_for(b, e));
  require(e.expires_at == e.at + b.rules.booking.hold_for, invariant::hold_time, e.booking,
          " is made at ", e.at, " and held until ", e.expires_at, ", not for ",
          b.rules.booking.hold_for);

  auto& made = b.bookings[e.booking];
  made.what = as_booked(e);
  made.since = b.now;
  made.last_at = e.at;
  b.undated_bookings.push_back(e.booking);
  b.set_status(made, booking_status::pending);
  for (const auto& s : e.seats) b.set_seat(*option, s.seat, {seat_status::held, e.booking});
}

// --- its life

booking_book& known_booking(sale_books& b, domain::booking_id id, const char* what) {
  auto* found = b.find_booking(id);
  require(found != nullptr, invariant::known_things, what, " of ", id, ", which does not exist");
  return *found;
}

void judge_step(const booking_book& made, booking_status from, const char* what) {
  require(made.what.status == from, invariant::booking_steps, made.what.id, " is ", what,
          " while it is ", made.what.status);
}

void judge_own_seats(const booking_book& made, domain::option_id option,
                     const std::vector<domain::seat_id>& seats, const char* what) {
  require(option == made.what.option && seats == seat_ids(made.what), invariant::booking_steps,
          made.what.id, " is ", what, " with other seats than its ", made.what.seats);
}

namespace {

payment_book& known_payment(sale_books& b, const booking_book& made, domain::payment_id id,
                            const char* what) {
  require(made.what.payment == id, invariant::booking_steps, made.what.id, " is ", what, " by ", id,
          " while it is being paid by ", made.what.payment);
  return b.payments.at(id);
}

} // namespace

void take(sale_books& b, const domain::booking_expired& e) {
  auto& made = known_booking(b, e.booking, "the end");
  judge_step(made, booking_status::pending, "expired");
  judge_own_seats(made, e.option, e.seats, "expired");
  note_time(made.last_at, e.at, e.booking);
  require(e.at >= made.what.expires_at, invariant::hold_time, e.booking, " is expired at ", e.at,
          ", its hold lasts until ", made.what.expires_at);
  note_due(b, made.what.expires_at, e.at, e.booking, " is expired");
  auto* paid = made.payments.empty() ? nullptr : b.find_payment(made.payments.back());
  const bool ran_out =
      paid != nullptr && paid->ended + 1 == b.now && *paid->ended_at >= made.what.expires_at;
  b.reached.reached(ran_out ? "booking: PAYING -> EXPIRED" : "booking: PENDING -> EXPIRED");
  b.set_status(made, booking_status::expired);
  auto& option = b.options.at(e.option);
  for (const auto seat : e.seats) b.set_seat(option, seat, {});
}

void take(sale_books& b, const domain::payment_started& e) {
  auto& made = known_booking(b, e.booking, "a payment");
  require(b.use_id(id_kind::payment, e.payment.value), invariant::ids_name_one_thing, e.payment,
          " of ", e.booking, " was used before");
  judge_step(made, booking_status::pending, "paid for");
  note_time(made.last_at, e.at, e.booking);
  require(e.at < made.what.expires_at, invariant::hold_time, e.payment, " of ", e.booking,
          " begins at ", e.at, ", its hold lasted until ", made.what.expires_at);
  if (e.token) {
    const auto* token = b.find_token(*e.token);
    require(token != nullptr && token->what.user == made.what.user &&
                token->concert == made.what.concert,
            invariant::admitted_book, e.payment, " of ", e.booking, " of ", made.what.user, " for ",
            made.what.concert, " names ", *e.token, ", which is ",
            token == nullptr ? "nobody's" : token->what.user.value, ", for concert ",
            token == nullptr ? 0 : token->concert.value);
  }
  auto& wanted = b.demands[made.what.user];
  note_happened(b,
                e.token ? wanted.payments[{e.booking, *e.token}]
                        : wanted.desk_payments[{made.what.option, made.what.total.minor}],
                e.payment, " of ", e.booking);

  payment_book paid;
  paid.id = e.payment;
  paid.booking = e.booking;
  paid.token = e.token;
  paid.started_at = e.at;
  paid.since = b.now;
  b.payments.emplace(e.payment, std::move(paid));
  b.undated_payments.push_back(e.payment);
  made.payments.push_back(e.payment);
  made.what.payment = e.payment;
  made.what.paid_with = e.token;
  b.reached.reached("booking: PENDING -> PAYING");
  b.set_status(made, booking_status::paying);
}

void take(sale_books& b, const domain::payment_refused& e) {
  auto& made = known_booking(b, e.booking, "a refused payment");
  judge_step(made, booking_status::paying, "refused its payment");
  auto& paid = known_payment(b, made, e.payment, "refused its payment");
  note_time(made.last_at, e.at, e.booking);
  require(paid.debited && !*paid.debited, invariant::wallet_decides, e.booking,
          " is PENDING again after ", e.payment, ", which the wallet has ", word_of(paid));
  paid.ended_at = e.at;
  paid.ended = b.now;
  if (e.at < made.what.expires_at) b.reached.reached("booking: PAYING -> PENDING");
  b.set_status(made, booking_status::pending);
}

void take(sale_books& b, const domain::booking_confirmed& e) {
  auto& made = known_booking(b, e.booking, "a confirmation");
  judge_step(made, booking_status::paying, "confirmed");
  auto& paid = known_payment(b, made, e.payment, "confirmed");
  judge_own_seats(made, e.option, e.seats, "confirmed");
  note_time(made.last_at, e.at, e.booking);
  require(paid.debited && *paid.debited, invariant::wallet_decides, e.booking, " is confirmed by ",
          e.payment, ", which the wallet has ", word_of(paid));
  paid.ended_at = e.at;
  paid.ended = b.now;
  made.what.confirmed_at = e.at;
  b.tokens.at(made.what.token).payment_done = true;
  if (made.what.paid_with) b.tokens.at(*made.what.paid_with).payment_done = true;
  b.reached.reached("booking: PAYING -> CONFIRMED");
  b.set_status(made, booking_status::confirmed);
  auto& option = b.options.at(e.option);
  for (const auto seat : e.seats) b.set_seat(option, seat, {seat_status::sold, e.booking});
}

void take(sale_books& b, const domain::booking_settled& e) {
  auto& made = known_booking(b, e.booking, "the settling");
  judge_step(made, booking_status::confirmed, "settled");
  require(!made.what.settled, invariant::booking_steps, e.booking, " is settled twice");
  for (const auto& key : {std::optional(made.what.token), made.what.paid_with})
    if (key)
      require(b.tokens.at(*key).states.now() == domain::token_status::expired,
              invariant::tokens_end, e.booking, " is settled while its ", *key, " is ",
              b.tokens.at(*key).states.now());
  made.what.settled = true;
  b.reached.reached("booking: CONFIRMED -> settled");
}

} // namespace boxoffice::sim
