// Whatever comes in: no 5xx, no crash, nothing changed by what was refused, memory bounded.
#include "tests/e2e/books.hpp"
#include "tests/e2e/generated_requests.hpp"
#include "tests/e2e/server.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <csignal>
#include <map>
#include <memory>
#include <set>
#include <sstream>

using namespace boxoffice::e2e;

namespace {

const std::string operator_token = "an-operator-of-the-test";

std::size_t resident_kilobytes(const process& of) {
  std::istringstream status(read_file("/proc/" + std::to_string(of.id()) + "/status"));
  for (std::string line; std::getline(status, line);)
    if (line.rfind("VmRSS:", 0) == 0) return std::stoul(line.substr(6));
  throw std::runtime_error("no VmRSS");
}

// For people: what was sent, cut, with nothing in it that a terminal could obey.
std::string shown(const std::string& bytes) {
  std::string text;
  for (const char c : bytes.substr(0, 2000))
    text += c == '\n' ? "\\n\n" : c >= ' ' && c < '\x7F' ? std::string(1, c) : "?";
  return text;
}

bool is_allowed(int status) {
  // Methods and versions of HTTP that are not ours are the client's affair (CONTRACT 5).
  return (status >= 200 && status < 500) || status == 501 || status == 505;
}

bool is_refusal(int status) { return status >= 400; }

// A refusal that is written down: the wallet has said no to this payment for good.
bool leaves_a_trace(int status) { return status == 402; }

void check_answer(const generated_request& sent, const answer& got) {
  BOOST_CHECK_MESSAGE(is_allowed(got.status), got.status << " to\n"
                                                         << shown(sent.bytes) << "\n"
                                                         << got.body);
  if (!is_refusal(got.status) || got.body.empty()) return;
  const auto problem = json::parse(got.body, nullptr, false);
  const bool is_problem = problem.is_object() && problem.value("status", 0) == got.status &&
                          !problem.value("code", "").empty() &&
                          problem.value("traceId", "").size() == 32 &&
                          got.header("content-type") == "application/problem+json";
  BOOST_CHECK_MESSAGE(is_problem, "no problem document to\n"
                                      << shown(sent.bytes) << "\n"
                                      << got.body);
}

class hostile_client {
public:
  explicit hostile_client(const server& s) : port_(s.port()) {}

  // All answers to it: several when its bytes turned out to be several requests, none when the
  // connection was closed in place of one.
  std::vector<answer> give(const generated_request& sent) {
    return sent.alone ? give_alone(sent) : give_in_order(sent);
  }

private:
  std::vector<answer> give_alone(const generated_request& sent) {
    std::vector<answer> all;
    try {
      http_client own(port_);
      own.send(sent.bytes);
      own.finish_sending();
      for (;;) all.push_back(own.receive());
    } catch (const connection_lost&) { // it has closed, as it should
    }
    return all;
  }

  std::vector<answer> give_in_order(const generated_request& sent) {
    try {
      if (!kept_) kept_ = std::make_unique<http_client>(port_);
      kept_->send(sent.bytes);
      auto got = kept_->receive(sent.method == "HEAD");
      if (got.header("connection") == "close" || got.header("content-type") == "text/event-stream")
        kept_.reset();
      return {std::move(got)};
    } catch (const connection_lost&) {
      kept_.reset();
      return {};
    }
  }

  const std::uint16_t port_;
  std::unique_ptr<http_client> kept_;
};

request_generator::known_things things_of(const server& s) {
  request_generator::known_things known;
  known.operator_token = operator_token;
  caller client(s);
  for (const char* user : {"1", "1001", "spring123", "user1"})
    for (const int concert : {1, 2}) known.queue_tokens.push_back(client.token_of(user, concert));
  for (const char* user : {"1", "1001", "user1"}) client.give(user, 5000);
  return known;
}

// Nothing of these changes by itself while the test runs.
const std::vector<std::string> lasting = {"--admin.token",
                                          operator_token,
                                          "--booking.hold_for",
                                          "24h",
                                          "--queue.active_ttl",
                                          "24h",
                                          "--queue.abandon_after",
                                          "24h",
                                          "--idempotency.keep_for",
                                          "24h",
                                          "--wallet.double_submit_window",
                                          "0ms",
                                          "--log.requests",
                                          "false"};

} // namespace

BOOST_AUTO_TEST_SUITE(generated_input)

BOOST_AUTO_TEST_CASE(nothing_that_clients_send_harms_the_service) {
  const int requests = times(4'000, 60'000);
  const int warm_up = requests / 4;
  scratch_directory directory;
  server service(directory / "store", lasting);
  request_generator generator(1, things_of(service));
  hostile_client client(service);
  store_watch store(service.store());

  std::map<int, int> statuses;
  std::set<std::size_t> routes;
  std::size_t resident = 0;
  int refused = 0, changes = 0;
  for (int n = 0; n < requests; ++n) {
    const auto sent = generator.next();
    const auto answers = client.give(sent);
    bool only_refused = true;
    for (const auto& got : answers) {
      check_answer(sent, got);
      ++statuses[got.status];
      only_refused = only_refused && is_refusal(got.status) && !leaves_a_trace(got.status);
    }
    routes.insert(sent.route);
    if (answers.empty()) ++statuses[0];
    if (!answers.empty() && only_refused) {
      ++refused;
      BOOST_CHECK_MESSAGE(!store.changed(), "changed by what was refused:\n" << shown(sent.bytes));
    } else if (store.changed()) {
      ++changes;
      store.wait_until_quiet();
    }
    if (n == warm_up) resident = resident_kilobytes(service.running());
    BOOST_REQUIRE_MESSAGE(!service.running().ended(), "it ended after\n" << shown(sent.bytes));
  }

  const auto in_the_end = resident_kilobytes(service.running());
  const auto grown = in_the_end - std::min(resident, in_the_end);
  std::ostringstream told;
  for (const auto& [status, count] : statuses) told << ' ' << status << ':' << count;
  BOOST_TEST_MESSAGE(requests << " requests, " << refused << " refused, " << changes
                              << " changed something, grew by " << grown
                              << " KiB; by status (0: closed):" << told.str());
  // The generator reaches every route, and neither everything nor nothing is refused.
  BOOST_CHECK_EQUAL(routes.size(), request_generator::routes());
  BOOST_CHECK_GT(refused, requests / 3);
  // Some must get through, or nothing was tried; seats and money run out in a long run.
  BOOST_CHECK_GT(changes, std::min(requests / 80, 100));
  constexpr std::size_t most_growth = 64 * 1024; // KiB
  BOOST_CHECK_LT(grown, most_growth);
  http_client after(service.port());
  BOOST_CHECK_EQUAL(after.get("/readyz").status, 200);
  BOOST_CHECK_EQUAL(service.terminate(), 0);
  const auto audit = run({"audit", "--store.path", service.store().string()});
  BOOST_CHECK_MESSAGE(audit.status == 0, audit.output);
}

BOOST_AUTO_TEST_SUITE_END()
