#include "rush/tally.hpp"

namespace boxoffice::rush {
namespace {

void merge(std::map<std::string, std::uint64_t>& into,
           const std::map<std::string, std::uint64_t>& from) {
  for (const auto& [code, count] : from) into[code] += count;
}

std::string code_of(const answer& told) {
  if (told.lost()) return "connection lost";
  return std::to_string(told.status) + (told.code.empty() ? "" : " " + told.code);
}

} // namespace

const char* to_word(step s) {
  switch (s) {
  case step::enter: return "enter";
  case step::poll: return "poll";
  case step::dates: return "dates";
  case step::seats: return "seats";
  case step::book: return "book";
  case step::charge: return "charge";
  case step::pay: return "pay";
  case step::leave: return "leave";
  case step::bad: return "bad";
  case step::errand: return "errand";
  }
  return "";
}

void step_tally::add(const step_tally& other) {
  times.add(other.times);
  merge(expected, other.expected);
  merge(unexpected, other.unexpected);
}

void tally::note(const request& asked, const answer& told, bool expected,
                 histogram::duration took) {
  auto& of = by_step[static_cast<std::size_t>(asked.what)];
  of.times.add(took);
  if (!expected)
    ++of.unexpected[code_of(told)];
  else if (!told.good())
    ++of.expected[code_of(told)];
}

void tally::add(const tally& other) {
  for (std::size_t at = 0; at < steps; ++at) by_step[at].add(other.by_step[at]);
  lateness.add(other.lateness);
  for_line.add(other.for_line);
  cut_off += other.cut_off;
}

std::uint64_t tally::answers() const {
  std::uint64_t sum = 0;
  for (const auto& of : by_step) sum += of.times.count();
  return sum;
}

std::uint64_t tally::unexpected() const {
  std::uint64_t sum = 0;
  for (const auto& of : by_step)
    for (const auto& [code, count] : of.unexpected) sum += count;
  return sum;
}

} // namespace boxoffice::rush
