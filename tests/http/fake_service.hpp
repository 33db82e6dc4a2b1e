// The API on a service of paper: what it is told and what it answers are the test's to say, and
// the worker's turn comes when the test says so.
#pragma once

#include "http/api.hpp"
#include "http/backend.hpp"
#include "http/gateway.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace boxoffice::http::test {

using json = nlohmann::ordered_json;

constexpr domain::time_point noon{std::chrono::seconds(1720612800)}; // 2024-07-10 12:00:00 UTC
constexpr domain::token_key some_token{0xca20bc2a577b4055, 0xab3b7e197c668b35};
inline const std::string some_token_text = "ca20bc2a-577b-4055-ab3b-7e197c668b35";

// Stands where the transport's workers stand.
class paper_sink final : public reply_sink {
public:
  void send(ticket to, response&& answer) override {
    answers.emplace(to.serial, std::move(answer));
  }
  void post(ticket to, std::function<response()>&& render) override {
    posted.emplace_back(to.serial, std::move(render));
  }
  void stream(ticket to, stream_start&& begun) override {
    streams.emplace(to.serial, std::move(begun));
  }
  void announce(std::vector<topic_id>&& topics) override {
    announced.insert(announced.end(), topics.begin(), topics.end());
  }
  void label(ticket of, std::string&& route, std::string&& trace) override {
    labels[of.serial] = {std::move(route), std::move(trace)};
  }

  void run_posted() {
    for (auto& [serial, render] : std::exchange(posted, {})) answers.emplace(serial, render());
  }

  std::map<std::uint64_t, response> answers;
  std::map<std::uint64_t, stream_start> streams;
  std::vector<topic_id> announced;
  std::vector<std::pair<std::uint64_t, std::function<response()>>> posted;
  std::map<std::uint64_t, std::pair<std::string, std::string>> labels;
};

class paper_backend final : public backend {
public:
  void submit(actors::request_id id, actors::command c, domain::request_key_ptr key) override {
    seen.push_back(c);
    keys.push_back(std::move(key));
    if (decide)
      port->complete(id, fitting(c, decide(c)));
    else
      held.push_back(id);
  }
  std::shared_ptr<const domain::catalogue> catalogue() const override { return stock; }
  std::shared_ptr<const domain::seat_map> seats(domain::option_id o) const override {
    const auto found = maps.find(o);
    return found == maps.end() ? nullptr : found->second;
  }
  bool ready() const override { return is_ready; }
  domain::time_point now() const override { return time; }

  // A charge tells of its entry beside the wallet.
  static actors::outcome fitting(const actors::command& c, actors::outcome what) {
    auto* wallet = std::get_if<actors::wallet_view>(&what);
    if (wallet == nullptr || !std::holds_alternative<actors::charge_wallet>(c)) return what;
    return actors::entry_view{std::move(*wallet), {}};
  }

  gateway* port = nullptr;
  std::function<actors::outcome(const actors::command&)> decide; // none: answers are held back
  std::vector<actors::command> seen;
  std::vector<domain::request_key_ptr> keys; // of each, nullptr where there was none
  std::vector<actors::request_id> held;
  std::shared_ptr<const domain::catalogue> stock = std::make_shared<domain::catalogue>();
  std::map<domain::option_id, std::shared_ptr<const domain::seat_map>> maps;
  bool is_ready = true;
  domain::time_point time = noon;
};

// Concert 1 plays twice on one day and once on the next, concert 2 once.
inline void stock_up(paper_backend& service) {
  domain::catalogue all;
  all.concerts[{1}] = {{1}, "concertA", noon};
  all.concerts[{2}] = {{2}, "\"콘서트\"", noon};
  const auto add = [&](std::int64_t id, std::int64_t concert, domain::calendar_date date,
                       domain::duration at, std::vector<domain::section> sections) {
    domain::concert_option o;
    o.id = {id};
    o.concert = {concert};
    o.local_date = date;
    o.starts_at = domain::from_calendar({date, 0, 0, 0, 0}) + at;
    o.sections = std::move(sections);
    service.maps[{id}] = std::make_shared<domain::seat_map>(o.id, o.first_seat(), o.seat_count());
    all.options[{id}] = std::make_shared<domain::concert_option>(std::move(o));
  };
  using std::chrono::hours;
  add(1, 1, {2024, 7, 10}, hours(1) + std::chrono::microseconds(863645),
      {{"A", {1}, 2, domain::points(100)}, {"B", {3}, 1, {5050}}});
  add(2, 1, {2024, 7, 10}, hours(20), {{"A", {4}, 1, domain::points(100)}});
  add(3, 1, {2024, 7, 11}, hours(20), {{"A", {5}, 1, domain::points(100)}});
  add(4, 2, {2024, 7, 10}, hours(20), {{"C", {6}, 1, {1}}});
  service.stock = std::make_shared<domain::catalogue>(std::move(all));
}

inline actors::wallet_view wallet_of(std::string user, std::int64_t minor) {
  return {{{std::move(user)}, "아무개", ""}, {7}, {minor}};
}

inline actors::booking_view some_booking(domain::booking_status status) {
  actors::booking_view v;
  v.booking.id = {12345};
  v.booking.option = {1};
  v.booking.concert = {1};
  v.booking.user = {"1001"};
  v.booking.seats = {{{10}, {1}, {"A", 10}, domain::points(100)},
                     {{11}, {2}, {"A", 11}, domain::points(100)}};
  v.booking.total = domain::points(200);
  v.booking.created_at = noon + std::chrono::microseconds(281699);
  v.booking.status = status;
  v.booking.payment = {99};
  v.wallet = wallet_of("1001", 10'000'000);
  return v;
}

using fields = header_list;
inline const fields as_json = {{"Content-Type", "application/json"}};

inline const std::string* field_of(const response& r, std::string_view name) {
  for (const auto& [key, value] : r.headers)
    if (equal_ignoring_case(key, name)) return &value;
  return nullptr;
}

inline const std::string& text_of(const response& r) {
  return r.shared_body ? *r.shared_body : r.body;
}

inline json json_of(const response& r) { return json::parse(text_of(r)); }

struct paper_service {
  explicit paper_service(gateway_limits limits = {}, access_options who_may = {})
      : paper_service(limits, options_with(std::move(who_may))) {}
  paper_service(gateway_limits limits, api_options options)
      : commands(limits), front(std::move(options), service, commands) {
    service.port = &commands;
    stock_up(service);
  }

  // A stream that nobody ends knows the sink that it is told through.
  ~paper_service() { sink->streams.clear(); }
  paper_service(const paper_service&) = delete;
  paper_service& operator=(const paper_service&) = delete;

  static api_options options_with(access_options who_may) {
    api_options o;
    o.access = std::move(who_may);
    return o;
  }

  // The number of the request whose answer may come later.
  std::uint64_t send(std::string method, std::string target, fields headers = {},
                     std::string body = {}) {
    request r;
    r.method = std::move(method);
    r.target = std::move(target);
    r.headers = std::move(headers);
    r.body = std::move(body);
    r.remote_address = "127.0.0.1";
    front.handle(std::move(r), exchange(sink, {1, ++last_serial}));
    return last_serial;
  }

  // nullptr while there is none.
  const response* answer_to(std::uint64_t serial) {
    sink->run_posted();
    const auto found = sink->answers.find(serial);
    return found == sink->answers.end() ? nullptr : &found->second;
  }

  response call(std::string method, std::string target, fields headers = {},
                std::string body = {}) {
    const auto serial =
        send(std::move(method), std::move(target), std::move(headers), std::move(body));
    const auto* answer = answer_to(serial);
    BOOST_REQUIRE(answer);
    return *answer;
  }

  // Of the last command.
  domain::request_key_ptr last_key() const { return service.keys.back(); }

  // The one command that reached the service.
  template <class Command>
  Command only_command() const {
    BOOST_REQUIRE_EQUAL(service.seen.size(), 1u);
    BOOST_REQUIRE(std::holds_alternative<Command>(service.seen.front()));
    return std::get<Command>(service.seen.front());
  }

  paper_backend service;
  gateway commands;
  api front;
  std::shared_ptr<paper_sink> sink = std::make_shared<paper_sink>();
  std::uint64_t last_serial = 0;
};

// The same with an operator, who shows `as_operator`.
constexpr auto operators_token = "let-me-in";
inline const fields as_operator = {{"Content-Type", "application/json"},
                                   {"Authorization", std::string("Bearer ") + operators_token}};

struct operated_service : paper_service {
  operated_service() : paper_service({}, with_operator()) {}

  static access_options with_operator() {
    access_options o;
    o.admin_token = operators_token;
    return o;
  }

  // What a refusal of a body points at; nothing of it may have reached the service.
  std::vector<std::string> faults_of(const response& r) {
    BOOST_TEST(r.status == 400);
    BOOST_TEST(service.seen.empty());
    std::vector<std::string> pointers;
    const auto problem = json_of(r);
    for (const auto& e : problem["errors"]) pointers.push_back(e["pointer"]);
    return pointers;
  }
};

} // namespace boxoffice::http::test
