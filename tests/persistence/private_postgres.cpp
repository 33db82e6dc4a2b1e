#include "tests/persistence/private_postgres.hpp"

#include <netinet/in.h>
#include <pwd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <fstream>
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

int free_port() {
  const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  auto* const any = reinterpret_cast<sockaddr*>(&address);
  socklen_t size = sizeof address;
  const bool bound = ::bind(listener, any, size) == 0 && ::getsockname(listener, any, &size) == 0;
  ::close(listener);
  if (!bound) throw std::runtime_error("no free port");
  return ntohs(address.sin_port);
}

// PostgreSQL does not run as root.
std::string as_server_user(const std::string& command) {
  if (::geteuid() != 0) return command;
  return "runuser -u postgres -- " + command;
}

} // namespace

private_postgres::private_postgres() : directory_(scratch_directory::on::disk) {
  port_ = free_port();
  const auto& home = directory_.path();
  if (::geteuid() == 0) {
    const auto* user = ::getpwnam("postgres");
    if (user == nullptr || ::chown(home.c_str(), user->pw_uid, user->pw_gid) != 0)
      throw std::runtime_error("can't give the directory to postgres");
  }
  const auto data = home / "data";
  run_command("cd / && " +
              as_server_user((programs() / "initdb").string() + " -D " + data.string() +
                             " -A trust -E UTF8 --locale=C.UTF-8 -U postgres"));
  {
    std::ofstream settings(data / "postgresql.conf", std::ios::app);
    settings << "listen_addresses = '127.0.0.1'\nport = " << port_
             << "\nunix_socket_directories = '" << home.string()
             << "'\nshared_buffers = 64MB\nmax_connections = 60\n"
             << "timezone = 'Asia/Seoul'\ndatestyle = 'SQL, DMY'\n"; // neither may matter
    std::ofstream access(data / "pg_hba.conf");
    access << "local all postgres trust\nhost all postgres 127.0.0.1/32 trust\n"
           << "host all all 127.0.0.1/32 scram-sha-256\n";
  }
  start();
  run(url_of("postgres", "postgres"), "CREATE ROLE boxoffice LOGIN PASSWORD 'secret'");
}

private_postgres::~private_postgres() {
  try {
    if (runs_) stop(how::at_once);
  } catch (const std::exception& failure) {
    std::fputs(failure.what(), stderr);
  }
}

private_postgres& private_postgres::shared() {
  static private_postgres one;
  return one;
}

std::string private_postgres::ctl(const std::string& arguments) const {
  const auto& home = directory_.path();
  return run_command("cd / && export LANGUAGE=ko && " +
                     as_server_user((programs() / "pg_ctl").string() + " -w -D " +
                                    (home / "data").string() + " " + arguments) +
                     " </dev/null");
}

void private_postgres::start() {
  ctl("-l " + (directory_.path() / "log").string() + " start >/dev/null");
  runs_ = true;
}

void private_postgres::stop(how way) {
  ctl(way == how::politely ? "-m fast stop" : "-m immediate stop");
  runs_ = false;
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
