// Events written down and read again.
#define BOOST_TEST_MODULE persistence.event_format
#include "persistence/event_format.hpp"
#include "tests/persistence/model.hpp"
#include "tests/persistence/random_sale.hpp"
#include "tests/persistence/sample.hpp"
#include "tests/support/hexadecimal.hpp"

#include <boost/test/unit_test.hpp>

#include <set>

using namespace boxoffice;
using namespace boxoffice::persistence;
using namespace boxoffice::persistence::test;
using namespace boxoffice::persistence::test::sample;
using boxoffice::test::hexadecimal;

// What was written by an older binary must be read by a newer one: these bytes never change.
BOOST_AUTO_TEST_CASE(the_format_is_what_it_was) {
  BOOST_TEST(hexadecimal(encode({booking_settled{{300}}})) == "16d804");
  BOOST_TEST(hexadecimal(encode({user_changed{{ann, "안", "a@b"}, at(0)}})) ==
             "3206616e6e06ec95880661406280c0f995e0a2b006");
  BOOST_TEST(hexadecimal(encode({payment_refused{{1}, {2}, at(0)}})) == "12020480c0f995e0a2b006");
}

// Written twice the same, and a model that takes the one comes to what the other leads to.
BOOST_AUTO_TEST_CASE(every_kind_comes_back_as_it_was) {
  std::set<std::size_t> kinds;
  const auto first = first_seed();
  for (std::uint64_t seed = first; seed < first + 30; ++seed) {
    BOOST_TEST_CONTEXT("BOXOFFICE_SEED=" << seed) {
      random_sale sale(seed);
      model expected;
      const auto take = [&](const events& facts) {
        const auto bytes = encode(facts);
        const auto back = decode(bytes);
        BOOST_TEST(back.size() == facts.size());
        BOOST_TEST((encode(back) == bytes));
        for (const auto& fact : facts) kinds.insert(fact.index());
        expected.commit(back, sale.now());
      };
      take(sale.opening());
      for (int i = 0; i < 150; ++i) take(sale.next(expected));
    }
  }
  BOOST_TEST(kinds.size() == std::variant_size_v<event>);
}

// Damage is found out or reads as other events: never as a crash, or as memory without bound.
BOOST_AUTO_TEST_CASE(damaged_bytes_are_refused) {
  const auto whole = encode(opening());
  for (std::size_t n = 1; n < whole.size(); ++n) {
    try {
      decode(std::string_view(whole).substr(0, n));
    } catch (const store_failed& failure) {
      BOOST_TEST((failure.why == store_failed::reason::damaged));
    }
  }
  dice d(first_seed());
  for (int round = 0; round < 5'000; ++round) {
    auto spoiled = whole;
    for (int i = 0; i < 3; ++i) spoiled[d.below(spoiled.size())] = static_cast<char>(d.bits());
    try {
      decode(spoiled);
    } catch (const store_failed& failure) {
      BOOST_TEST((failure.why == store_failed::reason::damaged));
    }
  }
  BOOST_CHECK_THROW(decode("\xff"), store_failed);
  BOOST_CHECK_THROW(decode("\x7e"), store_failed);
}
