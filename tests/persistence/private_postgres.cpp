#include "tests/persistence/private_postgres.hpp"

#include <netinet/in.h>
#include <pwd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstddef>
#include <cstdio>
#include <fstream>
#include <random>
#include <stdexcept>

// For LeakSanitizer: libpqxx 6.4 forgets one small result of libpq's whenever a connection is lost,
// because it asks the lost connection for its encoding before it takes the result.
extern "C" const char* __lsan_default_suppressions() { return "leak:PQmakeEmptyPGresult\n"; }

namespace boxoffice::persistence::test {

namespace fs = std::filesystem;

namespace {

// What the command printed. Throws when it fails.
std::string run_command(const std::string& command) {
  std::FILE* const out = ::popen((command + " 2>&1").c_str(), "r");
  if (out == nullptr) throw std::runtime_error("can't run " + command);
  std::string text;
  std::array<char, 4096> part{};
  while (const auto n = std::fread(part.data(), 1, part.size(), out)) text.append(part.data(), n);
  if (::pclose(out) != 0) throw std::runtime_error(command + "\n" + text);
  return text;
}

// Where Debian puts the server's programs, the newest version's.
fs::path programs() {
  fs::path newest;
  for (const auto& version : fs::directory_iterator("/usr/lib/postgresql"))
    if (fs::exists(version.path() / "bin" / "initdb") && version.path() > newest)
      newest = version.path();
  if (newest.empty()) throw std::runtime_error("PostgreSQL is not installed");
  return newest / "bin";
}

bool is_free(int port) {
  const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  const bool bound = ::bind(listener, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  ::close(listener);
  return bound;
}

// A word among those who test on this machine; -1: another has given it. It ends with the process.
int claim_among_tests(int port) {
  const int claim = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_un name{};
  name.sun_family = AF_UNIX;
  const auto words = "boxoffice-port-" + std::to_string(port);
  words.copy(name.sun_path + 1, words.size()); // in no directory
  const auto size = offsetof(sockaddr_un, sun_path) + 1 + words.size();
  if (::bind(claim, reinterpret_cast<sockaddr*>(&name), static_cast<socklen_t>(size)) == 0)
    return claim;
  ::close(claim);
  return -1;
}

// Where the ports begin that the system gives to whoever asks for any.
int first_given_port() {
  int first = 0;
  std::ifstream("/proc/sys/net/ipv4/ip_local_port_range") >> first;
  return first;
}

// PostgreSQL does not run as root.
std::string as_server_user(const std::string& command) {
  if (::geteuid() != 0) return command;
  return "runuser -u postgres -- " + command;
}

} // namespace

private_postgres::private_postgres() : directory_(scratch_directory::on::disk) {
  hold_a_port();
  const auto& home = directory_.path();
  give(home);
  const auto data = home / "data";
  run_command("cd / && " +
              as_server_user((programs() / "initdb").string() + " -D " + data.string() +
                             " -A trust -E UTF8 --locale=C.UTF-8 -U postgres"));
  {
    std::ofstream settings(data / "postgresql.conf", std::ios::app);
    settings << "listen_addresses = '127.0.0.1'\nport = " << port_
             << "\nunix_socket_directories = '" << home.string()
             << "'\nshared_buffers = 64MB\nmax_connections = 60\n"
             << "log_line_prefix = '%e '\nlog_error_verbosity = terse\n"
             << "log_min_error_statement = panic\n"
             << "timezone = 'Asia/Seoul'\ndatestyle = 'SQL, DMY'\n"; // neither may matter
    std::ofstream access(data / "pg_hba.conf");
    access << "local all postgres trust\nhost all postgres 127.0.0.1/32 trust\n"
           << "host all all 127.0.0.1/32 scram-sha-256\n";
  }
  start_guard();
  start();
  run(url_of("postgres", "postgres"), "CREATE ROLE boxoffice LOGIN PASSWORD 'secret'");
}

private_postgres::~private_postgres() {
  try {
    if (runs_) stop(how::at_once);
  } catch (const std::exception& failure) {
    std::fputs(failure.what(), stderr);
  }
  ::pclose(guard_);
  ::close(holds_port_);
}

void private_postgres::give(const std::filesystem::path& path) {
  if (::geteuid() != 0) return;
  const auto* user = ::getpwnam("postgres");
  if (user == nullptr || ::chown(path.c_str(), user->pw_uid, user->pw_gid) != 0)
    throw std::runtime_error("can't give " + path.string() + " to postgres");
}

void private_postgres::move(const std::string& url, const std::filesystem::path& directory) {
  const auto admin = url_of("postgres", "postgres");
  give(directory);
  run(admin, "CREATE TABLESPACE small LOCATION '" + directory.string() + "';");
  run(admin, "ALTER DATABASE " + url.substr(url.rfind('/') + 1) + " SET TABLESPACE small;");
}

// One that the system gives to nobody, so that it is free still when the server is started again.
void private_postgres::hold_a_port() {
  constexpr int lowest = 10'000;
  const int end = first_given_port();
  if (end <= lowest) throw std::runtime_error("no ports but those the system gives");
  const auto ports = static_cast<unsigned>(end - lowest);
  std::random_device draw;
  for (int attempt = 0; attempt < 1'000; ++attempt) {
    const int port = lowest + static_cast<int>(draw() % ports);
    holds_port_ = claim_among_tests(port);
    if (holds_port_ < 0) continue;
    port_ = port;
    if (is_free(port)) return;
    ::close(holds_port_);
  }
  throw std::runtime_error("no free port");
}

// In a session of its own it outlives whoever kills this one's, and reads to the end of a pipe that
// ends with this process.
void private_postgres::start_guard() {
  const auto& home = directory_.path();
  const auto command = "exec setsid sh -c 'read nothing; if [ -e " +
                       (home / "data" / "postmaster.pid").string() + " ]; then " +
                       ctl_command("-m immediate stop") + "; fi; rm -rf " + home.string() +
                       "' >/dev/null 2>&1";
  guard_ = ::popen(command.c_str(), "we");
  if (guard_ == nullptr) throw std::runtime_error("can't run " + command);
}

private_postgres& private_postgres::shared() {
  static private_postgres one;
  return one;
}

std::string private_postgres::ctl(const std::string& arguments) const {
  return run_command(ctl_command(arguments));
}

std::string private_postgres::ctl_command(const std::string& arguments) const {
  return "cd / && export LANGUAGE=ko && " +
         as_server_user((programs() / "pg_ctl").string() + " -w -D " +
                        (directory_.path() / "data").string() + " " + arguments) +
         " </dev/null";
}

void private_postgres::start() {
  ctl("-l " + (directory_.path() / "log").string() + " start >/dev/null");
  runs_ = true;
}

void private_postgres::stop(how way) {
  ctl(way == how::politely ? "-m fast stop" : "-m immediate stop");
  runs_ = false;
}

int private_postgres::times_logged(const std::string& sqlstate) const {
  std::ifstream log(directory_.path() / "log");
  int times = 0;
  for (std::string line; std::getline(log, line);)
    if (line.compare(0, sqlstate.size() + 1, sqlstate + ' ') == 0) ++times;
  return times;
}

bool private_postgres::answers() {
  try {
    run(url_of("postgres", "postgres"), "SELECT 1");
    return true;
  } catch (const std::runtime_error&) {
    return false;
  }
}

void private_postgres::demote() {
  stop(how::politely);
  std::ofstream(directory_.path() / "data" / "standby.signal").flush();
  start();
}

void private_postgres::promote() { ctl("promote >/dev/null"); }

std::string private_postgres::make_database() {
  const auto name = "test" + std::to_string(++databases_);
  run(url_of("postgres", "postgres"), "CREATE DATABASE " + name + " OWNER boxoffice");
  return url_of(name);
}

std::string private_postgres::run(const std::string& url, const std::string& sql) {
  const auto file = directory_.path() / ("statements" + std::to_string(++runs_of_psql_) + ".sql");
  std::ofstream(file) << sql;
  return run_command("psql -XqAt -v ON_ERROR_STOP=1 -d '" + url + "' -f " + file.string());
}

std::string private_postgres::by_port(std::string url, int port) {
  const auto begin = url.rfind(':') + 1;
  return url.replace(begin, url.rfind('/') - begin, std::to_string(port));
}

std::string private_postgres::url_of(const std::string& database, const std::string& user,
                                     const std::string& password) const {
  return "postgresql://" + user + ":" + password + "@127.0.0.1:" + std::to_string(port_) + "/" +
         database;
}

} // namespace boxoffice::persistence::test
