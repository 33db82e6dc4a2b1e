// Takes HTTP answers apart, as far as a load generator must.
#pragma once

#include <algorithm>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <string_view>

namespace boxoffice::bench {

// The answer on one connection, taken apart as it comes; bodies are counted and dropped.
class answer_reader {
public:
  // Whether an answer is whole now.
  bool take(std::string_view bytes) {
    if (rest_ == 0) {
      head_.append(bytes);
      const auto end = head_.find("\r\n\r\n");
      if (end == std::string::npos) return false;
      status_ = std::atoi(head_.c_str() + 9);
      const auto length = value_of("content-length");
      rest_ = status_ == 304 || length.empty() ? 0 : std::stoul(length);
      const auto got = head_.size() - end - 4;
      if (got > rest_) throw std::runtime_error("more was answered than asked");
      rest_ -= got;
    } else {
      rest_ -= bytes.size();
    }
    if (rest_ > 0) return false;
    last_head_.swap(head_);
    head_.clear();
    return true;
  }
  int status() const { return status_; }
  const std::string& last_head() const { return last_head_; }

  // Of the head at hand; names in lower case.
  std::string value_of(std::string_view name) const { return value_in(head_, name); }
  static std::string value_in(std::string_view head, std::string_view name) {
    for (auto at = head.find("\r\n"); at != std::string_view::npos;
         at = head.find("\r\n", at + 2)) {
      const auto line = head.substr(at + 2, head.find("\r\n", at + 2) - at - 2);
      if (line.size() <= name.size() || line[name.size()] != ':') continue;
      const bool same = std::equal(name.begin(), name.end(), line.begin(), [](char a, char b) {
        return a == (b >= 'A' && b <= 'Z' ? static_cast<char>(b + 'a' - 'A') : b);
      });
      if (same) return std::string(line.substr(line.find_first_not_of(' ', name.size() + 1)));
    }
    return {};
  }

private:
  std::string head_, last_head_;
  std::size_t rest_ = 0; // of the body
  int status_ = 0;
};

} // namespace boxoffice::bench
