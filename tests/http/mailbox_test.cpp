// The mailbox alone: mail is announced, always.
#define BOOST_TEST_MODULE http.mailbox
#include <boost/test/unit_test.hpp>

#include "http/mailbox.hpp"
#include "tests/http/test_client.hpp"

#include <poll.h>

#include <array>
#include <atomic>
#include <thread>
#include <vector>

using namespace boxoffice::http;
using namespace boxoffice::http::test;

// Each sender waits until its mail has been taken before it sends the next, so that a single mail
// that is not announced stops everything. Senders are about as fast as the reader: the moment
// between its two acts is hit often.
BOOST_AUTO_TEST_CASE(no_mail_lies_unannounced) {
  constexpr std::size_t senders = 3;
  const std::uint64_t each = long_run() ? 1'000'000 : 100'000;
  mailbox box;
  std::array<std::atomic<std::uint64_t>, senders> taken{};
  std::atomic<bool> stuck{false};
  std::vector<std::thread> threads;
  for (std::size_t s = 0; s < senders; ++s)
    threads.emplace_back([&, s] {
      for (std::uint64_t serial = 1; serial <= each && !stuck; ++serial) {
        box.send({s, serial}, {});
        while (taken[s] < serial && !stuck) std::this_thread::yield();
      }
    });

  for (std::uint64_t total = 0; total < senders * each;) {
    pollfd announced{box.event_fd(), POLLIN, 0};
    if (::poll(&announced, 1, static_cast<int>(patience.count())) != 1) {
      stuck = true;
      break;
    }
    for (auto& item : box.take()) {
      const auto& to = std::get<sent_answer>(item).to;
      BOOST_TEST_REQUIRE(to.serial == taken[to.connection] + 1);
      taken[to.connection] = to.serial;
      ++total;
    }
  }
  for (auto& one : threads) one.join();
  BOOST_TEST(!stuck);
}

BOOST_AUTO_TEST_CASE(a_closed_mailbox_takes_nothing) {
  mailbox box;
  box.send({1, 1}, {});
  box.close();
  box.send({1, 2}, {});
  BOOST_TEST(box.take().empty());
}

BOOST_AUTO_TEST_CASE(the_owner_s_own_mail_needs_no_announcement_and_the_first_counts) {
  mailbox box;
  box.claim();
  response first, second;
  first.status = 201;
  second.status = 202;
  box.send({1, 1}, std::move(first));
  box.send({2, 1}, {});
  box.send({1, 1}, std::move(second));
  mail got;
  BOOST_TEST(!box.take_own({1, 2}, got));
  BOOST_TEST_REQUIRE(box.take_own({1, 1}, got));
  BOOST_TEST(std::get<sent_answer>(got).answer.status == 201);
  BOOST_TEST(box.take_own().size() == 2u);
  BOOST_TEST(box.take().empty());

  box.label({1, 1}, "route", "trace");
  BOOST_TEST(box.take_labels({1, 2}).route.empty());
  BOOST_TEST(box.take_labels({1, 1}).route.empty()); // they are given once
}
