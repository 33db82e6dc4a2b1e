// Reading JSON that nobody vouches for, and writing JSON that everybody can read.
#include "http/body.hpp"
#include "http/json_reader.hpp"
#include "http/json_writer.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include <cstdlib>
#include <random>
#include <string>

namespace boxoffice::http::test {

namespace {

bool reads(std::string_view text) {
  const auto object = read_json_object(text);
  return !domain::refused(object);
}

std::string why_not(std::string_view text) {
  const auto object = read_json_object(text);
  const auto* refusal = domain::refused(object);
  if (!refusal) return {};
  BOOST_TEST((refusal->code == domain::error_code::invalid_request));
  BOOST_REQUIRE_EQUAL(refusal->faults.size(), 1u);
  return refusal->faults[0].pointer + ": " + refusal->faults[0].detail;
}

json_object object_of(std::string_view text) {
  auto object = read_json_object(text);
  BOOST_REQUIRE(!domain::refused(object));
  return std::get<json_object>(std::move(object));
}

template <class Write>
std::string written(Write write) {
  std::string text;
  json_writer out(text);
  write(out);
  return text;
}

std::string written_string(std::string_view text) {
  return written([text](json_writer& out) { out.string(text); });
}

std::string nested(std::size_t depth) { // counting the object around it
  return R"({"a":)" + std::string(depth - 1, '[') + std::string(depth - 1, ']') + "}";
}

std::string with_members(std::size_t count) {
  std::string text = "{";
  for (std::size_t i = 0; i < count; ++i) text += (i ? ",\"k" : "\"k") + std::to_string(i) + "\":1";
  return text + "}";
}

} // namespace

BOOST_AUTO_TEST_SUITE(json_reader_suite)

BOOST_AUTO_TEST_CASE(a_number_keeps_its_own_text) {
  const auto o = object_of(
      R"({"a":100,"b":-3,"c":100.50,"d":1e2,"e":9223372036854775807,"f":9223372036854775808,)"
      R"("g":18446744073709551616,"h":-9223372036854775809,"i":0.1e-1,"j":-9223372036854775808})");
  const auto is = [&o](std::string_view name, json_kind kind, std::string_view text) {
    const auto* v = o.find(name);
    BOOST_REQUIRE(v);
    BOOST_TEST((v->kind == kind), name);
    BOOST_TEST(v->text == text);
  };
  is("a", json_kind::integer, "100");
  is("b", json_kind::integer, "-3");
  is("c", json_kind::number, "100.50");
  is("d", json_kind::number, "1e2");
  is("e", json_kind::integer, "9223372036854775807");
  is("f", json_kind::number, "9223372036854775808");
  is("g", json_kind::number, "18446744073709551616");
  is("h", json_kind::number, "-9223372036854775809");
  is("i", json_kind::number, "0.1e-1");
  is("j", json_kind::integer, "-9223372036854775808");
  BOOST_TEST(o.find("e")->integer == std::numeric_limits<std::int64_t>::max());
  BOOST_TEST(o.find("j")->integer == std::numeric_limits<std::int64_t>::min());
}

BOOST_AUTO_TEST_CASE(the_other_kinds_of_value_are_told_apart) {
  const auto o = object_of(
      R"( {"s":"\uc544\uD83D\uDE00\n","t":true,"n":null,"o":{"x":[1]},"a":[1,"b",[2],{}]} )");
  BOOST_TEST(o.find("s")->text == "아😀\n");
  BOOST_TEST((o.find("t")->kind == json_kind::boolean));
  BOOST_TEST((o.find("n")->kind == json_kind::null));
  BOOST_TEST((o.find("o")->kind == json_kind::object));
  const auto& a = *o.find("a");
  BOOST_TEST((a.kind == json_kind::array));
  BOOST_TEST(a.length == 4u);
  BOOST_TEST(a.items[1].text == "b");
  BOOST_TEST((a.items[2].kind == json_kind::array && a.items[3].kind == json_kind::object));
  BOOST_TEST(!o.find("x"));
}

BOOST_AUTO_TEST_CASE(of_a_long_array_only_the_first_items_are_kept) {
  std::string text = "{\"a\":[0";
  for (int i = 1; i < 10'000; ++i) text += ",0";
  const auto o = object_of(text + "],\"b\":1}");
  BOOST_TEST(o.find("a")->length == 10'000u);
  BOOST_TEST(o.find("a")->items.size() == kept_json_items);
  BOOST_TEST(o.find("b")->integer == 1);
}

BOOST_AUTO_TEST_CASE(what_is_no_object_is_refused) {
  for (const char* text : {"[]", "1", "\"a\"", "null", "true", "1.5", "[{}]"})
    BOOST_TEST(why_not(text) == ": The body is not a JSON object.", text);
  BOOST_TEST(why_not("") == ": The body is empty; a JSON object is expected.");
}

BOOST_AUTO_TEST_CASE(what_is_no_json_is_refused) {
  for (const char* text : {" ",
                           "{",
                           "}",
                           "{\"a\"}",
                           "{\"a\":}",
                           "{\"a\":1,}",
                           "{a:1}",
                           "{'a':1}",
                           "{\"a\":01}",
                           "{\"a\":+1}",
                           "{\"a\":.5}",
                           "{\"a\":1.}",
                           "{\"a\":NaN}",
                           "{\"a\":Infinity}",
                           "{\"a\":1}x",
                           "{}{}",
                           "{\"a\":1e}",
                           "{\"a\":\"\t\"}",
                           "{\"a\":\"\\x\"}",
                           "{\"a\":\"\\u12\"}",
                           "{\"a\":\"\\ud800\"}",
                           "{\"a\":\"\\udc00\"}",
                           "{\"a\":\"\\ud800\\u0041\"}",
                           "{\"a\":\"\xff\"}",
                           "{\"a\":\"\xc0\xaf\"}",
                           "{\"a\":\"\xed\xa0\x80\"}",
                           "{\"\xff\":1}",
                           "{\"a\":1/*b*/}",
                           "{\"a\":tru}",
                           "{\"a\" 1}",
                           "\xff\xfe{"})
    BOOST_TEST(why_not(text).find(": This is not JSON in UTF-8") == 0u, text);
  for (const auto& tail : {std::string(1, '\0'), std::string("\0x", 2), std::string("\0}", 2)})
    BOOST_TEST(why_not("{\"a\":1}" + tail) == ": A NUL is not JSON.");
  BOOST_TEST(why_not("{\"a\":1e999}") == ": A number is out of range.");
}

BOOST_AUTO_TEST_CASE(a_member_named_twice_is_refused_at_any_depth) {
  BOOST_TEST(why_not(R"({"a":1,"b":2,"a":1})") == "/a: A member is named twice.");
  BOOST_TEST(why_not(R"({"a":1,"\u0061":1})") == "/a: A member is named twice.");
  BOOST_TEST(why_not(R"({"a/~b":1,"a/~b":1})") == "/a~1~0b: A member is named twice.");
  BOOST_TEST(why_not(R"({"x":[{"a":1,"a":1}]})") == "/x: A member is named twice.");
  BOOST_TEST(reads(R"({"x":{"a":1},"a":{"a":1},"y":[{"a":1},{"a":1}]})"));
  const auto long_key = '"' + std::string(1000, 'k') + "\":1";
  BOOST_TEST(why_not("{" + long_key + "," + long_key + "}") == ": A member is named twice.");
}

BOOST_AUTO_TEST_CASE(depth_and_members_are_bounded) {
  BOOST_TEST(reads(nested(max_json_depth)));
  BOOST_TEST(!reads(nested(max_json_depth + 1)));
  BOOST_TEST(!reads(nested(500'000)));
  BOOST_TEST(!reads(std::string(500'000, '[')));
  BOOST_TEST(reads(with_members(max_json_members)));
  BOOST_TEST(!reads(with_members(max_json_members + 1)));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(json_writer_suite)

BOOST_AUTO_TEST_CASE(commas_fall_where_they_belong) {
  const auto text = written([](json_writer& out) {
    out.begin_object();
    out.key("a");
    out.begin_array();
    out.end_array();
    out.key("b");
    out.begin_array();
    out.integer(-1);
    out.boolean(true);
    out.begin_object();
    out.end_object();
    out.raw("null");
    out.end_array();
    out.key("c");
    out.string("");
    out.end_object();
  });
  BOOST_TEST(text == R"({"a":[],"b":[-1,true,{},null],"c":""})");
}

BOOST_AUTO_TEST_CASE(amounts_and_times_are_exact) {
  const auto points = [](std::int64_t minor) {
    return written([minor](json_writer& out) { out.points({minor}); });
  };
  BOOST_TEST(points(10000) == "100");
  BOOST_TEST(points(10050) == "100.5");
  BOOST_TEST(points(10005) == "100.05");
  BOOST_TEST(points(0) == "0");
  const auto time = written([](json_writer& out) {
    out.date_time(domain::from_micros(1720144510'816342));
    out.date_time(domain::from_micros(0));
  });
  BOOST_TEST(time == "[2024,7,5,1,55,10,816342000],[1970,1,1,0,0,0,0]");
}

BOOST_AUTO_TEST_CASE(strings_are_escaped_and_always_utf8) {
  BOOST_TEST(written_string("아무개 \"\\/") == R"("아무개 \"\\/")");
  BOOST_TEST(written_string("a\n\r\t\x01\x7f") == "\"a\\n\\r\\t\\u0001\x7f\"");
  BOOST_TEST(written_string(std::string_view("\0", 1)) == "\"\\u0000\"");
  BOOST_TEST(written_string("a\xff"
                            "b") == "\"a\xEF\xBF\xBD"
                                    "b\"");
  for (const char* broken :
       {"\xc0\xaf", "\xe2\x82", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xf0\x9f"})
    BOOST_TEST(nlohmann::json::accept(written_string(broken)), broken);
}

BOOST_AUTO_TEST_CASE(any_bytes_make_a_string_that_a_parser_takes) {
  const auto seed = std::random_device{}();
  BOOST_TEST_MESSAGE("seed " << seed);
  std::mt19937 random(seed);
  for (int round = 0; round < 5000; ++round) {
    std::string bytes(random() % 24, ' ');
    for (auto& c : bytes)
      c = static_cast<char>(random() % 3 ? random() % 256 : 0xE0 + random() % 16);
    const auto text = written_string(bytes);
    BOOST_REQUIRE_MESSAGE(nlohmann::json::accept(text), "seed " << seed);
    // What was well-formed comes back as it was. (To this parser the text ends at a NUL.)
    if (bytes.find('\0') == bytes.npos && nlohmann::json::accept('"' + bytes + '"'))
      BOOST_REQUIRE_MESSAGE(nlohmann::json::parse(text) ==
                                    nlohmann::json::parse('"' + bytes + '"') ||
                                bytes.find('\\') != bytes.npos,
                            "seed " << seed);
  }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(json_fuzz_suite)

namespace {

// JSON that is nearly right: real pieces, in no good order.
std::string babble(std::mt19937& random) {
  static const char* const pieces[] = {"{",           "}",
                                       "[",           "]",
                                       ",",           ":",
                                       "\"userId\"",  "\"seats\"",
                                       "\"a\"",       "\"A_10,A_11\"",
                                       "1",           "-0",
                                       "1.005",       "1e2",
                                       "1e400",       "9223372036854775808",
                                       "null",        "true",
                                       " ",           "\"\\ud800\"",
                                       "\"\xff\"",    "\"balance\":",
                                       "\"userId\":", "{\"userId\":1,",
                                       "\"\\u0000\"", "\xEF\xBB\xBF"};
  std::string text = random() % 2 ? "{" : "";
  for (auto n = random() % 20; n > 0; --n) text += pieces[random() % std::size(pieces)];
  return random() % 2 ? text + "}" : text;
}

} // namespace

// nlohmann's own document parser is the judge: what we take is JSON, and what is an object with no
// key twice within our bounds is taken.
BOOST_AUTO_TEST_CASE(babble_is_judged_as_a_whole_parser_would) {
  const auto seed = std::random_device{}();
  BOOST_TEST_MESSAGE("seed " << seed);
  std::mt19937 random(seed);
  int taken = 0;
  for (int round = 0; round < 50'000; ++round) {
    const auto text = babble(random);
    const auto judged = nlohmann::ordered_json::parse(text, nullptr, false);
    const auto object = read_json_object(text);
    if (!domain::refused(object)) {
      ++taken;
      BOOST_REQUIRE_MESSAGE(judged.is_object(), "seed " << seed << ": " << text);
    } else if (judged.is_object()) {
      const auto& why = domain::refused(object)->faults.at(0).detail;
      BOOST_REQUIRE_MESSAGE(why == "A member is named twice.", "seed " << seed << ": " << text);
    }
    // Whatever was read, asking for fields is safe.
    if (!domain::refused(object)) {
      body_fields fields(std::get<json_object>(object));
      fields.user("userId");
      fields.amount("balance");
      fields.seats("seats", 10);
      fields.words("a", 64);
      fields.optional_time("userId");
    }
  }
  BOOST_TEST(taken > 100);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace boxoffice::http::test
