#include "tests/actors/running_service.hpp"

#include "persistence/audit.hpp"
#include "persistence/sqlite_store.hpp"

#include <boost/test/unit_test.hpp>
#include <chrono>
#include <cstdlib>
#include <thread>

namespace boxoffice::test {

using namespace std::chrono_literals;

std::future<actors::outcome> waiting_clients::expect(actors::request_id id) {
  std::lock_guard hold(mutex_);
  return open_[id].get_future();
}

void waiting_clients::complete(actors::request_id id, actors::outcome what) {
  std::lock_guard hold(mutex_);
  auto open = open_.extract(id);
  if (open.empty()) std::abort(); // answered twice
  open.mapped().set_value(std::move(what));
}

namespace {

std::unique_ptr<persistence::store> open_store(const std::filesystem::path& directory) {
  persistence::sqlite_options options;
  options.directory = directory;
  return persistence::open_sqlite_store(options);
}

} // namespace

running_service::running_service(const std::filesystem::path& directory,
                                 actors::service_options options) {
  auto store = open_store(directory);
  clock_ = std::make_unique<actors::machine_clock>(store->open_reader()->load_image().last_time);
  service_ = std::make_unique<actors::service>(
      std::move(options), std::make_unique<faulty_store>(std::move(store), faults_), *clock_,
      random_, clients_);
}

void running_service::stock() {
  service_->stock_demo_data();
  wait_until_ready();
}

void running_service::wait_until_ready() const {
  const auto deadline = std::chrono::steady_clock::now() + 10s;
  while (!service_->ready()) {
    BOOST_REQUIRE(std::chrono::steady_clock::now() < deadline);
    std::this_thread::sleep_for(1ms);
  }
}

std::future<actors::outcome> running_service::ask(actors::command c) {
  const auto id = ++last_request_;
  auto answer = clients_.expect(id);
  service_->submit(id, std::move(c));
  return answer;
}

actors::outcome running_service::tell(actors::command c) {
  auto answer = ask(std::move(c));
  BOOST_REQUIRE(answer.wait_for(10s) == std::future_status::ready);
  return answer.get();
}

namespace {

template <class View>
View expect_view(const actors::outcome& what) {
  if (const auto* refusal = std::get_if<domain::rejection>(&what))
    BOOST_FAIL("refused: " << domain::to_string(refusal->code) << ' ' << refusal->detail);
  return std::get<View>(what);
}

} // namespace

domain::token_view running_service::enter(const std::string& who, std::int64_t concert) {
  return expect_view<domain::token_view>(tell(actors::enter_queue{{concert}, user(who), 0}));
}

actors::booking_view running_service::book(const std::string& who, domain::token_key token,
                                           const std::string& seats) {
  return expect_view<actors::booking_view>(tell(booking_of(who, token, seats)));
}

domain::money running_service::charge(const std::string& who, std::int64_t amount) {
  return expect_view<actors::entry_view>(
             tell(actors::charge_wallet{user(who), domain::points(amount)}))
      .wallet.balance;
}

domain::money running_service::balance(const std::string& who) {
  return expect_view<actors::wallet_view>(tell(actors::read_wallet{user(who)})).balance;
}

void running_service::crash() {
  faults_->cut_power_at(1);
  faults_->let_commits_go();
  service_.reset();
}

domain::user_id user(const std::string& id) { return {id}; }

actors::create_booking booking_of(const std::string& who, domain::token_key token,
                                  const std::string& seats, std::int64_t option) {
  auto names = domain::parse_seat_names(seats, 100, "/seats");
  BOOST_REQUIRE(domain::refused(names) == nullptr);
  return {{option}, user(who), token, std::get<0>(names), {}};
}

actors::pay_booking payment_of(const actors::booking_view& b, domain::token_key token) {
  actors::pay_booking p;
  p.booking = b.booking.id;
  p.concert = b.booking.concert;
  p.claim.user = b.booking.user;
  p.claim.token = token;
  return p;
}

std::optional<domain::error_code> code_of(const actors::outcome& what) {
  const auto* refusal = std::get_if<domain::rejection>(&what);
  return refusal ? std::optional(refusal->code) : std::nullopt;
}

void check_books(const std::filesystem::path& directory) {
  for (const auto& finding : persistence::audit_sqlite(directory).findings)
    BOOST_ERROR(finding.rule << ": " << finding.detail);
}

} // namespace boxoffice::test
