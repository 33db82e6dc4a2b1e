// The simulated store's tables: the rows that the log's facts led to, in memory. Private to this
// room.
//
// They are the embedded store's tables as far as a reader can tell, and refuse what its constraints
// refuse. They are written and read by code of their own: the rules' evolve() would hide its own
// faults. Nothing that is iterated is ordered by addresses or hashes, so that a run can be
// repeated. A fact costs the logarithm of a table, a read the size of its entity.
#pragma once

#include "persistence/store.hpp"
#include "sim/request_table.hpp"

#include <cstddef>
#include <map>
#include <memory>
#include <set>
#include <vector>

namespace boxoffice::sim {

class tables {
public:
  tables() { next_ids_.fill(1); }
  // Rows point to each other.
  tables(const tables&) = delete;
  tables& operator=(const tables&) = delete;
  tables(tables&&) = default;
  tables& operator=(tables&&) = default;

  // What one fact changes. Throws store_failed, refused, when it contradicts the rows; they may
  // then be changed in part and are of no further use.
  void apply(const domain::event&);
  // All facts of this commit are applied.
  void end_commit(persistence::commit_number, domain::time_point now);

  // As persistence::reader's functions of these names; they never throw.
  persistence::image load_image() const;
  persistence::unfinished_work find_unfinished() const;
  std::vector<domain::option_draft> load_drafts() const;
  std::optional<domain::wallet> load_wallet(const domain::user_id&) const;
  std::optional<domain::queue> load_queue(domain::concert_id, domain::time_point now) const;
  std::optional<domain::option_desk> load_desk(domain::option_id) const;
  std::optional<domain::booking> load_booking(domain::booking_id) const;
  std::optional<domain::seat> load_seat(domain::seat_id) const;
  std::optional<persistence::token_owner> find_token(domain::token_key) const;
  domain::past find_past(const domain::past_bounds&) const;
  std::optional<domain::user_account> find_user(const domain::user_id&) const;
  std::optional<domain::wallet_entry> find_entry(const domain::user_id&, domain::entry_id) const;
  std::optional<domain::page<domain::wallet_entry>> find_entries(const domain::user_id&,
                                                                 const domain::page_bounds&) const;
  std::optional<domain::page<domain::booking>> find_user_bookings(const domain::user_id&,
                                                                  const domain::page_bounds&) const;
  domain::page<domain::booking> find_option_bookings(domain::option_id,
                                                     const domain::page_bounds&) const;
  std::optional<domain::payment_record> find_payment(domain::booking_id) const;
  domain::page<domain::audit_record> find_acts(const domain::page_bounds&) const;
  bool is_in_use(const domain::user_id&, domain::time_point now) const;
  domain::kept_requests load_kept_requests(const domain::request_owner& owner,
                                           domain::time_point now) const {
    return requests_.load(owner, now);
  }

  persistence::commit_number last_commit() const { return last_commit_; }
  domain::time_point last_time() const { return last_time_; } // of that one

private:
  struct change; // one fact's

  // A token of any status. expires_at is the embedded store's expiration_time: of a waiting one
  // as of its issue, of an expired one when it died.
  struct token_row {
    domain::token what;
    domain::concert_id concert;
  };
  struct concert_row {
    domain::concert what;
    std::map<std::int64_t, const token_row*> by_arrival; // every token there was
    std::map<domain::user_id, const token_row*> live;
    std::multimap<domain::time_point, const token_row*> admissions; // of all times
    domain::queue_override set;
  };
  struct option_row {
    std::shared_ptr<const domain::concert_option> what;
    std::vector<const domain::booking*> bookings;  // of every status
    std::optional<domain::cancellation> cancelled; // `remaining` is counted when it is read
    bool published = true;
  };
  struct seat_row {
    domain::seat_status status = domain::seat_status::free;
    domain::booking_id holder;
  };
  struct section_row {
    domain::option_id option;
    domain::section what;
    std::vector<seat_row> seats; // what.first_seat and those that follow
  };
  struct seat_place {
    const section_row* section = nullptr; // none: there is no such seat
    std::size_t index = 0;
  };

  seat_place find_seat(domain::seat_id) const;
  bool is_named(domain::token_key) const; // by a booking that is unfinished
  static std::int64_t live_bookings(const option_row&);
  static std::shared_ptr<const domain::concert_option> as_it_stands(const option_row&);

  std::map<domain::user_id, domain::wallet> wallets_;
  std::map<domain::concert_id, concert_row> concerts_;
  std::map<domain::option_id, option_row> options_;
  std::map<domain::seat_id, section_row> sections_; // by their first seats
  std::map<domain::token_key, token_row> tokens_;
  std::map<domain::booking_id, domain::booking> bookings_;
  std::set<domain::booking_id> unfinished_; // something is left to do for them
  std::map<std::pair<domain::time_point, domain::token_id>, const token_row*> dead_;
  std::set<std::pair<domain::time_point, domain::booking_id>> unpaid_; // over, and never paid
  std::map<domain::entry_id, domain::wallet_entry> entries_;
  std::map<domain::user_id, std::set<domain::entry_id>> entries_of_;
  std::map<domain::user_id, std::set<domain::booking_id>> bookings_of_;
  std::map<domain::booking_id, domain::payment_record> debits_; // a booking is paid once
  std::vector<domain::audit_record> acts_;
  request_table requests_;

  // Keys of rows that no reader is given.
  std::set<domain::point_id> points_;
  std::set<domain::token_id> token_rows_;
  std::set<domain::reservation_id> reservations_;
  std::set<domain::payment_id> payments_;
  std::set<domain::booking_id> refunded_; // a booking is paid back once

  domain::id_counters next_ids_{};
  persistence::commit_number last_commit_ = 0;
  domain::time_point last_time_;
};

} // namespace boxoffice::sim
