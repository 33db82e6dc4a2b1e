// What the crowd was told against what the service holds now.
#pragma once

#include "tests/e2e/books.hpp"
#include "tests/e2e/sale.hpp"

namespace boxoffice::e2e {

// Every difference, one sentence each. Open doubts become facts, one way or the other.
std::vector<std::string> compare_with_books(std::vector<customer>&, const books&,
                                            bool holds_expire = false);
// The same through the API, for what it tells: balances and live tokens.
std::vector<std::string> compare_with_api(const std::vector<customer>&, const server&);

// After a sale has ended and its server runs (again): checks with Boost.Test that payments under
// way finish, and that the audit, the store and the API say what the crowd was told.
void check_history(sale&, const server&, bool holds_expire = false);

} // namespace boxoffice::e2e
