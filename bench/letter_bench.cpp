// What the letters of a booking and its payment cost from one node to another: bytes, and the time
// to write and to read them. Beside it the peer, a copy of the letter inside a node.
//
// usage: letter_bench
#include "actors/letter_format.hpp"
#include "bench/measure.hpp"

#include <cstdio>

namespace boxoffice::bench {
namespace {

using namespace actors;

constexpr int calls = 100'000;

// So large that they are written in as many bytes as in a service that has been at work for long.
constexpr request_id request = 1'000'000'000;
constexpr domain::booking_id booked{40'000'000};
constexpr domain::option_id option{1'000};
constexpr domain::concert_id concert{300};
const domain::user_id user{"user1000"};
const auto token = domain::make_token_key(0x0123456789ABCDEF, 0xFEDCBA9876543210);
const auto now = domain::from_micros(1'795'000'000'123'456);

wallet_view wallet() {
  return {{user, "아무개", "user1000@example.com"}, {500'000}, domain::points(10'000)};
}

domain::request_key_ptr key() {
  domain::request_key k;
  k.owner = option;
  k.route = "POST /v1/bookings";
  k.actor = user.value;
  k.key = "8e03978e-40d5-43e8-bc93-6894a57f0d11";
  k.print.bytes.fill(0xA5);
  return std::make_shared<const domain::request_key>(std::move(k));
}

domain::booking booking() {
  domain::booking b;
  b.id = booked;
  b.option = option;
  b.concert = concert;
  b.user = user;
  b.token = token;
  for (int n = 10; n < 12; ++n)
    b.seats.push_back({{9'000'000 + n}, {80'000'000 + n}, {"A", n}, domain::points(100)});
  b.total = domain::points(200);
  b.created_at = now;
  b.expires_at = now + std::chrono::minutes(5);
  return b;
}

std::string bytes_of(const letter& l) { return encode(l, newest_spoken); }
std::string bytes_of(const outcome& o) { return encode(o, newest_spoken); }
void read(const std::string& bytes, const letter&) { decode_letter(bytes, newest_spoken); }
void read(const std::string& bytes, const outcome&) { decode_outcome(bytes, newest_spoken); }

template <class Told>
void measure(const char* what, const Told& told) {
  const auto bytes = bytes_of(told);
  const auto copied = nanoseconds_each(calls, [&] { Told copy(told); });
  const auto written = nanoseconds_each(calls, [&] { bytes_of(told); });
  const auto taken = nanoseconds_each(calls, [&] { read(bytes, told); });
  std::printf("%-36s %6zu %8.0f %8.0f %8.0f\n", what, bytes.size(), written, taken, copied);
}

void run() {
  create_booking wanted{option, user, token, {{"A", 10}, {"A", 11}}, concert};
  pay_booking payment;
  payment.booking = booked;
  payment.concert = concert;
  payment.claim.user = user;
  payment.claim.token = token;

  std::printf("%-36s %6s %8s %8s %8s\n", "letter", "bytes", "write ns", "read ns", "copy ns");
  const auto admit = admit_booking{{request, wanted, nullptr}};
  measure("admit_booking", letter(admit));
  const auto keyed = admit_booking{{request, wanted, key()}};
  measure("recall with a keyed admit_booking",
          letter(recall{request, keyed.key, std::make_shared<parcel>(parcel{keyed}), {}}));
  measure("open_sale", letter(open_sale{{request, wanted, nullptr}}));
  measure("describe_owner", letter(describe_owner{user, ref(option), 5'000}));
  measure("owner_described", letter(owner_described{ref(option), 5'000, wallet()}));
  measure("booking_view, the answer", outcome(booking_view{booking(), wallet()}));
  measure("admit_payment", letter(admit_payment{{request, payment, nullptr}}));
  measure("start_payment", letter(start_payment{{request, payment, nullptr}}));
  measure("debit_wallet", letter(debit_wallet{user, {900'000}, booked, domain::points(200)}));
  measure("debit_decided", letter(debit_decided{booked, {900'000}, true, wallet()}));
  measure("release_tokens", letter(release_tokens{concert, booked, {token}}));
  measure("tokens_released", letter(tokens_released{booked}));
}

} // namespace
} // namespace boxoffice::bench

int main() { boxoffice::bench::run(); }
