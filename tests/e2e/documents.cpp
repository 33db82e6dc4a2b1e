#include "tests/e2e/documents.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <ctime>

namespace boxoffice::e2e {

std::string members_fault(const json& value, const std::set<std::string>& names) {
  if (!value.is_object()) return "no object: " + value.dump();
  for (const auto& name : names)
    if (!value.contains(name)) return name + " is missing in " + value.dump();
  for (const auto& [name, member] : value.items())
    if (names.count(name) == 0) return name + " is too much in " + value.dump();
  return "";
}

bool is_date_time(const json& value) {
  constexpr std::size_t parts = 7;
  if (!value.is_array() || value.size() != parts) return false;
  return std::all_of(value.begin(), value.end(),
                     [](const json& part) { return part.is_number_unsigned(); });
}

double seconds_of(const json& date_time) {
  std::tm parts{};
  parts.tm_year = date_time.at(0).get<int>() - 1900;
  parts.tm_mon = date_time.at(1).get<int>() - 1;
  parts.tm_mday = date_time.at(2);
  parts.tm_hour = date_time.at(3);
  parts.tm_min = date_time.at(4);
  parts.tm_sec = date_time.at(5);
  return static_cast<double>(timegm(&parts)) + date_time.at(6).get<double>() / 1e9;
}

double seconds_now() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

std::string day_of(const json& date_time) {
  char text[32];
  std::snprintf(text, sizeof text, "%04d-%02d-%02d", date_time.at(0).get<int>(),
                date_time.at(1).get<int>(), date_time.at(2).get<int>());
  return text;
}

bool is_uuid(const json& value) {
  constexpr std::string_view form = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
  if (!value.is_string()) return false;
  const auto& text = value.get_ref<const std::string&>();
  return text.size() == form.size() &&
         std::equal(text.begin(), text.end(), form.begin(), [](char c, char wanted) {
           return wanted == '-' ? c == '-' : std::isxdigit(static_cast<unsigned char>(c)) != 0;
         });
}

namespace {

void check_members(const json& value, const std::set<std::string>& names) {
  const auto fault = members_fault(value, names);
  BOOST_REQUIRE_MESSAGE(fault.empty(), fault);
}

bool is_id(const json& value) { return value.is_number_unsigned() && value >= 1; }

} // namespace

void check_seat(const json& seat, bool is_available_seat) {
  std::set<std::string> names{"seatId", "seatNumber", "reserved", "section", "price"};
  if (is_available_seat) names.insert("concertOptionId");
  check_members(seat, names);
  BOOST_CHECK(is_id(seat["seatId"]));
  BOOST_CHECK(is_id(seat["seatNumber"]));
  BOOST_CHECK(seat["reserved"].is_boolean());
  BOOST_CHECK(seat["section"].is_string());
  BOOST_CHECK(seat["price"].is_number());
  if (is_available_seat) BOOST_CHECK(is_id(seat["concertOptionId"]));
}

void check_concert(const json& concert) {
  check_members(concert, {"concertId", "name", "date", "seats", "concertOptionId"});
  BOOST_CHECK(is_id(concert["concertId"]));
  BOOST_CHECK(is_id(concert["concertOptionId"]));
  BOOST_CHECK(concert["name"].is_string());
  BOOST_CHECK(is_date_time(concert["date"]));
  BOOST_REQUIRE(concert["seats"].is_array());
  for (const auto& seat : concert["seats"]) check_seat(seat);
}

void check_booking(const json& booking, const std::string& status) {
  check_members(booking,
                {"responseResult", "bookingId", "bookingStatus", "bookingTime", "user", "concert"});
  BOOST_CHECK_EQUAL(booking["responseResult"], "SUCCESS");
  BOOST_CHECK(is_id(booking["bookingId"]));
  BOOST_CHECK_EQUAL(booking["bookingStatus"], status);
  BOOST_REQUIRE(is_date_time(booking["bookingTime"]));
  check_user(booking["user"]);
  check_concert(booking["concert"]);
  for (const auto& seat : booking["concert"]["seats"]) BOOST_CHECK_EQUAL(seat["reserved"], true);
}

void check_user(const json& user) {
  check_members(user, {"userId", "name", "balance"});
  BOOST_CHECK(user["userId"].is_string() || user["userId"].is_number_unsigned());
  BOOST_CHECK(user["name"].is_string());
  BOOST_CHECK(user["balance"].is_number());
}

void check_token(const json& token, const std::string& status) {
  check_members(token, {"queueToken", "position", "issueTime", "expirationTime", "queueStatus"});
  BOOST_CHECK(is_uuid(token["queueToken"]));
  BOOST_CHECK(token["position"].is_number_unsigned());
  BOOST_CHECK(is_date_time(token["issueTime"]));
  BOOST_CHECK(is_date_time(token["expirationTime"]));
  BOOST_CHECK_EQUAL(token["queueStatus"], status);
}

void check_refusal(const answer& a, int status, const std::string& code, bool of_seed_api) {
  BOOST_CHECK_MESSAGE(a.status == status && a.code() == code, "expected " << status << " " << code
                                                                          << ", got " << a.status
                                                                          << " " << a.body);
  BOOST_CHECK_EQUAL(a.header("content-type"), "application/problem+json");
  const auto problem = json::parse(a.body, nullptr, false);
  BOOST_REQUIRE(problem.is_object());
  for (const char* name : {"type", "title", "detail", "code", "traceId"})
    BOOST_CHECK_MESSAGE(problem.value(name, "") != "", name << " is missing in " << a.body);
  BOOST_CHECK_EQUAL(problem.value("status", 0), status);
  if (of_seed_api) BOOST_CHECK_EQUAL(problem.value("responseResult", ""), "FAIL");
  const bool wants_patience = code == "QUEUE_TOKEN_WAITING" || status == 503;
  if (wants_patience) BOOST_CHECK_GE(std::atoi(a.header("retry-after").c_str()), 1);
}

} // namespace boxoffice::e2e
