#include "persistence/table_reader.hpp"

#include "persistence/catalogue_rows.hpp"
#include "persistence/history_rows.hpp"
#include "persistence/id_kind_name.hpp"
#include "persistence/past_rows.hpp"
#include "persistence/queue_rows.hpp"
#include "persistence/request_rows.hpp"

#include <string>
#include <utility>

namespace boxoffice::persistence {

namespace {

class table_reader final : public reader {
public:
  explicit table_reader(std::unique_ptr<const sql_connection> db) : db_(std::move(db)) {}

  image load_image() override;
  unfinished_work find_unfinished() override;
  std::vector<domain::option_draft> load_drafts() override {
    const read_transaction one_state(boundaries_);
    return catalogue_.load_drafts();
  }
  std::optional<domain::wallet> load_wallet(const domain::user_id&) override;
  std::optional<domain::queue> load_queue(domain::concert_id concert,
                                          domain::time_point now) override {
    const read_transaction one_state(boundaries_);
    return queues_.load(concert, now);
  }
  std::optional<domain::option_desk> load_desk(domain::option_id) override;
  std::optional<domain::booking> load_booking(domain::booking_id) override;
  std::optional<domain::seat> load_seat(domain::seat_id) override;
  std::optional<token_owner> find_token(domain::token_key key) override {
    return queues_.find_token(key);
  }
  domain::kept_requests load_kept_requests(const domain::request_owner& owner,
                                           domain::time_point now) override {
    return requests_.load(owner, now);
  }

  domain::past find_past(const domain::past_bounds& bounds) override {
    const read_transaction one_state(boundaries_);
    return past_.find(bounds);
  }

  std::optional<domain::user_account> find_user(const domain::user_id&) override;
  std::optional<domain::wallet_entry> find_entry(const domain::user_id&, domain::entry_id) override;
  std::optional<domain::page<domain::wallet_entry>>
  find_entries(const domain::user_id&, const domain::page_bounds&) override;
  std::optional<domain::page<domain::booking>>
  find_user_bookings(const domain::user_id&, const domain::page_bounds&) override;
  domain::page<domain::booking> find_option_bookings(domain::option_id,
                                                     const domain::page_bounds&) override;
  std::optional<domain::payment_record> find_payment(domain::booking_id) override;
  domain::page<domain::audit_record> find_acts(const domain::page_bounds&) override;
  bool is_in_use(const domain::user_id&, domain::time_point now) override;

private:
  std::vector<taken_seat> load_taken();
  domain::id_counters load_counters();

  std::unique_ptr<const sql_connection> db_;
  read_boundaries boundaries_{*db_};
  booking_rows booking_rows_{*db_};
  catalogue_rows catalogue_{*db_};
  queue_rows queues_{*db_};
  history_rows history_{*db_};
  request_rows requests_{*db_};
  past_rows past_{*db_};

  statement has_content_{*db_, "SELECT EXISTS (SELECT 1 FROM users) OR "
                               "EXISTS (SELECT 1 FROM concert)"};
  statement taken_{db_->prepare_long("SELECT concert_option_id, seat_id, is_confirmed, booking_id "
                                     "FROM reservation WHERE released_at IS NULL "
                                     "ORDER BY seat_id")};
  statement counter_{*db_, "SELECT next FROM id_counter WHERE kind = ?"};
  statement meta_{*db_, "SELECT last_commit, last_time, incarnation FROM store_meta"};

  // Word for word the condition of the index booking_unfinished, without which it reads the table.
  statement unfinished_bookings_{
      *db_, "SELECT booking_id FROM booking WHERE status IN ('PENDING', 'PAYING', 'REFUNDING') "
            "OR (status = 'CONFIRMED' AND NOT settled) ORDER BY booking_id"};

  statement unfinished_options_{*db_, "SELECT concert_option_id FROM option_cancellation "
                                      "WHERE completed_at IS NULL ORDER BY concert_option_id"};

  statement wallet_{*db_, "SELECT u.name, u.email, w.point_id, w.balance, w.last_charge_amount, "
                          "w.last_charge_at, u.created_at, u.erased_at FROM users u JOIN wallet w "
                          "ON w.user_id = u.user_id "
                          "WHERE u.user_id = ?"};
  statement payments_{*db_, "SELECT status, payment_id, booking_id FROM payment "
                            "WHERE user_id = ?"};
  statement refunds_{*db_, "SELECT booking_id FROM point_entry "
                           "WHERE user_id = ? AND kind = 'REFUND'"};

  statement option_exists_{*db_, "SELECT 1 FROM concert_option "
                                 "WHERE concert_option_id = ? AND published"};
  statement desk_cancellation_{*db_, "SELECT completed_at FROM option_cancellation "
                                     "WHERE concert_option_id = ?"};
  statement desk_bookings_{*db_, "SELECT booking_id, user_id, status, total, "
                                 "(SELECT count(*) FROM reservation r "
                                 "WHERE r.booking_id = b.booking_id), expires_at, confirmed_at "
                                 "FROM booking b WHERE concert_option_id = ?"};
  statement booking_{
      *db_, ("SELECT " + std::string(booking_rows::columns) + " FROM booking WHERE booking_id = ?")
                .c_str()};
  statement seat_exists_{*db_, "SELECT 1 FROM seat WHERE seat_id = ?"};
  statement seat_holder_{*db_, "SELECT booking_id, is_confirmed FROM reservation "
                               "WHERE seat_id = ? AND released_at IS NULL"};
};

// --- the image

image table_reader::load_image() {
  const read_transaction one_state(boundaries_);
  image whole;
  {
    auto row = has_content_.query();
    row.next();
    whole.empty = row.integer(0) == 0;
  }
  whole.catalogue = catalogue_.load();
  whole.taken = load_taken();
  whole.tokens = queues_.load_live_tokens();
  whole.next_ids = load_counters();
  auto meta = meta_.query();
  meta.next();
  whole.last_commit = meta.integer(0);
  whole.last_time = meta.time(1);
  whole.incarnation = meta.text(2);
  return whole;
}

std::vector<taken_seat> table_reader::load_taken() {
  std::vector<taken_seat> taken;
  for (auto row = taken_.query(); row.next();)
    taken.push_back({row.id<domain::option_id>(0), row.id<domain::seat_id>(1),
                     row.integer(2) != 0 ? domain::seat_status::sold : domain::seat_status::held,
                     row.id<domain::booking_id>(3)});
  return taken;
}

domain::id_counters table_reader::load_counters() {
  domain::id_counters next{};
  for (std::size_t kind = 0; kind < domain::id_kinds; ++kind) {
    auto row = counter_.query(to_string(static_cast<domain::id_kind>(kind)));
    if (!row.next()) fail_content("a counter of ids", "nothing");
    next[kind] = row.integer(0);
  }
  return next;
}

unfinished_work table_reader::find_unfinished() {
  const read_transaction one_state(boundaries_);
  unfinished_work work;
  work.queues = queues_.find_unfinished();
  for (auto row = unfinished_bookings_.query(); row.next();)
    work.bookings.push_back(row.id<domain::booking_id>(0));
  work.drafts = catalogue_.has_drafts();
  for (auto row = unfinished_options_.query(); row.next();)
    work.options.push_back(row.id<domain::option_id>(0));
  return work;
}

// --- the wallet

std::optional<domain::wallet> table_reader::load_wallet(const domain::user_id& user) {
  const read_transaction one_state(boundaries_);
  auto row = wallet_.query(user);
  if (!row.next()) return std::nullopt;
  domain::wallet wallet;
  wallet.owner = {user, std::string(row.text(0)), std::string(row.text(1))};
  wallet.id = row.id<domain::point_id>(2);
  wallet.balance = row.money(3);
  if (!row.is_null(4)) wallet.last_unkeyed_charge = {row.money(4), row.time(5)};
  wallet.created_at = row.time(6);
  wallet.erased = !row.is_null(7);
  for (auto word = payments_.query(user); word.next();) {
    const auto payment = word.id<domain::payment_id>(1);
    if (word.text(0) == "DEBITED")
      wallet.debited.insert(payment);
    else
      wallet.refused.emplace(word.id<domain::booking_id>(2), payment);
  }
  for (auto refund = refunds_.query(user); refund.next();)
    wallet.refunded.insert(refund.id<domain::booking_id>(0));
  return wallet;
}

// --- booking, desk, seat

std::optional<domain::option_desk> table_reader::load_desk(domain::option_id option) {
  const read_transaction one_state(boundaries_);
  if (auto found = option_exists_.query(option); !found.next()) return std::nullopt;
  domain::option_desk desk;
  if (auto cancelled = desk_cancellation_.query(option); cancelled.next()) {
    desk.cancelled = true;
    desk.wound_up = !cancelled.is_null(0);
  }
  for (auto row = desk_bookings_.query(option); row.next();) {
    domain::booking b; // as much of it as the desk takes note of
    b.id = row.id<domain::booking_id>(0);
    b.user = row.user(1);
    b.status = to_booking_status(row.text(2));
    b.total = row.money(3);
    b.seats.resize(static_cast<std::size_t>(row.integer(4)));
    const bool is_over = b.status == domain::booking_status::expired ||
                         b.status == domain::booking_status::cancelled;
    if (is_over) { // of one that lives the desk needs no times, whatever its row says of them
      b.expires_at = row.time(5);
      if (!row.is_null(6)) b.confirmed_at = row.time(6);
    }
    desk.note(b);
  }
  return desk;
}

std::optional<domain::booking> table_reader::load_booking(domain::booking_id id) {
  const read_transaction one_state(boundaries_);
  auto row = booking_.query(id);
  if (!row.next()) return std::nullopt;
  return booking_rows_.take(row);
}

std::optional<domain::seat> table_reader::load_seat(domain::seat_id id) {
  const read_transaction one_state(boundaries_);
  if (auto found = seat_exists_.query(id); !found.next()) return std::nullopt;
  domain::seat seat;
  if (auto held = seat_holder_.query(id); held.next()) {
    seat.holder = held.id<domain::booking_id>(0);
    seat.status = held.integer(1) != 0 ? domain::seat_status::sold : domain::seat_status::held;
  }
  return seat;
}

// --- what clients ask for

std::optional<domain::user_account> table_reader::find_user(const domain::user_id& user) {
  return history_.find_user(user);
}

std::optional<domain::wallet_entry> table_reader::find_entry(const domain::user_id& user,
                                                             domain::entry_id entry) {
  return history_.find_entry(user, entry);
}

std::optional<domain::page<domain::wallet_entry>>
table_reader::find_entries(const domain::user_id& user, const domain::page_bounds& bounds) {
  const read_transaction one_state(boundaries_);
  if (!history_.find_user(user)) return std::nullopt;
  return history_.find_entries(user, bounds);
}

std::optional<domain::page<domain::booking>>
table_reader::find_user_bookings(const domain::user_id& user, const domain::page_bounds& bounds) {
  const read_transaction one_state(boundaries_);
  if (!history_.find_user(user)) return std::nullopt;
  return history_.find_user_bookings(user, bounds);
}

domain::page<domain::booking>
table_reader::find_option_bookings(domain::option_id option, const domain::page_bounds& bounds) {
  const read_transaction one_state(boundaries_);
  return history_.find_option_bookings(option, bounds);
}

std::optional<domain::payment_record> table_reader::find_payment(domain::booking_id booking) {
  return history_.find_payment(booking);
}

domain::page<domain::audit_record> table_reader::find_acts(const domain::page_bounds& bounds) {
  return history_.find_acts(bounds);
}

bool table_reader::is_in_use(const domain::user_id& user, domain::time_point now) {
  const read_transaction one_state(boundaries_);
  return history_.is_in_use(user, now);
}

} // namespace

std::unique_ptr<reader> make_table_reader(std::unique_ptr<const sql_connection> db) {
  return std::make_unique<table_reader>(std::move(db));
}

} // namespace boxoffice::persistence
