#include "http/worker.hpp"

#include <sys/timerfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

namespace boxoffice::http {

namespace polling = Pistache::Polling;

namespace {

// Tags of epoll events. A connection's tag is its id, which is never reused, so that a late event
// can never be taken for one of a new client on the same file descriptor. Ids begin above every tag
// of the reactor's own, which are descriptors.
constexpr std::uint64_t first_id = std::uint64_t{1} << 40;
constexpr std::uint64_t listening_tag = first_id - 1;
constexpr std::uint64_t mailbox_tag = first_id - 2;
constexpr std::uint64_t timer_tag = first_id - 3;

constexpr std::size_t accepts_per_round = 64;
constexpr std::size_t uneven_clients =
    4; // a worker may have this many more than another before it hands one over
constexpr std::size_t turned_away_slack =
    64; // clients over the limit who are told so; more are closed at once

constexpr std::size_t drain_accept_rounds = 64;

// Listeners told in one go, before whoever asks for something gets a turn.
constexpr std::size_t listeners_at_once = 32;

using milliseconds = std::chrono::milliseconds;

// Fine enough for the shortest deadline, coarse enough to cost nothing.
milliseconds tick_interval(const limits& bounds) {
  const auto shortest =
      std::min({bounds.head_timeout, bounds.body_timeout, bounds.idle_timeout, bounds.write_timeout,
                bounds.answer_timeout, bounds.linger_timeout});
  return std::clamp(shortest / 8, milliseconds(5), milliseconds(100));
}

socket_handle make_timer(milliseconds interval) {
  socket_handle timer(::timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC));
  if (!timer.open()) throw std::system_error(errno, std::generic_category(), "timerfd");
  itimerspec every{};
  every.it_interval.tv_nsec = every.it_value.tv_nsec = std::chrono::nanoseconds(interval).count();
  ::timerfd_settime(timer.fd(), 0, &every, nullptr);
  return timer;
}

Pistache::Flags<polling::NotifyOn> flags_of(const connection::interest& wanted) {
  Pistache::Flags<polling::NotifyOn> flags;
  if (wanted.read) flags.setFlag(polling::NotifyOn::Read);
  if (wanted.write) flags.setFlag(polling::NotifyOn::Write);
  return flags;
}

} // namespace

server_state::server_state(const limits& spend, hooks supplied, socket_handle socket,
                           unsigned count)
    : bounds(spend), app(std::move(supplied)), listening(std::move(socket)), workers(count) {}

void server_state::tell_waiting() {
  if (!someone_waits) return;
  const std::lock_guard guard(lock);
  changed.notify_all();
}

worker::worker(std::shared_ptr<server_state> server, std::size_t index)
    : server_(std::move(server)),
      index_(index),
      host_(server_->bounds, server_->app, server_->workers[index].mail),
      next_id_(first_id) {}

worker::~worker() = default;

std::shared_ptr<Pistache::Aio::Handler> worker::clone() const {
  return std::make_shared<worker>(server_, server_->seated++);
}

void worker::registerPoller(polling::Epoll& poller) {
  poller_ = &poller;
  timer_ = make_timer(tick_interval(server_->bounds));
  const auto read = flags_of({true, false});
  poller.addFd(host_.mail->event_fd(), read, polling::Tag(mailbox_tag));
  poller.addFd(timer_.fd(), read, polling::Tag(timer_tag));
  listen_again();
}

void worker::onReady(const Pistache::Aio::FdSet& ready) {
  if (!claimed_) {
    host_.mail->claim();
    claimed_ = true;
  }
  host_.now = connection_host::clock::now();
  for (std::size_t i = 0; i < ready.size(); ++i) {
    try {
      handle(ready.at(i));
    } catch (...) { // out of memory or of kernel objects; an exception would end the process
    }
  }
  spread_news();
  for (auto own = host_.mail->take_own(); !own.empty(); own = host_.mail->take_own())
    deliver(std::move(own));
  bury_dead();
  if (!rounds_.empty()) host_.mail->rouse(); // to go on at once, but behind what else has come
}

void worker::handle(const Pistache::Aio::FdSet::Entry& event) {
  const auto tag = event.getTag().value();
  if (tag == mailbox_tag) return read_mail();
  if (tag == timer_tag) return tick();
  if (tag == listening_tag) {
    accept_clients();
    return;
  }
  with(tag, [&](connection& link) {
    // Epoll may report a bare error, for which Pistache has no flag: as good as gone.
    const bool gone = event.isHangup() || (!event.isReadable() && !event.isWritable());
    link.on_event(event.isReadable(), event.isWritable(), gone);
  });
}

// --- clients ---

// False once nobody waits any more.
bool worker::accept_clients() {
  for (std::size_t i = 0; i < accepts_per_round; ++i) {
    std::string remote_address;
    auto socket = accept_from(server_->listening, remote_address);
    if (socket.open()) {
      place(std::move(socket), std::move(remote_address));
      continue;
    }
    if (errno == EAGAIN || errno == EWOULDBLOCK) return false;
    if (errno == ECONNABORTED || errno == EINTR) continue;
    // Out of descriptors or memory. The event would come again at once and for ever, so the
    // listening socket is put aside until the next tick; clients wait in the kernel meanwhile.
    stop_listening();
    return false;
  }
  return true;
}

// Clients are spread evenly, because whoever is accepted by one worker stays with it for life.
void worker::place(socket_handle socket, std::string&& remote_address) {
  const auto open = ++server_->connections;
  if (open > server_->bounds.connections + turned_away_slack) {
    --server_->connections;
    return;
  }
  auto& seats = server_->workers;
  const auto emptiest =
      std::min_element(seats.begin(), seats.end(), [](const auto& a, const auto& b) {
        return a.connections.load(std::memory_order_relaxed) <
               b.connections.load(std::memory_order_relaxed);
      });
  auto& own = seats[index_];
  if (own.connections <= emptiest->connections + uneven_clients) {
    ++own.connections;
    return adopt(std::move(socket), std::move(remote_address));
  }
  ++emptiest->connections;
  emptiest->mail->put(adopted_client{std::move(socket), std::move(remote_address)});
}

// The counts already include the client, and must not if it cannot be kept.
void worker::adopt(socket_handle socket, std::string&& remote_address) {
  const auto id = next_id_++;
  const auto fd = socket.fd();
  try {
    const connection::interest at_first{true, false};
    poller_->addFd(fd, flags_of(at_first), polling::Tag(id));
    clients_.try_emplace(id, host_, id, std::move(socket), std::move(remote_address))
        .first->second.registered = at_first;
  } catch (...) { // out of memory or of epoll watches; the socket closes with this frame or has
    forget_one();
    return;
  }
  const bool over_limit = server_->connections > server_->bounds.connections;
  with(id, [&](connection& link) {
    if (over_limit)
      link.turn_away();
    else if (host_.draining)
      link.on_drain();
  });
}

void worker::forget_one() {
  --server_->workers[index_].connections;
  --server_->connections;
}

void worker::listen_again() {
  if (listening_ || host_.draining) return;
  poller_->addFd(server_->listening.fd(), flags_of({true, false}), polling::Tag(listening_tag));
  listening_ = true;
}

void worker::stop_listening() {
  if (!listening_) return;
  poller_->removeFd(server_->listening.fd());
  listening_ = false;
}

// --- mail and time ---

void worker::read_mail() { deliver(host_.mail->take()); }

void worker::deliver(std::vector<mail>&& items) {
  for (auto& item : items) {
    if (auto* sent = std::get_if<sent_answer>(&item))
      deliver_answer(std::move(item), sent->to);
    else if (auto* posted = std::get_if<posted_answer>(&item))
      deliver_answer(std::move(item), posted->to);
    else if (auto* begun = std::get_if<begun_stream>(&item))
      deliver_answer(std::move(item), begun->to);
    else if (const auto* heard = std::get_if<news>(&item))
      hear(*heard);
    else if (auto* adopted = std::get_if<adopted_client>(&item))
      adopt(std::move(adopted->socket), std::move(adopted->remote_address));
    else
      drain();
  }
}

void worker::deliver_answer(mail&& item, ticket to) {
  with(to.connection, [&](connection& link) { link.on_answer(std::move(item), to.serial); });
}

// --- news ---

void worker::hear(const news& item) {
  for (const auto topic : item.topics) {
    const auto found = audiences_.find(topic);
    if (found == audiences_.end() || found->second.round_waits) continue;
    rounds_.push_back({topic, 0});
    found->second.round_waits = true;
  }
}

// Goes on with the oldest round. Thousands of listeners are told a few at a time.
void worker::spread_news() {
  for (std::size_t told = 0; told < listeners_at_once && !rounds_.empty();) {
    auto& [topic, told_up_to] = rounds_.front();
    const auto found = audiences_.find(topic);
    if (found == audiences_.end()) {
      rounds_.pop_front();
      continue;
    }
    auto& [clients, round_waits] = found->second;
    if (told_up_to == 0) round_waits = false; // news from now on needs a round of its own
    const auto next = clients.upper_bound(told_up_to);
    if (next == clients.end()) {
      rounds_.pop_front();
      continue;
    }
    told_up_to = *next;
    with(told_up_to, [](connection& link) { link.on_news(); });
    ++told;
  }
}

// Keeps the audiences in step with what the connection listens to.
void worker::follow_topic(std::uint64_t id, client& one) {
  const auto topic = one.link.topic();
  if (topic == one.topic) return;
  leave_audience(id, std::exchange(one.topic, 0));
  if (topic == 0) return;
  audiences_[topic].clients.insert(id);
  one.topic = topic;
}

void worker::leave_audience(std::uint64_t id, topic_id topic) {
  const auto found = audiences_.find(topic);
  if (found == audiences_.end()) return;
  found->second.clients.erase(id);
  if (found->second.clients.empty()) audiences_.erase(found);
}

void worker::drain() {
  if (host_.draining) return;
  // Whoever is already connected is served like those before the order; a flood is not waited for.
  for (std::size_t round = 0; round < drain_accept_rounds && accept_clients(); ++round) {
  }
  host_.draining = true;
  stop_listening();
  with_all([](connection& link) { link.on_drain(); });
  ++server_->draining_workers;
  server_->tell_waiting();
}

void worker::tick() {
  std::uint64_t expirations = 0;
  [[maybe_unused]] const auto size = ::read(timer_.fd(), &expirations, sizeof expirations);
  with_all([](connection& link) { link.on_tick(); });
  listen_again();
}

// --- book-keeping ---

// Lets act do something with a connection, if it still lives, and does what follows from it. What
// act throws is out of memory: that connection is given up, the others go on.
template <class Act>
void worker::with(std::uint64_t id, Act act) {
  const auto found = clients_.find(id);
  if (found == clients_.end() || found->second.link.dead()) return;
  try {
    act(found->second.link);
  } catch (...) {
    found->second.link.abandon();
  }
  settle(id, found->second);
}

template <class Act>
void worker::with_all(Act act) {
  for (auto& [id, one] : clients_) {
    if (one.link.dead()) continue;
    try {
      act(one.link);
    } catch (...) {
      one.link.abandon();
    }
    settle(id, one);
  }
}

void worker::settle(std::uint64_t id, client& one) {
  if (!one.link.dead()) {
    const auto wanted = one.link.wanted();
    try {
      follow_topic(id, one);
      if (wanted == one.registered) return;
      poller_->rearmFd(one.link.fd(), flags_of(wanted), polling::Tag(id));
      one.registered = wanted;
      return;
    } catch (...) {
      one.link.abandon();
    }
  }
  dead_.push_back(id);
}

void worker::bury_dead() {
  if (dead_.empty()) return;
  for (const auto id : dead_) {
    const auto found = clients_.find(id);
    if (found == clients_.end()) continue;
    leave_audience(id, found->second.topic);
    clients_.erase(found); // closing the socket takes it out of epoll
    forget_one();
  }
  dead_.clear();
  server_->tell_waiting();
}

} // namespace boxoffice::http
