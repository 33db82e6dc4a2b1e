// A sale with and without an audience, by turns, in one run.
//
// usage: stream_load PORT BOOKINGS_FILE LISTENERS BOOKINGS_A_SECOND SECONDS ROUNDS
// Prints a line a phase: listeners, the sale's figures, and what the audience heard.
#include "bench/streams/crowd.hpp"
#include "bench/streams/seller.hpp"

#include <sys/resource.h>

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <memory>
#include <string>

namespace boxoffice::bench {
namespace {

constexpr int sale_connections = 64;
constexpr const char* seats = "/v1/options/1/seats/events";

void allow_many_files() {
  rlimit files{};
  ::getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &files);
}

void run(std::uint16_t port, const std::string& bookings, int listeners, int rate,
         std::chrono::seconds each, int rounds) {
  seller sale(port, bookings, sale_connections);
  sale.offer(rate, std::chrono::seconds(2)); // the queue is read, caches are warm
  std::printf("listeners offered/s answered/s p50_ms p99_ms worst_ms refused events resets MB "
              "still_listening\n");
  const auto phase = [&](int audience) {
    std::unique_ptr<crowd> hall;
    if (audience > 0) hall = std::make_unique<crowd>(port, seats, audience);
    const auto before = hall ? hall->heard() : crowd_figures{};
    const auto f = sale.offer(rate, each);
    const auto heard = hall ? hall->heard() : crowd_figures{};
    std::printf("%d %.0f %.0f %.2f %.2f %.1f %zu %zu %zu %.1f %zu\n", audience, f.offered_a_second,
                f.answered_a_second, f.p50_ms, f.p99_ms, f.worst_ms, f.refused,
                heard.events - before.events, heard.resets - before.resets,
                heard.megabytes - before.megabytes, heard.listening);
    std::fflush(stdout);
  };
  for (int n = 0; n < rounds; ++n) phase(0), phase(listeners);
}

} // namespace
} // namespace boxoffice::bench

int main(int argc, char** argv) {
  using namespace boxoffice::bench;
  if (argc != 7) {
    std::fputs("usage: stream_load PORT BOOKINGS_FILE LISTENERS BOOKINGS_A_SECOND SECONDS ROUNDS\n",
               stderr);
    return 2;
  }
  allow_many_files();
  try {
    run(static_cast<std::uint16_t>(std::atoi(argv[1])), argv[2], std::atoi(argv[3]),
        std::atoi(argv[4]), std::chrono::seconds(std::atoi(argv[5])), std::atoi(argv[6]));
  } catch (const std::exception& e) {
    std::fprintf(stderr, "stream_load: %s\n", e.what());
    return 1;
  }
  return 0;
}
