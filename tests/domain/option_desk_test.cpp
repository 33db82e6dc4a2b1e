// Who may book what in one performance (CONTRACT 2, Booking; 3: PATCH /payments/payment; 5).
#include "actors/domain/option_desk.hpp"
#include "tests/domain/samples.hpp"

namespace boxoffice::domain::test {

namespace {

using names = std::vector<seat_name>;

names seats_of_a(int from, int count) {
  names wanted;
  for (int n = from; n < from + count; ++n) wanted.push_back({"A", n});
  return wanted;
}

result<std::vector<booked_seat>> admit(const names& wanted, const option_desk& desk = {},
                                       time_point now = noon, const booking_rules& rules = {}) {
  return decide_admission(an_option(), desk, rules, alice, wanted, now);
}

booking of_size(booking_id id, std::size_t seats, booking_status status) {
  auto b = pending(id);
  b.seats.assign(seats, b.seats.front());
  b.status = status;
  return b;
}

option_desk knowing(const std::vector<booking>& bookings) {
  option_desk desk;
  for (const auto& b : bookings) desk.note(b);
  return desk;
}

error_code refusal_to_pay(const std::vector<booking>& bookings, money amount = points(200)) {
  return code_of(find_payable(knowing(bookings), alice, amount));
}

} // namespace

BOOST_AUTO_TEST_SUITE(option_desk_rules)

BOOST_AUTO_TEST_CASE(an_admitted_request_names_its_seats_by_ascending_id_with_their_prices) {
  const auto seats = value_of(admit({{"B", 2}, {"A", 11}, {"A", 10}}));
  BOOST_TEST_REQUIRE(seats.size() == 3u);
  BOOST_TEST((seats[0].seat == seat_id{10} && seats[1].seat == seat_id{11}));
  BOOST_TEST(seats[2].seat == seat_id{52});
  BOOST_TEST((seats[0].name == seat_name{"A", 10} && seats[2].name == seat_name{"B", 2}));
  BOOST_TEST((seats[0].price == points(100) && seats[2].price == money{5050}));
}

BOOST_AUTO_TEST_CASE(nothing_is_admitted_outside_the_hours_of_sale) {
  BOOST_TEST(code_of(admit({{"A", 1}}, {}, noon - tick)) == error_code::sale_not_open);
  BOOST_TEST(code_of(admit({{"A", 1}}, {}, seconds_past(100))) == error_code::sale_closed);
}

BOOST_AUTO_TEST_CASE(bookings_that_wait_to_be_paid_are_limited_apart_from_seats) {
  booking_rules rules;
  rules.max_holds_per_user = 2;
  const auto admit_beside = [&](const std::vector<booking>& bookings) {
    return admit({{"A", 40}}, knowing(bookings), noon, rules);
  };
  const auto of = [](std::int64_t id, booking_status status) {
    return of_size(booking_id{id}, 1, status);
  };
  using s = booking_status;
  BOOST_TEST(value_of(admit_beside({of(1, s::pending)})).size() == 1u);
  BOOST_TEST(code_of(admit_beside({of(1, s::pending), of(2, s::pending)})) ==
             error_code::seat_limit);
  // What is being paid may come back unpaid; what is paid blocks seats for nothing no longer.
  BOOST_TEST(code_of(admit_beside({of(1, s::pending), of(2, s::paying)})) ==
             error_code::seat_limit);
  BOOST_TEST(value_of(admit_beside({of(1, s::pending), of(3, s::confirmed)})).size() == 1u);
  BOOST_TEST(value_of(admit_beside({of(1, s::pending), of(2, s::expired)})).size() == 1u);
}

BOOST_AUTO_TEST_CASE(one_seat_that_does_not_exist_refuses_the_whole_request) {
  BOOST_TEST(code_of(admit({{"A", 1}, {"A", 51}})) == error_code::seat_not_found);
  BOOST_TEST(code_of(admit({{"C", 1}})) == error_code::seat_not_found);
}

BOOST_AUTO_TEST_CASE(a_request_has_at_least_one_seat_and_none_twice) {
  BOOST_TEST(code_of(admit({})) == error_code::invalid_request);
  BOOST_TEST(code_of(admit({{"A", 1}, {"A", 2}, {"A", 1}})) == error_code::invalid_request);
}

BOOST_AUTO_TEST_CASE(a_request_has_at_most_max_seats) {
  booking_rules rules;
  rules.max_seats = 3;
  BOOST_TEST(value_of(admit(seats_of_a(1, 3), {}, noon, rules)).size() == 3u);
  BOOST_TEST(code_of(admit(seats_of_a(1, 4), {}, noon, rules)) == error_code::invalid_request);
}

BOOST_AUTO_TEST_CASE(live_and_paid_seats_count_towards_the_user_s_limit) {
  for (const auto status : {booking_status::pending, booking_status::paying,
                            booking_status::confirmed, booking_status::refunding}) {
    const auto desk = knowing({of_size({1}, 4, status), of_size({2}, 3, status)});
    BOOST_TEST(value_of(admit(seats_of_a(1, 3), desk)).size() == 3u);
    BOOST_TEST(code_of(admit(seats_of_a(1, 4), desk)) == error_code::seat_limit);
  }
}

BOOST_AUTO_TEST_CASE(a_user_may_have_more_seats_than_one_request_may_name) {
  booking_rules rules;
  rules.max_seats = 2;
  rules.max_seats_per_user = 4;
  const auto desk = knowing({of_size({1}, 2, booking_status::confirmed)});
  BOOST_TEST(value_of(admit(seats_of_a(1, 2), desk, noon, rules)).size() == 2u);
  rules.max_seats_per_user = 3;
  BOOST_TEST(code_of(admit(seats_of_a(1, 2), desk, noon, rules)) == error_code::seat_limit);
}

BOOST_AUTO_TEST_CASE(expired_and_cancelled_seats_do_not_count) {
  for (const auto status : {booking_status::expired, booking_status::cancelled}) {
    auto desk = knowing({of_size({1}, 10, booking_status::pending)});
    BOOST_TEST(code_of(admit(seats_of_a(1, 1), desk)) == error_code::seat_limit);
    desk.note(of_size({1}, 10, status));
    BOOST_TEST(value_of(admit(seats_of_a(1, 10), desk)).size() == 10u);
  }
}

BOOST_AUTO_TEST_CASE(each_user_has_a_limit_of_their_own) {
  auto others = of_size({1}, 10, booking_status::confirmed);
  others.user = bob;
  BOOST_TEST(value_of(admit(seats_of_a(1, 10), knowing({others}))).size() == 10u);
}

BOOST_AUTO_TEST_CASE(a_booking_noted_again_counts_once) {
  const auto desk =
      knowing({of_size({1}, 5, booking_status::pending), of_size({1}, 5, booking_status::paying),
               of_size({1}, 5, booking_status::confirmed)});
  BOOST_TEST(value_of(admit(seats_of_a(1, 5), desk)).size() == 5u);
}

BOOST_AUTO_TEST_CASE(a_payment_by_user_and_option_means_the_one_pending_booking) {
  const auto desk = knowing({pending({1}), with_status(pending({2}), booking_status::confirmed),
                             with_status(pending({3}), booking_status::expired)});
  BOOST_TEST(value_of(find_payable(desk, alice, points(200))) == booking_id{1});
}

BOOST_AUTO_TEST_CASE(its_amount_must_be_the_booking_s_price) {
  for (const auto amount : {points(200) - money{1}, points(200) + money{1}, money{0}})
    BOOST_TEST(refusal_to_pay({pending()}, amount) == error_code::invalid_request);
}

BOOST_AUTO_TEST_CASE(several_pending_bookings_are_named_and_none_is_paid) {
  const auto answer = find_payable(knowing({pending({31}), pending({42})}), alice, points(200));
  BOOST_TEST(code_of(answer) == error_code::booking_not_pending);
  const auto& detail = refused(answer)->detail;
  BOOST_TEST(detail.find("31, 42") != detail.npos, detail);
}

BOOST_AUTO_TEST_CASE(without_a_pending_one_the_answer_tells_what_became_of_it) {
  const auto in_state = [](booking_status s) { return with_status(pending({5}), s); };
  const auto lapsed = with_status(pending({6}), booking_status::expired);
  BOOST_TEST(refusal_to_pay({in_state(booking_status::paying)}) == error_code::booking_not_pending);
  BOOST_TEST(refusal_to_pay({in_state(booking_status::confirmed)}) ==
             error_code::booking_not_pending);
  BOOST_TEST(refusal_to_pay({in_state(booking_status::confirmed), lapsed}) ==
             error_code::booking_not_pending);
  BOOST_TEST(refusal_to_pay({lapsed}) == error_code::booking_expired);
}

BOOST_AUTO_TEST_CASE(a_user_who_never_booked_here_has_nothing_to_pay) {
  BOOST_TEST(refusal_to_pay({}) == error_code::booking_not_found);
  BOOST_TEST(code_of(find_payable(knowing({pending()}), bob, points(200))) ==
             error_code::booking_not_found);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace boxoffice::domain::test
