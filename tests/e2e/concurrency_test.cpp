// The seed's three tests of concurrency over real HTTP, and requests for many seats that cross.
#include "tests/e2e/server.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <memory>
#include <set>

using namespace boxoffice::e2e;

namespace {

constexpr int equals = 10; // requests at the same moment
constexpr int options = 6, seats_a_section = 50;

std::string user(int number) { return "user" + std::to_string(number); }

// Connections that stand already, so that nothing but the requests themselves takes time.
class crowd {
public:
  crowd(const server& s, int size) {
    for (int i = 0; i < size; ++i) callers_.push_back(std::make_unique<caller>(s));
  }
  caller& operator[](int i) { return *callers_[static_cast<std::size_t>(i)]; }

  template <class Ask>
  std::vector<answer> ask_at_once(Ask ask) {
    std::vector<answer> answers(callers_.size());
    at_once(static_cast<int>(callers_.size()),
            [&](int i) { answers[static_cast<std::size_t>(i)] = ask((*this)[i], i); });
    return answers;
  }

private:
  std::vector<std::unique_ptr<caller>> callers_;
};

// One succeeds; the others are told a conflict with one of these codes.
void check_one_winner(const std::vector<answer>& answers, const std::set<std::string>& conflicts) {
  int won = 0, lost = 0;
  for (const auto& a : answers) {
    if (a.status == 200) ++won;
    if (a.status == 409 && conflicts.count(a.code()) == 1) ++lost;
    BOOST_CHECK_MESSAGE(a.status == 200 || a.status == 409, a.status << " " << a.body);
  }
  BOOST_CHECK_EQUAL(won, 1);
  BOOST_CHECK_EQUAL(lost, equals - 1);
}

struct one_seat {
  int option;
  int concert;
  std::string name;
};

// A seat that no other round uses.
one_seat seat_of(int round) {
  const int option = round % options, number = round / options;
  return {option + 1, option / 3 + 1,
          (number < seats_a_section ? "A_" : "B_") + std::to_string(number % seats_a_section + 1)};
}

const std::set<std::string> paid_already{"BOOKING_NOT_PENDING", "REQUEST_IN_PROGRESS"};

struct fixture {
  scratch_directory directory;
  server service{directory / "store"};
  crowd clients{service, equals};
  int rounds = times(20, 100);
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(concurrency_seed, fixture)

BOOST_AUTO_TEST_CASE(of_ten_equal_charges_one_succeeds) {
  for (int round = 1; round <= rounds; ++round) {
    const auto who = user(round);
    const bool from_tests = round % 2 == 0;
    check_one_winner(clients.ask_at_once([&](caller& c, int) {
      return from_tests ? c.charge_points(who, 100) : c.charge(who, 100);
    }),
                     {"DUPLICATE_REQUEST"});
    BOOST_CHECK_EQUAL(clients[0].balance_of(who), 100);
  }
}

BOOST_AUTO_TEST_CASE(of_ten_users_one_gets_the_seat) {
  for (int round = 0; round < rounds; ++round) {
    const auto seat = seat_of(round);
    std::vector<std::string> tokens;
    const auto buyer = [&](int i) { return user((round * equals + i) % 1000 + 1); };
    for (int i = 0; i < equals; ++i) tokens.push_back(clients[i].token_of(buyer(i), seat.concert));
    const auto answers = clients.ask_at_once([&](caller& c, int i) {
      return c.book(tokens[static_cast<std::size_t>(i)], buyer(i), seat.option, seat.name);
    });
    check_one_winner(answers, {"SEAT_ALREADY_RESERVED"});
    for (const auto& a : answers)
      if (a.status == 409)
        BOOST_CHECK_NE(a.document().at("detail").get<std::string>().find(seat.name),
                       std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(of_ten_bookings_of_one_user_one_gets_the_seat) {
  for (int round = 0; round < rounds; ++round) {
    const auto seat = seat_of(round);
    const auto who = user(round + 1);
    const auto token = clients[0].token_of(who, seat.concert);
    check_one_winner(clients.ask_at_once([&](caller& c, int) {
      return c.book(token, who, seat.option, seat.name);
    }),
                     {"SEAT_ALREADY_RESERVED"});
  }
}

BOOST_AUTO_TEST_CASE(of_ten_equal_payments_one_succeeds) {
  for (int round = 0; round < rounds; ++round) {
    const auto seat = seat_of(round);
    const auto who = user(round + 1);
    const auto token = clients[0].token_of(who, seat.concert);
    const auto booking = clients[0].booking_of(token, who, seat.option, seat.name);
    clients[0].give(who, 250.5);
    const bool from_tests = round % 2 == 0;
    check_one_winner(clients.ask_at_once([&](caller& c, int) {
      return from_tests ? c.pay_pending(who, seat.option, 100)
                        : c.pay(token, who, booking, seat.concert, seat.name);
    }),
                     paid_already);
    BOOST_CHECK_EQUAL(clients[0].balance_of(who), 150.5);
  }
  BOOST_CHECK_EQUAL(run({"audit", "--store.path", service.store().string()}).status, 0);
}

BOOST_AUTO_TEST_SUITE_END()

namespace {

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const auto& name : names) text += (text.empty() ? "" : ",") + name;
  return text;
}

std::set<std::string> free_seats(caller& c, int option) {
  const auto document = well(c.http.get("/mock/concerts"));
  std::set<std::string> names;
  for (const auto& o : document.at("concerts"))
    if (o.at("concertOptionId") == option)
      for (const auto& s : o.at("seats"))
        if (!s.at("reserved").get<bool>())
          names.insert(s.at("section").get<std::string>() + "_" +
                       std::to_string(s.at("seatNumber").get<int>()));
  return names;
}

bool share_a_seat(const std::vector<std::string>& seats, const std::set<std::string>& taken) {
  return std::any_of(seats.begin(), seats.end(),
                     [&](const auto& seat) { return taken.count(seat) == 1; });
}

} // namespace

BOOST_AUTO_TEST_SUITE(concurrency_crossing)

BOOST_AUTO_TEST_CASE(of_two_that_cross_exactly_one_wins) {
  scratch_directory directory;
  server service(directory / "store");
  crowd both(service, 2);
  const int rounds = times(50, 198);
  for (int round = 0; round < rounds; ++round) {
    // Three seats of their own a round, wanted in opposite orders; only the middle one is shared in
    // every other round.
    const int option = round % options + 1, first = round / options * 3 + 1;
    const auto name = [](int n) {
      return (n <= seats_a_section ? "A_" : "B_") + std::to_string((n - 1) % seats_a_section + 1);
    };
    const auto a = name(first), b = name(first + 1), c = name(first + 2);
    const bool all_shared = round % 2 == 0;
    const std::vector<std::string> wanted{all_shared ? a + "," + b + "," + c : a + "," + b,
                                          all_shared ? c + "," + b + "," + a : c + "," + b};
    const int concert = (option - 1) / 3 + 1;
    std::vector<std::string> tokens;
    for (int i = 0; i < 2; ++i)
      tokens.push_back(both[i].token_of(user(2 * round + i + 1), concert));
    const auto answers = both.ask_at_once([&](caller& one, int i) {
      const auto n = static_cast<std::size_t>(i);
      return one.book(tokens[n], user(2 * round + i + 1), option, wanted[n]);
    });
    const int first_status = answers[0].status, second_status = answers[1].status;
    BOOST_CHECK_EQUAL(std::min(first_status, second_status), 200);
    BOOST_CHECK_EQUAL(std::max(first_status, second_status), 409);
    const auto left = free_seats(both[0], option);
    if (!all_shared) BOOST_CHECK_EQUAL(left.count(first_status == 200 ? c : a), 1u);
  }
}

BOOST_AUTO_TEST_CASE(many_that_cross_get_all_or_nothing) {
  constexpr int buyers = 12, contested = 6;
  scratch_directory directory;
  server service(directory / "store");
  crowd clients(service, buyers);
  dice random(1);
  const int rounds = times(25, 96);
  for (int round = 0; round < rounds; ++round) {
    const int option = round % options + 1, group = round / options;
    const int concert = (option - 1) / 3 + 1;
    std::vector<std::string> seats; // 8 groups of six in each section
    for (int i = 0; i < contested; ++i)
      seats.push_back((group < 8 ? "A_" : "B_") + std::to_string(group % 8 * contested + i + 1));

    std::vector<std::vector<std::string>> wanted;
    std::vector<std::string> tokens;
    const auto buyer = [&](int i) { return user((round * buyers + i) % 1000 + 1); };
    for (int i = 0; i < buyers; ++i) {
      std::shuffle(seats.begin(), seats.end(), random.engine());
      wanted.emplace_back(seats.begin(), seats.begin() + random.between(2, 4));
      tokens.push_back(clients[i].token_of(buyer(i), concert));
    }
    const auto before = free_seats(clients[0], option);
    const auto answers = clients.ask_at_once([&](caller& c, int i) {
      const auto n = static_cast<std::size_t>(i);
      return c.book(tokens[n], buyer(i), option, joined(wanted[n]));
    });

    std::set<std::string> sold;
    for (std::size_t i = 0; i < wanted.size(); ++i)
      if (answers[i].status == 200)
        for (const auto& seat : wanted[i])
          BOOST_CHECK_MESSAGE(sold.insert(seat).second, seat << " was given twice");
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      if (answers[i].status == 200) continue;
      BOOST_CHECK_EQUAL(answers[i].code(), "SEAT_ALREADY_RESERVED");
      BOOST_CHECK_MESSAGE(share_a_seat(wanted[i], sold),
                          joined(wanted[i]) << " was refused, and nobody has any of it");
    }
    auto expected = before;
    for (const auto& seat : sold) expected.erase(seat);
    BOOST_CHECK_MESSAGE(free_seats(clients[0], option) == expected,
                        "round " << round << ": other seats are free than nobody got");
  }
}

BOOST_AUTO_TEST_SUITE_END()
