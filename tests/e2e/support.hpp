// What every end-to-end suite shares: how long it may be, its dice, its scratch directories, and
// waiting for what is promised to happen soon.
#pragma once

#include "tests/support/scratch_directory.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <random>
#include <string>

namespace boxoffice::e2e {

using namespace std::chrono_literals;
using clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

// The longest that anything here waits for an answer, a log line or the end of a process. Running
// into it is a failure, never a way to synchronise.
constexpr milliseconds patience = 30s;

// BOXOFFICE_TEST_LONG=1 asks for the full counts.
int times(int by_default, int when_long);

// Of this run; BOXOFFICE_SEED sets it, and it is printed so that a failure can be repeated.
std::uint64_t seed();

class dice {
public:
  explicit dice(std::uint64_t stream) : engine_(seed() + stream * 0x9E3779B97F4A7C15ull) {}
  int between(int lowest, int highest) {
    return std::uniform_int_distribution(lowest, highest)(engine_);
  }
  bool one_in(int n) { return between(1, n) == 1; }
  template <class Container>
  auto& pick(Container& from) {
    return from[static_cast<std::size_t>(between(0, static_cast<int>(from.size()) - 1))];
  }
  std::mt19937_64& engine() { return engine_; }

private:
  std::mt19937_64 engine_;
};

using test::scratch_directory;

// Looks again and again until it is so; false when it is not within the time.
bool eventually(const std::function<bool()>& is_so, milliseconds within = patience);

// Calls act(0) to act(count - 1) at the same moment, each on a thread of its own, and waits for
// all. The first exception comes out of here.
void at_once(int count, const std::function<void(int)>& act);

// A TCP port of the loopback that nobody listened on just now.
std::uint16_t free_port();

std::string read_file(const std::filesystem::path&);
void write_file(const std::filesystem::path&, const std::string& content);

} // namespace boxoffice::e2e
