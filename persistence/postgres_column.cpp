#include "persistence/postgres_connection.hpp"

namespace boxoffice::persistence {

namespace {

std::uint32_t oid_of(column::of kind) {
  switch (kind) {
  case column::of::integers: return 20;    // int8
  case column::of::integers_32: return 23; // int4
  case column::of::texts: return 25;
  case column::of::times: return 1114; // timestamp
  case column::of::dates: return 1082;
  case column::of::booleans: return 16;
  case column::of::tokens: return 2950; // uuid
  }
  return 0;
}

template <class Unsigned>
void append_big_endian(std::string& out, Unsigned value) {
  for (int shift = static_cast<int>(sizeof(Unsigned)) * 8 - 8; shift >= 0; shift -= 8)
    out += static_cast<char>(static_cast<unsigned char>(value >> shift));
}

constexpr std::int64_t postgres_epoch_s = 946'684'800; // 2000-01-01

} // namespace

column::column(of kind) : kind_(kind) {}

void column::add(std::int64_t value) {
  ++rows_;
  if (kind_ == of::integers_32) {
    append_big_endian(body_, std::uint32_t{4});
    append_big_endian(body_, static_cast<std::uint32_t>(value));
  } else {
    append_big_endian(body_, std::uint32_t{8});
    append_big_endian(body_, static_cast<std::uint64_t>(value));
  }
}

void column::add(std::string_view text) {
  ++rows_;
  append_big_endian(body_, static_cast<std::uint32_t>(text.size()));
  body_ += text;
}

void column::add(bool value) {
  ++rows_;
  append_big_endian(body_, std::uint32_t{1});
  body_ += value ? '\1' : '\0';
}

void column::add(domain::time_point t) {
  const auto since_1970 =
      std::chrono::duration_cast<std::chrono::microseconds>(t.time_since_epoch()).count();
  add(since_1970 - postgres_epoch_s * 1'000'000);
}

void column::add(domain::calendar_date d) {
  const auto midnight = domain::from_calendar({d, 0, 0, 0, 0});
  const auto seconds =
      std::chrono::duration_cast<std::chrono::seconds>(midnight.time_since_epoch()).count();
  ++rows_;
  append_big_endian(body_, std::uint32_t{4});
  append_big_endian(body_, static_cast<std::uint32_t>((seconds - postgres_epoch_s) / 86'400));
}

void column::add(domain::token_key key) {
  ++rows_;
  append_big_endian(body_, std::uint32_t{16});
  append_big_endian(body_, key.high);
  append_big_endian(body_, key.low);
}

void column::add(std::nullopt_t) {
  ++rows_;
  has_nulls_ = true;
  append_big_endian(body_, std::uint32_t{0xFFFFFFFF});
}

std::string column::encoded() const {
  std::string out;
  out.reserve(body_.size() + 20);
  append_big_endian(out, std::uint32_t{rows_ == 0 ? 0u : 1u}); // dimensions
  append_big_endian(out, std::uint32_t{has_nulls_ ? 1u : 0u});
  append_big_endian(out, oid_of(kind_));
  if (rows_ == 0) return out;
  append_big_endian(out, rows_);
  append_big_endian(out, std::uint32_t{1}); // the first index
  return out + body_;
}

} // namespace boxoffice::persistence
