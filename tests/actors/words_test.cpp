#define BOOST_TEST_MODULE actors.words
#include "actors/words.hpp"

#include <boost/test/unit_test.hpp>

#include <set>
#include <utility>

using namespace boxoffice;
using namespace boxoffice::actors;
using namespace std::chrono_literals;

namespace {

// Every alternative, with nothing in it.
template <class Variant, std::size_t... At>
std::vector<Variant> empty_ones(std::index_sequence<At...>) {
  return {Variant(std::in_place_index<At>)...};
}
template <class Variant>
std::vector<Variant> empty_ones() {
  return empty_ones<Variant>(std::make_index_sequence<std::variant_size_v<Variant>>());
}

std::string beginning(const std::string& text) { return text.substr(0, text.find(':')); }

template <class Variant>
void check_that_all_begin_differently() {
  std::set<std::string> seen;
  for (const auto& each : empty_ones<Variant>()) {
    const auto text = words(each);
    BOOST_TEST(!beginning(text).empty(), text);
    BOOST_TEST(seen.insert(beginning(text)).second, text);
    BOOST_TEST(text.find('\n') == std::string::npos, text);
  }
}

template <class Told>
void check(const Told& told, const char* expected) {
  BOOST_CHECK_EQUAL(words(told), expected);
}

const auto ann = domain::user_id{"ann"};
const auto token = *domain::parse_token_key("ca20bc2a-577b-4055-ab3b-7e197c668b35");
const auto noon = *domain::parse_sql_text("2026-11-22 12:00:01.500000");

domain::booking_created twelve() {
  domain::booking_created e;
  e.booking = {12};
  e.option = {1};
  e.concert = {3};
  e.user = ann;
  e.token = token;
  e.seats = {{{4}, {}, {"A", 1}, domain::points(100)}, {{5}, {}, {"A", 2}, domain::points(100)}};
  e.total = domain::points(200);
  e.expires_at = noon;
  return e;
}

} // namespace

BOOST_AUTO_TEST_CASE(nothing_is_without_words_of_its_own) {
  check_that_all_begin_differently<letter>();
  check_that_all_begin_differently<command>();
  check_that_all_begin_differently<outcome>();
  check_that_all_begin_differently<domain::event>();
}

BOOST_AUTO_TEST_CASE(entities) {
  check(entity_ref(), "catalogue");
  check(ref(domain::concert_id{1}), "queue of concert 1");
  check(ref(ann), "wallet of ann");
  check(ref(domain::option_id{3}), "desk of option 3");
  check(ref(domain::booking_id{12}), "booking 12");
  check(ref(domain::seat_id{4}), "seat 4");
  check(the_caretaker(), "caretaker");
}

BOOST_AUTO_TEST_CASE(commands_and_letters) {
  check(command(charge_wallet{ann, {12'050}}), "charge_wallet: ann charges 120.5 points");
  create_booking wish{{1}, ann, token, {{"A", 1}, {"A", 2}}, {3}};
  check(command(wish), "create_booking: ann wants A_1,A_2 of option 1 with token ca20bc2a");
  check(letter(admit_booking{{7, wish}}),
        "admit_booking of request 7: ann wants A_1,A_2 of option 1 with token ca20bc2a");
  check(letter(claim_seat{{3}, {4}, {12}}), "claim_seat: booking 12 asks for seat 4 of option 3");
  check(letter(settle_seat{{4}, {12}, seat_fate::sold}),
        "settle_seat: seat 4 is sold by booking 12");
  check(letter(debit_wallet{ann, {3}, {12}, domain::points(200)}),
        "debit_wallet: 200 points of ann for payment 3 of booking 12");
  check(letter(seat_answered{{12}, {4}, seat_word::granted}),
        "seat_answered: seat 4 is granted, to booking 12");
  check(letter(release_tokens{{3}, {12}, {token}}),
        "release_tokens: booking 12 is paid, expire token ca20bc2a of concert 3");
  check(letter(flushed{ref(domain::seat_id{4}), 9}), "flushed: seat 4 up to mark 9");
}

BOOST_AUTO_TEST_CASE(events) {
  check(domain::event(twelve()), "booking 12 created: ann holds A_1,A_2 of option 1 until "
                                 "12:00:01.500 for 200 points with token ca20bc2a");
  check(domain::event(domain::booking_confirmed{{12}, {1}, {3}, {{4}, {5}}, noon}),
        "booking 12 confirmed: payment 3 buys seats 4,5 of option 1");
  check(domain::event(domain::wallet_charged{ann, {8}, domain::points(5), {750}, true, noon}),
        "wallet of ann charged: 5 points, now 7.5 points");
}

BOOST_AUTO_TEST_CASE(outcomes) {
  auto refusal = domain::reject(domain::error_code::store_unavailable, "The store is away.");
  check(outcome(refusal), "STORE_UNAVAILABLE: The store is away.");
  refusal.retry_after = 2s;
  refusal.faults.push_back({"/seats", "There are none."});
  check(outcome(refusal),
        "STORE_UNAVAILABLE: The store is away. [/seats: There are none.] [again in 2s]");
  check(outcome(domain::token_view{token, ann, domain::token_status::waiting, 3, noon, noon}),
        "token ca20bc2a of ann: waiting at 3");
  const wallet_view wallet{{ann, "Ann", "ann@example.org"}, {6}, domain::points(50)};
  check(outcome(wallet), "wallet 6 of ann: 50 points");
  check(outcome(booking_view{domain::created(twelve()), wallet}),
        "booking 12 of ann: pending, A_1,A_2 of option 1 for 200 points; "
        "wallet 6 of ann: 50 points");
}

BOOST_AUTO_TEST_CASE(changes) {
  change c;
  c.ticket = 7;
  check(c, "change 7: no facts");
  c.facts = {domain::booking_settled{{12}}, domain::payment_refused{{13}, {4}, noon}};
  c.releases = {client_answer{}, letter(wake{}), letter(wake{})};
  check(c, "change 7: booking 12 settled; payment 4 refused: booking 13 is pending again; "
           "releases 1 answer; releases 2 letters");
}
