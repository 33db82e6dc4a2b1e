// The shared documents while a sale goes on: several workers read, the maps move.
#include "http/concert_documents.hpp"
#include "tests/http/fake_service.hpp"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <thread>

namespace boxoffice::http::test {

namespace {

constexpr int house = 300; // seats

// One performance that sells seat by seat.
class selling_backend final : public backend {
public:
  selling_backend() {
    domain::catalogue all;
    all.concerts[{1}] = {{1}, "concertA", noon};
    auto o = std::make_shared<domain::concert_option>();
    o->id = {1};
    o->concert = {1};
    o->local_date = {2024, 7, 10};
    o->sections = {{"A", {1}, house, domain::points(100)}};
    all.options[{1}] = std::move(o);
    stock_ = std::make_shared<domain::catalogue>(std::move(all));
    map_ = std::make_shared<domain::seat_map>(domain::option_id{1}, domain::seat_id{1}, house);
  }

  void sell(std::int64_t seat) {
    auto next = std::make_shared<domain::seat_map>(
        seats_now()->with({{seat}}, domain::seat_status::sold, seat));
    const std::lock_guard lock(mutex_);
    map_ = std::move(next);
  }
  std::shared_ptr<const domain::seat_map> seats_now() const {
    const std::lock_guard lock(mutex_);
    return map_;
  }

  void submit(actors::request_id, actors::command, domain::request_key_ptr) override {}
  std::shared_ptr<const domain::catalogue> catalogue() const override { return stock_; }
  std::shared_ptr<const domain::seat_map> seats(domain::option_id) const override {
    return seats_now();
  }
  bool ready() const override { return true; }
  domain::time_point now() const override { return noon; }

private:
  std::shared_ptr<const domain::catalogue> stock_;
  mutable std::mutex mutex_;
  std::shared_ptr<const domain::seat_map> map_;
};

std::size_t count(const std::string& text, std::string_view word) {
  std::size_t n = 0;
  for (auto at = text.find(word); at != text.npos; at = text.find(word, at + 1)) ++n;
  return n;
}

} // namespace

BOOST_AUTO_TEST_SUITE(api_documents)

// Each reader sees at least what was sold before it asked, and never less than it saw before.
BOOST_AUTO_TEST_CASE(no_reader_is_shown_what_was_free_before) {
  selling_backend service;
  concert_documents documents;
  std::atomic<bool> sold_out{false};
  std::atomic<int> sold{0}, readings{0};
  std::atomic<bool> went_back{false};

  const auto read = [&] {
    for (bool last = false; !last; ++readings) {
      last = sold_out;
      const auto known = static_cast<std::size_t>(sold.load());
      const auto reserved = count(*documents.concerts(service), "\"reserved\":true");
      const auto free = count(*documents.free_seats(service, {1}, {2024, 7, 10}), "seatId");
      if (reserved < known || free > house - reserved) went_back = true;
    }
  };
  std::thread one(read), other(read);
  for (int seat = 1; seat <= house; ++seat) {
    service.sell(seat);
    sold = seat;
    // Let some readings fall between any two sales.
    for (const int before = readings; readings == before;) std::this_thread::yield();
  }
  sold_out = true;
  one.join();
  other.join();
  BOOST_TEST(!went_back);
  BOOST_TEST(*documents.free_seats(service, {1}, {2024, 7, 10}) == "[]");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace boxoffice::http::test
