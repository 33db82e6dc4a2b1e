// What one connection still has to send, in order. Large bodies are moved or shared in, never
// copied.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>

namespace boxoffice::http {

class output_queue {
public:
  enum class result { drained, blocked, broken };

  void push(std::string bytes);
  void push(std::shared_ptr<const std::string> bytes); // not null
  void push(std::shared_ptr<const std::string> bytes, std::size_t begin, std::size_t end); // a part

  // Gives the socket what it takes without blocking. broken: the client is gone.
  result flush(int fd);

  bool empty() const { return bytes_ == 0; }
  std::size_t bytes() const { return bytes_; }
  std::uint64_t sent() const { return sent_; } // since the beginning

private:
  struct segment {
    std::string owned;
    std::shared_ptr<const std::string> shared;
    std::size_t done = 0, end = 0;
    std::string_view rest() const {
      return std::string_view(shared ? *shared : owned).substr(done, end - done);
    }
  };

  void drop(std::size_t sent);

  std::deque<segment> segments_;
  std::size_t bytes_ = 0;
  std::uint64_t sent_ = 0;
};

} // namespace boxoffice::http
