// What is written is read back as it was; what is noise is refused or means what it says.
#include "actors/domain/concert.hpp"
#include "actors/domain/money.hpp"
#include "actors/domain/time.hpp"
#include "actors/domain/token_key.hpp"
#include "actors/domain/user.hpp"
#include "tests/domain/support.hpp"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <ctime>

namespace boxoffice::domain::test {

namespace {

time_point random_instant(dice& d) {
  static const auto first = parse_sql_text("0000-01-01 00:00:00").value();
  static const auto last = parse_sql_text("9999-12-31 23:59:59.999999").value();
  return from_micros(d.between(to_micros(first), to_micros(last)));
}

// `text` with a few of its characters lost, doubled or replaced.
std::string damaged(std::string text, dice& d) {
  static const std::string signs = "0123456789-+.:,_eETZz AaFf\"\\/\n\t";
  for (auto n = d.between(1, 3); n > 0 && !text.empty(); --n) {
    const auto at = d.between<std::size_t>(0, text.size() - 1);
    const char c = d.chance(80) ? signs[d.between<std::size_t>(0, signs.size() - 1)]
                                : static_cast<char>(d.between(0, 255));
    switch (d.between(0, 2)) {
    case 0: text.erase(at, 1); break;
    case 1: text.insert(at, 1, c); break;
    case 2: text[at] = c; break;
    }
  }
  return text;
}

} // namespace

BOOST_AUTO_TEST_SUITE(text_properties)

BOOST_AUTO_TEST_CASE(an_amount_is_read_back_as_it_was_written) {
  play(20'000, [](dice& d) {
    const auto bound = d.chance(50) ? max_money.minor : 20'000;
    const money amount{d.between<std::int64_t>(-bound, bound)};
    require(parse_points(to_points(amount)) == amount, "an amount");
  });
}

// A long double's 64 bits hold every amount in question exactly, times 100 and rounded.
BOOST_AUTO_TEST_CASE(a_damaged_amount_is_refused_or_has_the_value_it_reads) {
  play(20'000, [](dice& d) {
    const auto text = damaged(to_points({d.between<std::int64_t>(-1'000'000, 1'000'000)}), d);
    const auto amount = parse_points(text);
    if (!amount) return;
    char* end = nullptr;
    const auto value = std::strtold(text.c_str(), &end);
    require(end == text.c_str() + text.size(), "a text that is no number was read");
    const auto difference = value * 100 - static_cast<long double>(amount->minor);
    require(difference < 0.001L && difference > -0.001L, "a number was misread");
  });
}

BOOST_AUTO_TEST_CASE(an_instant_is_read_back_as_it_was_written) {
  play(20'000, [](dice& d) {
    const auto t = random_instant(d);
    const auto text = to_sql_text(t);
    require(parse_sql_text(text) == t, "as the tables hold it");
    require(from_calendar(to_calendar(t)) == t, "as a calendar time");
    auto iso = text;
    iso[10] = 'T';
    require(parse_iso_time(iso) == t && parse_iso_time(iso + "Z") == t, "as ISO 8601");
    require(parse_iso_time(iso + "+00:00") == t, "with an offset of nothing");
  });
}

BOOST_AUTO_TEST_CASE(instants_as_text_sort_as_instants) {
  play(20'000, [](dice& d) {
    const auto a = random_instant(d), b = random_instant(d);
    require((a < b) == (to_sql_text(a) < to_sql_text(b)), "text sorts otherwise");
  });
}

BOOST_AUTO_TEST_CASE(the_calendar_is_the_c_library_s) {
  play(20'000, [](dice& d) {
    const auto t = random_instant(d);
    const auto ours = to_calendar(t);
    const std::time_t seconds = (to_micros(t) - ours.nanosecond / 1000) / 1'000'000;
    std::tm theirs{};
    gmtime_r(&seconds, &theirs);
    require(ours.date == calendar_date{theirs.tm_year + 1900, theirs.tm_mon + 1, theirs.tm_mday},
            "another day");
    require(ours.hour == theirs.tm_hour && ours.minute == theirs.tm_min &&
                ours.second == theirs.tm_sec,
            "another time of day");
    require(parse_date(to_string(ours.date)) == ours.date, "a date is read back");
  });
}

BOOST_AUTO_TEST_CASE(a_damaged_time_is_refused_or_can_be_written_and_read_again) {
  play(20'000, [](dice& d) {
    auto text = to_sql_text(random_instant(d));
    if (const auto t = parse_sql_text(damaged(text, d)))
      require(parse_sql_text(to_sql_text(*t)) == t, "as the tables hold it");
    text[10] = 'T';
    if (const auto t = parse_iso_time(damaged(text + "+09:00", d)))
      require(parse_sql_text(to_sql_text(*t)) == t, "as ISO 8601");
    if (const auto day = parse_date(damaged(text.substr(0, 10), d)))
      require(parse_date(to_string(*day)) == day, "a date");
  });
}

BOOST_AUTO_TEST_CASE(a_token_is_read_back_and_a_damaged_one_is_another_or_none) {
  play(20'000, [](dice& d) {
    const auto key = make_token_key(d.bits(), d.bits());
    const auto text = to_string(key);
    require(parse_token_key(text) == key, "a token");
    const auto noise = damaged(text, d);
    if (const auto other = parse_token_key(noise)) {
      auto lower = noise;
      for (auto& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
      require(to_string(*other) == lower, "a token was misread");
    }
  });
}

BOOST_AUTO_TEST_CASE(seat_names_are_read_back_and_damaged_ones_refused_or_what_they_say) {
  play(20'000, [](dice& d) {
    std::vector<seat_name> names;
    for (int n = d.between(1, 10); n > 0; --n)
      names.push_back({std::string(d.between<std::size_t>(1, 16), static_cast<char>('A' + n)),
                       d.between(1, 2'147'483'647)});
    const auto text = to_string(names);
    require(value_of(parse_seat_names(text, 10, "/seats")) == names, "a list of seats");
    require(parse_seat_name(to_string(names[0])) == names[0], "a seat");

    const auto noise = damaged(text, d);
    const auto answer = parse_seat_names(noise, 10, "/seats");
    if (refused(answer)) return;
    auto compact = noise;
    compact.erase(std::remove(compact.begin(), compact.end(), ' '), compact.end());
    require(to_string(value_of(answer)) == compact, "a list of seats was misread");
  });
}

BOOST_AUTO_TEST_CASE(a_number_goes_out_as_one_only_when_it_comes_back_the_same) {
  play(20'000, [](dice& d) {
    const auto text = damaged(std::to_string(d.bits() >> d.between(0, 63)), d);
    if (!is_numeric_user_id(text)) return;
    require(is_valid_user_id(text), "a number that is no user");
    require(std::to_string(std::strtoull(text.c_str(), nullptr, 10)) == text, "another number");
  });
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace boxoffice::domain::test
