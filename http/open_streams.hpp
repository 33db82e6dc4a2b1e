// How many streams are open, of all kinds, and that they don't become too many.
#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <utility>

namespace boxoffice::http {

class open_streams {
public:
  explicit open_streams(std::size_t most) : most_(most) {}

  std::size_t count() const { return count_; }

  // One of them; gives its place back when it is destroyed.
  class place {
  public:
    // Nothing when there are too many. Any thread.
    static std::unique_ptr<place> take(std::shared_ptr<open_streams> all) {
      if (++all->count_ > all->most_) {
        --all->count_;
        return nullptr;
      }
      return std::unique_ptr<place>(new place(std::move(all)));
    }
    ~place() { --all_->count_; }
    place(const place&) = delete;
    place& operator=(const place&) = delete;

  private:
    explicit place(std::shared_ptr<open_streams> all) : all_(std::move(all)) {}
    const std::shared_ptr<open_streams> all_;
  };

private:
  const std::size_t most_;
  std::atomic<std::size_t> count_{0};
};

} // namespace boxoffice::http
