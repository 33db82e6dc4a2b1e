// Writes a store in which a sale is about to begin, for a load tool to book from.
//
// usage: prepare_store DIRECTORY SEATS BUYERS [WAITING]
// DIRECTORY/bookings.txt then names a booking a line, "user token seat", no user and no seat twice.
// Behind the buyers, all admitted, WAITING more users wait in the queue: waiting.txt, "user token".
#include "bench/sale.hpp"
#include "persistence/sqlite_store.hpp"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <exception>
#include <fstream>
#include <stdexcept>
#include <string_view>

namespace boxoffice::bench {
namespace {

using domain::time_point;

int read_count(std::string_view text) {
  constexpr int most = 10'000'000;
  int count = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error != std::errc{} || stop != text.data() + text.size() || count < 1 || count > most)
    throw std::runtime_error("'" + std::string(text) + "' is no count from 1 to 10000000");
  return count;
}

void write_bookings(const std::filesystem::path& file, const domain::concert_option& option,
                    int buyers) {
  std::ofstream out(file);
  const int bookings = std::min(option.seat_count(), buyers);
  for (int n = 1; n <= bookings; ++n)
    out << buyer(n).value << ' ' << to_string(buyer_token(n)) << ' '
        << to_string(seat_at(option, n - 1).name) << '\n';
  if (!out.flush()) throw std::runtime_error("can't write " + file.string());
}

void write_waiting(const std::filesystem::path& file, int first, int waiting) {
  std::ofstream out(file);
  for (int n = first; n < first + waiting; ++n)
    out << buyer(n).value << ' ' << to_string(buyer_token(n)) << " -\n";
  if (!out.flush()) throw std::runtime_error("can't write " + file.string());
}

void prepare(const std::filesystem::path& directory, int seats, int buyers, int waiting) {
  persistence::sqlite_options options;
  options.directory = directory;
  const auto store = persistence::open_sqlite_store(options);
  const auto image = store->open_reader()->load_image();
  if (!image.empty) throw std::runtime_error(directory.string() + " holds a sale already");

  domain::id_source ids(image.next_ids);
  const auto now = std::chrono::time_point_cast<domain::duration>(std::chrono::system_clock::now());
  const auto concert = plan_concert(ids, now);
  const auto option = plan_performance(concert.id, seats, ids, now);
  store->commit({domain::concert_created{concert}, domain::option_created{option}}, now);

  constexpr int users_a_commit = 5000;
  const int users = buyers + waiting;
  for (int done = 0; done < users; done += users_a_commit) {
    domain::events plan;
    for (int n = done + 1; n <= std::min(done + users_a_commit, users); ++n)
      n <= buyers ? plan_buyer(n, concert.id, plan, ids, now)
                  : plan_visitor(n, concert.id, plan, ids, now);
    store->commit(plan, now);
  }
  write_bookings(directory / "bookings.txt", option, buyers);
  if (waiting > 0) write_waiting(directory / "waiting.txt", buyers + 1, waiting);
}

} // namespace
} // namespace boxoffice::bench

int main(int argc, char** argv) {
  using namespace boxoffice::bench;
  if (argc < 4 || argc > 5) {
    std::fputs("usage: prepare_store DIRECTORY SEATS BUYERS [WAITING]\n", stderr);
    return 2;
  }
  try {
    prepare(argv[1], read_count(argv[2]), read_count(argv[3]), argc == 5 ? read_count(argv[4]) : 0);
  } catch (const std::exception& e) {
    std::fprintf(stderr, "prepare_store: %s\n", e.what());
    return 1;
  }
  return 0;
}
