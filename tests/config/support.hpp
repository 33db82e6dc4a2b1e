// What the suites of settings share.
#pragma once

#include "config/settings.hpp"
#include "tests/support/scratch_directory.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

namespace boxoffice::config::testing {

// A file that is gone when the test is.
class temporary_file {
public:
  explicit temporary_file(const std::string& content) {
    std::ofstream(path_, std::ios::binary) << content;
  }

  const std::string& path() const { return path_; }

private:
  test::scratch_directory directory_;
  std::string path_ = directory_ / "settings";
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
