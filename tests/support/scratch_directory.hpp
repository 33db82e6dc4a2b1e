// A directory of a test's own.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <system_error>

namespace boxoffice::test {

// A new directory, gone with all that is in it when this goes.
class scratch_directory {
public:
  enum class on { disk, memory }; // in memory, where there is such a file system, nothing waits
  explicit scratch_directory(on where = on::disk) {
    const std::filesystem::path memory = "/dev/shm";
    const bool in_memory = where == on::memory && std::filesystem::is_directory(memory);
    const auto parent = in_memory ? memory : std::filesystem::temp_directory_path();
    auto pattern = (parent / "boxoffice-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no scratch directory");
    path_ = pattern;
  }
  scratch_directory(const scratch_directory&) = delete;
  scratch_directory& operator=(const scratch_directory&) = delete;
  ~scratch_directory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path operator/(const char* name) const { return path_ / name; }

private:
  std::filesystem::path path_;
};

} // namespace boxoffice::test
