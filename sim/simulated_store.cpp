#include "sim/simulated_store.hpp"

#include <utility>

namespace boxoffice::sim {

namespace {

class simulated_reader final : public persistence::reader {
public:
  simulated_reader(std::shared_ptr<medium> on, session_number session)
      : medium_(std::move(on)), session_(session) {}

  persistence::image load_image() override { return medium_->read_whole(session_).load_image(); }
  persistence::unfinished_work find_unfinished() override {
    return medium_->read_entity(session_).find_unfinished();
  }
  std::optional<domain::wallet> load_wallet(const domain::user_id& user) override {
    return medium_->read_entity(session_).load_wallet(user);
  }
  std::optional<domain::queue> load_queue(domain::concert_id id, domain::time_point now) override {
    return medium_->read_entity(session_).load_queue(id, now);
  }
  std::optional<domain::option_desk> load_desk(domain::option_id id) override {
    return medium_->read_entity(session_).load_desk(id);
  }
  std::optional<domain::booking> load_booking(domain::booking_id id) override {
    return medium_->read_entity(session_).load_booking(id);
  }
  std::optional<domain::seat> load_seat(domain::seat_id id) override {
    return medium_->read_entity(session_).load_seat(id);
  }
  std::optional<persistence::token_owner> find_token(domain::token_key key) override {
    return medium_->read_entity(session_).find_token(key);
  }

private:
  std::shared_ptr<medium> medium_;
  session_number session_;
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
    return std::make_unique<simulated_reader>(medium_, session_);
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

} // namespace boxoffice::sim
