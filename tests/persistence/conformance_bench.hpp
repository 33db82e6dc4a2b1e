// What the suites of every store share: a store beside the model of what it should hold.
#pragma once

#include "tests/persistence/model.hpp"
#include "tests/persistence/sample.hpp"
#include "tests/persistence/store_under_test.hpp"

#include <boost/test/unit_test.hpp>

namespace boxoffice::persistence::test {

using namespace sample;

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
inline events bought() {
  return {booked(1, ann, {1}), charged(ann, 1, price, price),
          paying(1, 1),        debited(ann, 2, 1, 1, price, money{}),
          paid(1, 1, {1}),     booking_settled{{1}}};
}

} // namespace boxoffice::persistence::test
