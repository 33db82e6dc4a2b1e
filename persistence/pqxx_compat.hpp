// What of libpqxx differs between 6.4 (Debian 12) and 7.10 (Debian 13). Private to this room.
#pragma once

#include <pqxx/pqxx>
#if __has_include(<pqxx/version.hxx>)
#include <pqxx/version.hxx>
#endif

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace boxoffice::persistence::compat {

#if PQXX_VERSION_MAJOR >= 7

// A parameter in PostgreSQL's binary format.
using binary = pqxx::bytes;

inline binary to_binary(const std::string& s) {
  const auto* begin = reinterpret_cast<const std::byte*>(s.data());
  return {begin, begin + s.size()};
}

template <class Parameters>
pqxx::result run_prepared(pqxx::transaction_base& in, const std::string& name,
                          const Parameters& parameters) {
  pqxx::params all;
  for (const auto& p : parameters) all.append(p);
#if PQXX_VERSION_MAJOR > 7 || PQXX_VERSION_MINOR >= 10
  return in.exec(pqxx::prepped{name}, all);
#else
  return in.exec_prepared(name, all);
#endif
}

inline void forbid_reconnecting(pqxx::connection&) {} // it never does

// COPY (sql) TO STDOUT, line by line, as PostgreSQL's text format has it. (What is to come in its
// place takes each line apart by itself.)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
class copy_out {
public:
  copy_out(pqxx::transaction_base& in, const std::string& sql)
      : rows_(pqxx::stream_from::query(in, sql)) {}
  bool next(std::string& line) {
    const auto raw = rows_.get_raw_line();
    if (!raw.first) return false;
    line.assign(raw.first.get(), raw.second);
    return true;
  }

private:
  pqxx::stream_from rows_;
};
#pragma GCC diagnostic pop

inline std::string_view text_of(const pqxx::field& f) { return f.view(); }

#else

using binary = pqxx::binarystring;

inline binary to_binary(const std::string& s) { return binary(s); }

template <class Parameters>
pqxx::result run_prepared(pqxx::transaction_base& in, const std::string& name,
                          const Parameters& parameters) {
  return in.exec_prepared(name, pqxx::prepare::make_dynamic_params(parameters));
}

class copy_out {
public:
  // What it takes for a table's name it passes on as it is.
  copy_out(pqxx::transaction_base& in, const std::string& sql) : rows_(in, '(' + sql + ')') {}
  bool next(std::string& line) {
    if (!rows_.get_raw_line(line)) return false;
    if (!line.empty() && line.back() == '\n') line.pop_back(); // one of a value is escaped
    return true;
  }

private:
  pqxx::stream_from rows_;
};

// It would go on by itself on a new connection, outside the transaction that was begun.
inline void forbid_reconnecting(pqxx::connection& db) {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
  db.inhibit_reactivation(true);
#pragma GCC diagnostic pop
}

inline std::string_view text_of(const pqxx::field& f) { return {f.c_str(), f.size()}; }

#endif

} // namespace boxoffice::persistence::compat
