#include "persistence/sqlite_reader.hpp"

#include "persistence/sqlite_history.hpp"
#include "persistence/sqlite_requests.hpp"
#include "persistence/sqlite_schema.hpp"

#include <map>
#include <string>
#include <utility>

namespace boxoffice::persistence {

namespace {

domain::token_status to_token_status(std::string_view text) {
  if (text == "WAITING") return domain::token_status::waiting;
  if (text == "PROCESSING") return domain::token_status::processing;
  if (text == "EXPIRED") return domain::token_status::expired;
  fail_content("a token's status", text);
}

class sqlite_reader final : public reader {
public:
  explicit sqlite_reader(sqlite_connection db) : db_(std::move(db)) {}

  image load_image() override;
  unfinished_work find_unfinished() override;
  std::vector<domain::option_draft> load_drafts() override;
  std::optional<domain::wallet> load_wallet(const domain::user_id&) override;
  std::optional<domain::queue> load_queue(domain::concert_id, domain::time_point now) override;
  std::optional<domain::option_desk> load_desk(domain::option_id) override;
  std::optional<domain::booking> load_booking(domain::booking_id) override;
  std::optional<domain::seat> load_seat(domain::seat_id) override;
  std::optional<token_owner> find_token(domain::token_key) override;
  domain::kept_requests load_kept_requests(const domain::request_owner& owner,
                                           domain::time_point now) override {
    return requests_.load(owner, now);
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
  domain::catalogue load_catalogue();
  domain::concert_option read_option(const cursor&);
  domain::cancellation read_cancellation(const cursor&, domain::option_id);
  std::vector<domain::section> load_sections(domain::option_id);
  std::vector<taken_seat> load_taken();
  std::vector<live_token> load_tokens();
  domain::id_counters load_counters();
  void restore_tokens(domain::queue&, const std::string& concert_code, domain::time_point now);
  void restore_admissions(domain::queue&, const std::string& concert_code);
  void restore_override(domain::queue&);

  sqlite_connection db_;
  read_boundaries boundaries_{db_};
  booking_rows booking_rows_{db_};
  sqlite_history history_{db_};
  sqlite_request_reader requests_{db_};

  statement has_content_{db_, "SELECT EXISTS (SELECT 1 FROM users) OR "
                              "EXISTS (SELECT 1 FROM concert)"};
  statement concerts_{db_, "SELECT concert_id, name, created_at FROM concert"};
  statement options_{db_, "SELECT concert_option_id, concert_id, starts_at, venue, time_zone, "
                          "local_date, sales_open_at, sales_close_at FROM concert_option "
                          "WHERE published"};
  statement drafts_{db_, "SELECT concert_option_id, concert_id, starts_at, venue, time_zone, "
                         "local_date, sales_open_at, sales_close_at, (SELECT count(*) FROM seat s "
                         "WHERE s.concert_option_id = o.concert_option_id) "
                         "FROM concert_option o WHERE published = 0 ORDER BY concert_option_id"};
  statement has_drafts_{db_, "SELECT EXISTS (SELECT 1 FROM concert_option WHERE published = 0)"};
  statement cancellations_{db_, "SELECT concert_option_id, requested_at, bookings, completed_at "
                                "FROM option_cancellation"};
  statement live_bookings_{db_, "SELECT count(*) FROM booking WHERE concert_option_id = ? "
                                "AND status IN ('PENDING', 'PAYING', 'CONFIRMED', 'REFUNDING')"};
  statement sections_{db_, "SELECT name, first_seat_id, seats, price FROM section "
                           "WHERE concert_option_id = ? ORDER BY first_seat_id"};
  statement taken_{db_, "SELECT concert_option_id, seat_id, is_confirmed, booking_id "
                        "FROM reservation WHERE released_at IS NULL ORDER BY seat_id"};
  statement all_live_tokens_{db_, "SELECT token, CAST(concert_code AS INTEGER), status FROM token "
                                  "WHERE status <> 'EXPIRED'"};
  statement counter_{db_, "SELECT next FROM id_counter WHERE kind = ?"};
  statement meta_{db_, "SELECT last_commit, last_time, incarnation FROM store_meta"};

  statement unfinished_queues_{db_, "SELECT DISTINCT CAST(concert_code AS INTEGER) FROM token "
                                    "WHERE status <> 'EXPIRED' ORDER BY 1"};
  // Word for word the condition of the index booking_unfinished, without which it reads the table.
  statement unfinished_bookings_{
      db_, "SELECT booking_id FROM booking WHERE status IN ('PENDING', 'PAYING', 'REFUNDING') "
           "OR (status = 'CONFIRMED' AND settled = 0) ORDER BY booking_id"};

  statement unfinished_options_{db_, "SELECT concert_option_id FROM option_cancellation "
                                     "WHERE completed_at IS NULL ORDER BY concert_option_id"};

  statement wallet_{db_, "SELECT u.name, u.email, p.point_id, p.amount, p.last_charge_amount, "
                         "p.last_charge_at, u.created_at, u.erased_at FROM users u JOIN point p ON "
                         "p.user_id = u.user_id "
                         "WHERE u.user_id = ?"};
  statement payments_{db_, "SELECT payment_id, status FROM payment WHERE user_id = ?"};
  statement refunds_{db_, "SELECT booking_id FROM point_entry "
                          "WHERE user_id = ? AND kind = 'REFUND'"};

  statement concert_exists_{db_, "SELECT 1 FROM concert WHERE concert_id = ?"};
  statement queue_setting_{db_, "SELECT active_limit, admit_per_second, paused FROM queue_setting "
                                "WHERE concert_id = ?"};
  statement last_arrival_{db_, "SELECT max(position) FROM queue WHERE concert_id = ?"};
  statement live_tokens_{db_, "SELECT token, token_id, t.user_id, position, priority, status, "
                              "issued_at, admitted_at, expiration_time "
                              "FROM token t JOIN queue ON queue_id = token_id "
                              "WHERE concert_code = ? AND status <> 'EXPIRED'"};
  statement last_admission_{db_, "SELECT max(admitted_at) FROM token "
                                 "WHERE concert_code = ? AND admitted_at IS NOT NULL"};
  statement admissions_since_{db_, "SELECT admitted_at FROM token "
                                   "WHERE concert_code = ? AND admitted_at > ? "
                                   "AND status = 'EXPIRED'"};

  statement option_exists_{db_, "SELECT 1 FROM concert_option "
                                "WHERE concert_option_id = ? AND published"};
  statement desk_cancellation_{db_, "SELECT completed_at FROM option_cancellation "
                                    "WHERE concert_option_id = ?"};
  statement desk_bookings_{db_, "SELECT booking_id, user_id, status, total, "
                                "(SELECT count(*) FROM reservation r "
                                "WHERE r.booking_id = b.booking_id) "
                                "FROM booking b WHERE concert_option_id = ?"};
  statement booking_{
      db_, ("SELECT " + std::string(booking_rows::columns) + " FROM booking WHERE booking_id = ?")
               .c_str()};
  statement seat_exists_{db_, "SELECT 1 FROM seat WHERE seat_id = ?"};
  statement seat_holder_{db_, "SELECT booking_id, is_confirmed FROM reservation "
                              "WHERE seat_id = ? AND released_at IS NULL"};
  statement token_{db_, "SELECT user_id, CAST(concert_code AS INTEGER), status, priority, "
                        "issued_at, admitted_at, expiration_time FROM token WHERE token = ?"};
};

// --- the image

image sqlite_reader::load_image() {
  const read_transaction one_state(boundaries_);
  image whole;
  {
    auto row = has_content_.query();
    row.next();
    whole.empty = row.integer(0) == 0;
  }
  whole.catalogue = load_catalogue();
  whole.taken = load_taken();
  whole.tokens = load_tokens();
  whole.next_ids = load_counters();
  auto meta = meta_.query();
  meta.next();
  whole.last_commit = meta.integer(0);
  whole.last_time = meta.time(1);
  whole.incarnation = meta.text(2);
  return whole;
}

domain::cancellation sqlite_reader::read_cancellation(const cursor& row, domain::option_id option) {
  domain::cancellation c;
  c.requested_at = row.time(1);
  c.bookings = row.integer(2);
  if (!row.is_null(3)) {
    c.completed_at = row.time(3);
    return c;
  }
  auto live = live_bookings_.query(option);
  live.next();
  c.remaining = live.integer(0);
  return c;
}

domain::catalogue sqlite_reader::load_catalogue() {
  domain::catalogue all;
  std::map<domain::option_id, domain::cancellation> cancelled;
  for (auto row = cancellations_.query(); row.next();) {
    const auto option = row.id<domain::option_id>(0);
    cancelled.emplace(option, read_cancellation(row, option));
  }
  for (auto row = concerts_.query(); row.next();) {
    const auto id = row.id<domain::concert_id>(0);
    all.concerts[id] = {id, std::string(row.text(1)), row.time(2)};
  }
  for (auto row = options_.query(); row.next();) {
    auto option = std::make_shared<domain::concert_option>(read_option(row));
    if (const auto c = cancelled.find(option->id); c != cancelled.end())
      option->cancelled = c->second;
    all.options[option->id] = std::move(option);
  }
  return all;
}

domain::concert_option sqlite_reader::read_option(const cursor& row) {
  domain::concert_option option;
  option.id = row.id<domain::option_id>(0);
  option.concert = row.id<domain::concert_id>(1);
  option.starts_at = row.time(2);
  option.venue = row.text(3);
  option.time_zone = row.text(4);
  option.local_date = row.date(5);
  option.sales_open_at = row.time(6);
  option.sales_close_at = row.time(7);
  option.sections = load_sections(option.id);
  return option;
}

std::vector<domain::option_draft> sqlite_reader::load_drafts() {
  const read_transaction one_state(boundaries_);
  std::vector<domain::option_draft> drafts;
  for (auto row = drafts_.query(); row.next();)
    drafts.push_back({read_option(row), static_cast<int>(row.integer(8))});
  return drafts;
}

std::vector<domain::section> sqlite_reader::load_sections(domain::option_id option) {
  std::vector<domain::section> sections;
  for (auto row = sections_.query(option); row.next();)
    sections.push_back({std::string(row.text(0)), row.id<domain::seat_id>(1),
                        static_cast<int>(row.integer(2)), row.money(3)});
  return sections;
}

std::vector<taken_seat> sqlite_reader::load_taken() {
  std::vector<taken_seat> taken;
  for (auto row = taken_.query(); row.next();)
    taken.push_back({row.id<domain::option_id>(0), row.id<domain::seat_id>(1),
                     row.integer(2) != 0 ? domain::seat_status::sold : domain::seat_status::held,
                     row.id<domain::booking_id>(3)});
  return taken;
}

std::vector<live_token> sqlite_reader::load_tokens() {
  std::vector<live_token> tokens;
  for (auto row = all_live_tokens_.query(); row.next();)
    tokens.push_back({row.token(0), row.id<domain::concert_id>(1), to_token_status(row.text(2))});
  return tokens;
}

domain::id_counters sqlite_reader::load_counters() {
  domain::id_counters next{};
  for (std::size_t kind = 0; kind < domain::id_kinds; ++kind) {
    auto row = counter_.query(to_string(static_cast<domain::id_kind>(kind)));
    if (!row.next()) fail_content("a counter of ids", "nothing");
    next[kind] = row.integer(0);
  }
  return next;
}

unfinished_work sqlite_reader::find_unfinished() {
  const read_transaction one_state(boundaries_);
  unfinished_work work;
  for (auto row = unfinished_queues_.query(); row.next();)
    work.queues.push_back(row.id<domain::concert_id>(0));
  for (auto row = unfinished_bookings_.query(); row.next();)
    work.bookings.push_back(row.id<domain::booking_id>(0));
  auto drafts = has_drafts_.query();
  drafts.next();
  work.drafts = drafts.integer(0) != 0;
  for (auto row = unfinished_options_.query(); row.next();)
    work.options.push_back(row.id<domain::option_id>(0));
  return work;
}

// --- the wallet

std::optional<domain::wallet> sqlite_reader::load_wallet(const domain::user_id& user) {
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
  for (auto payment = payments_.query(user); payment.next();)
    wallet.payments[payment.id<domain::payment_id>(0)] = payment.text(1) == "DEBITED";
  for (auto refund = refunds_.query(user); refund.next();)
    wallet.refunded.insert(refund.id<domain::booking_id>(0));
  return wallet;
}

// --- the queue

std::optional<domain::queue> sqlite_reader::load_queue(domain::concert_id concert,
                                                       domain::time_point now) {
  const read_transaction one_state(boundaries_);
  if (auto found = concert_exists_.query(concert); !found.next()) return std::nullopt;
  domain::queue queue(concert);
  const auto concert_code = std::to_string(concert.value);
  restore_tokens(queue, concert_code, now);
  restore_admissions(queue, concert_code);
  restore_override(queue);
  auto last = last_arrival_.query(concert);
  last.next();
  queue.restore_arrivals(last.integer(0)); // 0 when nobody ever came
  return queue;
}

void sqlite_reader::restore_tokens(domain::queue& queue, const std::string& concert_code,
                                   domain::time_point now) {
  for (auto row = live_tokens_.query(concert_code); row.next();) {
    domain::token t;
    t.key = row.token(0);
    t.row = row.id<domain::token_id>(1);
    t.user = row.user(2);
    t.arrival = row.integer(3);
    t.priority = static_cast<std::int32_t>(row.integer(4));
    t.status = to_token_status(row.text(5));
    t.issued_at = row.time(6);
    if (t.status == domain::token_status::waiting) {
      t.last_polled = now;
    } else {
      t.last_polled = t.issued_at;
      t.admitted_at = row.time(7);
      t.expires_at = row.time(8);
    }
    queue.restore(t);
  }
}

// The rate counts admissions whose tokens have died since as well.
void sqlite_reader::restore_admissions(domain::queue& queue, const std::string& concert_code) {
  auto last = last_admission_.query(concert_code);
  last.next();
  if (last.is_null(0)) return;
  const auto window_begin = last.time(0) - std::chrono::seconds(1);
  for (auto row = admissions_since_.query(concert_code, window_begin); row.next();) {
    domain::token t;
    t.status = domain::token_status::expired;
    t.admitted_at = row.time(0);
    queue.restore(t);
  }
}

void sqlite_reader::restore_override(domain::queue& queue) {
  auto row = queue_setting_.query(queue.concert());
  if (!row.next()) return;
  const auto limit = [&row](int column) {
    return row.is_null(column) ? std::nullopt
                               : std::optional(static_cast<std::size_t>(row.integer(column)));
  };
  queue.restore_override({limit(0), limit(1), row.integer(2) != 0});
}

// --- booking, desk, seat, token

std::optional<domain::option_desk> sqlite_reader::load_desk(domain::option_id option) {
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
    desk.note(b);
  }
  return desk;
}

std::optional<domain::booking> sqlite_reader::load_booking(domain::booking_id id) {
  const read_transaction one_state(boundaries_);
  auto row = booking_.query(id);
  if (!row.next()) return std::nullopt;
  return booking_rows_.take(row);
}

std::optional<domain::seat> sqlite_reader::load_seat(domain::seat_id id) {
  const read_transaction one_state(boundaries_);
  if (auto found = seat_exists_.query(id); !found.next()) return std::nullopt;
  domain::seat seat;
  if (auto held = seat_holder_.query(id); held.next()) {
    seat.holder = held.id<domain::booking_id>(0);
    seat.status = held.integer(1) != 0 ? domain::seat_status::sold : domain::seat_status::held;
  }
  return seat;
}

std::optional<token_owner> sqlite_reader::find_token(domain::token_key key) {
  auto row = token_.query(key);
  if (!row.next()) return std::nullopt;
  token_owner found;
  found.user = row.user(0);
  found.concert = row.id<domain::concert_id>(1);
  found.status = to_token_status(row.text(2));
  found.priority = static_cast<std::int32_t>(row.integer(3));
  found.issued_at = row.time(4);
  if (!row.is_null(5)) found.admitted_at = row.time(5);
  found.expires_at = row.time(6);
  return found;
}

// --- what clients ask for

std::optional<domain::user_account> sqlite_reader::find_user(const domain::user_id& user) {
  return history_.find_user(user);
}

std::optional<domain::wallet_entry> sqlite_reader::find_entry(const domain::user_id& user,
                                                              domain::entry_id entry) {
  return history_.find_entry(user, entry);
}

std::optional<domain::page<domain::wallet_entry>>
sqlite_reader::find_entries(const domain::user_id& user, const domain::page_bounds& bounds) {
  const read_transaction one_state(boundaries_);
  if (!history_.find_user(user)) return std::nullopt;
  return history_.find_entries(user, bounds);
}

std::optional<domain::page<domain::booking>>
sqlite_reader::find_user_bookings(const domain::user_id& user, const domain::page_bounds& bounds) {
  const read_transaction one_state(boundaries_);
  if (!history_.find_user(user)) return std::nullopt;
  return history_.find_user_bookings(user, bounds);
}

domain::page<domain::booking>
sqlite_reader::find_option_bookings(domain::option_id option, const domain::page_bounds& bounds) {
  const read_transaction one_state(boundaries_);
  return history_.find_option_bookings(option, bounds);
}

std::optional<domain::payment_record> sqlite_reader::find_payment(domain::booking_id booking) {
  return history_.find_payment(booking);
}

domain::page<domain::audit_record> sqlite_reader::find_acts(const domain::page_bounds& bounds) {
  return history_.find_acts(bounds);
}

bool sqlite_reader::is_in_use(const domain::user_id& user, domain::time_point now) {
  const read_transaction one_state(boundaries_);
  return history_.is_in_use(user, now);
}

} // namespace

std::unique_ptr<reader> make_sqlite_reader(sqlite_connection db) {
  return std::make_unique<sqlite_reader>(std::move(db));
}

} // namespace boxoffice::persistence
