// What is to be done before the clock starts and after it stops: users and money made, the sale
// found, the books read.
#pragma once

#include "rush/books.hpp"
#include "rush/crowd.hpp"

#include <functional>
#include <vector>

namespace boxoffice::rush {

// Asks one thing after the other, each again while the server is busy.
class errand : public guest {
public:
  // What is asked next, given the last answer; nothing: done.
  using script = std::function<std::optional<request>(const answer*)>;
  explicit errand(script what) : what_(std::move(what)) {}

  std::optional<act> begin() override;
  std::optional<act> hear(const request& asked, const answer& told) override;
  bool expects(const request&, const answer& told) const override { return told.good(); }

  // What went wrong; empty when nothing did.
  const std::string& trouble() const { return trouble_; }

private:
  script what_;
  std::string trouble_;
  int repeats_ = 0;
};

// Throws std::runtime_error with what the server said when one of them fails.
void run_errands(const config::rush_options& options,
                 const std::vector<std::unique_ptr<errand>>& all);
answer ask_once(const config::rush_options& options, request what);

// A performance of our own with --seats, else the one on sale with the most free seats.
sale find_sale(const config::rush_options& options, std::string run);
void make_users(const config::rush_options& options, const std::vector<std::string>& names,
                const std::vector<std::int64_t>& money);
shown_books read_books(const config::rush_options& options, const sale& of,
                       const std::vector<const account*>& users);

} // namespace boxoffice::rush
