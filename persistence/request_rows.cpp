#include "persistence/request_rows.hpp"

#include <optional>
#include <string>
#include <utility>

namespace boxoffice::persistence {

namespace {

[[noreturn]] void fail_content(const char* what) {
  throw store_failed(store_failed::reason::damaged,
                     std::string("The store holds no ") + what + " where one belongs.");
}

// What the column `owner` says: the inverse of domain::to_string.
domain::request_owner to_owner(std::string_view text) {
  const auto rest_of = [text](std::string_view word) -> std::optional<std::string> {
    if (text.substr(0, word.size()) != word) return std::nullopt;
    return std::string(text.substr(word.size()));
  };
  const auto number = [](const std::string& digits) {
    try {
      return std::stoll(digits);
    } catch (const std::exception&) {
      fail_content("owner of a request");
    }
  };
  if (text == "catalogue") return domain::whole_catalogue{};
  if (auto user = rest_of("user ")) return domain::user_id{*std::move(user)};
  if (const auto option = rest_of("option ")) return domain::option_id{number(*option)};
  if (const auto booking = rest_of("booking ")) return domain::booking_id{number(*booking)};
  fail_content("owner of a request");
}

void take_row(domain::kept_requests& all, const cursor& row) {
  domain::request_key key;
  key.owner = to_owner(row.text(0));
  key.route = row.text(1);
  key.actor = row.text(2);
  key.key = row.text(3);
  const auto print = domain::parse_fingerprint(row.text(4));
  if (!print) fail_content("fingerprint of a request");
  key.print = *print;
  key.detail = row.text(5);
  const auto booking = row.id<domain::booking_id>(6); // NULL reads as 0: none
  if (row.is_null(9))
    return all.evolve(domain::request_begun{std::move(key), booking, row.time(7)});
  domain::written_answer answer{static_cast<int>(row.integer(9)), std::string(row.text(10)),
                                std::string(row.text(11))};
  all.evolve(domain::request_answered{std::move(key), booking, std::move(answer), row.time(7),
                                      row.time(8)});
}

} // namespace

domain::kept_requests request_rows::load(const domain::request_owner& owner,
                                         domain::time_point now) {
  domain::kept_requests all;
  const auto* booking = std::get_if<domain::booking_id>(&owner);
  const auto name = to_string(owner);
  for (auto row = booking ? of_booking_.query(*booking, now) : of_owner_.query(name, now);
       row.next();)
    take_row(all, row);
  return all;
}

} // namespace boxoffice::persistence
