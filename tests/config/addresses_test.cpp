#include "config/addresses.hpp"

#define BOOST_TEST_MODULE addresses
#include <boost/test/unit_test.hpp>

namespace boxoffice::config {

namespace {

bool in(const char* range, const char* address) {
  return holds(read_address_range(range).value(), read_internet_address(address).value());
}

} // namespace

BOOST_AUTO_TEST_CASE(an_ipv4_address_is_the_same_in_both_forms) {
  BOOST_TEST((read_internet_address("192.0.2.1") == read_internet_address("::ffff:192.0.2.1")));
  BOOST_TEST(is_ipv4(read_internet_address("192.0.2.1").value()));
  BOOST_TEST(!is_ipv4(read_internet_address("2001:db8::1").value()));
  for (const char* here : {"127.0.0.1", "127.255.0.1", "::1", "::ffff:127.0.0.1"})
    BOOST_TEST(is_loopback(read_internet_address(here).value()), here);
  for (const char* there : {"128.0.0.1", "0.0.0.0", "::", "::2", "1::1"})
    BOOST_TEST(!is_loopback(read_internet_address(there).value()), there);
  for (const char* bad :
       {"", " ", "1.2.3", "1.2.3.4.5", "1.2.3.256", "::1%lo", "localhost", "[::1]"})
    BOOST_TEST(!read_internet_address(bad), bad);
  BOOST_TEST(!read_internet_address(std::string_view("127.0.0.1\0x", 11)));
}

BOOST_AUTO_TEST_CASE(a_range_holds_what_begins_like_it) {
  BOOST_TEST(in("10.0.0.0/8", "10.255.255.255"));
  BOOST_TEST(in("10.0.0.0/8", "::ffff:10.0.0.1"));
  BOOST_TEST(!in("10.0.0.0/8", "11.0.0.0"));
  BOOST_TEST(in("192.0.2.4/30", "192.0.2.7"));
  BOOST_TEST(!in("192.0.2.4/30", "192.0.2.8"));
  BOOST_TEST(!in("192.0.2.4/30", "192.0.2.3"));
  BOOST_TEST(in("192.0.2.1", "192.0.2.1"));
  BOOST_TEST(!in("192.0.2.1", "192.0.2.0"));
  BOOST_TEST(in("0.0.0.0/0", "255.255.255.255"));
  BOOST_TEST(!in("0.0.0.0/0", "2001:db8::1"));
  BOOST_TEST(in("::/0", "2001:db8::1"));
  BOOST_TEST(in("2001:db8::/33", "2001:db8:7fff::1"));
  BOOST_TEST(!in("2001:db8::/33", "2001:db8:8000::1"));
  for (const char* bad : {"", "10.0.0.0/33", "10.0.0.1/8", "10.0.0.0/", "10.0.0.0/-1", "::1/129",
                          "2001:db8::1/64", "10.0.0.0/8/8", "a/8", "/8"})
    BOOST_TEST(!read_address_range(bad), bad);
}

} // namespace boxoffice::config
