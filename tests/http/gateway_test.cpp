// Between waiting clients and the answering service: who hears what, on whose thread, and who is
// turned away when too much is under way.
#include "tests/http/fake_service.hpp"

#include <atomic>
#include <thread>

namespace boxoffice::http::test {

namespace {

struct bench {
  explicit bench(gateway_limits limits = {}) : commands(limits) { service.port = &commands; }

  bool submit(urgency how, std::uint64_t serial = 0) {
    const auto render = [](const actors::outcome& o) {
      response r;
      r.status = std::holds_alternative<actors::wallet_view>(o) ? 200 : 400;
      return r;
    };
    return commands.submit(service, actors::read_wallet{{"u"}}, how, exchange(sink, {1, serial}),
                           render);
  }

  paper_backend service;
  gateway commands;
  std::shared_ptr<paper_sink> sink = std::make_shared<paper_sink>();
};

} // namespace

BOOST_AUTO_TEST_SUITE(gateway_suite)

BOOST_AUTO_TEST_CASE(each_outcome_goes_to_the_one_who_asked) {
  bench b;
  for (std::uint64_t serial = 1; serial <= 3; ++serial) BOOST_TEST(b.submit(urgency::poll, serial));
  BOOST_TEST(b.commands.in_flight() == 3u);
  b.commands.complete(b.service.held[2], domain::rejection{});
  b.commands.complete(b.service.held[0], wallet_of("u", 1));
  b.sink->run_posted();
  BOOST_TEST(b.sink->answers.at(1).status == 200);
  BOOST_TEST(b.sink->answers.at(3).status == 400);
  BOOST_TEST(b.sink->answers.count(2) == 0u);
  BOOST_TEST(b.commands.in_flight() == 1u);
}

BOOST_AUTO_TEST_CASE(the_answer_is_written_on_the_worker_not_on_the_services_thread) {
  bench b;
  BOOST_TEST(b.submit(urgency::poll, 1));
  b.commands.complete(b.service.held[0], wallet_of("u", 1));
  BOOST_TEST(b.sink->answers.empty());
  BOOST_TEST(b.sink->posted.size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_second_outcome_and_one_of_an_unknown_number_are_ignored) {
  bench b;
  BOOST_TEST(b.submit(urgency::poll, 1));
  b.commands.complete(b.service.held[0], wallet_of("u", 1));
  b.commands.complete(b.service.held[0], wallet_of("u", 2));
  b.commands.complete(4711, wallet_of("u", 2));
  BOOST_TEST(b.sink->posted.size() == 1u);
}

BOOST_AUTO_TEST_CASE(polls_are_turned_away_first_then_changes_and_payments_last) {
  bench b({10, std::chrono::hours(1)});
  for (int i = 0; i < 8; ++i) BOOST_TEST(b.submit(urgency::poll));
  BOOST_TEST(!b.submit(urgency::poll));
  BOOST_TEST(b.submit(urgency::change));
  BOOST_TEST(!b.submit(urgency::change));
  BOOST_TEST(!b.submit(urgency::poll));
  BOOST_TEST(b.submit(urgency::payment));
  BOOST_TEST(!b.submit(urgency::payment));
  BOOST_TEST(b.service.seen.size() == 10u); // what was turned away never reached the service
  b.commands.complete(b.service.held[0], wallet_of("u", 1));
  BOOST_TEST(!b.submit(urgency::change));
  BOOST_TEST(b.submit(urgency::payment));
}

BOOST_AUTO_TEST_CASE(even_a_bound_of_one_lets_each_kind_through) {
  for (const auto how : {urgency::poll, urgency::change, urgency::payment}) {
    bench b({1, std::chrono::hours(1)});
    BOOST_TEST(b.submit(how));
    BOOST_TEST(!b.submit(how));
  }
}

BOOST_AUTO_TEST_CASE(an_answer_that_never_comes_is_forgotten) {
  bench b({10, std::chrono::seconds(10)});
  for (std::uint64_t i = 0; i < 10; ++i) BOOST_TEST(b.submit(urgency::payment, i));
  b.service.time = noon + std::chrono::seconds(10) - domain::duration(1);
  BOOST_TEST(!b.submit(urgency::payment));
  b.service.time = noon + std::chrono::seconds(10);
  BOOST_TEST(b.submit(urgency::payment, 10));
  BOOST_TEST(b.commands.in_flight() == 1u);
  b.commands.complete(b.service.held[0], wallet_of("u", 1)); // too late: nobody is there
  BOOST_TEST(b.sink->posted.empty());
  b.commands.complete(b.service.held[10], wallet_of("u", 1));
  BOOST_TEST(b.sink->posted.size() == 1u);
}

namespace {

// Counts answers from any thread.
class counting_sink final : public reply_sink {
public:
  void send(ticket, response&&) override {}
  void post(ticket, std::function<response()>&& render) override {
    render();
    ++answers;
  }
  void stream(ticket, stream_start&&) override {}
  void announce(std::vector<topic_id>&&) override {}
  void label(ticket, std::string&&, std::string&&) override {}
  std::atomic<int> answers{0};
};

} // namespace

BOOST_AUTO_TEST_CASE(threads_that_ask_and_threads_that_answer_lose_nothing) {
  constexpr int askers = 3, each = 3000;
  gateway commands({1'000'000, std::chrono::hours(1)});
  const auto sink = std::make_shared<counting_sink>();
  const auto ask_many = [&] {
    paper_backend service;
    service.port = &commands;
    service.decide = [](const actors::command&) { return wallet_of("u", 1); };
    for (int i = 0; i < each; ++i)
      if (!commands.submit(service, actors::read_wallet{{"u"}}, urgency::poll, exchange(sink, {}),
                           [](const actors::outcome&) { return response(); }))
        std::abort();
  };
  std::vector<std::thread> threads;
  for (int i = 0; i < askers; ++i) threads.emplace_back(ask_many);
  for (auto& t : threads) t.join();
  BOOST_TEST(sink->answers == askers * each);
  BOOST_TEST(commands.in_flight() == 0u);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace boxoffice::http::test
