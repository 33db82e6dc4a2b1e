// Who may: the operator's token, users' JSON Web Tokens, and whom a call is refused.
#include "http/base64url.hpp"
#include "http/jwt.hpp"
#include "tests/http/fake_service.hpp"
#include "tests/http/signed_token.hpp"

#include <stdexcept>

namespace boxoffice::http::test {

namespace {

using domain::error_code;

const std::string secret = "0123456789abcdef0123456789abcdef";
const std::string other_secret = "0123456789abcdef0123456789abcdeF";
constexpr std::int64_t noon_seconds = 1720612800;

std::string claims(const std::string& sub, std::int64_t exp = noon_seconds + 60,
                   const std::string& more = "") {
  return R"({"sub":")" + sub + R"(","exp":)" + std::to_string(exp) + more + "}";
}

const rsa_key& issuer_key() {
  static const rsa_key key;
  return key;
}

std::string user_of(const domain::result<domain::user_id>& verdict) {
  if (const auto* refusal = domain::refused(verdict)) {
    BOOST_TEST((refusal->code == error_code::unauthenticated));
    return "refused: " + refusal->detail;
  }
  return std::get<domain::user_id>(verdict).value;
}

bool is_refused(const jwt_verifier& v, const std::string& token) {
  return domain::refused(v.verify(token, noon)) != nullptr;
}

access_options believing(std::string admin = "let-me-in", bool jwt = true) {
  access_options o;
  o.admin_token = std::move(admin);
  if (jwt) o.jwt = jwt_options{jwt_algorithm::hs256, secret, {}, {}, {}};
  return o;
}

fields bearer(const std::string& token) { return {{"Authorization", "Bearer " + token}}; }
fields bearer(const std::string& token, fields more) {
  more.emplace_back("authorization", "bearer " + token);
  return more;
}

void check_unauthenticated(const response& r) {
  BOOST_TEST(r.status == 401);
  BOOST_TEST(json_of(r)["code"] == "UNAUTHENTICATED");
  BOOST_REQUIRE(field_of(r, "WWW-Authenticate"));
  BOOST_TEST(*field_of(r, "WWW-Authenticate") == "Bearer");
}

} // namespace

BOOST_AUTO_TEST_SUITE(access_jwt)

BOOST_AUTO_TEST_CASE(base64url_has_one_spelling) {
  BOOST_TEST(decode_base64url("").value().empty());
  BOOST_TEST(decode_base64url("AA").value() == std::string(1, '\0'));
  BOOST_TEST(decode_base64url("_-8").value() == "\xFF\xEF");
  BOOST_TEST(decode_base64url("YWJj").value() == "abc");
  for (const char* bad : {"A", "AAAAA", "AB", "_-9", "AA==", "A A", "+/8", "YW.j"})
    BOOST_TEST(!decode_base64url(bad), bad);
  for (std::size_t size = 0; size < 40; ++size) {
    const std::string bytes(size, '\xA5');
    BOOST_TEST(decode_base64url(base64url(bytes)).value() == bytes);
  }
}

BOOST_AUTO_TEST_CASE(the_example_of_rfc_7515_is_accepted) {
  // Appendix A.1: made by others, so that our signer is not our only witness. It expired in 2011.
  const auto key = decode_base64url(
      "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow");
  const std::string token =
      "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9."
      "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0"
      "cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
  const jwt_verifier v({jwt_algorithm::hs256, key.value(), "joe", {}, {}});
  const domain::time_point before{std::chrono::seconds(1300819379)};
  BOOST_TEST(user_of(v.verify(token, before)) == "refused: The token names no user.");
  BOOST_TEST(user_of(v.verify(token, before + std::chrono::seconds(1))) ==
             "refused: The token has expired.");
  const jwt_verifier w({jwt_algorithm::hs256, secret, "joe", {}, {}});
  BOOST_TEST(user_of(w.verify(token, before)) == "refused: The token's signature is not valid.");
}

BOOST_AUTO_TEST_CASE(a_good_token_names_its_user) {
  const jwt_verifier shared({jwt_algorithm::hs256, secret, {}, {}, {}});
  BOOST_TEST(user_of(shared.verify(hs256(secret, claims("1001")), noon)) == "1001");
  const jwt_verifier asymmetric({jwt_algorithm::rs256, issuer_key().public_pem(), {}, {}, {}});
  BOOST_TEST(user_of(asymmetric.verify(issuer_key().rs256(claims("user1")), noon)) == "user1");
}

BOOST_AUTO_TEST_CASE(another_signature_proves_nothing) {
  const jwt_verifier shared({jwt_algorithm::hs256, secret, {}, {}, {}});
  const auto good = hs256(secret, claims("1001"));
  BOOST_TEST(is_refused(shared, hs256(other_secret, claims("1001"))));
  const auto dot = good.rfind('.');
  BOOST_TEST(is_refused(shared, good.substr(0, dot + 1)));
  BOOST_TEST(is_refused(shared, good.substr(0, dot)));
  BOOST_TEST(is_refused(shared, good.substr(0, good.size() - 2)));
  BOOST_TEST(is_refused(shared, good + "AA"));
  // Another's claims under this signature, and each bit of the signature.
  BOOST_TEST(is_refused(shared, hs256(secret, claims("1002")).substr(0, dot) + good.substr(dot)));
  for (std::size_t at = dot + 1; at < good.size(); ++at) {
    auto changed = good;
    changed[at] = changed[at] == 'A' ? 'B' : 'A';
    BOOST_TEST(is_refused(shared, changed));
  }
  const jwt_verifier asymmetric({jwt_algorithm::rs256, issuer_key().public_pem(), {}, {}, {}});
  BOOST_TEST(is_refused(asymmetric, rsa_key().rs256(claims("1001"))));
}

BOOST_AUTO_TEST_CASE(a_token_does_not_choose_its_algorithm) {
  const auto pem = issuer_key().public_pem();
  const jwt_verifier asymmetric({jwt_algorithm::rs256, pem, {}, {}, {}});
  // The classic: the public key, which everybody has, taken for a secret.
  BOOST_TEST(is_refused(asymmetric, hs256(pem, claims("1001"))));
  BOOST_TEST(is_refused(asymmetric, hs256(pem, claims("1001"), R"({"alg":"RS256"})")));
  const jwt_verifier shared({jwt_algorithm::hs256, secret, {}, {}, {}});
  const auto unsigned_token = [](const std::string& header) {
    return base64url(header) + "." + base64url(claims("1001")) + ".";
  };
  for (const char* header : {R"({"alg":"none"})", R"({"alg":"NONE"})", R"({"alg":""})", R"({})",
                             R"({"alg":null})", R"({"alg":["HS256"]})"}) {
    BOOST_TEST(is_refused(shared, unsigned_token(header)), header);
    BOOST_TEST(is_refused(shared, hs256(secret, claims("1001"), header)), header);
  }
  for (const char* header :
       {R"({"alg":"HS384"})", R"({"alg":"hs256"})", R"({"alg":"HS256","crit":["exp"]})",
        R"({"alg":"HS256","alg":"HS256"})", R"("HS256")", "HS256", ""})
    BOOST_TEST(is_refused(shared, hs256(secret, claims("1001"), header)), header);
  BOOST_TEST(is_refused(shared, issuer_key().rs256(claims("1001"))));
}

BOOST_AUTO_TEST_CASE(times_are_kept_to_the_second_and_leeway_is_given_once) {
  const jwt_verifier v({jwt_algorithm::hs256, secret, {}, {}, {}});
  const auto at = [&](std::int64_t exp, const std::string& more = "") {
    return user_of(v.verify(hs256(secret, claims("1", exp, more)), noon));
  };
  BOOST_TEST(at(noon_seconds) == "refused: The token has expired.");
  BOOST_TEST(at(noon_seconds + 1) == "1");
  BOOST_TEST(at(noon_seconds + 1, R"(,"nbf":1720612800)") == "1");
  BOOST_TEST(at(noon_seconds + 9, R"(,"nbf":1720612801)") ==
             "refused: The token is not valid yet.");
  BOOST_TEST(at(noon_seconds + 9, R"(,"nbf":"yesterday")") ==
             "refused: The token is not valid yet.");
  const jwt_verifier lenient({jwt_algorithm::hs256, secret, {}, {}, std::chrono::seconds(5)});
  BOOST_TEST(user_of(lenient.verify(hs256(secret, claims("1", noon_seconds - 4)), noon)) == "1");
  BOOST_TEST(is_refused(lenient, hs256(secret, claims("1", noon_seconds - 5))));
  BOOST_TEST(
      user_of(lenient.verify(hs256(secret, claims("1", noon_seconds + 60, R"(,"nbf":1720612805)")),
                             noon)) == "1");
  const auto exp = [&](const std::string& text) {
    return user_of(v.verify(hs256(secret, R"({"sub":"1","exp":)" + text + "}"), noon));
  };
  BOOST_TEST(exp("1720612800.5") == "1");
  BOOST_TEST(exp("1720612799.5") == "refused: The token has expired.");
  BOOST_TEST(exp("1e300") == "1");
  BOOST_TEST(exp("9223372036854775807") == "1");
  BOOST_TEST(exp("-1e300") == "refused: The token has expired.");
  for (const char* none : {"null", "true", "\"1820612800\"", "[1820612800]", "{}"})
    BOOST_TEST(exp(none) == "refused: The token does not say when it expires.", none);
  BOOST_TEST(user_of(v.verify(hs256(secret, R"({"sub":"1"})"), noon)) ==
             "refused: The token does not say when it expires.");
}

BOOST_AUTO_TEST_CASE(issuer_and_audience_are_compared_when_set) {
  const jwt_verifier v({jwt_algorithm::hs256, secret, "https://login", "boxoffice", {}});
  const auto with = [&](const std::string& more) {
    return is_refused(v, hs256(secret, claims("1", noon_seconds + 9, more)));
  };
  BOOST_TEST(!with(R"(,"iss":"https://login","aud":"boxoffice")"));
  BOOST_TEST(!with(R"(,"iss":"https://login","aud":["shop","boxoffice"])"));
  BOOST_TEST(with(R"(,"iss":"https://login","aud":["shop"])"));
  BOOST_TEST(with(R"(,"iss":"https://login","aud":[])"));
  BOOST_TEST(with(R"(,"iss":"https://login")"));
  BOOST_TEST(with(R"(,"iss":"https://other","aud":"boxoffice")"));
  BOOST_TEST(with(R"(,"iss":["https://login"],"aud":"boxoffice")"));
  BOOST_TEST(with(R"(,"aud":"boxoffice")"));
}

BOOST_AUTO_TEST_CASE(what_is_no_token_is_refused_quietly) {
  const jwt_verifier v({jwt_algorithm::hs256, secret, {}, {}, {}});
  for (const char* text : {"", ".", "..", "...", "a", "a.b", "a.b.c", "a.b.c.d",
                           "eyJhbGciOiJIUzI1NiJ9..", ".eyJhbGciOiJIUzI1NiJ9.", "\xFF.\xFF.\xFF"})
    BOOST_TEST(is_refused(v, text), text);
  for (const auto& body :
       {std::string("[]"), std::string("{"), std::string(5000, '['), claims(""), claims("a b"),
        claims(std::string(65, 'x')), std::string(R"({"sub":1,"exp":1820612800})"),
        std::string(R"({"exp":1820612800})"), claims("\xC3\x28")})
    BOOST_TEST(is_refused(v, hs256(secret, body)), body);
}

BOOST_AUTO_TEST_CASE(a_key_that_is_none_is_told_at_once) {
  const auto make = [](jwt_algorithm how, std::string key) {
    jwt_verifier v({how, std::move(key), {}, {}, {}});
  };
  using problem = std::runtime_error;
  BOOST_CHECK_THROW(make(jwt_algorithm::hs256, ""), problem);
  BOOST_CHECK_THROW(make(jwt_algorithm::hs256, secret.substr(1)), problem);
  BOOST_CHECK_THROW(make(jwt_algorithm::hs256, issuer_key().public_pem()), problem);
  BOOST_CHECK_THROW(make(jwt_algorithm::rs256, ""), problem);
  BOOST_CHECK_THROW(make(jwt_algorithm::rs256, secret), problem);
  BOOST_CHECK_THROW(make(jwt_algorithm::rs256, rsa_key(1024).public_pem()), problem);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(access_calls)

const std::string charge_of_1001 = R"({"userId":1001,"balance":100})";

BOOST_AUTO_TEST_CASE(without_users_tokens_everybody_is_believed) {
  paper_service s({}, believing("let-me-in", false));
  s.service.decide = [](const auto&) { return wallet_of("1001", 100); };
  BOOST_TEST(s.call("POST", "/mock/balance", as_json, charge_of_1001).status == 200);
  BOOST_TEST(s.call("POST", "/mock/balance", bearer("nonsense", as_json), charge_of_1001).status ==
             200);
}

BOOST_AUTO_TEST_CASE(a_user_acts_for_themselves_only) {
  paper_service s({}, believing());
  s.service.decide = [](const auto&) { return wallet_of("1001", 100); };
  const auto charge = [&](const fields& headers) {
    return s.call("POST", "/mock/balance", headers, charge_of_1001);
  };
  check_unauthenticated(charge(as_json));
  check_unauthenticated(charge(bearer("nonsense", as_json)));
  check_unauthenticated(charge(bearer("", as_json)));
  check_unauthenticated(
      charge({{"Content-Type", "application/json"}, {"Authorization", "Basic bGV0LW1lLWlu"}}));
  check_unauthenticated(charge(bearer(hs256(secret, claims("1001", noon_seconds)), as_json)));
  const auto other = charge(bearer(hs256(secret, claims("1002")), as_json));
  BOOST_TEST(other.status == 403);
  BOOST_TEST(json_of(other)["code"] == "FORBIDDEN");
  BOOST_TEST(s.service.seen.empty());
  BOOST_TEST(charge(bearer(hs256(secret, claims("1001")), as_json)).status == 200);
  BOOST_TEST(charge(bearer("let-me-in", as_json)).status == 200); // the operator, for anybody
  BOOST_TEST(s.service.seen.size() == 2u);
}

BOOST_AUTO_TEST_CASE(every_call_of_the_seeds_that_names_a_user_asks_who_it_is) {
  paper_service s({}, believing());
  struct {
    const char *method, *target, *body;
  } const calls[] = {
      {"POST", "/mock/queue", R"({"userId":1001})"},
      {"POST", "/mock/booking", R"({"userId":1001,"concertOptionId":1,"seats":"A_1"})"},
      {"POST", "/mock/balance", R"({"userId":1001,"balance":1})"},
      {"GET", "/mock/balance/1001", ""},
      {"POST", "/mock/payment", R"({"userId":1001,"bookingId":1,"concertId":1,"seats":"A_1"})"},
      {"PATCH", "/users/points/charge",
       R"({"userId":1001,"pointId":1,"paymentMethod":"x","amount":1,"paymentTime":null})"},
      {"PATCH", "/payments/payment",
       R"({"userId":1001,"amount":1,"concertOptionId":1,"paymentMethod":"x"})"}};
  const auto with_token = [](fields more) {
    more.emplace_back("Queue-Token", some_token_text);
    more.emplace_back("Content-Type", "application/json");
    return more;
  };
  for (const auto& c : calls) {
    BOOST_TEST_CONTEXT(c.method << " " << c.target) {
      check_unauthenticated(s.call(c.method, c.target, with_token({}), c.body));
      const auto foreign = bearer(hs256(secret, claims("1002")));
      BOOST_TEST(s.call(c.method, c.target, with_token(foreign), c.body).status == 403);
      BOOST_TEST(s.service.seen.empty());
      s.send(c.method, c.target, with_token(bearer(hs256(secret, claims("1001")))), c.body);
      BOOST_TEST(s.service.seen.size() == 1u);
      s.service.seen.clear();
    }
  }
}

BOOST_AUTO_TEST_CASE(who_asks_is_settled_before_what_is_asked) {
  paper_service s({}, believing());
  check_unauthenticated(s.call("POST", "/mock/balance", {}, "{"));
  check_unauthenticated(s.call("POST", "/mock/booking", {}, "{"));
}

BOOST_AUTO_TEST_CASE(what_is_public_stays_public) {
  paper_service s({}, believing());
  for (const char* target : {"/livez", "/readyz", "/mock/concerts",
                             "/mock/available-seats?concertId=1&date=2024-07-10"}) {
    BOOST_TEST(s.call("GET", target).status == 200, target);
    BOOST_TEST(s.call("GET", target, bearer("nonsense")).status == 200, target);
  }
  BOOST_TEST(s.call("GET", "/nowhere").status == 404);
}

BOOST_AUTO_TEST_CASE(the_operators_token_is_compared_whole) {
  request asked;
  const auto shown = [&](const access& who, const std::string& field) {
    asked.headers = {{"Authorization", field}};
    return who.identify(asked, noon).is_operator;
  };
  const access guarded(believing("let-me-in", false));
  BOOST_TEST(shown(guarded, "Bearer let-me-in"));
  BOOST_TEST(shown(guarded, "bEARER  let-me-in"));
  for (const char* field : {"Bearer let-me-i", "Bearer let-me-inn", "Bearer Let-me-in", "Bearer ",
                            "Bearer", "let-me-in", "Basic let-me-in", "Bearerlet-me-in", ""})
    BOOST_TEST(!shown(guarded, field), field);
  const access open(believing("", false)); // no token set: nobody is the operator
  for (const char* field : {"Bearer ", "Bearer", "Bearer let-me-in", ""})
    BOOST_TEST(!shown(open, field), field);
  asked.headers.clear();
  BOOST_TEST(!open.identify(asked, noon).is_operator);
}

BOOST_AUTO_TEST_CASE(an_operators_call_is_for_the_operator) {
  const access guarded(believing());
  const auto require = [&](caller who) {
    const call c{{}, exchange(std::make_shared<paper_sink>(), {}), {}, {}, std::move(who), {}};
    return guarded.require_operator(c);
  };
  BOOST_TEST(!require({true, {}, {}}));
  for (const auto& who : {caller{}, caller{false, domain::user_id{"1"}, {}},
                          caller{false, {}, domain::reject(error_code::unauthenticated, "")}}) {
    const auto refusal = require(who);
    BOOST_REQUIRE(refusal);
    BOOST_TEST((refusal->code == error_code::unauthenticated));
  }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace boxoffice::http::test
