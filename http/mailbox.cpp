#include "http/mailbox.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <system_error>
#include <utility>

namespace boxoffice::http {

namespace {
bool same(ticket a, ticket b) { return a.connection == b.connection && a.serial == b.serial; }

const ticket* addressee(const mail& item) {
  if (const auto* sent = std::get_if<sent_answer>(&item)) return &sent->to;
  if (const auto* posted = std::get_if<posted_answer>(&item)) return &posted->to;
  if (const auto* begun = std::get_if<begun_stream>(&item)) return &begun->to;
  return nullptr;
}
} // namespace

mailbox::mailbox() : event_fd_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
  if (!event_fd_.open()) throw std::system_error(errno, std::generic_category(), "eventfd");
}

mailbox::~mailbox() = default;

void mailbox::send(ticket to, response&& answer) { put(sent_answer{to, std::move(answer)}); }

void mailbox::post(ticket to, std::function<response()>&& render) {
  put(posted_answer{to, std::move(render)});
}

void mailbox::stream(ticket to, stream_start&& begun) { put(begun_stream{to, std::move(begun)}); }

void mailbox::announce(std::vector<topic_id>&& topics) { put(news{std::move(topics)}); }

void mailbox::label(ticket of, std::string&& route, std::string&& trace) {
  if (!on_worker()) return;
  labelled_ = of;
  labels_ = {std::move(route), std::move(trace)};
}

void mailbox::put(mail&& item) {
  if (on_worker()) {
    own_.push_back(std::move(item));
    return;
  }
  bool first = false;
  {
    const std::lock_guard guard(lock_);
    if (closed_) return;
    first = incoming_.empty();
    incoming_.push_back(std::move(item));
  }
  if (first) rouse();
}

void mailbox::rouse() {
  // Cannot fail: the counter is read long before it could overflow.
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(event_fd_.fd(), &one, sizeof one);
}

void mailbox::claim() { worker_.store(std::this_thread::get_id(), std::memory_order_relaxed); }

void mailbox::close() {
  worker_.store({}, std::memory_order_relaxed); // its id may be given to another thread
  own_.clear();
  std::vector<mail> dropped; // destroyed outside the lock: a render may hold anything
  const std::lock_guard guard(lock_);
  closed_ = true;
  dropped.swap(incoming_);
}

std::vector<mail> mailbox::take() {
  std::uint64_t announced = 0;
  [[maybe_unused]] const auto size = ::read(event_fd_.fd(), &announced, sizeof announced);
  const std::lock_guard guard(lock_);
  return std::exchange(incoming_, {});
}

std::vector<mail> mailbox::take_own() { return std::exchange(own_, {}); }

bool mailbox::take_own(ticket wanted, mail& into) {
  const auto found = std::find_if(own_.begin(), own_.end(), [&](const mail& item) {
    const ticket* to = addressee(item);
    return to != nullptr && same(*to, wanted);
  });
  if (found == own_.end()) return false;
  into = std::move(*found);
  own_.erase(found);
  return true;
}

mailbox::labels mailbox::take_labels(ticket of) {
  auto given = std::exchange(labels_, {});
  return same(labelled_, of) ? std::move(given) : labels{};
}

} // namespace boxoffice::http
