// One thread of the crowd. Private to crowd.cpp.
#pragma once

#include "rush/crowd.hpp"
#include "rush/line.hpp"

#include <boost/asio/steady_timer.hpp>

#include <atomic>
#include <deque>
#include <queue>

namespace boxoffice::rush {

struct counters {
  std::atomic<std::uint64_t> answers{0}, unexpected{0}, lost{0};
  std::atomic<std::size_t> arrived{0}, done{0}, under_way{0};
};

class crowd_part {
public:
  using clock = line::clock;
  using endpoints = std::vector<std::pair<boost::asio::ip::tcp::endpoint, std::string>>;

  crowd_part(const endpoints& servers, std::size_t first_server, std::size_t lines, counters& seen);

  void expect(appointment a) { coming_.push_back(a); } // ascending, before run()
  // Until all are done, or the time is over and what was under way is answered.
  void run(clock::time_point start, clock::time_point end);
  void stop() { stopping_ = true; } // from any thread; takes effect within a second

  const tally& counted() const { return counted_; }

private:
  struct duty {
    clock::time_point at;
    std::uint64_t number; // in the order they were made, so that equal times keep it
    guest* who;
    request what;
  };
  struct later {
    bool operator()(const duty& left, const duty& right) const {
      return left.at != right.at ? left.at > right.at : left.number > right.number;
    }
  };

  void arrive(clock::time_point now);
  void take_up(guest& who, std::optional<act> next, clock::time_point now);
  void serve();
  void send(line& by, duty what);
  void heard(line& by, const duty& what, answer told);
  void look_after_lines();
  void wait();

  boost::asio::io_context context_{1};
  boost::asio::steady_timer timer_{context_};
  std::deque<line> lines_;
  std::deque<line*> free_;
  std::vector<appointment> coming_;
  std::size_t arrived_ = 0;
  std::priority_queue<duty, std::vector<duty>, later> agenda_;
  std::uint64_t duties_ = 0;
  std::size_t asking_ = 0;
  clock::time_point start_{}, end_{}, looked_{};
  std::optional<clock::time_point> alarm_; // when the timer goes off
  std::atomic<bool> stopping_{false};
  counters& seen_;
  tally counted_;
};

} // namespace boxoffice::rush
