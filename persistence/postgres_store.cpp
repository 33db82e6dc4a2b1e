#include "persistence/postgres_store.hpp"

#include "persistence/postgres_commits.hpp"
#include "persistence/table_reader.hpp"

#include <utility>

namespace boxoffice::persistence {

namespace {

class postgres_store final : public store {
public:
  explicit postgres_store(const postgres_options& options)
      : url_(options.url), commits_(options, feeder::itself, "") {
    last_ = commits_.settle_at_start().last;
  }

  commit_number commit(const domain::events& facts, domain::time_point now) override {
    while_serving([&] { commits_.commit(facts, last_, last_ + 1, now); });
    return ++last_;
  }
  commit_number probe() override {
    while_serving([this] { last_ = commits_.probe(); });
    return last_;
  }
  std::unique_ptr<reader> open_reader() override { return open_postgres_reader(url_); }

private:
  // What came back after a lost connection may not be what it was: to who commits, a failure.
  template <class Work>
  static void while_serving(Work work) {
    try {
      work();
    } catch (const open_failed& unfit) {
      throw store_failed(store_failed::reason::unavailable, unfit.what());
    }
  }

  std::string url_;
  postgres_commits commits_;
  commit_number last_ = 0;
};

// A read that a lost connection cut short is done again on a new one, once: it changes nothing.
class postgres_reader final : public reader {
public:
  explicit postgres_reader(std::string url) : url_(std::move(url)) { connect(); }

  image load_image() override {
    return ask([](reader& r) { return r.load_image(); });
  }
  unfinished_work find_unfinished() override {
    return ask([](reader& r) { return r.find_unfinished(); });
  }
  std::vector<domain::option_draft> load_drafts() override {
    return ask([](reader& r) { return r.load_drafts(); });
  }
  std::optional<domain::wallet> load_wallet(const domain::user_id& user) override {
    return ask([&](reader& r) { return r.load_wallet(user); });
  }
  std::optional<domain::queue> load_queue(domain::concert_id concert,
                                          domain::time_point now) override {
    return ask([&](reader& r) { return r.load_queue(concert, now); });
  }
  std::optional<domain::option_desk> load_desk(domain::option_id option) override {
    return ask([&](reader& r) { return r.load_desk(option); });
  }
  std::optional<domain::booking> load_booking(domain::booking_id booking) override {
    return ask([&](reader& r) { return r.load_booking(booking); });
  }
  std::optional<domain::seat> load_seat(domain::seat_id seat) override {
    return ask([&](reader& r) { return r.load_seat(seat); });
  }
  std::optional<token_owner> find_token(domain::token_key key) override {
    return ask([&](reader& r) { return r.find_token(key); });
  }
  domain::past find_past(const domain::past_bounds& bounds) override {
    return ask([&](reader& r) { return r.find_past(bounds); });
  }
  std::optional<domain::user_account> find_user(const domain::user_id& user) override {
    return ask([&](reader& r) { return r.find_user(user); });
  }
  std::optional<domain::wallet_entry> find_entry(const domain::user_id& user,
                                                 domain::entry_id entry) override {
    return ask([&](reader& r) { return r.find_entry(user, entry); });
  }
  std::optional<domain::page<domain::wallet_entry>>
  find_entries(const domain::user_id& user, const domain::page_bounds& bounds) override {
    return ask([&](reader& r) { return r.find_entries(user, bounds); });
  }
  std::optional<domain::page<domain::booking>>
  find_user_bookings(const domain::user_id& user, const domain::page_bounds& bounds) override {
    return ask([&](reader& r) { return r.find_user_bookings(user, bounds); });
  }
  domain::page<domain::booking> find_option_bookings(domain::option_id option,
                                                     const domain::page_bounds& bounds) override {
    return ask([&](reader& r) { return r.find_option_bookings(option, bounds); });
  }
  std::optional<domain::payment_record> find_payment(domain::booking_id booking) override {
    return ask([&](reader& r) { return r.find_payment(booking); });
  }
  domain::page<domain::audit_record> find_acts(const domain::page_bounds& bounds) override {
    return ask([&](reader& r) { return r.find_acts(bounds); });
  }
  bool is_in_use(const domain::user_id& user, domain::time_point now) override {
    return ask([&](reader& r) { return r.is_in_use(user, now); });
  }
  domain::kept_requests load_kept_requests(const domain::request_owner& owner,
                                           domain::time_point now) override {
    return ask([&](reader& r) { return r.load_kept_requests(owner, now); });
  }

private:
  void connect() {
    auto db = std::make_unique<postgres_connection>(url_);
    connection_ = db.get();
    tables_ = make_table_reader(std::move(db));
  }

  template <class Question>
  auto ask(Question question) -> decltype(question(std::declval<reader&>())) {
    const bool fresh = !tables_ || connection_->is_lost();
    if (fresh) connect();
    try {
      return question(*tables_);
    } catch (const store_failed&) {
      if (fresh || !connection_->is_lost()) throw;
    }
    connect();
    return question(*tables_);
  }

  std::string url_;
  std::unique_ptr<reader> tables_;
  const postgres_connection* connection_ = nullptr; // the tables_' own
};

} // namespace

std::unique_ptr<store> open_postgres_store(const postgres_options& options) {
  return std::make_unique<postgres_store>(options);
}

std::unique_ptr<reader> open_postgres_reader(const std::string& url) {
  return std::make_unique<postgres_reader>(url);
}

} // namespace boxoffice::persistence
