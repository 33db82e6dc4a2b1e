// The tests' own PostgreSQL: what it leaves behind, and to whom its port may go.
#define BOOST_TEST_MODULE persistence.private_postgres
#include "tests/persistence/private_postgres.hpp"

#include <boost/test/unit_test.hpp>

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <fstream>
#include <thread>

using namespace boxoffice::persistence::test;

BOOST_AUTO_TEST_CASE(its_port_is_given_to_nobody_while_it_is_stopped) {
  private_postgres one;
  int first_given = 0;
  std::ifstream("/proc/sys/net/ipv4/ip_local_port_range") >> first_given;
  BOOST_TEST(one.port() < first_given);
}

BOOST_AUTO_TEST_CASE(it_ends_with_a_test_that_is_killed) {
  std::array<int, 2> told{};
  BOOST_REQUIRE(::pipe(told.data()) == 0);
  const auto child = ::fork();
  if (child == 0) {
    const private_postgres one;
    const auto data = (one.directory() / "data").string();
    static_cast<void>(!::write(told[1], data.data(), data.size()));
    for (;;) ::pause();
  }
  std::array<char, 4096> text{};
  const auto size = ::read(told[0], text.data(), text.size());
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  ::close(told[0]);
  ::close(told[1]);
  BOOST_REQUIRE(size > 0);
  const std::filesystem::path data(std::string(text.data(), static_cast<std::size_t>(size)));
  pid_t server = 0;
  std::ifstream(data / "postmaster.pid") >> server;
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  const auto is_gone = [&] {
    return !std::filesystem::exists(data.parent_path()) && (server == 0 || ::kill(server, 0) != 0);
  };
  while (!is_gone() && std::chrono::steady_clock::now() < deadline)
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  BOOST_TEST(is_gone());
}
