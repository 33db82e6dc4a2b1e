#include "actors/domain/sale_hours.hpp"

#include <algorithm>

namespace boxoffice::domain {

namespace {

// What has begun sells nothing, whatever its hours say (check_sale_hours).
time_point end_of_sale(const concert_option& option) {
  return std::min(option.sales_close_at, option.starts_at);
}

} // namespace

option_status status_of(const concert_option& option, time_point now) {
  if (option.cancelled) return option_status::cancelled;
  if (now < option.sales_open_at) return option_status::scheduled;
  return now < end_of_sale(option) ? option_status::on_sale : option_status::closed;
}

sale_calendar::sale_calendar(const catalogue& all, concert_id concert) {
  for (const auto& [id, option] : all.options)
    if (option->concert == concert && !option->cancelled &&
        option->sales_open_at < end_of_sale(*option))
      hours_.emplace_back(option->sales_open_at, end_of_sale(*option));
  std::sort(hours_.begin(), hours_.end());
  std::size_t joined = 0;
  for (const auto& next : hours_) {
    if (joined > 0 && next.first <= hours_[joined - 1].second)
      hours_[joined - 1].second = std::max(hours_[joined - 1].second, next.second);
    else
      hours_[joined++] = next;
  }
  hours_.resize(joined);
}

time_point sale_calendar::admits_from(time_point now) const {
  const auto next =
      std::upper_bound(hours_.begin(), hours_.end(), now,
                       [](time_point at, const auto& hours) { return at < hours.second; });
  return next == hours_.end() ? time_point{} : next->first;
}

} // namespace boxoffice::domain
