#include "actors/real_environment.hpp"

#include <algorithm>
#include <cerrno>
#include <sys/random.h>
#include <system_error>

namespace boxoffice::actors {

machine_clock::machine_clock(domain::time_point not_before)
    : started_at_(first_reading(
          std::chrono::time_point_cast<domain::duration>(std::chrono::system_clock::now()),
          not_before)),
      origin_(std::chrono::steady_clock::now()) {}

domain::time_point machine_clock::now() const {
  return started_at_ +
         std::chrono::duration_cast<domain::duration>(std::chrono::steady_clock::now() - origin_);
}

std::uint64_t machine_random::next() {
  std::lock_guard hold(mutex_);
  if (used_ == block_.size()) {
    // Blocks of up to 256 bytes come whole.
    while (::getrandom(block_.data(), sizeof block_, 0) != static_cast<ssize_t>(sizeof block_))
      if (errno != EINTR)
        throw std::system_error(errno, std::generic_category(), "no random bits to be had");
    used_ = 0;
  }
  return block_[used_++];
}

} // namespace boxoffice::actors
