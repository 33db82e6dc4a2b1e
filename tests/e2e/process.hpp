// A child process that can't be forgotten: it dies with this object, or with the test.
#pragma once

#include "tests/e2e/support.hpp"

#include <condition_variable>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <sys/types.h>

namespace boxoffice::e2e {

// The binary under test, as ctest names it in BOXOFFICE_BINARY.
std::string binary();

struct launch {
  std::vector<std::string> arguments; // without the program's name
  std::map<std::string, std::string> environment{};
  std::string program = {}; // its path; empty: the binary under test
  // File writes past `file_size` fail as on a full disk instead of killing the process.
  bool survive_full_files = false;
  // Gives up root before it starts, so that permissions mean something.
  bool as_nobody = false;
};

class process {
public:
  explicit process(const launch&);
  process(const process&) = delete;
  process& operator=(const process&) = delete;
  ~process(); // SIGKILL, and waits

  pid_t id() const { return pid_; }
  void signal(int number) const;

  // The exit status, or 128 + the signal that ended it. Throws when it does not end in time.
  int wait(milliseconds within = patience);
  bool ended();

  // All that it has written to stdout and stderr so far.
  std::string output() const;
  // Waits until the output holds these words; false when the process ends without.
  bool wait_for(std::string_view words, milliseconds within = patience);

private:
  void read_output();

  pid_t pid_ = -1;
  int pipe_ = -1;
  std::optional<int> status_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::string output_;
  bool output_ended_ = false;
  std::thread reader_;
};

struct finished {
  int status = 0;
  std::string output;
};

// Runs a command of the shell's to its end.
finished run_shell(const std::string& command);

// Runs the binary to its end.
finished run(std::vector<std::string> arguments,
             std::map<std::string, std::string> environment = {});

} // namespace boxoffice::e2e
