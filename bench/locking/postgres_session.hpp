// A connection to PostgreSQL with prepared statements; what is asked in one go is one round trip.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <vector>

struct pg_conn;

namespace boxoffice::bench {

class postgres_session {
public:
  struct call {
    const char* statement;
    std::vector<std::int64_t> values;
  };
  struct reply {
    std::vector<std::vector<std::int64_t>> rows;
    std::int64_t affected = 0;
  };

  explicit postgres_session(const std::string& url);

  // Statements without results, in the simple protocol. Not once something is prepared.
  void script(const std::string& text);
  // All parameters are bigint.
  void prepare(const char* name, const std::string& text, int parameters);
  // Throws std::runtime_error when one fails; the connection is of no use then.
  std::vector<reply> ask(std::initializer_list<call>);

private:
  struct closer {
    void operator()(pg_conn*) const;
  };
  void send(const call&);
  reply take();
  [[noreturn]] void fail(const std::string& what) const;

  std::unique_ptr<pg_conn, closer> connection_;
};

} // namespace boxoffice::bench
