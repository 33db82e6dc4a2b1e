// A connection to Redis and what a lock needs of it: a key that lives for a while, and its holder's
// token in it.
#pragma once

#include <chrono>
#include <memory>
#include <string>

struct redisContext;

namespace boxoffice::bench {

struct redis_closer {
  void operator()(redisContext*) const;
};
using redis_connection = std::unique_ptr<redisContext, redis_closer>;

// Throws std::runtime_error.
redis_connection connect_to_redis(int port);

class redis_session {
public:
  // Whoever releases a lock tells it on `channel`; an empty one: nobody is told.
  redis_session(int port, const std::string& channel);

  // SET key token NX PX: false when somebody holds it.
  bool take(const std::string& key, const std::string& token, std::chrono::milliseconds lives);
  // False when it was no longer ours.
  bool release(const std::string& key, const std::string& token);

private:
  redis_connection connection_;
  std::string channel_;
  std::string release_script_; // its digest
};

} // namespace boxoffice::bench
