// What every store must do, whatever keeps the data. Runs over store_under_test.
#define BOOST_TEST_MODULE persistence.conformance
#include "tests/persistence/model.hpp"
#include "tests/persistence/random_sale.hpp"
#include "tests/persistence/sample.hpp"
#include "tests/persistence/store_under_test.hpp"

#include <boost/test/unit_test.hpp>

#include <set>

using namespace boxoffice;
using namespace boxoffice::persistence;
using namespace boxoffice::persistence::test;
using namespace boxoffice::persistence::test::sample;

namespace {

// A store, its reader, and the model of what it should hold.
struct bench {
  std::unique_ptr<store_under_test> subject = store_under_test::make();
  std::unique_ptr<reader> stored = subject->get().open_reader();
  model expected;

  void commit(const events& facts, time_point now = at(100)) {
    const auto number = subject->get().commit(facts, now);
    expected.commit(facts, now);
    BOOST_TEST(number == expected.last_commit);
  }
  void check(time_point now = at(100)) { check_same(expected, *stored, now); }
  void reopen() {
    stored.reset();
    subject->reopen();
    stored = subject->get().open_reader();
  }

  // The whole commit is refused, whatever its other events are, and leaves no trace.
  void check_refused(const event& wrong) {
    const events facts{charged(bob, 900, money{7}, money{7}), wrong};
    BOOST_CHECK_EXCEPTION(subject->get().commit(facts, at(5000)), store_failed,
                          [](const auto& e) { return e.why == store_failed::reason::refused; });
    BOOST_TEST(subject->get().probe() == expected.last_commit);
    check();
  }
};

struct opened : bench {
  opened() { commit(opening()); }
};

// The seat 1 is ann's, settled, and her wallet is empty.
events bought() {
  return {booked(1, ann, {1}), charged(ann, 1, price, price),
          paying(1, 1),        debited(ann, 2, 1, 1, price, money{}),
          paid(1, 1, {1}),     booking_settled{{1}}};
}

} // namespace

BOOST_AUTO_TEST_SUITE(content)

BOOST_FIXTURE_TEST_CASE(a_new_store_is_empty, bench) {
  const auto whole = stored->load_image();
  BOOST_TEST(whole.empty);
  BOOST_TEST(whole.last_commit == 0);
  for (const auto next : whole.next_ids) BOOST_TEST(next == 1);
  check();
}

BOOST_FIXTURE_TEST_CASE(who_does_not_exist_is_not_found, opened) {
  BOOST_TEST(!stored->load_wallet({"nobody"}));
  BOOST_TEST(!stored->load_wallet({"ann' OR '1'='1"}));
  BOOST_TEST(!stored->load_queue({99}, at(0)));
  BOOST_TEST(!stored->load_desk({99}));
  BOOST_TEST(!stored->load_booking({99}));
  BOOST_TEST(!stored->load_seat({99}));
  BOOST_TEST(!stored->find_token(key(99)));
}

BOOST_FIXTURE_TEST_CASE(users_and_catalogue_come_back, opened) {
  check();
  reopen();
  check();
}

BOOST_FIXTURE_TEST_CASE(each_step_of_a_sale_comes_back, bench) {
  for (const auto& steps : {whole_sale(), whole_cancellation()})
    for (const auto& step : steps) {
      commit(step);
      check();
      reopen();
      check();
    }
}

BOOST_FIXTURE_TEST_CASE(a_draft_is_seen_by_nobody_until_it_is_published, opened) {
  option_draft draft = a_draft();
  commit({option_drafted{draft.what}});
  check();
  while (true) {
    const auto step = lay_seats(draft, {3});
    if (std::holds_alternative<option_published>(step.back())) break;
    commit(step);
    for (const auto& e : step) evolve(draft, std::get<seats_laid>(e));
    check();
    reopen();
    check();
    BOOST_TEST(stored->load_image().catalogue.options.count(draft.what.id) == 0u);
  }
  commit(lay_seats(draft, {3}));
  BOOST_TEST(stored->load_image().catalogue.options.count(draft.what.id) == 1u);
  check();
  reopen();
  check();
  auto e = booked(1, ann, {});
  e.option = draft.what.id;
  e.seats = {{draft.what.sections[1].first_seat, {11}, {"B", 1}, money{7}}};
  e.total = money{7};
  commit({e});
  check();
}

BOOST_FIXTURE_TEST_CASE(a_draft_is_published_once_and_with_all_its_seats, opened) {
  const auto draft = a_draft();
  check_refused(option_published{draft.what}); // nobody drafted it
  commit({option_drafted{draft.what}});
  check_refused(option_drafted{draft.what});
  check_refused(option_published{draft.what}); // no seat is there
  auto step = lay_seats(draft, {100});
  const auto publication = step.back();
  step.pop_back();
  commit({step.front()});
  check_refused(step.front());
  check_refused(publication); // the second section is missing
  commit({step.back(), publication});
  check_refused(publication);
}

BOOST_FIXTURE_TEST_CASE(a_hold_that_ran_out_frees_its_seats_for_another, opened) {
  commit({booked(1, ann, {2, 3})});
  check();
  commit({run_out(1, {2, 3})});
  check();
  commit({booked(2, bob, {3, 4})});
  check();
}

BOOST_FIXTURE_TEST_CASE(a_refused_payment_can_be_tried_again, opened) {
  commit({booked(1, ann, {1}), paying(1, 1), not_debited(ann, 1, 1, price)});
  check();
  commit({unpaid(1, 1)});
  check();
  auto again = paying(1, 2);
  again.token.reset();
  commit({charged(ann, 1, price, price), again});
  check();
  commit({debited(ann, 2, 2, 1, price, money{}), paid(1, 2, {1})});
  check();
}

BOOST_FIXTURE_TEST_CASE(a_hold_that_was_given_up_frees_its_seats_for_another, opened) {
  commit({booked(1, ann, {2, 3})});
  commit({given_up(1, {2, 3})});
  check();
  reopen();
  check();
  commit({booked(2, bob, {3, 4})});
  check();
}

BOOST_FIXTURE_TEST_CASE(a_refund_keeps_the_seats_until_the_money_is_back, opened) {
  commit(bought());
  commit({refunding(1, 1)});
  check();
  reopen();
  check();
  check_refused(booked(2, bob, {1}));
  commit({refunded(ann, 3, 1, 1, price, price)});
  check();
  reopen();
  check();
  check_refused(booked(2, bob, {1}));
  commit({given_up(1, {1})});
  check();
  reopen();
  check();
  commit({booked(2, bob, {1})});
  check();
}

BOOST_FIXTURE_TEST_CASE(a_cancelled_option_counts_what_is_left, opened) {
  commit({booked(1, ann, {1}), booked(2, bob, {2}), booked(3, bob, {3}), given_up(3, {3})});
  commit({option_cancelled{option_1, at(30)}});
  check();
  commit({run_out(1, {1})});
  check();
  reopen();
  check();
  commit({given_up(2, {2}), cancellation_completed{option_1, at(50)}});
  check();
  reopen();
  check();
}

BOOST_FIXTURE_TEST_CASE(a_free_seat_is_paid_with_nothing, opened) {
  auto e = booked(1, ann, {1});
  e.total = e.seats[0].price = money{};
  commit({e, paying(1, 1), debited(ann, 1, 1, 1, money{}, money{}), paid(1, 1, {1})});
  check();
}

BOOST_FIXTURE_TEST_CASE(a_keyed_charge_does_not_guard_against_double_submit, opened) {
  commit({charged(ann, 1, money{5}, money{5})});
  auto keyed = charged(ann, 2, money{6}, money{11});
  keyed.guards_double_submit = false;
  keyed.at = at(50);
  commit({keyed});
  check();
  const auto last = stored->load_wallet(ann)->last_unkeyed_charge;
  BOOST_TEST((last && last->amount == money{5} && last->at == at(5)));
}

BOOST_FIXTURE_TEST_CASE(all_ids_are_counted, opened) {
  commit({issued(41, ann), booked(51, ann, {1}), paying(51, 61), charged(bob, 71, price, price)});
  check();
  const auto next = stored->load_image().next_ids;
  BOOST_TEST(next[static_cast<std::size_t>(id_kind::token)] == 42);
  BOOST_TEST(next[static_cast<std::size_t>(id_kind::booking)] == 52);
  BOOST_TEST(next[static_cast<std::size_t>(id_kind::payment)] == 62);
  BOOST_TEST(next[static_cast<std::size_t>(id_kind::entry)] == 72);
  BOOST_TEST(next[static_cast<std::size_t>(id_kind::reservation)] == 512);
  BOOST_TEST(next[static_cast<std::size_t>(id_kind::seat)] == 5);
  commit({charged(bob, 5, price, price + price)}); // a lower id lowers nothing
  check();
}

BOOST_FIXTURE_TEST_CASE(last_time_never_goes_back, opened) {
  commit({charged(ann, 1, price, price)}, at(500));
  commit({charged(ann, 2, price, price + price)}, at(400));
  BOOST_TEST((stored->load_image().last_time == at(500)));
  check();
}

BOOST_FIXTURE_TEST_CASE(a_reader_sees_each_commit_once_it_returned, opened) {
  BOOST_TEST(stored->load_wallet(ann)->balance.minor == 0);
  for (std::int64_t i = 1; i <= 20; ++i) {
    commit({charged(ann, i, money{1}, money{i})});
    BOOST_TEST(stored->load_wallet(ann)->balance.minor == i);
  }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(queues)

BOOST_FIXTURE_TEST_CASE(the_line_keeps_its_order_and_goes_on_behind_it, opened) {
  const user_id carl{"carl"};
  commit({user_created{{carl, "Carl", ""}, point_id{3}, at(0)}, issued(1, ann), issued(2, bob, 5),
          issued(3, carl, 5)});
  check();
  reopen();
  const auto q = stored->load_queue(concert_1, at(100));
  BOOST_REQUIRE(q);
  const auto line = q->head_of_line(9);
  BOOST_REQUIRE(line.size() == 3u);
  BOOST_TEST(line[0]->user.value == bob.value);
  BOOST_TEST(line[1]->user.value == carl.value);
  BOOST_TEST(line[2]->user.value == ann.value);
  BOOST_TEST(q->next_arrival() == 4);
}

BOOST_FIXTURE_TEST_CASE(arrivals_go_on_behind_the_dead, opened) {
  commit({issued(7, ann), expired(7, ann, at(8))});
  BOOST_TEST(stored->load_queue(concert_1, at(100))->next_arrival() == 8);
  check();
}

BOOST_FIXTURE_TEST_CASE(a_restart_counts_as_a_poll, opened) {
  commit({issued(1, ann)});
  const auto q = stored->load_queue(concert_1, at(5000));
  BOOST_TEST((q->find(key(1))->last_polled == at(5000)));
}

BOOST_FIXTURE_TEST_CASE(the_rate_counts_admissions_whose_tokens_died, opened) {
  const auto ms = [](int n) { return at(10) + std::chrono::milliseconds(n); };
  commit({issued(1, ann), admitted(1, ann, ms(0)), expired(1, ann, ms(1)),       //
          issued(2, ann), admitted(2, ann, ms(1000)), expired(2, ann, ms(1001)), //
          issued(3, ann), admitted(3, ann, ms(1500)),                            //
          issued(4, bob), expired(4, bob, ms(1600))});
  check(ms(1500));
  const auto q = stored->load_queue(concert_1, ms(1500));
  BOOST_TEST(q->recent_admissions(ms(1500)) == 2u);
  BOOST_TEST(q->recent_admissions(ms(2000)) == 1u);
  BOOST_TEST(q->processing() == 1u);
}

BOOST_FIXTURE_TEST_CASE(what_an_operator_set_up_stays, opened) {
  commit({queue_configured{concert_1, 7, std::nullopt, true, at(1)}});
  check();
  reopen();
  const auto set = stored->load_queue(concert_1, at(100))->overridden();
  BOOST_TEST((set == queue_override{7, std::nullopt, true}));
  commit({queue_configured{concert_1, std::nullopt, 0, false, at(2)}});
  check();
  BOOST_TEST((stored->load_queue(concert_1, at(100))->overridden() ==
              queue_override{std::nullopt, 0, false}));
}

BOOST_FIXTURE_TEST_CASE(a_new_priority_is_another_place, opened) {
  commit({issued(1, ann), issued(2, bob), token_prioritized{key(2), concert_1, 3, at(4)}});
  check();
  reopen();
  const auto line = stored->load_queue(concert_1, at(100))->head_of_line(9);
  BOOST_REQUIRE(line.size() == 2u);
  BOOST_TEST(line[0]->user.value == bob.value);
  BOOST_TEST(line[0]->priority == 3);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(refusals)

BOOST_FIXTURE_TEST_CASE(a_seat_that_is_held_or_sold, opened) {
  commit({booked(1, ann, {1, 2}), charged(ann, 1, points(500), points(500))});
  check_refused(booked(2, bob, {2}));
  check_refused(booked(2, bob, {4, 1}));
  commit({paying(1, 1), debited(ann, 2, 1, 1, price + price, points(500) - price - price),
          paid(1, 1, {1, 2})});
  check_refused(booked(2, bob, {2}));
  check_refused(booked(2, ann, {2}));
  check_refused(run_out(1, {1, 2}));
}

BOOST_FIXTURE_TEST_CASE(a_seat_of_no_or_another_option, opened) {
  check_refused(booked(1, ann, {5}));
  auto elsewhere = booked(1, ann, {1});
  elsewhere.option = {2};
  check_refused(elsewhere);
}

BOOST_FIXTURE_TEST_CASE(a_balance_below_zero, opened) {
  commit({booked(1, ann, {1}), charged(ann, 1, money{100}, money{100}), paying(1, 1)});
  check_refused(debited(ann, 2, 1, 1, price, money{100} - price));
}

BOOST_FIXTURE_TEST_CASE(a_balance_that_does_not_follow, opened) {
  commit({charged(ann, 1, money{100}, money{100})});
  check_refused(charged(ann, 2, money{100}, money{300}));
  check_refused(charged({"nobody"}, 2, money{100}, money{100}));
}

BOOST_FIXTURE_TEST_CASE(a_second_debit_for_a_booking, opened) {
  commit({booked(1, ann, {1}), charged(ann, 1, points(500), points(500)), paying(1, 1),
          debited(ann, 2, 1, 1, price, points(500) - price)});
  check_refused(debited(ann, 3, 1, 1, price, points(500) - price - price)); // the same payment
  check_refused(debited(ann, 3, 2, 1, price, points(500) - price - price)); // another
}

BOOST_FIXTURE_TEST_CASE(a_booking_that_is_not_in_the_state, opened) {
  commit({booked(1, ann, {1, 2}), charged(ann, 1, points(500), points(500))});
  check_refused(paid(1, 1, {1, 2}));
  check_refused(unpaid(1, 1));
  check_refused(booking_settled{{1}});
  check_refused(run_out(1, {1}));    // not all of its seats
  check_refused(run_out(1, {1, 3})); // others
  check_refused(run_out(9, {1, 2}));
  check_refused(booked(1, bob, {3})); // its number is taken
  commit({paying(1, 1)});
  check_refused(paying(1, 2));
  check_refused(run_out(1, {1, 2}));
  check_refused(paid(1, 2, {1, 2})); // another payment
  check_refused(unpaid(1, 2));
  check_refused(paid(1, 1, {1}));
  commit({debited(ann, 2, 1, 1, price + price, points(500) - price - price), paid(1, 1, {1, 2}),
          booking_settled{{1}}});
  check_refused(booking_settled{{1}});
  check_refused(paying(1, 2));
}

BOOST_FIXTURE_TEST_CASE(a_booking_that_can_not_be_given_up, opened) {
  commit({booked(1, ann, {1, 2}), charged(ann, 1, points(500), points(500))});
  check_refused(refunding(1, 1));
  check_refused(given_up(1, {1}));
  check_refused(given_up(9, {1, 2}));
  commit({paying(1, 1)});
  check_refused(given_up(1, {1, 2}));
  commit({debited(ann, 2, 1, 1, price + price, points(500) - price - price), paid(1, 1, {1, 2})});
  check_refused(refunding(1, 1)); // not settled
  check_refused(given_up(1, {1, 2}));
  commit({booking_settled{{1}}});
  check_refused(refunding(1, 2)); // another payment
  check_refused(given_up(1, {1, 2}));
  commit({refunding(1, 1)});
  check_refused(refunding(1, 1));
  check_refused(given_up(1, {1, 2})); // the money is not back
  commit({refunded(ann, 3, 1, 1, price + price, points(500)), given_up(1, {1, 2})});
  check_refused(given_up(1, {1, 2}));
  check_refused(refunding(1, 1));
}

BOOST_FIXTURE_TEST_CASE(a_refund_nobody_is_due, opened) {
  commit(bought());
  check_refused(refunded(ann, 3, 1, 1, price, price)); // CONFIRMED
  commit({refunding(1, 1)});
  check_refused(refunded(bob, 3, 1, 1, price, price));
  check_refused(refunded(ann, 3, 2, 1, price, price));
  check_refused(refunded(ann, 3, 1, 2, price, price));
  check_refused(refunded(ann, 3, 1, 1, price + price, price + price));
  check_refused(refunded(ann, 3, 1, 1, price, price + price)); // a balance that does not follow
  commit({refunded(ann, 3, 1, 1, price, price)});
  check_refused(refunded(ann, 4, 1, 1, price, price + price)); // again
}

BOOST_FIXTURE_TEST_CASE(an_option_cancelled_or_completed_out_of_turn, opened) {
  check_refused(option_cancelled{{9}, at(30)});
  check_refused(cancellation_completed{option_1, at(31)});
  commit({booked(1, ann, {1}), option_cancelled{option_1, at(30)}});
  check_refused(option_cancelled{option_1, at(31)});
  check_refused(cancellation_completed{option_1, at(31)}); // a booking lives
  commit({given_up(1, {1}), cancellation_completed{option_1, at(32)}});
  check_refused(cancellation_completed{option_1, at(33)});
}

BOOST_FIXTURE_TEST_CASE(a_token_that_is_not_in_the_state, opened) {
  check_refused(issued(1, {"nobody"}));
  check_refused(admitted(1, ann, at(1)));
  check_refused(expired(1, ann, at(1)));
  commit({issued(1, ann), admitted(1, ann, at(1))});
  check_refused(admitted(1, ann, at(2)));
  check_refused(issued(2, ann)); // one live token a user and concert
  auto same_arrival = issued(2, bob);
  same_arrival.arrival = 1;
  check_refused(same_arrival);
  commit({expired(1, ann, at(3))});
  check_refused(expired(1, ann, at(4)));
  check_refused(admitted(1, ann, at(4)));
}

BOOST_FIXTURE_TEST_CASE(what_exists_already, opened) {
  for (const auto& e : opening()) check_refused(e);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(keyed_requests)

BOOST_FIXTURE_TEST_CASE(an_answer_comes_back_as_it_was_given, opened) {
  const auto request = keyed(ann, "k");
  commit({charged(ann, 1, price, price), answered(request, 0)});
  check();
  reopen();
  check();
  const auto kept = stored->load_kept_requests(ann, at(100));
  const auto found = kept.find(request, at(100));
  const auto* const* answer = std::get_if<const written_answer*>(&found);
  BOOST_REQUIRE(answer);
  BOOST_TEST((**answer == answered(request, 0).answer));
}

BOOST_FIXTURE_TEST_CASE(each_owner_remembers_its_own, opened) {
  const request_owner owners[] = {whole_catalogue{}, ann, bob, option_1, booking_id{1}};
  events facts;
  for (const auto& owner : owners) facts.push_back(answered(keyed(owner, "k"), 0));
  std::get<request_answered>(facts.back()).booking = booking_id{1};
  commit(facts);
  check();
  for (const auto& owner : owners)
    BOOST_TEST(stored->load_kept_requests(owner, at(100)).size() == 1);
  BOOST_TEST(stored->load_kept_requests(user_id{"nobody"}, at(100)).size() == 0);
  BOOST_TEST(stored->load_kept_requests(option_id{12}, at(100)).size() == 0);
}

BOOST_FIXTURE_TEST_CASE(what_was_begun_is_answered_or_dropped, opened) {
  commit({booked(1, ann, {1}), booked(2, ann, {2}), paying(1, 1), begun(keyed(option_1, "a"), 1),
          paying(2, 2), begun(keyed(booking_id{2}, "b"), 2)});
  check();
  reopen();
  check();
  const auto open = stored->load_kept_requests(booking_id{1}, at(100)).under_way();
  BOOST_REQUIRE(open);
  BOOST_TEST((scope_of(*open) == scope_of(keyed(option_1, "a"))));
  BOOST_TEST((open->detail == keyed(option_1, "a").detail));
  commit({unpaid(2, 2), request_dropped{keyed(booking_id{2}, "b")}});
  check();
  commit({answered(keyed(option_1, "a"), 1)});
  check();
  reopen();
  check();
  commit({paying(2, 3), begun(keyed(booking_id{2}, "b", 2), 2, 30)});
  check();
}

BOOST_FIXTURE_TEST_CASE(an_expired_answer_is_forgotten_and_its_key_free, opened) {
  const auto request = keyed(ann, "k");
  const int a_day_later = 22 + 86'400;
  commit({answered(request, 0)});
  BOOST_TEST(stored->load_kept_requests(ann, at(a_day_later - 1)).size() == 1);
  BOOST_TEST(stored->load_kept_requests(ann, at(a_day_later)).size() == 0);
  commit({answered(keyed(ann, "k", 2), 0, a_day_later)});
  check();
  BOOST_TEST(stored->load_kept_requests(ann, at(a_day_later)).size() == 1);
}

BOOST_FIXTURE_TEST_CASE(a_step_that_does_not_follow_is_refused, opened) {
  commit({booked(1, ann, {1}), begun(keyed(booking_id{1}, "open"), 1),
          answered(keyed(booking_id{1}, "done"), 1)});
  check_refused(begun(keyed(booking_id{1}, "open"), 1));
  check_refused(begun(keyed(booking_id{1}, "done"), 1));
  check_refused(answered(keyed(booking_id{1}, "done"), 1));
  check_refused(request_dropped{keyed(booking_id{1}, "done")});
  check_refused(request_dropped{keyed(booking_id{1}, "never")});
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_CASE(random_sales_come_back_as_the_rules_evolve_them) {
  std::set<std::size_t> kinds_seen;
  for (int round = 0; round < rounds(6, 60); ++round) {
    const auto seed = first_seed() + static_cast<std::uint64_t>(round);
    BOOST_TEST_CONTEXT("BOXOFFICE_SEED=" << seed << " shows it in its first round") {
      bench b;
      random_sale sale(seed);
      b.commit(sale.opening(), sale.now());
      for (int i = 1; i <= 120; ++i) {
        const auto facts = sale.next(b.expected);
        b.commit(facts, sale.now());
        for (const auto& fact : facts) kinds_seen.insert(fact.index());
        if (i % 10 == 0) b.check(sale.now());
        if (i % 40 == 0) b.reopen();
      }
      b.check(sale.now());
    }
  }
  // Only the opening creates concerts and options.
  BOOST_TEST(kinds_seen.size() == std::variant_size_v<event> - 2);
}
