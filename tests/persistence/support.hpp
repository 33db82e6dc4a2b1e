// What the store's tests share: scratch directories and seeds.
#pragma once

#include <cstdint>
#include <filesystem>
#include <random>
#include <string>

namespace boxoffice::persistence::test {

// A directory of its own, gone with it.
class scratch_directory {
public:
  enum class on { disk, memory }; // in memory, where there is such a file system, nothing waits
  explicit scratch_directory(on = on::disk);
  scratch_directory(const scratch_directory&) = delete;
  scratch_directory& operator=(const scratch_directory&) = delete;
  ~scratch_directory();
  const std::filesystem::path& path() const { return path_; }

private:
  std::filesystem::path path_;
};

// The first of the seeds that random tests play, one a round. BOXOFFICE_SEED sets it; else it is
// another every time. A test names its seed when it fails.
std::uint64_t first_seed();

// `shortly` rounds, or `thoroughly` when BOXOFFICE_TEST_LONG is set.
int rounds(int shortly, int thoroughly);

class dice {
public:
  explicit dice(std::uint64_t seed) : engine_(seed) {}
  std::uint64_t bits() { return engine_(); }
  // From 0 to n - 1.
  std::size_t below(std::size_t n) { return static_cast<std::size_t>(engine_() % n); }
  bool one_in(std::size_t n) { return below(n) == 0; }
  template <class Container>
  auto pick(Container& from) {
    return std::next(from.begin(), static_cast<std::ptrdiff_t>(below(from.size())));
  }

private:
  std::mt19937_64 engine_;
};

} // namespace boxoffice::persistence::test
