// The books' check finds what is planted, and nothing in books that are right.
#include "rush/books.hpp"

#include "rush/report.hpp"

#include <boost/test/unit_test.hpp>

using namespace boxoffice::rush;

namespace {

// Two users, each with one seat paid; `b` also holds one that is not.
struct sold_sale {
  account a, b;
  shown_books shown;

  sold_sale() {
    a.user = "a", b.user = "b";
    a.charged = 100, b.charged = 150;
    const booking_document first{1, 100, "CONFIRMED", {"A_1"}},
        second{2, 100, "CONFIRMED", {"A_2"}};
    const booking_document held{3, 100, "PENDING", {"A_3"}};
    a.bookings = {{first, told_state::paid}};
    b.bookings = {{second, told_state::paid}, {held, told_state::held}};
    shown.users["a"] = {0, {first}, {{"CHARGE", 100}, {"PAYMENT", -100}}};
    shown.users["b"] = {50, {second, held}, {{"CHARGE", 150}, {"PAYMENT", -100}}};
    shown.seats = {{"A_1", "SOLD"}, {"A_2", "SOLD"}, {"A_3", "HELD"}, {"A_4", "FREE"}};
    shown.only_ours = true;
  }
  books_report check() const { return check_books({&a, &b}, shown); }
  // One row, which says this.
  void finds(const std::string& words) const {
    const auto report = check();
    BOOST_REQUIRE_MESSAGE(report.wrong.size() == 1U, report.wrong.size()
                                                         << " rows instead of one with " << words);
    BOOST_TEST(report.wrong[0].find(words) != std::string::npos,
               "'" << words << "' is missing in: " << report.wrong[0]);
  }
};

} // namespace

BOOST_AUTO_TEST_SUITE(books)

BOOST_AUTO_TEST_CASE(right_ones_are_right) {
  const auto report = sold_sale().check();
  BOOST_TEST(report.wrong.empty());
  BOOST_TEST(report.paid == 2U);
  BOOST_TEST(report.seats_sold == 2U);
  BOOST_TEST(report.charged == 250);
  BOOST_TEST(report.paid_amount == 200);
  BOOST_TEST(report.balance == 50);
}

BOOST_AUTO_TEST_CASE(a_seat_sold_twice) {
  sold_sale s;
  s.b.bookings[0].what.seats = s.shown.users["b"].bookings[0].seats = {"A_1"};
  s.shown.seats["A_2"] = "FREE";
  s.finds("seat A_1: sold to a and to b");
}

BOOST_AUTO_TEST_CASE(a_seat_sold_and_held) {
  sold_sale s;
  s.b.bookings[1].what.seats = s.shown.users["b"].bookings[1].seats = {"A_1"};
  s.finds("seat A_1: of a and of b");
}

BOOST_AUTO_TEST_CASE(a_seat_held_twice) {
  sold_sale s;
  const booking_document other{4, 100, "PENDING", {"A_3"}};
  s.a.bookings.push_back({other, told_state::held});
  s.shown.users["a"].bookings.push_back(other);
  s.finds("seat A_3: of a and of b");
}

BOOST_AUTO_TEST_CASE(a_paid_booking_that_is_gone) {
  sold_sale s;
  s.shown.users["a"].bookings.clear();
  s.shown.seats["A_1"] = "FREE";
  s.finds("a, booking 1: shown 0 times");
}

BOOST_AUTO_TEST_CASE(a_paid_booking_that_is_not_confirmed) {
  sold_sale s;
  s.shown.users["a"].bookings[0].status = "EXPIRED";
  s.shown.seats["A_1"] = "FREE";
  s.finds("told paid, shown EXPIRED");
}

BOOST_AUTO_TEST_CASE(a_held_booking_that_was_paid_by_nobody) {
  sold_sale s;
  s.shown.users["b"].bookings[1].status = "CONFIRMED";
  s.shown.seats["A_3"] = "SOLD";
  s.finds("told held, shown CONFIRMED");
}

BOOST_AUTO_TEST_CASE(a_booking_nobody_was_told_of) {
  sold_sale s;
  s.shown.users["a"].bookings.push_back({9, 0, "CONFIRMED", {"A_4"}});
  s.shown.seats["A_4"] = "SOLD";
  s.finds("booking 9: shown paid, never told");
  s.a.unsure_booking = true; // then it may have happened
  BOOST_TEST(s.check().wrong.empty());
}

BOOST_AUTO_TEST_CASE(other_seats_than_were_told) {
  sold_sale s;
  s.a.bookings[0].what.seats = {"A_4"};
  s.finds("told A_4 for 100, shown A_1 for 100");
}

BOOST_AUTO_TEST_CASE(money_that_is_lost) {
  sold_sale s;
  s.shown.users["b"].balance = 40;
  s.shown.users["b"].entries[0].amount = 140;
  s.finds("b: charged 150, paid 100, but the balance is 40");
  s.b.unsure_money = true;
  BOOST_TEST(s.check().wrong.empty());
}

BOOST_AUTO_TEST_CASE(a_balance_that_is_not_the_sum_of_its_entries) {
  sold_sale s;
  s.shown.users["a"].entries.push_back({"PAYMENT", -100});
  s.finds("a: the entries come to -100, the balance is 0");
}

BOOST_AUTO_TEST_CASE(a_seat_map_that_knows_better) {
  sold_sale s;
  s.shown.seats["A_4"] = "SOLD";
  s.finds("the seat map has 3 seats sold, the bookings 2");
  s.shown.only_ours = false; // then somebody else may have bought it
  BOOST_TEST(s.check().wrong.empty());
  s.shown.seats["A_1"] = "FREE";
  s.finds("seat A_1, paid by a: the seat map says FREE");
  s.shown.seats.erase("A_1");
  s.finds("not in the seat map");
}

BOOST_AUTO_TEST_CASE(a_user_who_is_gone) {
  sold_sale s;
  s.shown.users.erase("a");
  s.shown.only_ours = false;
  s.finds("a: the API shows no such user");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(reports)

BOOST_AUTO_TEST_CASE(whether_the_generator_was_the_limit) {
  using std::chrono::milliseconds;
  const auto of = [](int late, int took, double cpu) {
    crowd_result c;
    c.cpu_share = cpu;
    c.counted.lateness.add(milliseconds(late));
    c.counted.by_step[0].times.add(milliseconds(took));
    return was_the_limit(c);
  };
  BOOST_TEST(!of(1, 2, 0.5));
  BOOST_TEST(of(1, 2, 0.95));     // no time left
  BOOST_TEST(of(20, 100, 0.5));   // what it measured is partly itself
  BOOST_TEST(!of(20, 1000, 0.5)); // which doesn't matter beside the server
  BOOST_TEST(!of(5, 6, 0.5));
}

BOOST_AUTO_TEST_CASE(both_summaries_tell_what_is_wrong) {
  rush_report r;
  r.scenario = "sale";
  r.crowd.took = std::chrono::seconds(2);
  request book;
  book.what = step::book;
  answer told;
  told.status = 500;
  r.crowd.counted.note(book, told, false, std::chrono::milliseconds(3));
  told.status = 409, told.code = "SEAT_ALREADY_RESERVED";
  r.crowd.counted.note(book, told, true, std::chrono::milliseconds(3));
  r.books = books_report{};
  r.books->wrong = {"seat A_1: sold to a and to b"};
  for (const auto& text : {to_text(r), to_json(r)})
    for (const char* words : {"seat A_1: sold to a and to b", "409 SEAT_ALREADY_RESERVED", "500"})
      BOOST_TEST(text.find(words) != std::string::npos, words << " is missing in " << text);
  BOOST_TEST(to_text(r).find("UNEXPECTED book 500: 1") != std::string::npos);
  BOOST_TEST(to_text(r).find("The books are right") == std::string::npos);
  r.books.reset();
  r.no_books = "the server is away";
  BOOST_TEST(to_text(r).find("not checked: the server is away") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
