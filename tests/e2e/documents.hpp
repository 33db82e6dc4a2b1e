// What an answer must look like, field by field.
#pragma once

#include "tests/e2e/http_client.hpp"

#include <set>
#include <string>

namespace boxoffice::e2e {

// "" when `value` is an object with exactly these members; else what is wrong.
std::string members_fault(const json& value, const std::set<std::string>& names);

// [year,month,day,hour,minute,second,nanosecond], UTC, all integers.
bool is_date_time(const json& value);
// In seconds since 1970.
double seconds_of(const json& date_time);
double seconds_now();
// The day as a query wants it, "2024-07-10".
std::string day_of(const json& date_time);

bool is_uuid(const json& value);

// Check with Boost.Test that a document has the form that the contract gives it, types included.
void check_seat(const json&, bool is_available_seat = false);
void check_concert(const json&);
void check_booking(const json&, const std::string& status);
void check_user(const json&);
void check_token(const json&, const std::string& status);
// A refusal of the seed's API: status, code, and all that goes with them.
void check_refusal(const answer&, int status, const std::string& code, bool of_seed_api = true);

} // namespace boxoffice::e2e
