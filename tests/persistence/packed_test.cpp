// What packs data, by data of its own: versions that differ, and how deep it goes.
#define BOOST_TEST_MODULE persistence.packed
#include "persistence/packed.hpp"

#include <boost/test/unit_test.hpp>

#include <limits>

using namespace boxoffice::persistence::packed;

namespace {

// As it has become over three versions.
enum class mood { calm, glad, cross };
struct visit {
  int guest = 0;
  int tables = 1;             // since 2
  std::optional<mood> leaves; // since 3
  std::string note;
};
struct farewell {
  int guest = 0;
};
struct complaint { // a kind that came with 3
  mood how = mood::cross;
};
using entry = std::variant<visit, farewell, complaint>;
struct secret {};
struct silence {}; // takes no byte
using gossip = std::variant<farewell, secret>;

template <class E>
auto fields(E& e, of<visit>) {
  return list(e.guest, since(2, e.tables), since(3, e.leaves), e.note);
}
template <class E>
auto fields(E& e, of<farewell>) {
  return std::tie(e.guest);
}
template <class E>
auto fields(E& e, of<complaint>) {
  return std::tie(e.how);
}
constexpr std::size_t known(of<mood>, int version) { return version < 3 ? 2 : 3; }
constexpr std::size_t known(of<entry>, int version) { return version < 3 ? 2 : 3; }

template <class E>
auto fields(E&, of<silence>) {
  return std::tie();
}
struct chain {
  int link = 0;
  std::shared_ptr<chain> next;
};
template <class E>
auto fields(E& e, of<chain>) {
  return std::tie(e.link, e.next);
}

template <class T>
std::string written(const T& what, int version) {
  writer out(version);
  out.put(what);
  return out.bytes;
}
template <class T>
T read(std::string_view bytes, int version) {
  T what;
  reader in(bytes, version);
  in.take(what);
  BOOST_TEST(in.at_end());
  return what;
}

const visit four_of_them{7, 4, mood::glad, "by the window"};

} // namespace

template <>
struct boxoffice::persistence::packed::is_kept_back<secret> : std::true_type {};

BOOST_AUTO_TEST_CASE(a_field_goes_only_to_who_speaks_it) {
  const auto oldest = written(four_of_them, 1), newest = written(four_of_them, 3);
  BOOST_TEST(oldest == std::string("\x0e\x1a") + "by the window");
  BOOST_TEST(newest == std::string("\x0e\x08\x02\x02\x1a") + "by the window");
  const auto by_the_oldest = read<visit>(oldest, 1);
  BOOST_TEST(by_the_oldest.guest == 7);
  BOOST_TEST(by_the_oldest.tables == 1); // as if nobody had said
  BOOST_TEST(!by_the_oldest.leaves.has_value());
  BOOST_TEST(by_the_oldest.note == "by the window");
  const auto in_between = read<visit>(written(four_of_them, 2), 2);
  BOOST_TEST(in_between.tables == 4);
  BOOST_TEST(!in_between.leaves.has_value());
  BOOST_TEST(in_between.note == "by the window");
  const auto by_the_newest = read<visit>(newest, 3);
  BOOST_TEST((by_the_newest.tables == 4 && by_the_newest.leaves == mood::glad));
}

// A release that is older speaks no version but its own and those before it: here is what one that
// knew version 1 alone would have written and read.
BOOST_AUTO_TEST_CASE(an_older_release_and_a_newer_one_understand_each_other) {
  writer old_one(1);
  old_one.put(7);
  old_one.put(std::string("late"));
  BOOST_TEST(read<visit>(old_one.bytes, 1).note == "late");

  const auto bytes = written(four_of_them, 1);
  reader in(bytes, 1);
  int guest = 0;
  std::string note;
  in.take(guest);
  in.take(note);
  BOOST_TEST((in.at_end() && guest == 7 && note == "by the window"));
}

BOOST_AUTO_TEST_CASE(what_a_version_has_no_word_for_is_neither_written_nor_read) {
  BOOST_CHECK_THROW(written(entry(complaint{}), 2), not_spoken);
  BOOST_CHECK_THROW(written(mood::cross, 2), not_spoken);
  BOOST_CHECK_NO_THROW(written(entry(farewell{}), 2));
  const auto bytes = written(entry(complaint{}), 3);
  BOOST_TEST(read<entry>(bytes, 3).index() == 2u);
  BOOST_CHECK_THROW(read<entry>(bytes, 2), unknown_kind);
  BOOST_CHECK_THROW(read<mood>(written(mood::cross, 3), 2), unknown_kind);
  BOOST_CHECK_THROW(read<entry>("\x7e", 3), unknown_kind);
}

BOOST_AUTO_TEST_CASE(what_is_kept_back_is_neither_written_nor_read) {
  BOOST_CHECK_NO_THROW(written(gossip(farewell{}), 1));
  BOOST_CHECK_THROW(written(gossip(secret{}), 1), not_spoken);
  BOOST_CHECK_THROW(read<gossip>("\x02", 1), unreadable);
}

BOOST_AUTO_TEST_CASE(nothing_is_nested_deeper_than_the_bound) {
  chain links;
  for (int i = 0; i < most_nested; ++i) links = {i, std::make_shared<chain>(links)};
  BOOST_TEST(read<chain>(written(links, 1), 1).next->link == most_nested - 2);
  // Beside one another there may be as many as there are.
  const std::vector<chain> many(10, links);
  BOOST_TEST(read<std::vector<chain>>(written(many, 1), 1).size() == 10u);
  links = {9, std::make_shared<chain>(links)};
  BOOST_CHECK_THROW(written(links, 1), not_spoken);
  std::string deep;
  for (int i = 0; i < 1'000'000; ++i) deep += "\x02\x02";
  BOOST_CHECK_THROW(read<chain>(deep, 1), unreadable);
}

BOOST_AUTO_TEST_CASE(a_number_has_64_bits) {
  using limits = std::numeric_limits<std::int64_t>;
  for (const auto n : {std::int64_t{0}, std::int64_t{-1}, limits::min(), limits::max()})
    BOOST_TEST(read<std::int64_t>(written(n, 1), 1) == n);
  const std::string nine(9, '\xff');
  BOOST_TEST(read<std::int64_t>(nine + '\x01', 1) == limits::min());
  BOOST_CHECK_THROW(read<std::int64_t>(nine + '\x02', 1), unreadable);
  BOOST_CHECK_THROW(read<std::int64_t>(nine + "\xff\x01", 1), unreadable);
}

// Or a few bytes would ask for all the memory there is.
BOOST_AUTO_TEST_CASE(no_list_or_text_is_longer_than_the_bytes_that_are_left) {
  for (const auto size : {std::int64_t{3}, std::int64_t{1} << 40, std::int64_t{-1},
                          std::numeric_limits<std::int64_t>::min()}) {
    const auto two_left = written(size, 1) + "ab";
    BOOST_CHECK_THROW(read<std::vector<silence>>(two_left, 1), unreadable);
    BOOST_CHECK_THROW(read<std::vector<farewell>>(two_left, 1), unreadable);
    BOOST_CHECK_THROW(read<std::string>(two_left, 1), unreadable);
  }
  BOOST_TEST(read<std::string>(written(2, 1) + "ab", 1) == "ab");
  BOOST_CHECK_THROW((read<std::array<unsigned char, 3>>("ab", 1)), unreadable);
}

BOOST_AUTO_TEST_CASE(an_aggregate_s_fields_are_counted) {
  struct all_sorts {
    std::string a;
    std::vector<int> b;
    std::optional<std::optional<int>> c;
    std::variant<int, std::string> d;
    std::shared_ptr<const int> e;
    std::array<unsigned char, 32> f;
    std::chrono::seconds g;
    visit h;
    bool i;
  };
  static_assert(names_all_fields<visit, std::tuple<int, int, int, int>>());
  static_assert(!names_all_fields<visit, std::tuple<int, int, int>>());
  static_assert(!names_all_fields<visit, std::tuple<int, int, int, int, int>>());
  static_assert(count_fields<all_sorts, void>::value == 9);
  static_assert(count_fields<secret, void>::value == 0);
}
