#include "bench/locking/redis_session.hpp"

#include <hiredis/hiredis.h>
#include <stdexcept>

namespace boxoffice::bench {

namespace {

// Only the holder's own token opens it: one whose time ran out doesn't end the next holder's.
const char* const release_quietly = "if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end "
                                    "return redis.call('DEL', KEYS[1])";
const char* const release_and_tell = "if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end "
                                     "redis.call('DEL', KEYS[1]) "
                                     "redis.call('PUBLISH', ARGV[2], KEYS[1]) return 1";

struct reply_freer {
  void operator()(redisReply* r) const { freeReplyObject(r); }
};
using reply = std::unique_ptr<redisReply, reply_freer>;

template <class... Values>
reply ask(redisContext* c, const char* format, Values... values) {
  reply r(static_cast<redisReply*>(redisCommand(c, format, values...)));
  if (!r) throw std::runtime_error(std::string("Redis: ") + c->errstr);
  if (r->type == REDIS_REPLY_ERROR) throw std::runtime_error(std::string("Redis: ") + r->str);
  return r;
}

} // namespace

void redis_closer::operator()(redisContext* c) const { redisFree(c); }

redis_connection connect_to_redis(int port) {
  redis_connection c(redisConnect("127.0.0.1", port));
  if (!c || c->err != 0)
    throw std::runtime_error(std::string("Redis: ") + (c ? c->errstr : "no memory"));
  return c;
}

redis_session::redis_session(int port, const std::string& channel)
    : connection_(connect_to_redis(port)), channel_(channel) {
  release_script_ =
      ask(connection_.get(), "SCRIPT LOAD %s", channel.empty() ? release_quietly : release_and_tell)
          ->str;
}

bool redis_session::take(const std::string& key, const std::string& token,
                         std::chrono::milliseconds lives) {
  const auto r = ask(connection_.get(), "SET %s %s NX PX %lld", key.c_str(), token.c_str(),
                     static_cast<long long>(lives.count()));
  return r->type == REDIS_REPLY_STATUS;
}

bool redis_session::release(const std::string& key, const std::string& token) {
  return ask(connection_.get(), "EVALSHA %s 1 %s %s %s", release_script_.c_str(), key.c_str(),
             token.c_str(), channel_.c_str())
             ->integer == 1;
}

} // namespace boxoffice::bench
