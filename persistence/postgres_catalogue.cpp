#include "persistence/postgres_catalogue.hpp"

#include "persistence/refusals.hpp"

namespace boxoffice::persistence {

namespace {

const char* boolean(bool b) { return b ? "true" : "false"; }

} // namespace

void postgres_catalogue::write(const domain::user_changed& e) {
  require(change_user_.run(e.who.id, e.who.name, e.who.email) == 1, e.who.id, "does not exist.");
}

void postgres_catalogue::write(const domain::user_erased& e) {
  require(erase_user_.run(e.user, e.at) == 1, e.user, "does not exist.");
}

void postgres_catalogue::write(const domain::concert_created& e) {
  add_concert_.run(e.what.id, e.what.title, e.what.created_at,
                   domain::to_calendar(e.what.created_at).date);
}

void postgres_catalogue::add_option(const domain::concert_option& option, bool published) {
  add_option_.run(option.id, option.concert, option.starts_at, option.venue, option.time_zone,
                  option.local_date, option.sales_open_at, option.sales_close_at,
                  boolean(published));
  for (const auto& s : option.sections)
    add_section_.run(option.id, s.name, s.first_seat, s.seats, s.price);
}

void postgres_catalogue::date_concert(const domain::concert_option& option) {
  date_concert_.run(option.concert, option.local_date);
}

void postgres_catalogue::write(const domain::option_created& e) {
  date_concert(e.what);
  add_option(e.what, true);
  for (const auto& s : e.what.sections)
    lay_seats_.run(s.first_seat, e.what.concert, 1, e.what.id, s.name, s.price, s.seats);
}

void postgres_catalogue::write(const domain::option_drafted& e) { add_option(e.what, false); }

void postgres_catalogue::write(const domain::seats_laid& e) {
  lay_seats_.run(e.first, e.concert, e.first_number, e.option, e.section, e.price, e.count);
}

void postgres_catalogue::write(const domain::option_published& e) {
  {
    auto draft = find_draft_.query(e.what.id);
    require(draft.next(), "Option", e.what.id, "is no draft.");
    require(draft.integer(0) == draft.integer(1), "Option", e.what.id, "lacks seats.");
  }
  date_concert(e.what);
  publish_option_.run(e.what.id);
}

void postgres_catalogue::write(const domain::option_cancelled& e) {
  cancel_option_.run(e.option, e.at);
}

void postgres_catalogue::write(const domain::cancellation_completed& e) {
  require(complete_cancellation_.run(e.option, e.at) == 1, "Option", e.option,
          "is not cancelled, was completed before, or has live bookings.");
}

void postgres_catalogue::write(const domain::queue_configured& e) {
  const auto stored = [](std::optional<std::size_t> limit) {
    return limit ? std::optional(static_cast<std::int64_t>(*limit)) : std::nullopt;
  };
  configure_queue_.run(e.concert, stored(e.active_limit), stored(e.admit_per_second),
                       boolean(e.paused), e.at);
}

void postgres_catalogue::write(const domain::operator_acted& e) {
  add_act_.run(e.at, e.act, e.subject, e.reason);
}

} // namespace boxoffice::persistence
