// What an operator does to a running service: reload its settings, hear of its errors.
#include "tests/e2e/server.hpp"

#include <boost/test/unit_test.hpp>

#include <csignal>

using namespace boxoffice::e2e;

namespace {

// Prints the body of each post that it gets, a line each, and the port first.
constexpr const char* receiver_script = R"py(
import http.server
class receiver(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        print(self.rfile.read(int(self.headers['Content-Length'])).decode(), flush=True)
        self.send_response(200)
        self.end_headers()
server = http.server.HTTPServer(('127.0.0.1', 0), receiver)
print('listening on', server.server_address[1], '.', flush=True)
server.serve_forever()
)py";

struct slack {
  slack() {
    BOOST_REQUIRE(it.wait_for(" ."));
    const auto text = it.output();
    port = std::stoi(text.substr(text.find(" on ") + 4));
  }
  static launch how() {
    launch what;
    what.program = "/usr/bin/python3";
    what.arguments = {"-c", receiver_script};
    return what;
  }
  process it{how()};
  int port = 0;
};

} // namespace

BOOST_AUTO_TEST_SUITE(operations)

BOOST_AUTO_TEST_CASE(hangup_reloads_what_may_change) {
  scratch_directory directory;
  const auto file = directory / "boxoffice.ini";
  write_file(file, "log.level = info\n");
  server service(directory / "store", {"--config", file.string()});
  caller c(service);
  const auto limit_is = [&c](const std::string& limit) {
    const auto page = c.http.get("/metrics").body;
    return page.find("boxoffice_requests_in_flight_limit " + limit + "\n") != std::string::npos;
  };
  write_file(file, "log.level = error\nhttp.max_in_flight = 7\n");
  service.running().signal(SIGHUP);
  BOOST_REQUIRE(eventually([&] { return limit_is("7"); }));
  BOOST_CHECK_EQUAL(c.http.get("/livez").status, 200);

  write_file(file, "log.level = info\n");
  service.running().signal(SIGHUP);
  BOOST_REQUIRE(service.running().wait_for("settings reloaded"));
  BOOST_CHECK(limit_is("2000"));
  BOOST_CHECK_EQUAL(c.http.get("/readyz").status, 200);
  BOOST_CHECK(service.running().wait_for("route=/readyz"));
  BOOST_CHECK_EQUAL(service.running().output().find("route=/livez"), std::string::npos);
  BOOST_CHECK_EQUAL(service.terminate(), 0);
}

BOOST_AUTO_TEST_CASE(wrong_settings_change_nothing_and_people_hear_of_it) {
  scratch_directory directory;
  slack people;
  const auto file = directory / "boxoffice.ini";
  write_file(file, "http.max_in_flight = 9\n");
  const auto webhook = "http://127.0.0.1:" + std::to_string(people.port) + "/services/hush";
  server service(directory / "store",
                 {"--config", file.string(), "--alerts.slack_webhook", webhook});
  write_file(file, "http.max_in_flight = many\n");
  service.running().signal(SIGHUP);
  BOOST_REQUIRE(people.it.wait_for("can't be reloaded"));
  BOOST_CHECK_NE(people.it.output().find("{\"text\":\""), std::string::npos);
  BOOST_CHECK_NE(people.it.output().find("many"), std::string::npos);
  const auto page = caller(service).http.get("/metrics").body;
  BOOST_CHECK_NE(page.find("boxoffice_requests_in_flight_limit 9\n"), std::string::npos);
  BOOST_CHECK_EQUAL(service.terminate(), 0);
  BOOST_CHECK_EQUAL(service.running().output().find("hush"), std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
