// Names of things: queue tokens (CONTRACT 2), users (CONTRACT 1 and 3), and numbers given out once.
#include "actors/domain/ids.hpp"
#include "actors/domain/shard.hpp"
#include "actors/domain/token_key.hpp"
#include "actors/domain/user.hpp"
#include "tests/domain/support.hpp"

#include <algorithm>
#include <string>
#include <thread>

namespace boxoffice::domain::test {

BOOST_AUTO_TEST_SUITE(ids_rules)

BOOST_AUTO_TEST_CASE(a_token_keeps_122_random_bits_and_is_a_version_4_uuid) {
  BOOST_TEST(to_string(make_token_key(0, 0)) == "00000000-0000-4000-8000-000000000000");
  BOOST_TEST(to_string(make_token_key(~0ull, ~0ull)) == "ffffffff-ffff-4fff-bfff-ffffffffffff");

  int bits_that_matter = 0;
  const auto none = make_token_key(0, 0);
  for (int bit = 0; bit < 64; ++bit) {
    if (make_token_key(1ull << bit, 0) != none) ++bits_that_matter;
    if (make_token_key(0, 1ull << bit) != none) ++bits_that_matter;
  }
  BOOST_TEST(bits_that_matter == 122);
}

BOOST_AUTO_TEST_CASE(a_token_is_read_in_either_case) {
  const auto key = parse_token_key("ca20bc2a-577b-4055-ab3b-7e197c668b35");
  BOOST_TEST_REQUIRE(key.has_value());
  BOOST_TEST(key->high == 0xca20bc2a577b4055ull);
  BOOST_TEST(key->low == 0xab3b7e197c668b35ull);
  BOOST_TEST((parse_token_key("CA20BC2A-577B-4055-AB3B-7E197C668B35") == key));
  BOOST_TEST(to_string(*key) == "ca20bc2a-577b-4055-ab3b-7e197c668b35");
}

BOOST_AUTO_TEST_CASE(anything_but_the_36_characters_is_no_token) {
  for (const char* text :
       {"", "-", "ca20bc2a577b4055ab3b7e197c668b35", "ca20bc2a-577b-4055-ab3b-7e197c668b3",
        "ca20bc2a-577b-4055-ab3b-7e197c668b355", "{ca20bc2a-577b-4055-ab3b-7e197c668b3}",
        "ca20bc2a-577b-4055-ab3b-7e197c668b3g", "ca20bc2a-577b-4055-ab3b--e197c668b35",
        "ca20bc2ab577b-4055-ab3b-7e197c668b35", "ca20bc2a-577b-4055-ab3bb7e197c668b35",
        "ca20bc2a-577b-4055-ab3b-7e197c668b3 ", "ca20bc2a 577b 4055 ab3b 7e197c668b35"})
    BOOST_TEST(!parse_token_key(text).has_value(), text);
  std::string with_zero_byte = "ca20bc2a-577b-4055-ab3b-7e197c668b35";
  with_zero_byte[5] = '\0';
  BOOST_TEST(!parse_token_key(with_zero_byte).has_value());
}

BOOST_AUTO_TEST_CASE(a_user_id_has_1_to_64_characters) {
  BOOST_TEST(!is_valid_user_id(""));
  BOOST_TEST(is_valid_user_id("a"));
  BOOST_TEST(is_valid_user_id(std::string(64, 'x')));
  BOOST_TEST(!is_valid_user_id(std::string(65, 'x')));
}

BOOST_AUTO_TEST_CASE(a_user_id_is_of_letters_digits_and_four_signs) {
  const std::string allowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.@";
  for (int c = 0; c < 256; ++c) {
    const std::string text(1, static_cast<char>(c));
    BOOST_TEST_CONTEXT("character " << c) {
      BOOST_TEST(is_valid_user_id(text) == (allowed.find(text) != allowed.npos));
      BOOST_TEST(is_valid_user_id("a" + text) == (allowed.find(text) != allowed.npos));
    }
  }
}

BOOST_AUTO_TEST_CASE(a_canonical_decimal_up_to_2_to_the_53_less_1_goes_out_as_a_number) {
  for (const char* text : {"0", "1", "10", "1001", "9007199254740991"})
    BOOST_TEST(is_numeric_user_id(text), text);
  for (const char* text : {"", "007", "00", "-1", "+1", "1.0", "1e3", "user1", "1a", " 1", "1 ",
                           "9007199254740992", "99999999999999999999", "18446744073709551617"})
    BOOST_TEST(!is_numeric_user_id(text), text);
}

BOOST_AUTO_TEST_CASE(an_id_of_zero_means_none) {
  BOOST_TEST(!seat_id{});
  BOOST_TEST(static_cast<bool>(seat_id{1}));
  BOOST_TEST(!token_key{});
  BOOST_TEST((static_cast<bool>(token_key{0, 1}) && static_cast<bool>(token_key{1, 0})));
}

BOOST_AUTO_TEST_CASE(ids_go_on_where_the_store_s_counters_stand_each_kind_by_itself) {
  id_counters counters{};
  for (std::size_t i = 0; i < id_kinds; ++i) counters[i] = static_cast<std::int64_t>(100 * i) + 1;
  id_source ids(counters);
  BOOST_TEST(ids.next<concert_id>(id_kind::concert) == concert_id{1});
  BOOST_TEST(ids.next<seat_id>(id_kind::seat) == seat_id{201});
  BOOST_TEST(ids.next_block<seat_id>(id_kind::seat, 50) == seat_id{202});
  BOOST_TEST(ids.next<seat_id>(id_kind::seat) == seat_id{252});
  BOOST_TEST(ids.next<concert_id>(id_kind::concert) == concert_id{2});
  BOOST_TEST(ids.next<entry_id>(id_kind::entry) == entry_id{801});
}

BOOST_AUTO_TEST_CASE(an_id_for_a_shard_is_of_a_block_that_nobody_else_has_any_of) {
  id_counters counters;
  counters.fill(1);
  id_source ids(counters);
  const auto next = [&ids](int shard) {
    return ids.next_in_shard<booking_id>(id_kind::booking, shard);
  };
  BOOST_TEST(next(0) == booking_id{64}); // 0 means "none"
  BOOST_TEST(next(0) == booking_id{128});
  BOOST_TEST(next(63) == booking_id{255});
  BOOST_TEST(next(5) == booking_id{261});
  BOOST_TEST(ids.next<booking_id>(id_kind::booking) == booking_id{320});
  BOOST_TEST(next(5) == booking_id{389});
  BOOST_TEST(ids.next<payment_id>(id_kind::payment) == payment_id{1});
  for (int shard = 0; shard < shards; ++shard) BOOST_TEST(shard_of(next(shard)) == shard);
}

// So many threads take ids at the same time, each as often as it is told; gives all, ascending.
template <class Take>
std::vector<std::int64_t> taken_at_once(int askers, int each, Take take) {
  std::vector<std::vector<std::int64_t>> given(static_cast<std::size_t>(askers));
  std::vector<std::thread> threads;
  for (int asker = 0; asker < askers; ++asker)
    threads.emplace_back([&, asker, &mine = given[static_cast<std::size_t>(asker)]] {
      for (int i = 0; i < each; ++i) take(asker, mine);
    });
  for (auto& t : threads) t.join();

  std::vector<std::int64_t> all;
  for (const auto& mine : given) all.insert(all.end(), mine.begin(), mine.end());
  std::sort(all.begin(), all.end());
  return all;
}

BOOST_AUTO_TEST_CASE(no_id_is_given_out_twice_however_many_threads_ask) {
  constexpr int askers = 4, each = 5000;
  id_counters counters;
  counters.fill(1);
  id_source ids(counters);
  const auto all = taken_at_once(askers, each, [&ids](int, auto& mine) {
    mine.push_back(ids.next<booking_id>(id_kind::booking).value);
  });
  BOOST_TEST(all.size() == std::size_t{askers} * each);
  BOOST_TEST((std::adjacent_find(all.begin(), all.end()) == all.end()));
  BOOST_TEST((all.front() == 1 && all.back() == askers * each));
}

BOOST_AUTO_TEST_CASE(no_id_of_a_shard_is_given_out_twice_either) {
  constexpr int askers = 4, each = 5000;
  id_counters counters;
  counters.fill(1);
  id_source ids(counters);
  const auto all = taken_at_once(askers, each, [&ids](int asker, auto& mine) {
    // the first two of one shard
    mine.push_back(ids.next_in_shard<booking_id>(id_kind::booking, asker / 2).value);
    mine.push_back(ids.next<booking_id>(id_kind::booking).value);
  });
  BOOST_TEST(all.size() == std::size_t{askers} * each * 2);
  BOOST_TEST((std::adjacent_find(all.begin(), all.end()) == all.end()));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace boxoffice::domain::test
