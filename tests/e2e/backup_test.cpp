// A copy made while a crowd buys holds all that anybody was told before it was begun, and a service
// started on it goes on from there.
#include "tests/e2e/compare.hpp"

#include <boost/test/unit_test.hpp>

using namespace boxoffice::e2e;

BOOST_AUTO_TEST_SUITE(backup)

BOOST_AUTO_TEST_CASE(beside_a_sale_and_restored) {
  scratch_directory directory;
  server service(directory / "store",
                 {"--queue.active_ttl", "24h", "--booking.max_seats_per_user", "100000"});
  BOOST_REQUIRE_EQUAL(service.terminate(), 0);
  build_halls(service.store());
  service.start();
  sale crowd(4, 4);
  crowd.begin(service);
  BOOST_REQUIRE(crowd.wait_for_answers(50));
  caller c(service);
  c.give("user900", 12.34);

  const auto copy = (directory / "copy").string();
  const auto made = run({"backup", copy, "--store.path", service.store().string()});
  BOOST_CHECK_EQUAL(made.status, 0);
  BOOST_TEST_MESSAGE(made.output);
  BOOST_CHECK_NE(made.output.find("bytes in " + copy), std::string::npos);
  BOOST_REQUIRE(crowd.wait_for_answers(crowd.answers() + 50)); // nobody noticed
  crowd.end();
  for (const auto& fault : crowd.take_faults()) BOOST_ERROR(fault);

  BOOST_CHECK_EQUAL(run({"audit", "--store.path", copy}).status, 0);
  const auto again = run({"backup", copy, "--store.path", service.store().string()});
  BOOST_CHECK_EQUAL(again.status, 1);
  BOOST_CHECK_NE(again.output.find("Name another directory"), std::string::npos);

  server restored(copy);
  BOOST_CHECK_EQUAL(caller(restored).balance_of("user900"), json(12.34));
  caller(restored).give("user900", 1);
  BOOST_CHECK_EQUAL(c.balance_of("user900"), json(12.34));
}

BOOST_AUTO_TEST_SUITE_END()
