// The store's own limit: bookings committed in groups, without HTTP and without actors, beside what
// one sync of this disk takes.
//
// usage: store_bench DIRECTORY [URL]     DIRECTORY must not exist yet; it is removed at the end.
//                                        URL names an empty PostgreSQL database, as another store
#include "bench/measure.hpp"
#include "bench/sale.hpp"
#include "persistence/postgres_store.hpp"
#include "persistence/sqlite_store.hpp"

#include <cstdio>
#include <exception>
#include <fcntl.h>
#include <stdexcept>
#include <unistd.h>

namespace boxoffice::bench {
namespace {

constexpr int groups[] = {1, 64, 512};
constexpr int bookings_a_group_size = 16 * 1024;
constexpr int synced_singly = 2048; // a sync each: fewer do
constexpr int seats = 5 * bookings_a_group_size;

domain::time_point now() {
  return std::chrono::time_point_cast<domain::duration>(std::chrono::system_clock::now());
}

// Microseconds to append a page to a file and sync it: what no durable commit can undercut.
double sync_time(const std::filesystem::path& directory) {
  constexpr int syncs_a_batch = 50;
  const auto file = directory / "sync";
  const int fd = ::open(file.c_str(), O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0600);
  if (fd < 0) throw std::runtime_error("can't write " + file.string());
  const std::vector<char> page(4096, 'x');
  bool written = true;
  const auto each = nanoseconds_each(syncs_a_batch, [&] {
    written = ::write(fd, page.data(), page.size()) == static_cast<ssize_t>(page.size()) &&
              ::fdatasync(fd) == 0 && written;
  });
  ::close(fd);
  if (!written) throw std::runtime_error("can't sync " + file.string());
  return each / 1000;
}

// A store on sale, and its bookings from the first seat on.
class sale {
public:
  explicit sale(std::unique_ptr<persistence::store> store)
      : store_(std::move(store)), ids_(store_->open_reader()->load_image().next_ids) {
    const auto concert = plan_concert(ids_, now());
    option_ = plan_performance(concert.id, seats, ids_, now());
    domain::events plan{domain::concert_created{concert}, domain::option_created{option_}};
    plan_buyer(1, concert.id, plan, ids_, now());
    store_->commit(plan, now());
  }

  // Bookings a second, `count` of them in groups of `group`.
  double book(int count, int group) {
    using clock = std::chrono::steady_clock;
    clock::duration spent{};
    for (int done = 0; done < count; done += group) {
      domain::events facts;
      for (int i = 0; i < group; ++i)
        facts.push_back(plan_booking(1, option_, booked_++, 1, ids_, now()));
      const auto begin = clock::now();
      store_->commit(facts, now());
      spent += clock::now() - begin;
    }
    return count / std::chrono::duration<double>(spent).count();
  }

  // What it takes to bring a wallet and a seat to life that no actor holds yet.
  void print_reads() {
    constexpr int reads = 5000;
    const auto reader = store_->open_reader();
    const auto wallet = nanoseconds_each(reads, [&] { reader->load_wallet(buyer(1)); });
    auto seat = option_.first_seat();
    const auto seats_each = nanoseconds_each(reads, [&] {
      reader->load_seat(seat);
      ++seat.value;
    });
    std::printf("a wallet read: %.1f us, a seat: %.1f us\n", wallet / 1000, seats_each / 1000);
  }

private:
  std::unique_ptr<persistence::store> store_;
  domain::id_source ids_;
  domain::concert_option option_;
  int booked_ = 0;
};

std::unique_ptr<persistence::store> open_embedded(const std::filesystem::path& directory,
                                                  bool synced) {
  persistence::sqlite_options options;
  options.directory = directory / (synced ? "synced" : "unsynced");
  options.synced = synced;
  return persistence::open_sqlite_store(options);
}

void measure(const char* durability, sale& s) {
  for (const int group : groups) {
    const auto rate = s.book(group == 1 ? synced_singly : bookings_a_group_size, group);
    std::printf("%-12s %8d %14.0f %14.1f\n", durability, group, rate, 1e6 / rate);
    std::fflush(stdout);
  }
}

void run(const std::filesystem::path& directory, const char* url) {
  std::filesystem::create_directories(directory);
  std::printf("a page appended and synced: %.0f us\n", sync_time(directory));
  std::printf("%-12s %8s %14s %14s\n", "durability", "a group", "bookings/s", "us a booking");
  sale synced(open_embedded(directory, true));
  measure("local", synced);
  sale unsynced(open_embedded(directory, false));
  measure("none", unsynced);
  unsynced.print_reads();
  if (url == nullptr) return;
  sale elsewhere(persistence::open_postgres_store({url, true}));
  measure("postgres", elsewhere);
}

} // namespace
} // namespace boxoffice::bench

int main(int argc, char** argv) {
  if (argc < 2 || argc > 3 || std::filesystem::exists(argv[1])) {
    std::fputs("usage: store_bench DIRECTORY [URL]     DIRECTORY must not exist yet\n", stderr);
    return 2;
  }
  const std::filesystem::path directory = argv[1];
  int status = 0;
  try {
    boxoffice::bench::run(directory, argc == 3 ? argv[2] : nullptr);
  } catch (const std::exception& e) {
    std::fprintf(stderr, "store_bench: %s\n", e.what());
    status = 1;
  }
  std::error_code ignored;
  std::filesystem::remove_all(directory, ignored);
  return status;
}
