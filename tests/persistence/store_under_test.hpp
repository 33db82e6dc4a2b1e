// The store that the conformance suite runs over. Each kind of store links its own make().
#pragma once

#include "persistence/store.hpp"

#include <memory>

namespace boxoffice::persistence::test {

class store_under_test {
public:
  virtual ~store_under_test() = default;
  virtual store& get() = 0;
  // Closes the store and opens it again on what it keeps.
  virtual void reopen() = 0;

  static std::unique_ptr<store_under_test> make(); // an empty one
};

} // namespace boxoffice::persistence::test
