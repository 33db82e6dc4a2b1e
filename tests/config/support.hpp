// What the suites of settings share.
#pragma once

#include "config/settings.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <fstream>
#include <string>
#include <unistd.h>
#include <vector>

namespace boxoffice::config::testing {

// A file that is gone when the test is.
class temporary_file {
public:
  explicit temporary_file(const std::string& content) {
    std::string pattern = "/tmp/boxoffice-config-XXXXXX";
    const int descriptor = ::mkstemp(pattern.data());
    BOOST_REQUIRE(descriptor >= 0);
    ::close(descriptor);
    path_ = pattern;
    std::ofstream(path_, std::ios::binary) << content;
  }
  ~temporary_file() { ::unlink(path_.c_str()); }
  temporary_file(const temporary_file&) = delete;
  temporary_file& operator=(const temporary_file&) = delete;

  const std::string& path() const { return path_; }

private:
  std::string path_;
};

inline raw_setting flag(const std::string& name, const std::string& value) {
  return {name, value, origin::flag, "--" + name};
}

inline resolved_settings from_file(const std::string& content) {
  const temporary_file file(content);
  return resolve(file.path(), {}, {});
}

inline resolved_settings from_flag(const std::string& name, const std::string& value) {
  return resolve("", {}, {flag(name, value)});
}

// That there is one error, and that it holds all of these words.
inline void check_error(const std::vector<std::string>& errors,
                        const std::vector<std::string>& words) {
  BOOST_REQUIRE_EQUAL(errors.size(), 1U);
  for (const auto& word : words)
    BOOST_TEST(errors.front().find(word) != std::string::npos,
               "`" << word << "` is missing in: " << errors.front());
}

} // namespace boxoffice::config::testing
