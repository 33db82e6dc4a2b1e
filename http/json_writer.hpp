// Writes JSON onto the end of a string: fields in the order they are written, amounts exact, no
// tree in between. The caller opens and closes objects in pairs; commas are the writer's business.
#pragma once

#include "actors/domain/money.hpp"
#include "actors/domain/time.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace boxoffice::http {

class json_writer {
public:
  explicit json_writer(std::string& out) : out_(out) {}

  void begin_object() { open('{'); }
  void end_object() { close('}'); }
  void begin_array() { open('['); }
  void end_array() { close(']'); }

  // The name of the member whose value comes next. Names are ours and need no escaping.
  void key(std::string_view name);

  // Expects valid UTF-8; what is not becomes U+FFFD, so that the document stays JSON.
  void string(std::string_view);
  void integer(std::int64_t);
  void boolean(bool);
  // In points: 100, 100.5.
  void points(domain::money);
  // [year,month,day,hour,minute,second,nanosecond], UTC: always seven numbers.
  void date_time(domain::time_point);
  // A value that is JSON already.
  void raw(std::string_view json);

private:
  void separate();
  void open(char bracket);
  void close(char bracket);

  std::string& out_;
  bool comma_due_ = false;
};

} // namespace boxoffice::http
