#include "persistence/catalogue_rows.hpp"

#include <map>
#include <memory>
#include <utility>

namespace boxoffice::persistence {

domain::cancellation catalogue_rows::read_cancellation(const cursor& row,
                                                       domain::option_id option) {
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

domain::catalogue catalogue_rows::load() {
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

domain::concert_option catalogue_rows::read_option(const cursor& row) {
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

std::vector<domain::option_draft> catalogue_rows::load_drafts() {
  std::vector<domain::option_draft> drafts;
  for (auto row = drafts_.query(); row.next();)
    drafts.push_back({read_option(row), static_cast<int>(row.integer(8))});
  return drafts;
}

std::vector<domain::section> catalogue_rows::load_sections(domain::option_id option) {
  std::vector<domain::section> sections;
  for (auto row = sections_.query(option); row.next();)
    sections.push_back({std::string(row.text(0)), row.id<domain::seat_id>(1),
                        static_cast<int>(row.integer(2)), row.money(3)});
  return sections;
}

bool catalogue_rows::has_drafts() {
  auto drafts = has_drafts_.query();
  drafts.next();
  return drafts.integer(0) != 0;
}

} // namespace boxoffice::persistence
