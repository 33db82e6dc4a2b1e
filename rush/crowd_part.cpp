#include "rush/crowd_part.hpp"

#include <algorithm>

namespace boxoffice::rush {
namespace {

using namespace std::chrono_literals;

constexpr auto longest_wait = 30s; // for an answer; then it counts as lost
constexpr auto look_every = 500ms;

std::chrono::microseconds micros(line::clock::duration d) {
  return std::chrono::duration_cast<std::chrono::microseconds>(d);
}

} // namespace

crowd_part::crowd_part(const endpoints& servers, std::size_t first_server, std::size_t lines,
                       counters& seen)
    : seen_(seen) {
  for (std::size_t at = 0; at < lines; ++at) {
    const auto& [address, host] = servers[(first_server + at) % servers.size()];
    lines_.emplace_back(context_, address, host);
    free_.push_back(&lines_.back());
  }
}

void crowd_part::run(clock::time_point start, clock::time_point end) {
  start_ = start, end_ = end, looked_ = start;
  wait();
  context_.run();
  counted_.cut_off += agenda_.size() + (coming_.size() - arrived_);
}

// One timer, for whoever is next.
void crowd_part::wait() {
  const auto now = clock::now();
  const bool over = now >= end_ || stopping_;
  if (over && asking_ == 0) return;
  if (!over && asking_ == 0 && agenda_.empty() && arrived_ == coming_.size()) return;
  auto until = now + look_every;
  if (!over) {
    if (!free_.empty() && !agenda_.empty()) until = std::min(until, agenda_.top().at);
    if (arrived_ < coming_.size()) until = std::min(until, start_ + coming_[arrived_].at);
  }
  // Setting it is a system call, so one that goes off early enough stays.
  if (alarm_ && *alarm_ <= until) return;
  alarm_ = until;
  timer_.expires_at(until);
  timer_.async_wait([this](const boost::system::error_code& error) {
    if (error) return;
    alarm_.reset();
    look_after_lines();
    arrive(clock::now());
    serve();
    wait();
  });
}

void crowd_part::arrive(clock::time_point now) {
  if (now >= end_ || stopping_) return;
  for (; arrived_ < coming_.size() && start_ + coming_[arrived_].at <= now; ++arrived_) {
    const auto& who = coming_[arrived_];
    ++seen_.arrived;
    take_up(*who.who, who.who->begin(), start_ + who.at);
  }
}

void crowd_part::take_up(guest& who, std::optional<act> next, clock::time_point now) {
  if (!next) {
    ++seen_.done;
    return;
  }
  agenda_.push({now + next->pause, duties_++, &who, std::move(next->what)});
}

// Whoever is due asks, as long as there are free connections; the longest rested first, so that
// all stay warm.
void crowd_part::serve() {
  const auto now = clock::now();
  if (now >= end_ || stopping_) return;
  while (!free_.empty() && !agenda_.empty() && agenda_.top().at <= now) {
    auto next = agenda_.top();
    agenda_.pop();
    auto* by = free_.front();
    free_.pop_front();
    send(*by, std::move(next));
  }
}

void crowd_part::send(line& by, duty what) {
  const auto now = clock::now();
  // With connections to spare only the generator itself can have kept it waiting.
  const auto late = micros(now - what.at);
  (free_.empty() ? counted_.for_line : counted_.lateness).add(late);
  ++asking_;
  ++seen_.under_way;
  const auto text = what.what;
  by.ask(text,
         [this, &by, kept = std::move(what)](answer told) { heard(by, kept, std::move(told)); });
}

void crowd_part::heard(line& by, const duty& what, answer told) {
  --asking_;
  --seen_.under_way;
  free_.push_back(&by);
  const auto now = clock::now();
  const bool expected = what.who->expects(what.what, told);
  counted_.note(what.what, told, expected, micros(now - what.at));
  ++seen_.answers;
  if (!expected) ++seen_.unexpected;
  if (told.lost()) ++seen_.lost;
  take_up(*what.who, what.who->hear(what.what, told), now);
  arrive(now);
  serve();
  wait();
}

void crowd_part::look_after_lines() {
  const auto now = clock::now();
  if (now - looked_ < look_every) return;
  looked_ = now;
  for (auto& each : lines_)
    if (each.is_busy() && (now - each.since() > longest_wait || stopping_)) each.hang_up();
}

} // namespace boxoffice::rush
