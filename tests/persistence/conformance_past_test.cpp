// What is past, and how it is forgotten: what every store must do.
#include "tests/persistence/conformance_bench.hpp"

namespace boxoffice::persistence::test {

namespace {

past_bounds all_until(time_point when, std::size_t most = 100) {
  past_bounds bounds;
  bounds.tokens.until = bounds.bookings.until = bounds.now = when;
  bounds.most = most;
  return bounds;
}

tokens_forgotten forgotten_tokens(const std::vector<std::int64_t>& rows) {
  tokens_forgotten e{concert_1, {}, at(5000)};
  for (const auto row : rows) e.tokens.push_back(key(static_cast<std::uint64_t>(row)));
  return e;
}

bookings_forgotten forgotten_bookings(const std::vector<std::int64_t>& bookings) {
  bookings_forgotten e{option_1, {}, at(5000)};
  for (const auto id : bookings) e.bookings.push_back({id});
  return e;
}

std::vector<std::int64_t> rows_of(const past& part) {
  std::vector<std::int64_t> rows;
  for (const auto& t : part.tokens) rows.push_back(t.row.value);
  return rows;
}

std::vector<std::int64_t> ids_of(const past& part) {
  std::vector<std::int64_t> ids;
  for (const auto& b : part.bookings) ids.push_back(b.booking.value);
  return ids;
}

using numbers = std::vector<std::int64_t>;

// Tokens 1 to 4 came and died, each of them in the order in which it came but the third, which died
// with the second.
events four_tokens() {
  events facts;
  for (const std::int64_t row : {1, 2, 3, 4}) {
    facts.push_back(issued(row, row % 2 == 0 ? ann : bob));
    if (row == 2) facts.push_back(admitted(2, ann, at(20)));
    facts.push_back(expired(row, row % 2 == 0 ? ann : bob, at(row == 3 ? 30 : 10 + 10 * int(row))));
  }
  return facts;
}

} // namespace

BOOST_AUTO_TEST_SUITE(past_of_a_store)

BOOST_FIXTURE_TEST_CASE(nothing_is_past_at_first, opened) {
  commit({issued(1, ann), booked(1, ann, {1})});
  BOOST_TEST(stored->find_past(all_until(at(90'000))).empty());
}

BOOST_FIXTURE_TEST_CASE(dead_tokens_are_found_in_order_and_in_parts, opened) {
  commit(four_tokens());
  BOOST_TEST(rows_of(stored->find_past(all_until(at(50)))) == numbers({1, 2, 3, 4}),
             boost::test_tools::per_element());
  BOOST_TEST(rows_of(stored->find_past(all_until(at(30)))) == numbers({1, 2, 3}),
             boost::test_tools::per_element());
  auto bounds = all_until(at(50), 2);
  const auto first = stored->find_past(bounds);
  BOOST_TEST(rows_of(first) == numbers({1, 2}), boost::test_tools::per_element());
  bounds = next_of_past(bounds, first);
  const auto second = stored->find_past(bounds);
  BOOST_TEST(rows_of(second) == numbers({3, 4}), boost::test_tools::per_element());
  BOOST_TEST(stored->find_past(next_of_past(bounds, second)).empty());
  const auto& t = second.tokens.front();
  BOOST_TEST((t.token == key(3) && t.concert == concert_1 && t.died_at == at(30)));
}

BOOST_FIXTURE_TEST_CASE(the_last_to_arrive_is_known_and_numbers_go_on, opened) {
  commit(four_tokens());
  const auto part = stored->find_past(all_until(at(50)));
  for (const auto& t : part.tokens) BOOST_TEST(t.is_last == (t.row == token_id{4}));
  commit({forgotten_tokens({1, 2, 3})});
  check();
  reopen();
  check();
  BOOST_TEST(!stored->find_token(key(2)));
  BOOST_TEST(stored->load_queue(concert_1, at(100))->next_arrival() == 5);
  commit({issued(5, ann)});
  check();
  BOOST_TEST(!stored->find_past(all_until(at(50))).tokens.front().is_last);
}

BOOST_FIXTURE_TEST_CASE(a_token_is_named_by_a_booking_that_is_not_over, opened) {
  commit(four_tokens()); // bookings of the sample name token 1
  const auto is_named = [this](std::size_t nth) {
    return stored->find_past(all_until(at(50))).tokens.at(nth).is_named;
  };
  BOOST_TEST(!is_named(0));
  commit({booked(1, ann, {1}), charged(ann, 1, price, price)});
  BOOST_TEST(is_named(0));
  BOOST_TEST(!is_named(1));
  commit({payment_started{{1}, {1}, key(2), at(20)}});
  BOOST_TEST(is_named(1)); // by its payer
  commit({debited(ann, 2, 1, 1, price, money{}), paid(1, 1, {1})});
  BOOST_TEST((is_named(0) && is_named(1)));
  commit({booking_settled{{1}}});
  BOOST_TEST(!is_named(0));
  BOOST_TEST(!is_named(1));
}

BOOST_FIXTURE_TEST_CASE(only_dead_tokens_are_forgotten, opened) {
  commit({issued(1, ann), issued(2, bob), admitted(2, bob, at(20))});
  check_refused(forgotten_tokens({1}));
  check_refused(forgotten_tokens({2}));
  check_refused(forgotten_tokens({9}));
  commit({expired(1, ann, at(30))});
  check_refused(forgotten_tokens({1, 1}));
  commit({forgotten_tokens({1})});
  check();
}

BOOST_FIXTURE_TEST_CASE(unpaid_bookings_are_found, opened) {
  commit({booked(1, ann, {1}), paying(1, 1), not_debited(ann, 1, 1, price), unpaid(1, 1),
          paying(1, 2), not_debited(ann, 2, 1, price), unpaid(1, 2), run_out(1, {1}),
          booked(2, bob, {1, 2}), given_up(2, {1, 2})});
  commit({booked(3, ann, {3})}); // one that lives
  auto part = stored->find_past(all_until(at(310)));
  BOOST_TEST(ids_of(part) == numbers({1, 2}), boost::test_tools::per_element());
  const auto& ran_out = part.bookings[0];
  BOOST_TEST((ran_out.option == option_1 && ran_out.user == ann &&
              ran_out.status == booking_status::expired && ran_out.held_until == at(310)));
  BOOST_TEST((part.bookings[1].status == booking_status::cancelled));
  BOOST_TEST(stored->find_past(all_until(at(309))).empty());
  auto bounds = all_until(at(310), 1);
  bounds = next_of_past(bounds, stored->find_past(bounds));
  BOOST_TEST(ids_of(stored->find_past(bounds)) == numbers({2}), boost::test_tools::per_element());
}

BOOST_FIXTURE_TEST_CASE(who_holds_what_should_have_run_out_is_found_with_the_first_part, opened) {
  commit({booked(1, ann, {1}), booked(2, bob, {2}), booked(3, bob, {3}), run_out(3, {3})});
  commit({paying(2, 1)});
  auto bounds = all_until(at(310)); // when all three holds are over
  BOOST_TEST((stored->find_past(bounds).overdue == held_back{{option_1, ann}, {option_1, bob}}));
  bounds.begins = false;
  BOOST_TEST(stored->find_past(bounds).overdue.empty());
  BOOST_TEST(stored->find_past(all_until(at(309))).overdue.empty());
  commit({charged(bob, 1, price, price), debited(bob, 2, 1, 2, price, money{}), paid(2, 1, {2}),
          run_out(1, {1})});
  BOOST_TEST(stored->find_past(all_until(at(310))).overdue.empty());
}

BOOST_FIXTURE_TEST_CASE(of_refused_payments_the_last_of_each_booking_is_kept, opened) {
  commit({booked(1, ann, {1}), booked(2, ann, {2}), paying(1, 1), not_debited(ann, 1, 1, price),
          unpaid(1, 1), paying(2, 2), not_debited(ann, 2, 2, price), unpaid(2, 2)});
  commit({paying(1, 3), not_debited(ann, 3, 1, price), unpaid(1, 3), paying(1, 4),
          not_debited(ann, 4, 1, price), unpaid(1, 4)});
  check();
  BOOST_TEST((stored->load_wallet(ann)->refused ==
              std::map<booking_id, payment_id>{{{1}, {4}}, {{2}, {2}}}));
  // The one that is paid in the end beside them.
  commit({charged(ann, 1, price, price), paying(1, 5), debited(ann, 2, 5, 1, price, money{}),
          paid(1, 5, {1})});
  check();
  reopen();
  check();
  BOOST_TEST((stored->load_wallet(ann)->debited == std::set<payment_id>{{5}}));
  BOOST_TEST((stored->load_wallet(ann)->refused ==
              std::map<booking_id, payment_id>{{{1}, {4}}, {{2}, {2}}}));
}

BOOST_FIXTURE_TEST_CASE(forgotten_bookings_are_as_if_they_had_never_been, opened) {
  commit({booked(1, ann, {1}), paying(1, 1), not_debited(ann, 1, 1, price), unpaid(1, 1),
          run_out(1, {1}), booked(2, ann, {2}), given_up(2, {2}), booked(3, bob, {3})});
  check();
  commit({forgotten_bookings({1, 2})});
  check();
  reopen();
  check();
  BOOST_TEST(!stored->load_booking({1}));
  BOOST_TEST(stored->load_wallet(ann)->refused.empty());
  BOOST_TEST(stored->find_user_bookings(ann, {})->items.empty());
  BOOST_TEST(stored->find_option_bookings(option_1, {}).items.size() == 1u);
  BOOST_TEST(stored->load_desk(option_1)->customers.count(ann) == 0u);
  commit({booked(4, ann, {1, 2})}); // the seats are what they were: free
  check();
}

BOOST_FIXTURE_TEST_CASE(neither_live_nor_paid_bookings_are_forgotten, opened) {
  commit({booked(2, bob, {2}), paying(2, 7)});
  check_refused(forgotten_bookings({2}));
  check_refused(forgotten_bookings({9}));
  commit(bought());
  check_refused(forgotten_bookings({1}));
  commit({refunding(1, 1), refunded(ann, 3, 1, 1, price, price), given_up(1, {1})});
  check_refused(forgotten_bookings({1})); // it is history of money
  BOOST_TEST(stored->find_past(all_until(at(90'000))).bookings.empty());
  commit({not_debited(bob, 7, 2, price), unpaid(2, 7)});
  check_refused(forgotten_bookings({2}));
  commit({run_out(2, {2})});
  check_refused(forgotten_bookings({2, 2}));
  commit({forgotten_bookings({2})});
  check();
}

BOOST_FIXTURE_TEST_CASE(a_booking_is_asked_for_while_answers_to_its_keyed_requests_are_kept,
                        opened) {
  const request_key by_key{booking_id{1}, "DELETE /v1/bookings/{id}", "ann", "k", {{1}}, ""};
  commit({booked(1, ann, {1}), given_up(1, {1}),
          request_answered{by_key, {1}, {200, "{}", ""}, at(42), at(400)}});
  const auto is_asked_for = [this](int now) {
    return stored->find_past(all_until(at(now))).bookings.at(0).is_asked_for;
  };
  BOOST_TEST(is_asked_for(399));
  BOOST_TEST(!is_asked_for(400));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace boxoffice::persistence::test
