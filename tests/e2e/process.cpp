#include "tests/e2e/process.hpp"

#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <stdexcept>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace boxoffice::e2e {

namespace {

constexpr uid_t nobody = 65534;
constexpr int never_started = 127;

// Between fork and exec only what is safe there: the parent may have threads.
[[noreturn]] void become(const launch& what, int program, char* const* arguments,
                         char* const* environment, int output, pid_t parent) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(never_started); // it died before the line above
  const int nothing = ::open("/dev/null", O_RDONLY);
  dup2(nothing, STDIN_FILENO);
  dup2(output, STDOUT_FILENO);
  dup2(output, STDERR_FILENO);
  if (what.survive_full_files) std::signal(SIGXFSZ, SIG_IGN);
  if (what.as_nobody && (setgid(nobody) != 0 || setuid(nobody) != 0)) _exit(never_started);
  fexecve(program, arguments, environment);
  _exit(never_started);
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> result;
  for (auto& text : texts) result.push_back(text.data());
  result.push_back(nullptr);
  return result;
}

// Ours without the settings that whoever runs the tests may have set for a server of his own.
std::vector<std::string> environment_for(const launch& what) {
  std::vector<std::string> result;
  for (char** one = environ; *one != nullptr; ++one)
    if (std::string_view(*one).substr(0, 10) != "BOXOFFICE_") result.emplace_back(*one);
  for (const auto& [name, value] : what.environment) result.push_back(name + "=" + value);
  return result;
}

} // namespace

std::string binary() {
  const char* path = std::getenv("BOXOFFICE_BINARY");
  if (path == nullptr) throw std::runtime_error("BOXOFFICE_BINARY names no binary to test");
  return path;
}

process::process(const launch& what) {
  std::vector<std::string> words = what.arguments;
  words.insert(words.begin(), what.program.empty() ? binary() : what.program);
  auto variables = environment_for(what);
  const auto arguments = pointers(words), environment = pointers(variables);

  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  // Opened here, because nobody may not be let into the directory where it lies.
  const int program = ::open(arguments[0], O_RDONLY | O_CLOEXEC);
  const auto parent = getpid();
  pid_ = fork();
  if (pid_ == 0) become(what, program, arguments.data(), environment.data(), ends[1], parent);
  ::close(ends[1]);
  ::close(program);
  pipe_ = ends[0];
  if (pid_ < 0) {
    ::close(pipe_);
    throw std::runtime_error("no child process");
  }
  reader_ = std::thread([this] { read_output(); });
}

process::~process() {
  if (!status_) {
    ::kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }
  reader_.join();
  ::close(pipe_);
}

void process::read_output() {
  char buffer[4096];
  ssize_t got = 0;
  while ((got = ::read(pipe_, buffer, sizeof buffer)) > 0) {
    const std::lock_guard hold(mutex_);
    output_.append(buffer, static_cast<std::size_t>(got));
    changed_.notify_all();
  }
  const std::lock_guard hold(mutex_);
  output_ended_ = true;
  changed_.notify_all();
}

void process::signal(int number) const {
  if (!status_) ::kill(pid_, number);
}

bool process::ended() {
  int raw = 0;
  if (!status_ && waitpid(pid_, &raw, WNOHANG) == pid_)
    status_ = WIFEXITED(raw) ? WEXITSTATUS(raw) : 128 + WTERMSIG(raw);
  return status_.has_value();
}

int process::wait(milliseconds within) {
  if (!eventually([this] { return ended(); }, within))
    throw std::runtime_error("the process did not end in time; it wrote:\n" + output());
  std::unique_lock hold(mutex_);
  changed_.wait_for(hold, patience, [this] { return output_ended_; });
  return *status_;
}

std::string process::output() const {
  const std::lock_guard hold(mutex_);
  return output_;
}

bool process::wait_for(std::string_view words, milliseconds within) {
  std::unique_lock hold(mutex_);
  const auto said = [&] { return output_.find(words) != std::string::npos; };
  if (!changed_.wait_for(hold, within, [&] { return output_ended_ || said(); }))
    throw std::runtime_error("the process did not say '" + std::string(words) + "' in time");
  return said();
}

finished run_shell(const std::string& command) {
  launch what;
  what.program = "/bin/sh";
  what.arguments = {"-c", command};
  process it(what);
  finished result;
  result.status = it.wait();
  result.output = it.output();
  return result;
}

finished run(std::vector<std::string> arguments, std::map<std::string, std::string> environment) {
  launch what;
  what.arguments = std::move(arguments);
  what.environment = std::move(environment);
  process it(what);
  const int status = it.wait();
  return {status, it.output()};
}

} // namespace boxoffice::e2e
