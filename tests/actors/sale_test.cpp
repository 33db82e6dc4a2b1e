#define BOOST_TEST_MODULE actors.sale
#include "tests/actors/running_service.hpp"

#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <thread>

using namespace boxoffice;
using namespace boxoffice::test;
using namespace std::chrono_literals;
using domain::error_code;

namespace {

struct sale {
  explicit sale(actors::service_options o = {}) : running(directory.path(), std::move(o)) {
    running.stock();
  }
  ~sale() {
    running.service().stop(5s);
    check_books(directory.path());
  }

  domain::seat_status seat(std::int64_t id) { return running.service().seats({1})->status({id}); }
  // Waits for what a timer of the service brings about.
  template <class Condition>
  void wait_for(Condition holds) {
    const auto deadline = std::chrono::steady_clock::now() + 10s;
    while (!holds()) {
      BOOST_REQUIRE(std::chrono::steady_clock::now() < deadline);
      std::this_thread::sleep_for(1ms);
    }
  }

  scratch_directory directory;
  running_service running;
};

actors::service_options with(domain::queue_rules q, domain::booking_rules b = {}) {
  actors::service_options o;
  o.rules.queue = q;
  o.rules.booking = b;
  o.rules.wallet.double_submit_window = {};
  return o;
}

actors::service_options short_holds(std::chrono::milliseconds hold) {
  domain::booking_rules b;
  b.hold_for = hold;
  return with({}, b);
}

} // namespace

BOOST_AUTO_TEST_CASE(a_booking_is_held_paid_and_sold) {
  sale s;
  const auto token = s.running.enter("1");
  BOOST_TEST(token.position == 0u);
  BOOST_CHECK(token.status == domain::token_status::processing);
  const auto held = s.running.book("1", token.key, "A_10,A_11");
  BOOST_TEST(held.booking.total.minor == 20000);
  BOOST_CHECK(s.seat(10) == domain::seat_status::held);

  s.running.charge("1", 250);
  const auto paid = s.running.tell(payment_of(held, token.key));
  const auto& view = std::get<actors::booking_view>(paid);
  BOOST_TEST(view.wallet.balance.minor == 5000);
  BOOST_CHECK(view.booking.status == domain::booking_status::confirmed);
  BOOST_CHECK(s.seat(10) == domain::seat_status::sold);
  BOOST_CHECK(code_of(s.running.tell(payment_of(held, token.key))) ==
              error_code::booking_not_pending);
  // The token went with the payment: the next one is another.
  BOOST_CHECK(s.running.enter("1").key != token.key);
}

BOOST_AUTO_TEST_CASE(too_little_money_keeps_the_hold_and_a_charge_mends_it) {
  sale s;
  const auto token = s.running.enter("1");
  const auto held = s.running.book("1", token.key, "A_1");
  BOOST_CHECK(code_of(s.running.tell(payment_of(held, token.key))) ==
              error_code::insufficient_balance);
  BOOST_CHECK(s.seat(1) == domain::seat_status::held);
  s.running.charge("1", 100);
  BOOST_CHECK(!code_of(s.running.tell(payment_of(held, token.key))));
  BOOST_TEST(s.running.balance("1").minor == 0);
}

BOOST_AUTO_TEST_CASE(a_hold_runs_out_by_itself_and_frees_its_seats) {
  sale s(short_holds(100ms));
  const auto token = s.running.enter("1");
  s.running.charge("1", 100);
  const auto held = s.running.book("1", token.key, "A_1");
  s.wait_for([&] { return s.seat(1) == domain::seat_status::free; });
  BOOST_CHECK(code_of(s.running.tell(payment_of(held, token.key))) == error_code::booking_expired);
  BOOST_CHECK(code_of(s.running.tell(actors::pay_pending{{1}, user("1"), domain::points(100)})) ==
              error_code::booking_expired);
  const auto other = s.running.enter("1001");
  s.running.book("1001", other.key, "A_1");
}

BOOST_AUTO_TEST_CASE(a_deadline_that_passed_while_down_has_passed) {
  scratch_directory directory;
  domain::token_key token;
  actors::booking_view held;
  {
    running_service first(directory.path(), short_holds(100ms));
    first.stock();
    token = first.enter("1").key;
    held = first.book("1", token, "A_1");
    first.crash();
  }
  std::this_thread::sleep_for(100ms);
  running_service second(directory.path(), short_holds(100ms));
  second.wait_until_ready();
  BOOST_CHECK(code_of(second.tell(payment_of(held, token))) == error_code::booking_expired);
  second.service().stop(5s);
  check_books(directory.path());
}

BOOST_AUTO_TEST_CASE(the_next_in_line_is_admitted_when_a_payment_completes) {
  domain::queue_rules one_at_a_time;
  one_at_a_time.active_limit = 1;
  sale s(with(one_at_a_time));
  const auto first = s.running.enter("1");
  const auto second = s.running.enter("1001");
  const auto third = s.running.enter("spring123");
  BOOST_TEST(second.position == 1u);
  BOOST_TEST(third.position == 2u);
  BOOST_CHECK(s.running.enter("spring123").key == third.key);
  BOOST_CHECK(code_of(s.running.tell(booking_of("1001", second.key, "A_2"))) ==
              error_code::queue_token_waiting);

  s.running.charge("1", 100);
  const auto held = s.running.book("1", first.key, "A_1");
  BOOST_CHECK(!code_of(s.running.tell(payment_of(held, first.key))));
  s.running.book("1001", second.key, "A_2");
  BOOST_TEST(s.running.enter("spring123").position == 1u);
}

BOOST_AUTO_TEST_CASE(places_in_line_survive_a_restart) {
  scratch_directory directory;
  domain::queue_rules one_at_a_time;
  one_at_a_time.active_limit = 1;
  std::vector<domain::token_view> before;
  {
    running_service first(directory.path(), with(one_at_a_time));
    first.stock();
    for (const char* who : {"1", "1001", "spring123", "user7"}) before.push_back(first.enter(who));
    first.crash();
  }
  running_service second(directory.path(), with(one_at_a_time));
  second.wait_until_ready();
  for (const auto& token : before) {
    const auto now = second.enter(token.user.value);
    BOOST_CHECK(now.key == token.key);
    BOOST_TEST(now.position == token.position);
  }
}

BOOST_AUTO_TEST_CASE(a_token_serves_its_user_alone_and_paying_takes_any_of_the_users_tokens) {
  domain::queue_rules short_lived;
  short_lived.active_ttl = 100ms;
  sale s(with(short_lived));
  const auto token = s.running.enter("1");
  const auto held = s.running.book("1", token.key, "A_1");
  s.running.charge("1", 100);
  BOOST_CHECK(code_of(s.running.tell(booking_of("1001", token.key, "A_2"))) ==
              error_code::queue_token_invalid);
  auto foreign = payment_of(held, s.running.enter("1001").key);
  BOOST_CHECK(code_of(s.running.tell(foreign)) == error_code::queue_token_invalid);
  auto made_up = payment_of(held, domain::make_token_key(1, 2));
  BOOST_CHECK(code_of(s.running.tell(made_up)) == error_code::queue_token_invalid);

  // Expired, and out of the queue's memory: still the user's own.
  s.wait_for([&] { return s.running.enter("1").key != token.key; });
  BOOST_CHECK(code_of(s.running.tell(booking_of("1", token.key, "A_2"))) ==
              error_code::queue_token_invalid);
  BOOST_CHECK(!code_of(s.running.tell(payment_of(held, token.key))));
}

BOOST_AUTO_TEST_CASE(what_does_not_exist_is_named) {
  sale s;
  const auto token = s.running.enter("1");
  BOOST_CHECK(code_of(s.running.tell(actors::read_wallet{user("nobody")})) ==
              error_code::user_not_found);
  BOOST_CHECK(code_of(s.running.tell(actors::enter_queue{{1}, user("nobody"), 0})) ==
              error_code::user_not_found);
  BOOST_CHECK(code_of(s.running.tell(actors::enter_queue{{99}, user("1"), 0})) ==
              error_code::concert_not_found);
  BOOST_CHECK(code_of(s.running.tell(booking_of("1", token.key, "A_1", 99))) ==
              error_code::concert_option_not_found);
  BOOST_CHECK(code_of(s.running.tell(booking_of("1", token.key, "Z_1"))) ==
              error_code::seat_not_found);
  actors::booking_view none;
  none.booking.id = {77};
  none.booking.concert = {1};
  none.booking.user = user("1");
  BOOST_CHECK(code_of(s.running.tell(payment_of(none, token.key))) ==
              error_code::booking_not_found);
  BOOST_CHECK(code_of(s.running.tell(actors::pay_pending{{1}, user("1"), domain::points(1)})) ==
              error_code::booking_not_found);
}

BOOST_AUTO_TEST_CASE(seats_per_user_are_limited_over_all_their_bookings) {
  domain::booking_rules three;
  three.max_seats_per_user = 3;
  sale s(with({}, three));
  const auto token = s.running.enter("1");
  s.running.book("1", token.key, "A_1,A_2");
  BOOST_CHECK(code_of(s.running.tell(booking_of("1", token.key, "A_3,A_4"))) ==
              error_code::seat_limit);
  s.running.book("1", token.key, "A_3");
}

BOOST_AUTO_TEST_CASE(a_refusal_names_every_seat_that_is_taken) {
  sale s;
  s.running.book("1", s.running.enter("1").key, "A_1,A_3");
  const auto other = s.running.enter("1001");
  const auto refused = s.running.tell(booking_of("1001", other.key, "A_1,A_2,A_3"));
  BOOST_REQUIRE(code_of(refused) == error_code::seat_already_reserved);
  BOOST_TEST(std::get<domain::rejection>(refused).detail == "Already reserved: A_1,A_3.");
  BOOST_CHECK(s.seat(2) == domain::seat_status::free);
}

BOOST_AUTO_TEST_CASE(the_demo_is_stocked_once) {
  sale s;
  s.running.service().stock_demo_data();
  BOOST_TEST(s.running.service().catalogue()->options.size() == 6u);
}

BOOST_AUTO_TEST_CASE(a_payment_for_a_booking_to_come_harms_nobody) {
  domain::booking_rules many;
  many.max_seats_per_user = 50;
  sale s(with({}, many));
  const auto stranger = s.running.enter("1001").key;
  const auto token = s.running.enter("1").key;
  for (std::int64_t next = 1; next <= 50; ++next) {
    // Guesses the next booking's number again and again while it is being opened.
    actors::booking_view guess;
    guess.booking.id = {next};
    guess.booking.concert = {1};
    guess.booking.user = user("1001");
    auto booked = s.running.ask(booking_of("1", token, "A_" + std::to_string(next)));
    std::vector<std::future<actors::outcome>> guesses;
    for (int i = 0; i < 20; ++i) guesses.push_back(s.running.ask(payment_of(guess, stranger)));
    for (auto& g : guesses) BOOST_CHECK(code_of(g.get()) == error_code::booking_not_found);
    BOOST_CHECK(!code_of(booked.get()));
  }
}

BOOST_AUTO_TEST_CASE(a_payment_that_names_another_concert_is_a_bad_request) {
  sale s;
  const auto token = s.running.enter("1").key;
  const auto held = s.running.book("1", token, "A_1");
  auto elsewhere = payment_of(held, token);
  elsewhere.concert = domain::concert_id{2};
  elsewhere.claim.concert = elsewhere.concert;
  BOOST_CHECK(code_of(s.running.tell(elsewhere)) == error_code::invalid_request);
  auto nowhere = elsewhere;
  nowhere.concert = domain::concert_id{99};
  nowhere.claim.concert = nowhere.concert;
  BOOST_CHECK(code_of(s.running.tell(nowhere)) == error_code::invalid_request);
  nowhere.claim.token = s.running.enter("1001").key;
  BOOST_CHECK(code_of(s.running.tell(nowhere)) == error_code::queue_token_invalid);
  // The user's own token, but of the other concert, does not serve here.
  auto wrong_token = payment_of(held, s.running.enter("1", 2).key);
  BOOST_CHECK(code_of(s.running.tell(wrong_token)) == error_code::queue_token_invalid);
}

BOOST_AUTO_TEST_CASE(a_damaged_row_harms_only_who_needs_it) {
  scratch_directory directory;
  {
    running_service first(directory.path());
    first.stock();
    first.charge("1", 100);
  }
  const auto spoil = "sqlite3 " + (directory.path() / "boxoffice.db").string() +
                     " \"UPDATE point SET last_charge_at = 'oops' WHERE user_id = '1'\"";
  BOOST_REQUIRE(std::system(spoil.c_str()) == 0);
  running_service second(directory.path());
  second.wait_until_ready();
  BOOST_CHECK(code_of(second.tell(actors::read_wallet{user("1")})) ==
              error_code::store_unavailable);
  BOOST_CHECK(code_of(second.tell(actors::enter_queue{{1}, user("1"), 0})) ==
              error_code::store_unavailable);
  BOOST_TEST(second.service().ready());
  BOOST_TEST(second.charge("1001", 100).minor == 10000);
}

BOOST_AUTO_TEST_CASE(a_damaged_booking_keeps_its_seats_and_harms_no_other) {
  scratch_directory directory;
  {
    running_service first(directory.path());
    first.stock();
    first.book("1", first.enter("1").key, "A_1");
  }
  const auto spoil = "sqlite3 " + (directory.path() / "boxoffice.db").string() +
                     " \"UPDATE booking SET expires_at = 'oops'\"";
  BOOST_REQUIRE(std::system(spoil.c_str()) == 0);
  running_service second(directory.path());
  second.wait_until_ready();
  const auto token = second.enter("1001").key;
  BOOST_CHECK(code_of(second.tell(booking_of("1001", token, "A_1"))) ==
              error_code::seat_already_reserved); // the seat's own story is sound
  BOOST_CHECK(!code_of(second.tell(booking_of("1001", token, "A_2"))));
}
