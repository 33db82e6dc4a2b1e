// The audit finds nothing in books that are right, and sees each way in which they can be wrong.
#define BOOST_TEST_MODULE persistence.audit
#include "persistence/audit.hpp"
#include "persistence/sqlite_store.hpp"
#include "tests/persistence/database.hpp"
#include "tests/persistence/random_sale.hpp"
#include "tests/persistence/sample.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <fstream>
#include <set>

using namespace boxoffice;
using namespace boxoffice::persistence;
using namespace boxoffice::persistence::test;
using namespace boxoffice::persistence::test::sample;

namespace {

std::unique_ptr<store> open_in(const std::filesystem::path& directory) {
  sqlite_options options;
  options.directory = directory;
  options.synced = false; // no power is cut here
  return open_sqlite_store(options);
}

std::set<std::string> rules_broken(const std::filesystem::path& directory) {
  std::set<std::string> rules;
  for (const auto& finding : audit_sqlite(directory).findings) {
    BOOST_TEST_MESSAGE(finding.rule << ": " << finding.detail);
    rules.insert(finding.rule);
  }
  return rules;
}

// Ann paid for the seats 1 and 2 (booking 1); bob pays for seat 3 (booking 2, PAYING); ann's hold
// on seat 4 (booking 3) ran out.
void sell_some(store& s) {
  for (const auto& step : whole_sale()) s.commit(step, at(50));
  s.commit({issued(2, bob), admitted(2, bob, at(2)), booked(2, bob, {3}), paying(2, 2)}, at(51));
  s.commit({booked(3, ann, {4}), run_out(3, {4})}, at(52));
}

struct corruption {
  const char* rule; // that must see it
  const char* sql;
};

std::ostream& operator<<(std::ostream& out, const corruption& c) {
  return out << c.rule << ": " << c.sql;
}

const corruption corruptions[] = {
    {"one_holder_per_seat", "DROP INDEX reservation_live; "
                            "UPDATE reservation SET released_at = NULL, seat_id = 3 "
                            "WHERE booking_id = 3"},
    {"seat_reserved_as_booked", "UPDATE seat SET is_reserved = 0 WHERE seat_id = 1"},
    {"seat_reserved_as_booked", "UPDATE seat SET is_reserved = 1 WHERE seat_id = 4"},
    {"seats_add_up", "DELETE FROM seat WHERE seat_id = 4"},
    {"seats_add_up", "UPDATE section SET seats = 5"},
    {"seats_add_up", "UPDATE seat SET is_reserved = 0 WHERE seat_id = 1"},
    {"holds_of_live_bookings", "DELETE FROM temp_reservation WHERE seat_id = 3"},
    {"holds_of_live_bookings", "INSERT INTO temp_reservation "
                               "SELECT reservation_id, user_id, seat_id, reservation_time, "
                               "reservation_time, booking_id FROM reservation WHERE seat_id = 1"},
    {"holds_of_live_bookings", "UPDATE temp_reservation SET expiration_time = '2000-01-01'"},
    {"seats_as_the_booking_stands", "UPDATE reservation SET is_confirmed = 0 WHERE seat_id = 1"},
    {"seats_as_the_booking_stands", "UPDATE reservation SET released_at = NULL "
                                    "WHERE booking_id = 3"},
    {"seats_as_the_booking_stands", "UPDATE reservation SET released_at = 'x' WHERE seat_id = 2"},
    {"seats_of_the_option", "UPDATE reservation SET concert_option_id = 7 WHERE seat_id = 1"},
    {"seats_of_the_option", "UPDATE reservation SET user_id = 'bob@example.com' WHERE seat_id = 1"},
    {"seats_of_the_option", "UPDATE seat SET concert_option_id = 7 WHERE seat_id = 1"},
    {"total_of_the_seats", "UPDATE booking SET total = total + 1 WHERE booking_id = 2"},
    {"total_of_the_seats", "DELETE FROM temp_reservation; DELETE FROM reservation "
                           "WHERE booking_id = 2"},
    {"balance_of_the_entries", "UPDATE point SET amount = amount + 1 WHERE user_id = 'ann'"},
    {"balance_of_the_entries", "DELETE FROM point_entry WHERE entry_id = 1"},
    {"balance_of_the_entries", "UPDATE point_entry SET balance_after = 1 WHERE entry_id = 2"},
    {"balance_of_the_entries", "PRAGMA ignore_check_constraints = 1; "
                               "UPDATE point SET amount = -1 WHERE user_id = 'ann'"},
    {"a_wallet_for_each_user", "DELETE FROM point WHERE user_id = 'bob@example.com'"},
    {"sold_is_paid_once", "DELETE FROM payment WHERE payment_id = 1"},
    {"sold_is_paid_once", "UPDATE payment SET amount = amount - 1 WHERE payment_id = 1"},
    {"sold_is_paid_once", "DROP INDEX payment_once; INSERT INTO payment "
                          "SELECT 9, user_id, booking_id, amount, status, created_at FROM payment"},
    {"sold_is_paid_once", "UPDATE point_entry SET payment_id = 9 WHERE kind = 'PAYMENT'"},
    {"sold_is_paid_once", "UPDATE booking SET status = 'CONFIRMED' WHERE booking_id = 2"},
    {"debits_have_bookings", "UPDATE booking SET status = 'PENDING' WHERE booking_id = 1"},
    {"debits_have_bookings", "INSERT INTO payment VALUES (9, 'ann', 77, 5, 'DEBITED', 'x')"},
    {"debits_have_bookings", "INSERT INTO payment VALUES (9, 'bob@example.com', 2, 10050, "
                             "'DEBITED', 'x')"},
    {"debits_have_entries", "INSERT INTO payment VALUES (2, 'bob@example.com', 2, 10050, "
                            "'DEBITED', 'x')"},
    {"debits_have_entries", "UPDATE payment SET status = 'REFUSED'"},
    {"tokens_stand_in_a_queue", "DELETE FROM queue WHERE queue_id = 1"},
    {"tokens_stand_in_a_queue", "UPDATE queue SET user_id = 'eve' WHERE queue_id = 2"},
    {"tokens_stand_in_a_queue", "DELETE FROM token WHERE token_id = 1"},
    {"tokens_stand_in_a_queue", "DROP INDEX token_live; UPDATE token SET status = 'WAITING', "
                                "user_id = 'ann'"},
    {"adjustments_are_in_the_log", "INSERT INTO audit_log (at, act, subject) "
                                   "VALUES ('x', 'wallet.adjust', 'user ann')"},
    {"adjustments_are_in_the_log",
     "INSERT INTO point_entry (entry_id, user_id, kind, amount, balance_after, reason, created_at) "
     "VALUES (9, 'ann', 'ADJUSTMENT', 1, 1, 'x', 'x')"},
    {"cancelled_is_refunded_once", "UPDATE booking SET status = 'CANCELLED' WHERE booking_id = 1"},
    {"cancelled_is_refunded_once",
     "INSERT INTO point_entry (entry_id, user_id, kind, amount, balance_after, payment_id, "
     "booking_id, created_at) VALUES (9, 'ann', 'REFUND', 1, 1, 1, 99, 'x')"},
    {"cancelled_options_sell_nothing",
     "INSERT INTO option_cancellation VALUES (1, '2000-01-01', 3, NULL)"},
    {"cancelled_options_sell_nothing",
     "INSERT INTO option_cancellation VALUES (1, '2999-01-01', 3, '2999-01-02')"},
    {"the_erased_are_gone", "UPDATE users SET erased_at = 'x' WHERE user_id = 'ann'"},
    {"the_erased_are_gone", "UPDATE users SET erased_at = 'x', name = '', email = '' "
                            "WHERE user_id = 'bob@example.com'"},
    {"counters_are_ahead", "UPDATE id_counter SET next = 2 WHERE kind = 'booking'"},
    {"counters_are_ahead", "DELETE FROM id_counter WHERE kind = 'seat'"},
    {"counters_are_ahead", "UPDATE id_counter SET next = 2 WHERE kind = 'payment'"},
    {"foreign_keys", "UPDATE reservation SET booking_id = 99 WHERE booking_id = 3"},
    {"integrity", "PRAGMA ignore_check_constraints = 1; "
                  "UPDATE booking SET status = 'LOST' WHERE booking_id = 3"},
    {"integrity", "PRAGMA writable_schema = 1; UPDATE sqlite_master "
                  "SET rootpage = (SELECT rootpage FROM sqlite_master WHERE name = 'entry_by_user')"
                  " WHERE name = 'booking_by_user'"},
};

} // namespace

BOOST_AUTO_TEST_CASE(right_books_have_no_finding_at_any_step) {
  scratch_directory directory;
  const auto s = open_in(directory.path());
  BOOST_TEST(rules_broken(directory.path()).empty());
  for (const auto& step : whole_sale()) {
    s->commit(step, at(50));
    BOOST_TEST(rules_broken(directory.path()).empty());
  }
}

BOOST_AUTO_TEST_CASE(random_sales_have_no_finding_at_any_step) {
  for (int round = 0; round < rounds(3, 30); ++round) {
    const auto seed = first_seed() + static_cast<std::uint64_t>(round);
    BOOST_TEST_CONTEXT("BOXOFFICE_SEED=" << seed << " shows it in its first round") {
      scratch_directory directory;
      const auto s = open_in(directory.path());
      random_sale sale(seed);
      model m;
      for (int i = 0; i < 150; ++i) {
        const auto facts = i == 0 ? sale.opening() : sale.next(m);
        s->commit(facts, sale.now());
        m.commit(facts, sale.now());
        BOOST_TEST(rules_broken(directory.path()).empty());
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(counts_are_of_the_books) {
  scratch_directory directory;
  const auto s = open_in(directory.path());
  sell_some(*s);
  const auto report = audit_sqlite(directory.path());
  BOOST_TEST(report.findings.empty());
  BOOST_TEST(report.users == 2);
  BOOST_TEST(report.seats == 4);
  BOOST_TEST(report.seats_held == 1);
  BOOST_TEST(report.seats_sold == 2);
  BOOST_TEST(report.bookings == 3);
  BOOST_TEST(report.bookings_paying == 1);
  BOOST_TEST(report.payments == 1);
  BOOST_TEST(report.charged_minor == 50'000);
  BOOST_TEST(report.paid_minor == 20'100);
  BOOST_TEST(report.balance_minor == 29'900);
  BOOST_TEST(report.last_commit == 10);
}

BOOST_DATA_TEST_CASE(each_corruption_is_seen, boost::unit_test::data::make(corruptions), planted) {
  scratch_directory directory;
  {
    const auto s = open_in(directory.path());
    sell_some(*s);
  }
  database(directory.path() / "boxoffice.db").execute(planted.sql);
  BOOST_TEST(rules_broken(directory.path()).count(planted.rule) == 1u);
}

BOOST_AUTO_TEST_CASE(it_reads_a_closed_store_and_leaves_it_usable) {
  scratch_directory directory;
  sell_some(*open_in(directory.path()));
  BOOST_TEST(rules_broken(directory.path()).empty());
  BOOST_TEST(open_in(directory.path())->probe() == 10);
}

BOOST_AUTO_TEST_CASE(what_it_cannot_read_it_says) {
  scratch_directory directory;
  BOOST_CHECK_EXCEPTION(audit_sqlite(directory.path() / "none"), open_failed, [](const auto& e) {
    return std::string(e.what()).find("There is no store in") == 0;
  });
  BOOST_TEST(!std::filesystem::exists(directory.path() / "none"));
  std::ofstream(directory.path() / "boxoffice.db") << std::string(200, 'x');
  BOOST_CHECK_EXCEPTION(audit_sqlite(directory.path()), open_failed, [](const auto& e) {
    return std::string(e.what()).find("is not a database") != std::string::npos;
  });
}
