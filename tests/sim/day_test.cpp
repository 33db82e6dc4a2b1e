// A simulated day of sales leaves memory, store and log flat, but for what is history of money.
#define BOOST_TEST_MODULE sim.day
#include "tests/sim/day.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstdio>

using namespace boxoffice;
using namespace boxoffice::test;
using namespace std::chrono_literals;

namespace {

#if defined(__SANITIZE_ADDRESS__) || !defined(__OPTIMIZE__)
constexpr auto between_visits = 40s; // slow builds: a day with fewer people
constexpr bool counts_heap = false;  // the sanitizer has a heap of its own
#else
constexpr auto between_visits = 4s;
constexpr bool counts_heap = true;
#endif

struct column {
  const char* name;
  std::int64_t hour_sample::*value;
  std::int64_t margin; // beside a tenth of the peak: for numbers so small that chance shows
};

constexpr column flat[] = {
    {"entities", &hour_sample::entities, 10},
    {"tokens", &hour_sample::tokens, 20},
    {"queue places", &hour_sample::places, 20},
    {"unpaid bookings", &hour_sample::unpaid, 20},
    {"their seats", &hour_sample::unpaid_seats, 40},
    {"refused payments", &hour_sample::refusals, 20},
    {"kept answers", &hour_sample::keys, 20},
    {"WAL, KiB", &hour_sample::wal_kib, 1024},
    {"log lines", &hour_sample::lines, 0},
};
constexpr column heap = {"heap, KiB", &hour_sample::heap_kib, 512};
constexpr column history[] = {
    {"paid bookings", &hour_sample::paid, 0},
    {"wallet entries", &hour_sample::entries, 0},
    {"database, KiB", &hour_sample::file_kib, 0},
};

template <class Columns>
void print_names(const Columns& columns) {
  for (const auto& c : columns) std::printf(" %s |", c.name);
}
template <class Columns>
void print_values(const hour_sample& s, const Columns& columns) {
  for (const auto& c : columns) std::printf(" %lld |", static_cast<long long>(s.*c.value));
}

void print(const std::vector<hour_sample>& hours) {
  std::printf("| hour | %s |", heap.name);
  print_names(flat);
  print_names(history);
  std::printf("\n");
  for (const auto& s : hours) {
    std::printf("| %lld | %lld |", static_cast<long long>(s.hour),
                static_cast<long long>(s.*heap.value));
    print_values(s, flat);
    print_values(s, history);
    std::printf("\n");
  }
}

std::int64_t peak(const std::vector<hour_sample>& hours, std::size_t from, std::size_t to,
                  const column& c) {
  std::int64_t most = 0;
  for (auto h = from; h < to; ++h) most = std::max(most, hours[h].*c.value);
  return most;
}

// Whether the later hours are no bigger than the earlier ones, but for a small margin.
bool is_flat(const std::vector<hour_sample>& hours, const column& c) {
  const auto half = hours.size() / 2;
  const auto before = peak(hours, 0, half, c);
  return peak(hours, half, hours.size(), c) <= before + before / 10 + c.margin;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_day_of_sales_leaves_memory_store_and_log_flat) {
  day sales({1h, 1h}, between_visits);
  std::vector<hour_sample> hours;
  while (hours.size() < 24) hours.push_back(sales.next_hour());
  print(hours);
  std::printf("%llu visits, %llu commits\n", static_cast<unsigned long long>(sales.visits()),
              static_cast<unsigned long long>(sales.commits()));
  for (const auto& c : flat) BOOST_TEST(is_flat(hours, c), c.name << " grew");
  if (counts_heap) BOOST_TEST(is_flat(hours, heap), heap.name << " grew");
  // It was a day on which things happened that could have stayed.
  BOOST_TEST(hours.back().paid > 10 * hours.front().paid);
  for (const auto& c : flat)
    if (c.margin == 20) BOOST_TEST(peak(hours, 12, 24, c) > 0, "there were no " << c.name);
  for (const auto& wrong : sales.close_books()) BOOST_ERROR(wrong);
}

// The same sales with nothing forgotten: what the figures above are held against.
BOOST_AUTO_TEST_CASE(without_retention_the_store_grows) {
  day sales({8760h, 8760h}, between_visits);
  std::vector<hour_sample> hours;
  while (hours.size() < 6) hours.push_back(sales.next_hour());
  print(hours);
  for (const auto& c : flat)
    if (c.name == std::string("tokens") || c.name == std::string("unpaid bookings"))
      BOOST_TEST(!is_flat(hours, c), c.name << " stayed flat");
}
