// Who may call, how often and from where, on the running service; and what its log does not tell.
#include "tests/e2e/documents.hpp"
#include "tests/e2e/server.hpp"

#include <boost/test/unit_test.hpp>

#include <csignal>

using namespace boxoffice::e2e;

namespace {

const std::string admin_token = "the-token-of-the-operator";
const std::string secret = "a-secret-that-only-tests-ever-use";

// Signed elsewhere, with the secret above, valid until 2100.
const std::string token_of_1001 =
    "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMDAxIiwiZXhwIjo0MTAyNDQ0ODAwfQ."
    "Hix3WcuTfT8kdtwi26Vi7qkwlOv21z7cJSAp-z04ECM";
const std::string token_of_user1 =
    "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJ1c2VyMSIsImV4cCI6NDEwMjQ0NDgwMH0."
    "nXBmOQgxipOZPqozCM35KktJJFgi4FB9s9BkcIP-5VE";

// The public half of a key whose private one signed the token of user 1001 and was thrown away.
const std::string public_key = R"(-----BEGIN PUBLIC KEY-----
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAt6LgM02yJVjxfciKkp69
YasN2cWhRhmJJv0LE7xp8/462A88/5JtC9Bz0QbLILe88X2Tt07oX02CRHXSUuTx
wfhsMVxAcBp55zgDFdVGRGcIV4BC7xZCqBnL6ghgqBLBK71eaz1DgzSBYXLsLmPd
F2InrNitQ9Oeq+x1aQAPgNbQf9iBC+Jl/QqVKOsm7AWfTiCLm9rAD+orF6YwLpbA
fzTB6Feti+B9h9zHK9U6AUwDhRIye10VixwONV9/WUDzcO+3oxh/yAdja5rX2oru
XGGlhtouWzg45veX766fR3x+3KQU7FAijAHIzO2/LhLSsiLKY/66cOqgYpz/neqL
XQIDAQAB
-----END PUBLIC KEY-----
)";
const std::string rsa_token_of_1001 =
    "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMDAxIiwiZXhwIjo0MTAyNDQ0ODAwfQ."
    "jwypJyDsQ6RGN33dSCsklAR5HFsq6EJXJ10m6gaTY3dnM1xxODkBm1Z8RlQi0CaTqHESPUNEAdVAFTgfBjAQKCDd0PeEvH"
    "MS"
    "Tw_Y0p14zm7W04_usGx_0SCTUt5LxHhxj8E2hnLf1kJW5XfxBrcB_ggDnGgt5lO10q5xJuUSMbLxxzraev_"
    "B17Y7nAt0p2Rl"
    "z5oFeDgb4sTlYTuU2qUJnIoMm3hBPeTu48jB9AfQv6NIQCxsdu7jLk85XWeBmQH1J65ofAXRJ6r4OTYO4KXakzxPIuEQjk"
    "lK"
    "mVcDw5Bn4tVlHodaZVR8Aecx7JQVGqu9GQZrLLcGpeD7Ssh1jZnsJA";

fields bearer(const std::string& token) { return {{"Authorization", "Bearer " + token}}; }

const std::vector<std::string> with_users = {"--admin.token", admin_token,         "--auth.mode",
                                             "jwt",           "--auth.jwt_secret", secret};

} // namespace

BOOST_AUTO_TEST_SUITE(security)

BOOST_AUTO_TEST_CASE(a_user_acts_for_themselves_and_the_operator_for_anybody) {
  scratch_directory directory;
  server service(directory / "store", with_users);
  http_client http(service.port());
  const json charge = {{"userId", 1001}, {"balance", 100}};
  const auto give = [&](const fields& who) {
    return http.send_json("POST", "/mock/balance", charge, who);
  };
  check_refusal(give({}), 401, "UNAUTHENTICATED");
  BOOST_CHECK_EQUAL(give({}).header("www-authenticate"), "Bearer");
  check_refusal(give(bearer(token_of_1001 + "x")), 401, "UNAUTHENTICATED");
  check_refusal(give(bearer(token_of_user1)), 403, "FORBIDDEN");
  BOOST_CHECK_EQUAL(give(bearer(token_of_1001)).status, 200);
  check_refusal(http.ask("GET", "/mock/balance/1001", bearer(token_of_user1), {}), 403,
                "FORBIDDEN");
  BOOST_CHECK_EQUAL(http.ask("GET", "/mock/balance/1001", bearer(admin_token), {}).status, 200);
  for (const char* open : {"/mock/concerts", "/v1/concerts", "/v1/options/1/seats", "/livez",
                           "/readyz", "/metrics", "/openapi.json", "/swagger-ui/index.html"})
    BOOST_CHECK_EQUAL(http.get(open).status, 200);
}

BOOST_AUTO_TEST_CASE(what_only_the_store_knows_the_owner_of_is_the_owners) {
  scratch_directory directory;
  server service(directory / "store", with_users);
  http_client http(service.port());
  const auto mine = bearer(token_of_1001), anothers = bearer(token_of_user1);
  const auto entered =
      http.send_json("POST", "/v1/concerts/1/queue/tokens", {{"userId", "1001"}}, mine);
  BOOST_REQUIRE_EQUAL(entered.status, 201);
  const auto token = entered.document().at("token").get<std::string>();
  const auto token_path = "/v1/queue/tokens/" + token;
  auto with_token = mine;
  with_token["Queue-Token"] = token;
  const auto booked =
      http.send_json("POST", "/v1/bookings",
                     {{"userId", "1001"}, {"concertOptionId", 1}, {"seats", {"A_1"}}}, with_token);
  BOOST_REQUIRE_EQUAL(booked.status, 201);
  const auto booking = booked.header("location");

  for (const auto& [method, path] : {std::pair<const char*, std::string>{"GET", token_path},
                                     {"DELETE", token_path},
                                     {"GET", booking},
                                     {"DELETE", booking}}) {
    BOOST_TEST_CONTEXT(method << " " << path) {
      if (path == booking) // another's is none
        check_refusal(http.ask(method, path, anothers, {}), 404, "BOOKING_NOT_FOUND", false);
      else
        check_refusal(http.ask(method, path, anothers, {}), 403, "FORBIDDEN", false);
      check_refusal(http.ask(method, path, {}, {}), 401, "UNAUTHENTICATED", false);
    }
  }
  BOOST_CHECK_EQUAL(http.ask("GET", booking, bearer(admin_token), {}).status, 200);
  BOOST_CHECK_EQUAL(http.ask("DELETE", booking, mine, {}).status, 200);
  BOOST_CHECK_EQUAL(http.ask("DELETE", token_path, mine, {}).status, 204);
}

BOOST_AUTO_TEST_CASE(an_operators_call_needs_the_operators_token) {
  scratch_directory directory;
  server service(directory / "store", with_users);
  http_client http(service.port());
  for (const auto& [method, path] :
       {std::pair{"POST", "/v1/concerts"}, std::pair{"POST", "/v1/concerts/1/options"},
        std::pair{"POST", "/v1/options/1/cancel"}, std::pair{"PATCH", "/v1/concerts/1/queue"},
        std::pair{"GET", "/v1/concerts/1/queue"}, std::pair{"GET", "/v1/options/1/bookings"},
        std::pair{"POST", "/v1/bookings/1/release"}, std::pair{"GET", "/v1/audit-log"},
        std::pair{"POST", "/v1/users/1001/wallet/adjustments"},
        std::pair{"PATCH", "/v1/queue/tokens/ca20bc2a-577b-4055-ab3b-7e197c668b35"}}) {
    BOOST_TEST_CONTEXT(method << " " << path)
    for (const auto& who : {fields{}, bearer(token_of_1001), bearer("the-token-of-the-operato"),
                            bearer("the-token-of-the-operatoR")})
      check_refusal(http.ask(method, path, who, "{"), 401, "UNAUTHENTICATED", false);
  }
  BOOST_CHECK_EQUAL(http.ask("GET", "/v1/audit-log", bearer(admin_token), {}).status, 200);
}

BOOST_AUTO_TEST_CASE(without_an_operators_token_nobody_is_the_operator) {
  scratch_directory directory;
  server service(directory / "store");
  http_client http(service.port());
  for (const auto& who : {fields{}, bearer(""), bearer("not set"), bearer("x")})
    check_refusal(http.ask("GET", "/v1/audit-log", who, {}), 401, "UNAUTHENTICATED", false);
}

BOOST_AUTO_TEST_CASE(a_public_key_in_a_file_serves_as_well) {
  scratch_directory directory;
  const auto key = directory / "key.pem";
  write_file(key, public_key);
  server service(directory / "store", {"--auth.mode", "jwt", "--auth.jwt_algorithm", "RS256",
                                       "--auth.jwt_key_file", key.string()});
  http_client http(service.port());
  BOOST_CHECK_EQUAL(http.ask("GET", "/mock/balance/1001", bearer(rsa_token_of_1001), {}).status,
                    200);
  check_refusal(http.ask("GET", "/mock/balance/1001", bearer(token_of_1001), {}), 401,
                "UNAUTHENTICATED");
}

BOOST_AUTO_TEST_CASE(a_key_that_is_none_is_told_at_the_start) {
  scratch_directory directory;
  const auto key = directory / "key.pem";
  const auto start = [&](std::vector<std::string> more) {
    std::vector<std::string> all = {
        "serve",       "--http.port", "0", "--store.path", (directory / "store").string(),
        "--auth.mode", "jwt"};
    all.insert(all.end(), more.begin(), more.end());
    return run(std::move(all));
  };
  const auto refused = [](const finished& f, const std::string& why) {
    BOOST_CHECK_NE(f.status, 0);
    BOOST_CHECK_MESSAGE(f.output.find(why) != std::string::npos, f.output);
  };
  refused(start({}), "auth.jwt_secret or auth.jwt_key_file");
  refused(start({"--auth.jwt_secret", "too-short"}), "32 characters");
  refused(start({"--auth.jwt_key_file", key.string()}), "can't be read");
  write_file(key, public_key);
  refused(start({"--auth.jwt_key_file", key.string()}), "PEM key is no secret");
  write_file(key, "nonsense");
  refused(start({"--auth.jwt_algorithm", "RS256", "--auth.jwt_key_file", key.string()}),
          "RSA public key");
}

BOOST_AUTO_TEST_CASE(limits_count_clients_behind_a_proxy_and_are_read_again_on_sighup) {
  scratch_directory directory;
  const auto config = directory / "boxoffice.ini";
  const auto limited = [&](int per_second) {
    write_file(config, "[limits]\naddress_per_second = " + std::to_string(per_second) +
                           "\naddress_burst = 2\n[http]\ntrusted_proxies = 127.0.0.1\n");
  };
  limited(1);
  server service(directory / "store", {"--config", config.string()});
  http_client http(service.port());
  const auto on_behalf = [&](const char* client) {
    return http.ask("GET", "/mock/balance/1", {{"X-Forwarded-For", client}}, {});
  };
  for (int n = 0; n < 10; ++n) BOOST_CHECK_EQUAL(http.get("/mock/balance/1").status, 200);
  BOOST_CHECK_EQUAL(on_behalf("192.0.2.1").header("ratelimit-policy"), "\"address\";q=2;w=2");
  answer last;
  BOOST_CHECK(eventually([&] { return (last = on_behalf("192.0.2.1")).status == 429; }));
  check_refusal(last, 429, "RATE_LIMITED");
  BOOST_CHECK_GE(std::stoi(last.header("retry-after")), 1);
  BOOST_CHECK_EQUAL(on_behalf("192.0.2.2").status, 200);

  limited(0);
  service.running().signal(SIGHUP);
  BOOST_CHECK(service.running().wait_for("settings reloaded"));
  for (int n = 0; n < 10; ++n) {
    const auto free = on_behalf("192.0.2.1");
    BOOST_CHECK_EQUAL(free.status, 200);
    BOOST_CHECK_EQUAL(free.header("ratelimit"), "");
  }
}

BOOST_AUTO_TEST_CASE(a_browser_may_call_from_a_listed_page_only) {
  scratch_directory directory;
  server service(directory / "store", {"--http.cors_origins", "https://tickets.example"});
  http_client http(service.port());
  const auto ask = [&](const char* origin) {
    return http.ask("OPTIONS", "/v1/bookings",
                    {{"Origin", origin},
                     {"Access-Control-Request-Method", "POST"},
                     {"Access-Control-Request-Headers", "queue-token,idempotency-key"}},
                    {});
  };
  const auto may = ask("https://tickets.example");
  BOOST_CHECK_EQUAL(may.status, 204);
  BOOST_CHECK_EQUAL(may.header("access-control-allow-origin"), "https://tickets.example");
  BOOST_CHECK_NE(may.header("access-control-allow-methods").find("POST"), std::string::npos);
  BOOST_CHECK_NE(may.header("access-control-allow-headers").find("Idempotency-Key"),
                 std::string::npos);
  BOOST_CHECK_EQUAL(ask("https://evil.example").header("access-control-allow-origin"), "");
  // What HTTP itself refuses a page can read too.
  http.send("GET /livez HTTP/1.1\r\nHost: a\r\nOrigin: https://tickets.example\r\n"
            "Content-Length: 1\r\nContent-Length: 2\r\n\r\n");
  const auto fault = http.receive();
  BOOST_CHECK_EQUAL(fault.status, 400);
  BOOST_CHECK_EQUAL(fault.header("access-control-allow-origin"), "https://tickets.example");
}

BOOST_AUTO_TEST_CASE(two_proofs_are_none) {
  scratch_directory directory;
  server service(directory / "store", with_users);
  http_client http(service.port());
  http.send("GET /v1/audit-log HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " + admin_token +
            "\r\nAuthorization: Bearer x\r\n\r\n");
  check_refusal(http.receive(), 400, "INVALID_REQUEST", false);
}

// Everything that proves something, sent where it belongs and where it does not, in requests that
// are served, refused and malformed.
BOOST_AUTO_TEST_CASE(secrets_are_never_in_the_log) {
  for (const char* format : {"text", "json"}) {
    scratch_directory directory;
    auto flags = with_users;
    flags.insert(flags.end(), {"--log.level", "debug", "--log.format", format});
    server service(directory / "store", flags);
    const std::string key = "a-key-of-idempotency-to-be-kept", in_query = "a-secret-in-the-query",
                      in_path = "a-secret-in-the-path", in_body = "a-secret-in-the-body",
                      in_cookie = "a-secret-cookie", wrong = "a-wrong-bearer-token";
    http_client http(service.port());
    auto mine = bearer(token_of_1001);
    mine["Idempotency-Key"] = key;
    mine["Cookie"] = in_cookie;
    const auto entered = http.send_json("POST", "/mock/queue?token=" + in_query,
                                        {{"userId", 1001}, {"password", in_body}}, mine);
    BOOST_REQUIRE_EQUAL(entered.status, 200);
    const auto queue_token = entered.document().at("queueToken").get<std::string>();
    http.ask("GET", "/v1/queue/tokens/" + queue_token + "?token=" + in_query, mine, {});
    http.send_json("POST", "/mock/balance", {{"userId", 1001}, {"balance", 1}}, mine);
    http.send_json("POST", "/mock/balance", {{"userId", 1001}, {"balance", in_body}}, mine);
    http.ask("GET", "/v1/audit-log", bearer(admin_token), {});
    http.ask("GET", "/v1/audit-log", bearer(wrong), {});
    http.ask("GET", "/" + in_path + "?q=" + in_query, bearer(token_of_user1), {});
    http.ask("DELETE", "/mock/concerts?q=" + in_query, mine, in_body);
    for (const std::string& malformed :
         {"GET /" + in_path + "?" + in_query + " HTTP/9.9\r\n\r\n",
          "GET /livez HTTP/1.1\r\nAuthorization: Bearer " + token_of_1001 + "\r\n\r\n",
          "GET /livez HTTP/1.1\r\nHost: a\r\n" + wrong + "\r\n\r\n", admin_token + "\r\n\r\n"}) {
      http_client own(service.port());
      own.send(malformed);
      try {
        own.receive();
      } catch (const connection_lost&) {
      }
    }
    BOOST_CHECK_EQUAL(service.terminate(), 0);
    const auto log = service.running().output();
    BOOST_CHECK_NE(log.find("/mock/balance"), std::string::npos); // requests are logged at all
    for (const auto& hidden : {admin_token, secret, token_of_1001, token_of_user1, queue_token, key,
                               in_query, in_path, in_body, in_cookie, wrong})
      BOOST_CHECK_MESSAGE(log.find(hidden) == std::string::npos, hidden << " is in the log");
  }
}

BOOST_AUTO_TEST_SUITE_END()
