#include "tests/sim/day.hpp"

#include "persistence/audit.hpp"
#include "persistence/sqlite_connection.hpp"
#include "persistence/sqlite_store.hpp"

#include <malloc.h>
#include <sqlite3.h>

#include <algorithm>

namespace boxoffice::test {

using namespace std::chrono_literals;
using persistence::sqlite_connection;

namespace {

constexpr std::size_t users = 500, penniless = 50; // the first of them never charge
constexpr int concerts = 2, options_a_concert = 2;
constexpr domain::money price = domain::points(100);

struct terse_writer final : actors::answer_writer {
  domain::written_answer write(const domain::request_key&, const actors::outcome&,
                               const domain::catalogue&, domain::time_point) const override {
    return {200, "{}", ""};
  }
};

domain::events first_facts(domain::time_point opening) {
  domain::events facts;
  std::int64_t option = 1, seat = 1;
  for (int c = 1; c <= concerts; ++c) {
    facts.push_back(domain::concert_created{{{c}, "concert" + std::to_string(c), opening}});
    for (int n = 0; n < options_a_concert; ++n) {
      domain::concert_option o;
      o.id.value = option++;
      o.concert.value = c;
      o.starts_at = opening + 240h;
      o.venue = "hall";
      o.time_zone = "UTC";
      o.local_date = domain::to_calendar(o.starts_at).date;
      o.sales_open_at = opening - 1h;
      o.sales_close_at = o.starts_at;
      o.sections = {{"A", {seat}, 400, price}};
      seat += 400;
      facts.push_back(domain::option_created{std::move(o)});
    }
  }
  for (std::int64_t n = 1; n <= static_cast<std::int64_t>(users); ++n) {
    const domain::user_id id{"user" + std::to_string(n)};
    facts.push_back(domain::user_created{{id, id.value, ""}, {n}, opening});
  }
  return facts;
}

std::int64_t kib_of(const std::filesystem::path& file) {
  std::error_code absent;
  const auto size = std::filesystem::file_size(file, absent);
  return absent ? 0 : static_cast<std::int64_t>(size / 1024);
}

bool is_success(const actors::outcome& said) {
  return !std::holds_alternative<domain::rejection>(said);
}

} // namespace

struct day::listener final : actors::commit_listener {
  std::uint64_t& commits;
  explicit listener(std::uint64_t& count) : commits(count) {}
  void on_commit(const domain::events&, std::size_t, std::size_t,
                 std::chrono::nanoseconds) override {
    ++commits;
  }
  void on_failure() override {}
  void on_read(const domain::booking&) override {}
};

day::day(domain::retention_rules kept, moment between_visits)
    : opening_(domain::from_calendar({{2026, 7, 3}, 0, 0, 0, 0})),
      between_visits_(between_visits),
      directory_(persistence::test::scratch_directory::on::memory),
      listener_(std::make_unique<listener>(commits_)) {
  persistence::sqlite_options stored;
  stored.directory = directory_.path();
  stored.synced = false;
  auto store = persistence::open_sqlite_store(stored);
  store->commit(first_facts(opening_), opening_);
  actors::service_options o;
  o.rules.retention = kept;
  o.rules.requests.keep_for = 1h;
  o.writer = std::make_shared<terse_writer>();
  o.listener = listener_.get();
  o.report = [this](bool, const std::string&) { ++lines_; };
  const actors::clock& time = *this;
  actors::random_source& bits = *this;
  actors::client_port& clients = *this;
  node_ = std::make_unique<actors::stepped_node>(std::move(o), std::move(store), time, bits,
                                                 clients, now_);
  later(between_visits_, [this] { come(); });
}

day::~day() = default;

// --- time

day::moment day::between(std::int64_t low, std::int64_t high) {
  const auto spread = static_cast<std::size_t>((high - low) * 1'000'000);
  return std::chrono::seconds(low) + moment(static_cast<std::int64_t>(dice_.below(spread)));
}

// Messages cost no time here.
void day::run_until(moment end) {
  for (;;) {
    while (node_->runnable() > 0) node_->run(0);
    auto next = node_->next_due().value_or(end);
    if (!agenda_.empty()) next = std::min(next, agenda_.begin()->first);
    if (next > end) break;
    now_ = std::max(now_, next);
    node_->advance_to(now_);
    while (!agenda_.empty() && agenda_.begin()->first <= now_) {
      const auto act = std::move(agenda_.begin()->second);
      agenda_.erase(agenda_.begin());
      act();
    }
    if (now_ >= end && node_->runnable() == 0) break;
  }
  now_ = end;
  node_->advance_to(now_);
}

// --- people

void day::ask(actors::command c, hearing heard, domain::request_key_ptr key) {
  const auto request = ++last_request_;
  open_.emplace(request, std::move(heard));
  node_->submit(request, std::move(c), std::move(key));
}

// What is heard is acted on behind what the node is doing.
void day::complete(actors::request_id request, actors::outcome said) {
  auto open = open_.extract(request);
  if (open.empty() || !open.mapped()) return;
  later(moment(1), [heard = std::move(open.mapped()), said = std::move(said)] { heard(said); });
}

void day::come() {
  later(between_visits_, [this] { come(); });
  ++visits_;
  visitor v;
  v.is_penniless = dice_.one_in(10);
  const auto number =
      v.is_penniless ? dice_.below(penniless) : penniless + dice_.below(users - penniless);
  v.user.value = "user" + std::to_string(1 + number);
  const auto option = static_cast<std::int64_t>(dice_.below(concerts * options_a_concert));
  v.option.value = 1 + option;
  v.concert.value = 1 + option / options_a_concert;
  enter(std::move(v));
}

void day::enter(visitor v) {
  ask(actors::enter_queue{v.concert, v.user, 0}, [this, v](const actors::outcome& said) mutable {
    const auto* token = std::get_if<domain::token_view>(&said);
    if (token == nullptr || dice_.one_in(20)) return; // some look at the line and go
    v.token = token->key;
    if (token->status == domain::token_status::processing) return book(v);
    later(between(2, 6), [this, v] { enter(v); });
  });
}

void day::book(visitor v) {
  actors::create_booking c;
  c.option = v.option;
  c.user = v.user;
  c.token = *v.token;
  c.best.count = 1 + dice_.below(3);
  ask(c, [this, v](const actors::outcome& said) mutable {
    const auto* made = std::get_if<actors::booking_view>(&said);
    if (made == nullptr) return;
    v.booking = made->booking;
    later(between(10, 90), [this, v] { decide(v); });
  });
}

void day::decide(visitor v) {
  const auto chance = dice_.below(100);
  if (v.is_penniless) return pay(std::move(v)); // and is refused
  if (chance < 65) return buy(std::move(v));
  if (chance < 80) change_mind(v, moment(0));
}

void day::buy(visitor v) {
  domain::request_key key;
  key.owner = v.user;
  key.route = "charge";
  key.actor = v.user.value;
  key.key = std::to_string(++keys_);
  ask(
      actors::charge_wallet{v.user, v.booking->total},
      [this, v](const actors::outcome& said) {
        if (is_success(said)) pay(v);
      },
      std::make_shared<domain::request_key>(std::move(key)));
}

// The seats come back: whoever buys gives them back half an hour later.
void day::pay(visitor v) {
  actors::pay_booking c;
  c.booking = v.booking->id;
  c.concert = v.concert;
  c.claim.user = v.user;
  c.claim.token = v.token;
  ask(c, [this, v](const actors::outcome& said) {
    if (is_success(said)) change_mind(v, between(20 * 60, 40 * 60));
  });
}

void day::change_mind(const visitor& v, moment wait) {
  later(wait, [this, v] { ask(actors::cancel_booking{v.booking->id, v.user}, nullptr); });
}

// --- counting

hour_sample day::next_hour() {
  run_until(std::chrono::hours(++hours_));
  return count();
}

hour_sample day::count() {
  const auto file = directory_.path() / "boxoffice.db";
  sqlite_connection db(file, sqlite_connection::access::read_only, "", 5s);
  hour_sample s;
  s.hour = hours_;
  s.entities = static_cast<std::int64_t>(node_->living());
  s.heap_kib = (static_cast<std::int64_t>(mallinfo2().uordblks) - sqlite3_memory_used()) / 1024;
  s.tokens = db.integer("SELECT count(*) FROM token");
  s.places = db.integer("SELECT count(*) FROM queue");
  s.unpaid = db.integer("SELECT count(*) FROM booking WHERE confirmed_at IS NULL");
  s.unpaid_seats = db.integer("SELECT count(*) FROM reservation JOIN booking USING (booking_id) "
                              "WHERE confirmed_at IS NULL");
  s.refusals = db.integer("SELECT count(*) FROM payment WHERE status = 'REFUSED'");
  s.keys = db.integer("SELECT count(*) FROM idempotency_key");
  s.wal_kib = kib_of(file.string() + "-wal");
  s.lines = std::exchange(lines_, 0);
  s.paid = db.integer("SELECT count(*) FROM booking WHERE confirmed_at IS NOT NULL");
  s.entries = db.integer("SELECT count(*) FROM point_entry");
  s.file_kib = kib_of(file);
  return s;
}

std::vector<std::string> day::close_books() {
  node_.reset();
  std::vector<std::string> wrong;
  for (const auto& fault : persistence::audit_sqlite(directory_.path()).findings)
    wrong.push_back(fault.rule + ": " + fault.detail);
  return wrong;
}

} // namespace boxoffice::test
