// Letters and outcomes as bytes, from one node to another.
#define BOOST_TEST_MODULE actors.letter_format
#include "actors/letter_fields.hpp"
#include "actors/shard.hpp"
#include "tests/actors/packed_values.hpp"
#include "tests/support/hexadecimal.hpp"

#include <boost/test/unit_test.hpp>

#include <limits>

using namespace boxoffice;
using namespace boxoffice::actors;
namespace packed = boxoffice::persistence::packed;
using boxoffice::test::hexadecimal;
using packed::test::generator;
using persistence::test::first_seed;
using persistence::test::rounds;

namespace {

constexpr auto letters = std::variant_size_v<letter>;
constexpr auto outcomes = std::variant_size_v<outcome>;

bool stays(const letter& l) {
  return std::visit([](const auto& m) { return stays_home<std::decay_t<decltype(m)>>::value; }, l);
}

// As senders make them: see hangs_together().
void mend(letter& l, generator& any) {
  if (auto* payment = std::get_if<admit_payment>(&l))
    if (auto& token = payment->command.claim.token; !token) any.fill(token.emplace());
  const auto from = any.one_in(2) ? entity_kind::queue : entity_kind::option;
  if (auto* question = std::get_if<describe_owner>(&l)) question->asker.kind = from;
  if (auto* word = std::get_if<owner_described>(&l)) word->asker.kind = from;
  if (auto* question = std::get_if<asked_after_user>(&l)) question->whom.kind = from;
  auto* asked = std::get_if<recall>(&l);
  if (asked == nullptr) return;
  auto key = std::make_shared<domain::request_key>();
  any.fill(*key);
  asked->key = std::move(key);
  while (asked->next != nullptr &&
         (stays(asked->next->what) || std::holds_alternative<recall>(asked->next->what)))
    any.fill(asked->next->what);
  if (asked->next != nullptr) mend(asked->next->what, any);
}

letter any_letter(std::size_t kind, std::uint64_t seed, int version = newest_spoken) {
  generator any(seed * 1'000 + kind, version);
  letter l;
  any.fill_kind(l, kind);
  mend(l, any);
  return l;
}

outcome any_outcome(std::size_t kind, std::uint64_t seed, int version = newest_spoken) {
  generator any(seed * 1'000 + kind, version);
  outcome o;
  any.fill_kind(o, kind);
  return o;
}

std::string written(const letter& l) { return encode(l, newest_spoken); }
std::string written(const outcome& o) { return encode(o, newest_spoken); }
// What can be read can be brought to its receiver.
letter read_letter(std::string_view bytes) {
  auto l = decode_letter(bytes, newest_spoken);
  const auto shard = shard_of(address_of(l));
  if (shard < 0 || shard >= domain::shards) BOOST_ERROR("no such shard: " << shard);
  return l;
}
outcome read_outcome(std::string_view bytes) { return decode_outcome(bytes, newest_spoken); }

// Cut off anywhere it is refused; with any other byte at any place it is refused, or reads as
// something that can be written and read again.
template <class Read>
void maltreat(const std::string& whole, Read read) {
  for (std::size_t n = 0; n < whole.size(); ++n)
    BOOST_CHECK_THROW(read(std::string_view(whole).substr(0, n)), unreadable_letter);
  BOOST_CHECK_THROW(read(whole + '\0'), unreadable_letter);
  auto spoiled = whole;
  for (std::size_t at = 0; at < whole.size(); ++at) {
    for (int other = 1; other < 256; ++other) {
      spoiled[at] = static_cast<char>(whole[at] ^ other);
      try {
        const auto what = read(spoiled);
        if (!packed::test::same(what, read(written(what))))
          BOOST_ERROR("byte " << at << " changed by " << other << ": " << hexadecimal(spoiled));
      } catch (const unreadable_letter&) {
      }
    }
    spoiled[at] = whole[at];
  }
}

// A number as the format writes it.
std::string number(std::int64_t value) {
  packed::writer out(newest_spoken);
  out.put(value);
  return out.bytes;
}

domain::request_key_ptr some_key() {
  auto key = std::make_shared<domain::request_key>();
  key->owner = domain::user_id{"ann"};
  return key;
}

letter recalled(letter next, domain::request_key_ptr key = some_key()) {
  return recall{1, std::move(key), std::make_shared<parcel>(parcel{std::move(next)}), {}};
}

} // namespace

BOOST_AUTO_TEST_CASE(every_letter_comes_back_as_it_was_or_stays_home) {
  std::size_t at_home = 0;
  const auto first = first_seed();
  for (std::size_t kind = 0; kind < letters; ++kind) {
    if (stays(any_letter(kind, first))) {
      ++at_home;
      BOOST_CHECK_THROW(written(any_letter(kind, first)), unsayable_letter);
      BOOST_CHECK_THROW(read_letter(number(static_cast<std::int64_t>(kind)) + std::string(99, 0)),
                        unreadable_letter);
      continue;
    }
    for (auto seed = first; seed < first + 50; ++seed) {
      BOOST_TEST_CONTEXT("kind " << kind << ", BOXOFFICE_SEED=" << seed) {
        const auto sent = any_letter(kind, seed);
        const auto bytes = written(sent);
        const auto back = read_letter(bytes);
        BOOST_TEST(packed::test::same(back, sent));
        BOOST_TEST((address_of(back) == address_of(sent)));
        BOOST_TEST((written(back) == bytes));
      }
    }
  }
  BOOST_TEST(at_home == 15u);
}

BOOST_AUTO_TEST_CASE(every_outcome_comes_back_as_it_was) {
  const auto first = first_seed();
  for (std::size_t kind = 0; kind < outcomes; ++kind)
    for (auto seed = first; seed < first + 50; ++seed) {
      BOOST_TEST_CONTEXT("kind " << kind << ", BOXOFFICE_SEED=" << seed) {
        const auto told = any_outcome(kind, seed);
        const auto back = read_outcome(written(told));
        BOOST_TEST(packed::test::same(back, told));
      }
    }
}

// What one release writes the other must read: of one version these bytes never change.
BOOST_AUTO_TEST_CASE(the_format_is_what_it_was) {
  const domain::user_id ann{"ann"};
  BOOST_TEST(hexadecimal(written(letter(charge{{7, {ann, {12'050}}}}))) == "0c0e06616e6ea4bc0100");
  BOOST_TEST(hexadecimal(written(letter(debit_wallet{ann, {1}, {2}, {3}}))) == "1206616e6e020406");
  BOOST_TEST(hexadecimal(written(letter(booking_gone{{12}}))) == "6a18");
  BOOST_TEST(hexadecimal(written(letter(describe_owner{ann, ref(domain::option_id{3}), 9}))) ==
             "1006616e6e06060012");
  BOOST_TEST(hexadecimal(written(recalled(booking_gone{{12}}))) ==
             "6002020206616e6e000000"
             "0000000000000000000000000000000000000000000000000000000000000000"
             "00026a1840000000");
  BOOST_TEST(hexadecimal(written(outcome(wallet_view{{ann, "안", "a@b"}, {4}, {500}}))) ==
             "0406616e6e06ec95880661406208e807");
  BOOST_TEST(hexadecimal(written(outcome(replayed_answer{{201, "{}", ""}}))) == "269203047b7d00");
}

// The same for all kinds and fields that a version has. What is added comes with a version of its
// own and another line here; what is said of an older one stays. (Other values have another hash.)
BOOST_AUTO_TEST_CASE(no_bytes_of_a_version_ever_change) {
  const auto hash_of = [](int version) {
    std::uint64_t hash = 0xCBF29CE484222325; // FNV-1a
    const auto add = [&hash](const std::string& bytes) {
      for (const char c : bytes) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3;
    };
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
      for (std::size_t kind = 0; kind < known(packed::of<letter>{}, version); ++kind)
        if (const auto l = any_letter(kind, seed, version); !stays(l)) add(encode(l, version));
      for (std::size_t kind = 0; kind < known(packed::of<outcome>{}, version); ++kind)
        add(encode(any_outcome(kind, seed, version), version));
    }
    return hash;
  };
  BOOST_TEST(hash_of(2) == 8151756300809919502u);
}

BOOST_AUTO_TEST_CASE(whatever_bytes_come_they_are_refused_or_read) {
  const auto seed = first_seed();
  for (int round = 0; round < rounds(1, 20); ++round) {
    const auto current = seed + static_cast<std::uint64_t>(round);
    BOOST_TEST_CONTEXT("BOXOFFICE_SEED=" << current) {
      for (std::size_t kind = 0; kind < letters; ++kind)
        if (const auto sent = any_letter(kind, current); !stays(sent))
          maltreat(written(sent), read_letter);
      for (std::size_t kind = 0; kind < outcomes; ++kind)
        maltreat(written(any_outcome(kind, current)), read_outcome);
    }
  }
}

BOOST_AUTO_TEST_CASE(numbers_beyond_their_type_are_refused) {
  // join_queue: kind, request, concert, user, priority, key
  const auto joins = [](const std::string& priority) {
    return number(1) + number(1) + number(1) + number(0) + priority + number(0);
  };
  BOOST_CHECK_NO_THROW(read_letter(joins(number(std::numeric_limits<std::int32_t>::min()))));
  BOOST_CHECK_THROW(read_letter(joins(number(std::int64_t{1} << 31))), unreadable_letter);
  // rejection: kind, code, detail, faults, retry_after
  const auto refused = [](std::int64_t code) {
    return number(0) + number(code) + number(0) + number(0) + number(0);
  };
  BOOST_CHECK_NO_THROW(read_outcome(refused(32)));
  BOOST_CHECK_THROW(read_outcome(refused(33)), unknown_letter);
  BOOST_CHECK_THROW(read_outcome(refused(-1)), unknown_letter);
}

// A request is asked after once; a letter without what its receiver relies on would end it.
BOOST_AUTO_TEST_CASE(letters_that_do_not_hang_together_are_neither_written_nor_read) {
  const auto innermost = letter(booking_gone{{12}});
  BOOST_CHECK_NO_THROW(written(recalled(innermost)));
  BOOST_CHECK_THROW(written(recalled(innermost, nullptr)), unsayable_letter);
  BOOST_CHECK_THROW(written(recalled(recalled(innermost))), unsayable_letter);
  BOOST_CHECK_THROW(written(recalled(wake{})), unsayable_letter);
  BOOST_CHECK_THROW(written(letter(admit_payment{{1, {}}})), unsayable_letter);
  BOOST_CHECK_THROW(written(recalled(admit_payment{{1, {}}})), unsayable_letter);

  const domain::user_id ann{"ann"};
  const entity_ref seat = ref(domain::seat_id{1}), desk = ref(domain::option_id{1});
  BOOST_CHECK_NO_THROW(written(letter(describe_owner{ann, desk, 1})));
  BOOST_CHECK_THROW(written(letter(describe_owner{ann, seat, 1})), unsayable_letter);
  BOOST_CHECK_THROW(written(letter(owner_described{seat, 1, no_rows{}})), unsayable_letter);
  BOOST_CHECK_THROW(written(letter(asked_after_user{seat, ann, 1})), unsayable_letter);

  // The same, written by somebody else.
  const auto bytes_of = [](const letter& l) {
    packed::writer out(newest_spoken);
    out.put(l);
    return out.bytes;
  };
  BOOST_CHECK_NO_THROW(read_letter(bytes_of(recalled(innermost))));
  BOOST_CHECK_THROW(read_letter(bytes_of(recalled(innermost, nullptr))), unreadable_letter);
  BOOST_CHECK_THROW(read_letter(bytes_of(recalled(recalled(innermost, nullptr)))),
                    unreadable_letter);
  BOOST_CHECK_THROW(read_letter(bytes_of(letter(admit_payment{{1, {}}}))), unreadable_letter);
  BOOST_CHECK_THROW(read_letter(bytes_of(recalled(admit_payment{{1, {}}}))), unreadable_letter);
  BOOST_CHECK_THROW(read_letter(bytes_of(letter(describe_owner{ann, seat, 1}))), unreadable_letter);
  BOOST_CHECK_THROW(read_letter(bytes_of(letter(owner_described{seat, 1, no_rows{}}))),
                    unreadable_letter);
  BOOST_CHECK_THROW(read_letter(bytes_of(letter(asked_after_user{seat, ann, 1}))),
                    unreadable_letter);
  // recall: kind, request, no key, a parcel with another of the same, and so on
  std::string deep;
  for (int i = 0; i < 100'000; ++i) deep += number(48) + number(1) + number(0) + number(1);
  BOOST_CHECK_THROW(read_letter(deep), unreadable_letter);
}

BOOST_AUTO_TEST_CASE(versions_that_are_not_spoken_are_refused) {
  const letter l = booking_gone{{12}};
  for (const int version : {oldest_spoken - 1, newest_spoken + 1}) {
    BOOST_CHECK_THROW(encode(l, version), unsayable_letter);
    BOOST_CHECK_THROW(decode_letter(written(l), version), unreadable_letter);
    BOOST_CHECK_THROW(encode(outcome(done{}), version), unsayable_letter);
    BOOST_CHECK_THROW(decode_outcome(written(outcome(done{})), version), unreadable_letter);
  }
}
