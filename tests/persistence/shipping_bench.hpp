// What the suites of write-behind share: an embedded store that sells, a PostgreSQL, and the
// shipping between them.
#pragma once

#include "persistence/comparison.hpp"
#include "persistence/shipping.hpp"
#include "persistence/sqlite_store.hpp"
#include "tests/persistence/model.hpp"
#include "tests/persistence/private_postgres.hpp"
#include "tests/persistence/random_sale.hpp"

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace boxoffice::persistence::test {

// Sells at random into an embedded store, on and on.
struct selling {
  explicit selling(std::uint64_t seed) : sale(seed) {}

  void open(bool logged) {
    sqlite_options options;
    options.directory = directory.path() / "store";
    if (logged) options.log = log = std::make_shared<log_window>();
    store = open_sqlite_store(options);
    if (expected.last_commit == 0) commit(sale.opening());
  }
  void close() { store.reset(); }

  void sell(int commits) {
    for (int i = 0; i < commits; ++i) commit(sale.next(expected));
  }
  void commit(const domain::events& facts) {
    last = store->commit(facts, sale.now());
    expected.commit(facts, sale.now());
  }

  scratch_directory directory;
  random_sale sale;
  model expected;
  std::shared_ptr<log_window> log;
  std::unique_ptr<persistence::store> store;
  commit_number last = 0;
};

// Ships what is sold, and remembers what an operator was told.
struct shipping_bench {
  explicit shipping_bench(std::uint64_t seed)
      : shipping_bench(seed, private_postgres::shared(),
                       private_postgres::shared().make_database()) {}
  shipping_bench(std::uint64_t seed, private_postgres& where, std::string database)
      : postgres(where), url(std::move(database)), sold(seed) {}

  void start_shipping() {
    shipping_options options;
    options.directory = sold.directory.path() / "store";
    options.url = by_port ? private_postgres::by_port(url, *by_port) : url;
    options.log = sold.log;
    options.batch = 300;
    options.report = [this](bool is_error, const std::string& text) {
      std::lock_guard hold(mutex);
      (is_error ? errors : news).push_back(text);
    };
    ships = std::make_unique<shipping>(options);
  }
  void stop_shipping() { ships.reset(); }

  // The store, which is shipped and closed, goes on to sell, and is put back to what it is now: it
  // lacks what PostgreSQL has then. Closed again.
  void put_an_old_copy_back() {
    const auto file = sold.directory.path() / "store" / "boxoffice.db";
    const auto old = sold.directory.path() / "old.db";
    std::filesystem::copy_file(file, old);
    const auto model_then = sold.expected;
    sold.open(true);
    start_shipping();
    sold.sell(50);
    check_same();
    stop_shipping();
    sold.close();
    std::filesystem::remove(std::filesystem::path(file) += "-wal");
    std::filesystem::copy_file(old, file, std::filesystem::copy_options::overwrite_existing);
    sold.expected = model_then;
  }

  bool was_told(const std::string& words) {
    std::lock_guard hold(mutex);
    for (const auto* all : {&errors, &news})
      for (const auto& text : *all)
        if (text.find(words) != std::string::npos) return true;
    return false;
  }

  // PostgreSQL comes to hold what the store holds, row by row.
  void check_same() {
    BOOST_TEST(ships->wait_for(sold.last, std::chrono::seconds(60)));
    const auto found =
        compare_with_postgres(sold.directory.path() / "store", url, std::chrono::milliseconds(0));
    BOOST_TEST(found.done);
    for (const auto& f : found.findings) BOOST_ERROR(f.detail);
    BOOST_TEST(found.rows > 0);
    BOOST_TEST(sold.log->now().changes == 0);
  }

  private_postgres& postgres;
  std::string url;
  std::optional<int> by_port; // of the loopback, that stands before PostgreSQL's own
  selling sold;
  std::mutex mutex;
  std::vector<std::string> errors, news;
  std::unique_ptr<shipping> ships;
};

} // namespace boxoffice::persistence::test
