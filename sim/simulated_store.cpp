#include "sim/simulated_store.hpp"

#include <utility>

namespace boxoffice::sim {

namespace {

// What the disk holds, while the session lasts.
struct of_a_session {
  std::shared_ptr<medium> on;
  session_number session;

  const tables& read_whole() const { return on->read_whole(session); }
  const tables& read_entity() const { return on->read_entity(session); }
};

// Whatever becomes of them.
struct of_these_tables {
  const tables& rows;

  const tables& read_whole() const { return rows; }
  const tables& read_entity() const { return rows; }
};

template <class Source>
class simulated_reader final : public persistence::reader {
public:
  explicit simulated_reader(Source from) : from_(std::move(from)) {}

  persistence::image load_image() override { return from_.read_whole().load_image(); }
  persistence::unfinished_work find_unfinished() override {
    return from_.read_entity().find_unfinished();
  }
  std::vector<domain::option_draft> load_drafts() override {
    return from_.read_entity().load_drafts();
  }
  std::optional<domain::wallet> load_wallet(const domain::user_id& user) override {
    return from_.read_entity().load_wallet(user);
  }
  std::optional<domain::queue> load_queue(domain::concert_id id, domain::time_point now) override {
    return from_.read_entity().load_queue(id, now);
  }
  std::optional<domain::option_desk> load_desk(domain::option_id id) override {
    return from_.read_entity().load_desk(id);
  }
  std::optional<domain::booking> load_booking(domain::booking_id id) override {
    return from_.read_entity().load_booking(id);
  }
  std::optional<domain::seat> load_seat(domain::seat_id id) override {
    return from_.read_entity().load_seat(id);
  }
  std::optional<persistence::token_owner> find_token(domain::token_key key) override {
    return from_.read_entity().find_token(key);
  }
  domain::past find_past(const domain::past_bounds& bounds) override {
    return from_.read_entity().find_past(bounds);
  }
  std::optional<domain::user_account> find_user(const domain::user_id& user) override {
    return from_.read_entity().find_user(user);
  }
  std::optional<domain::wallet_entry> find_entry(const domain::user_id& user,
                                                 domain::entry_id entry) override {
    return from_.read_entity().find_entry(user, entry);
  }
  std::optional<domain::page<domain::wallet_entry>>
  find_entries(const domain::user_id& user, const domain::page_bounds& bounds) override {
    return from_.read_entity().find_entries(user, bounds);
  }
  std::optional<domain::page<domain::booking>>
  find_user_bookings(const domain::user_id& user, const domain::page_bounds& bounds) override {
    return from_.read_entity().find_user_bookings(user, bounds);
  }
  domain::page<domain::booking> find_option_bookings(domain::option_id option,
                                                     const domain::page_bounds& bounds) override {
    return from_.read_entity().find_option_bookings(option, bounds);
  }
  std::optional<domain::payment_record> find_payment(domain::booking_id booking) override {
    return from_.read_entity().find_payment(booking);
  }
  domain::page<domain::audit_record> find_acts(const domain::page_bounds& bounds) override {
    return from_.read_entity().find_acts(bounds);
  }
  bool is_in_use(const domain::user_id& user, domain::time_point now) override {
    return from_.read_entity().is_in_use(user, now);
  }
  domain::kept_requests load_kept_requests(const domain::request_owner& owner,
                                           domain::time_point now) override {
    return from_.read_entity().load_kept_requests(owner, now);
  }

private:
  Source from_;
};

class simulated_store final : public persistence::store {
public:
  simulated_store(std::shared_ptr<medium> on, session_number session)
      : medium_(std::move(on)), session_(session) {}

  persistence::commit_number commit(const domain::events& facts, domain::time_point now) override {
    return medium_->commit(session_, facts, now);
  }
  persistence::commit_number probe() override { return medium_->probe(session_); }
  std::unique_ptr<persistence::reader> open_reader() override {
    medium_->read_whole(session_); // throws when the session is over
    return std::make_unique<simulated_reader<of_a_session>>(of_a_session{medium_, session_});
  }

private:
  std::shared_ptr<medium> medium_;
  session_number session_;
};

} // namespace

std::unique_ptr<persistence::store> make_simulated_store(std::shared_ptr<medium> on,
                                                         session_number session) {
  return std::make_unique<simulated_store>(std::move(on), session);
}

std::unique_ptr<persistence::reader> make_simulated_reader(const tables& rows) {
  return std::make_unique<simulated_reader<of_these_tables>>(of_these_tables{rows});
}

} // namespace boxoffice::sim
