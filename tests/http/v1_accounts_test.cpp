// Users, wallets and the past on /v1.
#include "http/cursor.hpp"
#include "http/v1_documents.hpp"
#include "tests/http/fake_service.hpp"

#include <limits>

namespace boxoffice::http::test {

namespace {

struct accounts : operated_service {
  template <class Outcome>
  void answer_with(Outcome o) {
    service.decide = [o](const actors::command&) -> actors::outcome { return o; };
  }
  template <class Query>
  Query only_query() const {
    return std::get<Query>(only_command<actors::query>());
  }
};

domain::user_account ann() { return {{{"1001"}, "안나", "ann@x"}, noon}; }

domain::wallet_entry an_entry() {
  return {{5}, {"1001"}, domain::entry_kind::charge, {10050}, {20050}, {}, {}, {}, noon};
}

std::string code_of(const response& r) { return json_of(r)["code"]; }

} // namespace

BOOST_AUTO_TEST_SUITE(api_v1_accounts)

BOOST_AUTO_TEST_CASE(times_have_a_fraction_when_it_is_not_zero) {
  BOOST_TEST(to_rfc3339(noon) == "2024-07-10T12:00:00Z");
  BOOST_TEST(to_rfc3339(noon + std::chrono::microseconds(1)) == "2024-07-10T12:00:00.000001Z");
  BOOST_TEST(to_rfc3339(noon + std::chrono::milliseconds(250)) == "2024-07-10T12:00:00.25Z");
}

BOOST_AUTO_TEST_CASE(a_cursor_comes_back_and_no_other_is_taken) {
  for (const std::int64_t id : {std::int64_t{0}, std::int64_t{1}, std::int64_t{255},
                                std::numeric_limits<std::int64_t>::max()}) {
    const auto text = write_cursor(list_kind::entries, id);
    BOOST_TEST(read_cursor(list_kind::entries, text).value() == id);
    BOOST_TEST(!read_cursor(list_kind::user_bookings, text));
    BOOST_TEST(!read_cursor(list_kind::entries, text + "A"));
    BOOST_TEST(!read_cursor(list_kind::entries, text.substr(1)));
  }
  for (const std::string text : {"", "=", "BQAAAAAAAAA=", "BQ AAAAAAAAA", "BYAAAAAAAAAA"})
    BOOST_TEST(!read_cursor(list_kind::entries, text));
}

BOOST_FIXTURE_TEST_CASE(a_user_is_made, accounts) {
  answer_with(ann());
  const auto r =
      call("POST", "/v1/users", as_json, R"({"userId":"1001","name":"안나","email":"ann@x"})");
  BOOST_TEST(r.status == 201);
  BOOST_TEST(*field_of(r, "Location") == "/v1/users/1001");
  BOOST_TEST(
      text_of(r) ==
      R"({"userId":"1001","name":"안나","email":"ann@x","createdAt":"2024-07-10T12:00:00Z"})");
  const auto c = only_command<actors::create_user>();
  BOOST_TEST(c.who.id.value == "1001");
  BOOST_TEST(c.who.email == "ann@x");
}

BOOST_FIXTURE_TEST_CASE(bodies_are_strict, accounts) {
  BOOST_TEST(call("POST", "/v1/users", {}, "{}").status == 415);
  BOOST_TEST(call("POST", "/v1/users", {{"Content-Type", "text/plain"}}, "{}").status == 415);
  using pointers = std::vector<std::string>;
  BOOST_TEST(faults_of(call("POST", "/v1/users", as_json,
                            R"({"userId":1,"name":"a","email":"a@b"})")) == pointers{"/userId"});
  BOOST_TEST(faults_of(call("POST", "/v1/users", as_json,
                            R"({"userId":"1","name":"a","email":"a@b","a/b":1})")) ==
             pointers{"/a~1b"});
  BOOST_TEST(faults_of(call("POST", "/v1/users/1/wallet/charges", as_json, R"({"amount":1.5})")) ==
             pointers{"/amount"});
  BOOST_TEST(faults_of(call("POST", "/v1/users/1/wallet/charges", as_json, R"({"amount":0})")) ==
             pointers{"/amount"});
  BOOST_TEST(faults_of(call("POST", "/v1/users/1/wallet/adjustments", as_operator,
                            R"({"amount":0,"reason":""})")) == (pointers{"/amount", "/reason"}));
}

BOOST_FIXTURE_TEST_CASE(a_user_is_read_changed_and_erased, accounts) {
  answer_with(ann());
  BOOST_TEST(call("GET", "/v1/users/1001").status == 200);
  BOOST_TEST(only_query<actors::read_user>().user.value == "1001");
  BOOST_TEST(call("PUT", "/v1/users/1001", as_json, R"({"name":"A","email":"a@b"})").status == 200);
  BOOST_TEST(std::get<actors::change_user>(service.seen.back()).who.id.value == "1001");
  answer_with(actors::done{});
  const auto r = call("DELETE", "/v1/users/1001");
  BOOST_TEST(r.status == 204);
  BOOST_TEST(text_of(r).empty());
  BOOST_TEST(call("DELETE", "/v1/users/a%20b").status == 400);
  answer_with(domain::reject(domain::error_code::user_in_use, "In use."));
  BOOST_TEST(code_of(call("DELETE", "/v1/users/1001")) == "USER_IN_USE");
}

BOOST_FIXTURE_TEST_CASE(a_charge_is_an_entry, accounts) {
  answer_with(actors::entry_view{wallet_of("1001", 20050), an_entry()});
  const auto r = call("POST", "/v1/users/1001/wallet/charges", as_json, R"({"amount":10050})");
  BOOST_TEST(r.status == 201);
  BOOST_TEST(*field_of(r, "Location") == "/v1/users/1001/wallet/entries/5");
  BOOST_TEST(text_of(r) ==
             R"({"entryId":5,"userId":"1001","kind":"CHARGE","amount":10050,"balance":20050,)"
             R"("bookingId":null,"paymentId":null,"reason":null,)"
             R"("createdAt":"2024-07-10T12:00:00Z"})");
  BOOST_TEST(only_command<actors::charge_wallet>().amount.minor == 10050);
}

BOOST_FIXTURE_TEST_CASE(adjustments_are_the_operators, accounts) {
  const std::string body = R"({"amount":-50,"reason":"a slip"})";
  for (const auto& shown : {as_json, fields{{"Content-Type", "application/json"},
                                            {"Authorization", "Bearer let-me-out"}}}) {
    const auto r = call("POST", "/v1/users/1001/wallet/adjustments", shown, body);
    BOOST_TEST(r.status == 401);
    BOOST_TEST(code_of(r) == "UNAUTHENTICATED");
  }
  BOOST_TEST(call("GET", "/v1/audit-log").status == 401);
  BOOST_TEST(call("GET", "/v1/options/1/bookings").status == 401);
  BOOST_TEST(service.seen.empty());
  answer_with(actors::entry_view{wallet_of("1001", 20050), an_entry()});
  BOOST_TEST(call("POST", "/v1/users/1001/wallet/adjustments", as_operator, body).status == 201);
  const auto c = only_command<actors::adjust_wallet>();
  BOOST_TEST(c.amount.minor == -50);
  BOOST_TEST(c.reason == "a slip");
}

BOOST_FIXTURE_TEST_CASE(lists_go_on_by_their_cursors, accounts) {
  domain::page<domain::wallet_entry> page;
  page.items = {an_entry()};
  page.next = 5;
  answer_with(page);
  const auto first = json_of(call("GET", "/v1/users/1001/wallet/entries?limit=1&other=x"));
  BOOST_TEST(first["items"].size() == 1u);
  BOOST_TEST(only_query<actors::list_entries>().bounds.limit == 1u);
  const std::string next = first["nextCursor"];
  page.next.reset();
  answer_with(page);
  const auto second = json_of(call("GET", "/v1/users/1001/wallet/entries?cursor=" + next));
  BOOST_TEST(second["nextCursor"].is_null());
  const auto asked = std::get<actors::list_entries>(std::get<actors::query>(service.seen.back()));
  BOOST_TEST(asked.bounds.before.value() == 5);
  BOOST_TEST(asked.bounds.limit == 100u);
  for (const std::string bad : {"limit=0", "limit=1001", "limit=x", "cursor=", "cursor=abc"})
    BOOST_TEST(call("GET", "/v1/users/1001/wallet/entries?" + bad).status == 400);
  BOOST_TEST(call("GET", "/v1/users/1001/bookings?cursor=" + next).status == 400);
}

BOOST_FIXTURE_TEST_CASE(a_booking_is_shown_without_the_payment_it_waits_for, accounts) {
  auto booking = some_booking(domain::booking_status::paying).booking;
  answer_with(booking);
  auto shown = json_of(call("GET", "/v1/bookings/12345"));
  BOOST_TEST(shown["status"] == "PAYING");
  BOOST_TEST(shown["paymentId"].is_null());
  BOOST_TEST(shown["confirmedAt"].is_null());
  BOOST_TEST(shown["amount"] == 20000);
  BOOST_TEST(shown["seats"][0]["name"] == "A_10");
  booking.status = domain::booking_status::confirmed;
  booking.confirmed_at = noon;
  answer_with(booking);
  shown = json_of(call("GET", "/v1/bookings/12345"));
  BOOST_TEST(shown["paymentId"] == 99);
  BOOST_TEST(shown["confirmedAt"] == "2024-07-10T12:00:00Z");
  BOOST_TEST(call("GET", "/v1/bookings/x").status == 400);
}

BOOST_FIXTURE_TEST_CASE(what_an_operator_may_list, accounts) {
  domain::page<domain::audit_record> acts;
  acts.items = {{{3}, noon, "wallet.adjust", "user 1001", "a slip"},
                {{2}, noon, "queue.configure", "concert 1", {}}};
  answer_with(acts);
  const auto log = json_of(call("GET", "/v1/audit-log", as_operator));
  BOOST_TEST(log["items"][0].dump() ==
             R"({"auditId":3,"at":"2024-07-10T12:00:00Z","act":"wallet.adjust",)"
             R"("subject":"user 1001","reason":"a slip"})");
  BOOST_TEST(log["items"][1]["reason"].is_null());
  BOOST_TEST(code_of(call("GET", "/v1/options/77/bookings", as_operator)) ==
             "CONCERT_OPTION_NOT_FOUND");
  answer_with(domain::page<domain::booking>{});
  BOOST_TEST(text_of(call("GET", "/v1/options/1/bookings", as_operator)) ==
             R"({"items":[],"nextCursor":null})");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace boxoffice::http::test
