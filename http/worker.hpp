// One thread of the server: a handler of Pistache's reactor that accepts clients, owns their
// connections, reads its mailbox, spreads news to its listeners and keeps the time.
//
// Of Pistache this uses the reactor, its threads and its epoll; not Tcp::Transport and Tcp::Peer.
// The transport's read loop reads until nothing is left, so that a client who sends faster than we
// parse would own the thread, and it closes a connection whose client has only shut down its
// sending side and is waiting for the answer.
#pragma once

#include "http/connection.hpp"
#include "http/limits.hpp"
#include "http/mailbox.hpp"
#include "http/message.hpp"
#include "http/socket.hpp"

#include <pistache/reactor.h>

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <set>
#include <unordered_map>
#include <vector>

namespace boxoffice::http {

// What the workers of one server share. Outlives them.
struct server_state {
  server_state(const limits& spend, hooks supplied, socket_handle socket, unsigned workers);

  const limits bounds;
  const hooks app;
  socket_handle listening;

  struct seat_of_worker {
    std::shared_ptr<mailbox> mail = std::make_shared<mailbox>();
    std::atomic<std::size_t> connections{0};
  };
  std::vector<seat_of_worker> workers; // by index; its size never changes
  std::size_t seated = 0;              // workers made so far; before the threads start

  std::atomic<std::size_t> connections{0}; // open ones, of all workers

  // For drain(): guards nothing but the sleep of whoever waits for the two counts.
  std::mutex lock;
  std::condition_variable changed;
  std::atomic<std::size_t> draining_workers{0}; // those that have stopped accepting
  std::atomic<bool> someone_waits{false};
  void tell_waiting();
};

class worker final : public Pistache::Aio::Handler {
public:
  worker(std::shared_ptr<server_state> server, std::size_t index);
  ~worker() override;

  // The reactor clones its handler once per thread, and uses only the clones.
  std::shared_ptr<Pistache::Aio::Handler> clone() const override;
  void registerPoller(Pistache::Polling::Epoll& poller) override;
  void onReady(const Pistache::Aio::FdSet& ready) override;

private:
  // A connection and what epoll was last told about it.
  struct client {
    client(connection_host& host, std::uint64_t id, socket_handle socket,
           std::string remote_address)
        : link(host, id, std::move(socket), std::move(remote_address)) {}
    connection link;
    connection::interest registered;
    topic_id topic = 0; // that it is in the audience of
  };
  using client_map = std::unordered_map<std::uint64_t, client>;

  // The streaming clients of a topic, by id.
  struct audience {
    std::set<std::uint64_t> clients;
    bool round_waits = false; // news that nobody here has been told of yet
  };
  // News on its way through an audience.
  struct news_round {
    topic_id topic = 0;
    std::uint64_t told_up_to = 0;
  };

  void handle(const Pistache::Aio::FdSet::Entry& event);
  bool accept_clients();
  void place(socket_handle socket, std::string&& remote_address);
  void adopt(socket_handle socket, std::string&& remote_address);
  void forget_one();
  void listen_again();
  void stop_listening();
  void read_mail();
  void deliver(std::vector<mail>&& items);
  void deliver_answer(mail&& item, ticket to);
  void hear(const news& item);
  void spread_news();
  void follow_topic(std::uint64_t id, client& one);
  void leave_audience(std::uint64_t id, topic_id topic);
  void drain();
  void tick();
  template <class Act>
  void with(std::uint64_t id, Act act);
  template <class Act>
  void with_all(Act act);
  void settle(std::uint64_t id, client& one);
  void bury_dead();

  std::shared_ptr<server_state> server_;
  const std::size_t index_;
  connection_host host_;
  Pistache::Polling::Epoll* poller_ = nullptr; // the reactor's; not to be touched in the destructor
  socket_handle timer_;
  bool claimed_ = false, listening_ = false;
  client_map clients_;
  std::unordered_map<topic_id, audience> audiences_; // none of them empty
  std::deque<news_round> rounds_;
  std::uint64_t next_id_;
  std::vector<std::uint64_t>
      dead_; // to be destroyed at the end of the round, when nobody refers to them
};

} // namespace boxoffice::http
