#include "persistence/tables.hpp"

namespace boxoffice::persistence {

namespace {

using of = column::of;

// Of all columns only this one is kept otherwise in PostgreSQL.
bool is_in_points(const table& t, const table_column& c) {
  return t.name == std::string("point") && c.name == std::string("amount");
}

template <class Expression>
std::string join(const std::vector<table_column>& columns, Expression expression) {
  std::string out;
  for (const auto& c : columns) {
    if (!out.empty()) out += ", ";
    out += expression(c);
  }
  return out;
}

std::vector<table> make_tables() {
  constexpr auto number = of::integers, small = of::integers_32, text = of::texts, time = of::times,
                 date = of::dates, yes_no = of::booleans, token = of::tokens;
  return {
      {"users",
       {{"user_id", text},
        {"name", text},
        {"email", text},
        {"created_at", time},
        {"erased_at", time}}},
      {"concert", {{"concert_id", number}, {"name", text}, {"date", date}, {"created_at", time}}},
      {"concert_option",
       {{"concert_option_id", number},
        {"concert_id", number},
        {"starts_at", time},
        {"venue", text},
        {"time_zone", text},
        {"local_date", date},
        {"sales_open_at", time},
        {"sales_close_at", time},
        {"published", yes_no}}},
      {"option_cancellation",
       {{"concert_option_id", number},
        {"requested_at", time},
        {"bookings", number},
        {"completed_at", time}}},
      {"section",
       {{"concert_option_id", number},
        {"name", text},
        {"first_seat_id", number},
        {"seats", small},
        {"price", number}},
       2},
      {"seat",
       {{"seat_id", number},
        {"concert_id", number},
        {"seat_number", small},
        {"is_reserved", yes_no},
        {"concert_option_id", number},
        {"section", text},
        {"price", number}}},
      {"token",
       {{"token_id", number},
        {"user_id", text},
        {"concert_code", text},
        {"expiration_time", time},
        {"token", token},
        {"status", text},
        {"priority", small},
        {"issued_at", time},
        {"admitted_at", time}}},
      {"queue",
       {{"queue_id", number},
        {"user_id", text},
        {"concert_id", number},
        {"queue_time", time},
        {"position", number}}},
      {"queue_setting",
       {{"concert_id", number},
        {"active_limit", number},
        {"admit_per_second", number},
        {"paused", yes_no},
        {"changed_at", time}}},
      {"booking",
       {{"booking_id", number},
        {"concert_option_id", number},
        {"concert_id", number},
        {"user_id", text},
        {"token", token},
        {"total", number},
        {"created_at", time},
        {"expires_at", time},
        {"status", text},
        {"payment_id", number},
        {"paid_with_token", token},
        {"confirmed_at", time},
        {"settled", yes_no}}},
      {"reservation",
       {{"reservation_id", number},
        {"concert_option_id", number},
        {"user_id", text},
        {"seat_id", number},
        {"reservation_time", time},
        {"is_confirmed", yes_no},
        {"booking_id", number},
        {"price", number},
        {"released_at", time}}},
      {"temp_reservation",
       {{"temp_reservation_id", number},
        {"user_id", text},
        {"seat_id", number},
        {"temp_reservation_time", time},
        {"expiration_time", time},
        {"booking_id", number}}},
      {"point",
       {{"point_id", number},
        {"user_id", text},
        {"amount", number},
        {"last_charge_amount", number},
        {"last_charge_at", time}}},
      {"point_entry",
       {{"entry_id", number},
        {"user_id", text},
        {"kind", text},
        {"amount", number},
        {"balance_after", number},
        {"payment_id", number},
        {"booking_id", number},
        {"reason", text},
        {"created_at", time}}},
      {"payment",
       {{"payment_id", number},
        {"user_id", text},
        {"booking_id", number},
        {"amount", number},
        {"status", text},
        {"created_at", time}}},
      {"audit_log",
       {{"audit_id", number}, {"at", time}, {"act", text}, {"subject", text}, {"reason", text}}},
      {"idempotency_key",
       {{"owner", text},
        {"route", text},
        {"actor", text},
        {"key", text},
        {"fingerprint", text},
        {"detail", text},
        {"booking_id", number},
        {"status", small},
        {"body", text},
        {"location", text},
        {"created_at", time},
        {"expires_at", time}},
       4},
      {"id_counter", {{"kind", text}, {"next", number}}},
  };
}

} // namespace

std::string table::column_names() const {
  return join(columns, [](const table_column& c) { return std::string(c.name); });
}

std::string table::from_postgres() const {
  return join(columns, [this](const table_column& c) {
    return std::string(is_in_points(*this, c) ? "(amount * 100)::bigint" : c.name);
  });
}

std::string table::into_postgres() const {
  return join(columns, [this](const table_column& c) {
    return std::string(is_in_points(*this, c) ? "amount::numeric / 100" : c.name);
  });
}

const std::vector<table>& all_tables() {
  static const auto tables = make_tables();
  return tables;
}

} // namespace boxoffice::persistence
