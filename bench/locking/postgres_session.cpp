#include "bench/locking/postgres_session.hpp"

#include <cstdlib>
#include <libpq-fe.h>
#include <stdexcept>

namespace boxoffice::bench {

namespace {

struct clearer {
  void operator()(PGresult* r) const { PQclear(r); }
};
using result = std::unique_ptr<PGresult, clearer>;

constexpr Oid bigint = 20; // pg_type.h's INT8OID

} // namespace

void postgres_session::closer::operator()(pg_conn* c) const { PQfinish(c); }

postgres_session::postgres_session(const std::string& url) : connection_(PQconnectdb(url.c_str())) {
  if (PQstatus(connection_.get()) != CONNECTION_OK) fail("connect");
}

void postgres_session::fail(const std::string& what) const {
  throw std::runtime_error("PostgreSQL, " + what + ": " + PQerrorMessage(connection_.get()));
}

void postgres_session::script(const std::string& text) {
  const result done(PQexec(connection_.get(), text.c_str()));
  const auto status = PQresultStatus(done.get());
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) fail(text);
}

void postgres_session::prepare(const char* name, const std::string& text, int parameters) {
  PQexitPipelineMode(connection_.get());
  const std::vector<Oid> types(static_cast<std::size_t>(parameters), bigint);
  const result done(PQprepare(connection_.get(), name, text.c_str(), parameters, types.data()));
  if (PQresultStatus(done.get()) != PGRES_COMMAND_OK) fail(text);
  if (PQenterPipelineMode(connection_.get()) == 0) fail("pipeline");
}

void postgres_session::send(const call& c) {
  std::vector<std::string> texts;
  texts.reserve(c.values.size());
  for (const auto value : c.values) texts.push_back(std::to_string(value));
  std::vector<const char*> values;
  values.reserve(texts.size());
  for (const auto& text : texts) values.push_back(text.c_str());
  if (PQsendQueryPrepared(connection_.get(), c.statement, static_cast<int>(values.size()),
                          values.data(), nullptr, nullptr, 0) == 0)
    fail(c.statement);
}

postgres_session::reply postgres_session::take() {
  reply told;
  const result r(PQgetResult(connection_.get()));
  const auto status = PQresultStatus(r.get());
  if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK) fail("answer");
  for (int row = 0; row < PQntuples(r.get()); ++row) {
    auto& fields = told.rows.emplace_back();
    for (int field = 0; field < PQnfields(r.get()); ++field)
      fields.push_back(std::strtoll(PQgetvalue(r.get(), row, field), nullptr, 10));
  }
  told.affected = std::strtoll(PQcmdTuples(r.get()), nullptr, 10);
  if (PQgetResult(connection_.get()) != nullptr) fail("more than one answer");
  return told;
}

std::vector<postgres_session::reply> postgres_session::ask(std::initializer_list<call> calls) {
  for (const auto& c : calls) send(c);
  if (PQpipelineSync(connection_.get()) == 0) fail("sync");
  std::vector<reply> replies;
  for (std::size_t i = 0; i < calls.size(); ++i) replies.push_back(take());
  const result synced(PQgetResult(connection_.get()));
  if (PQresultStatus(synced.get()) != PGRES_PIPELINE_SYNC) fail("sync");
  return replies;
}

} // namespace boxoffice::bench
