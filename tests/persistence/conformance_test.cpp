// What every store must do, whatever keeps the data. Runs over store_under_test.
#define BOOST_TEST_MODULE persistence.conformance
#include "tests/persistence/conformance_bench.hpp"
#include "tests/persistence/random_sale.hpp"

#include <set>

using namespace boxoffice;
using namespace boxoffice::persistence;
using namespace boxoffice::persistence::test;

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

BOOST_FIXTURE_TEST_CASE(a_booking_lives_from_its_payment_to_its_refund_in_one_commit, opened) {
  commit({booked(1, ann, {1}), charged(ann, 1, price, price)});
  commit({paying(1, 1), debited(ann, 2, 1, 1, price, money{}), paid(1, 1, {1}),
          booking_settled{{1}}, refunding(1, 1), refunded(ann, 3, 1, 1, price, price),
          given_up(1, {1}), booked(2, bob, {1})});
  check();
  reopen();
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
  const auto q = stored->load_queue(concert_1, at(100));
  BOOST_REQUIRE(q);
  const auto line = q->head_of_line(9);
  BOOST_REQUIRE(line.size() == 2u);
  BOOST_TEST(line[0]->user.value == bob.value);
  BOOST_TEST(line[0]->priority == 3);
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

// A group of commits' worth in one: rows change again and again within it, seats change hands, what
// is begun ends.
BOOST_AUTO_TEST_CASE(a_long_group_comes_to_what_its_steps_come_to) {
  const auto first = first_seed();
  for (std::uint64_t seed = first; seed < first + static_cast<std::uint64_t>(rounds(4, 20));
       ++seed) {
    BOOST_TEST_CONTEXT("BOXOFFICE_SEED=" << seed) {
      bench b;
      random_sale sale(seed);
      dice lengths(seed);
      b.commit(sale.opening(), sale.now());
      for (int group = 0; group < 8; ++group) {
        auto ahead = b.expected;
        events all;
        for (auto steps = 1 + lengths.below(120); steps > 0; --steps) {
          const auto facts = sale.next(ahead);
          ahead.commit(facts, sale.now());
          all.insert(all.end(), facts.begin(), facts.end());
        }
        b.commit(all, sale.now());
        b.check(sale.now());
      }
    }
  }
}
