// A disk that is soon full.
#pragma once

#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

#include <filesystem>
#include <string>

namespace boxoffice::persistence::test {

// A disk of a few megabytes, seen by this program and its children only; gone with them.
class small_disk {
public:
  explicit small_disk(const std::filesystem::path& at) : path_(at) {
    std::filesystem::create_directories(path_);
    mounted_ = ::unshare(CLONE_NEWNS) == 0 &&
               ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
               ::mount("boxoffice", path_.c_str(), "tmpfs", 0, "size=32m") == 0;
  }
  small_disk(const small_disk&) = delete;
  small_disk& operator=(const small_disk&) = delete;
  ~small_disk() {
    if (mounted_) ::umount2(path_.c_str(), MNT_DETACH);
  }
  bool mounted() const { return mounted_; }

  void fill() const {
    const int file = ::open((path_ / "filler").c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
    const std::string block(64 * 1024, 'x');
    for (std::size_t size = block.size(); size > 0; size /= 2)
      while (::write(file, block.data(), size) > 0) {
      }
    ::close(file);
  }
  void free() const { std::filesystem::remove(path_ / "filler"); }

private:
  std::filesystem::path path_;
  bool mounted_ = false;
};

} // namespace boxoffice::persistence::test
