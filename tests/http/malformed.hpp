// Requests that must be refused, with the status each deserves. Used against the parser and against
// a whole server.
#pragma once

#include <string>
#include <vector>

namespace boxoffice::http::test {

struct malformed_request {
  std::string what;
  std::string bytes;
  int status;
};

inline std::string repeated(const std::string& piece, std::size_t times) {
  std::string all;
  all.reserve(piece.size() * times);
  for (std::size_t i = 0; i < times; ++i) all += piece;
  return all;
}

inline std::string numbered_fields(std::size_t count) {
  std::string all;
  for (std::size_t i = 0; i < count; ++i) all += "f" + std::to_string(i) + ": 1\r\n";
  return all;
}

inline const std::vector<malformed_request>& malformed_requests() {
  using namespace std::string_literals;
  const std::string get = "GET / HTTP/1.1\r\nHost: x\r\n";
  const std::string post = "POST / HTTP/1.1\r\nHost: x\r\n";
  const std::string chunked = post + "Transfer-Encoding: chunked\r\n\r\n";
  // Behind a badly framed request: what a smuggler wants to be taken for the next one.
  const std::string smuggled = "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n";

  static const std::vector<malformed_request> all = {
      // --- fields of which two would mean two things ---
      {"two queue tokens", get + "Queue-Token: a\r\nQueue-Token: b\r\n\r\n", 400},
      {"two content types",
       post + "Content-Type: a/b\r\nContent-Type: c/d\r\nContent-Length: 0\r\n\r\n", 400},
      // --- the request line ---
      {"not HTTP at all", "hello there\r\n\r\n", 400},
      {"a TLS greeting", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"s, 400},
      {"HTTP/0.9", "GET /\r\n", 400},
      {"no method", " / HTTP/1.1\r\nHost: x\r\n\r\n", 400},
      {"no target", "GET  HTTP/1.1\r\nHost: x\r\n\r\n", 400},
      {"two blanks before the target", "GET  / HTTP/1.1\r\nHost: x\r\n\r\n", 400},
      {"two blanks before the version", "GET /  HTTP/1.1\r\nHost: x\r\n\r\n", 400},
      {"a blank after the version", "GET / HTTP/1.1 \r\nHost: x\r\n\r\n", 400},
      {"a tab for a blank", "GET\t/\tHTTP/1.1\r\nHost: x\r\n\r\n", 400},
      {"a blank in the target", "GET /a b HTTP/1.1\r\nHost: x\r\n\r\n", 400},
      {"a tab in the target", "GET /a\tb HTTP/1.1\r\nHost: x\r\n\r\n", 400},
      {"NUL in the target", "GET /a\0b HTTP/1.1\r\nHost: x\r\n\r\n"s, 400},
      {"DEL in the target", "GET /a\x7f HTTP/1.1\r\nHost: x\r\n\r\n", 400},
      {"NUL in the method", "G\0ET / HTTP/1.1\r\nHost: x\r\n\r\n"s, 400},
      {"a fragment", "GET /a#b HTTP/1.1\r\nHost: x\r\n\r\n", 400},
      {"a target without slash", "GET a HTTP/1.1\r\nHost: x\r\n\r\n", 400},
      {"GET *", "GET * HTTP/1.1\r\nHost: x\r\n\r\n", 400},
      {"an absolute target without host", "GET http:///a HTTP/1.1\r\nHost: x\r\n\r\n", 400},
      {"an absolute target with user info", "GET http://u@h/a HTTP/1.1\r\nHost: x\r\n\r\n", 400},
      {"an absolute target of another scheme", "GET ftp://h/a HTTP/1.1\r\nHost: x\r\n\r\n", 400},
      {"an authority target", "GET h:80 HTTP/1.1\r\nHost: x\r\n\r\n", 400},
      {"a method in brackets", "G(E)T / HTTP/1.1\r\nHost: x\r\n\r\n", 400},
      {"an unknown method", "BREW / HTTP/1.1\r\nHost: x\r\n\r\n", 501},
      {"a method in lower case", "get / HTTP/1.1\r\nHost: x\r\n\r\n", 501},
      {"CONNECT", "CONNECT h:80 HTTP/1.1\r\nHost: x\r\n\r\n", 501},
      {"TRACE", "TRACE / HTTP/1.1\r\nHost: x\r\n\r\n", 501},
      {"a method of 3,000 letters", repeated("A", 3000) + " / HTTP/1.1\r\nHost: x\r\n\r\n", 501},
      {"HTTP/2.0", "GET / HTTP/2.0\r\nHost: x\r\n\r\n", 505},
      {"HTTP/2's preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505},
      {"HTTP/1.2", "GET / HTTP/1.2\r\nHost: x\r\n\r\n", 505},
      {"HTTP/0.0", "GET / HTTP/0.0\r\nHost: x\r\n\r\n", 505},
      {"HTTP/11", "GET / HTTP/11\r\nHost: x\r\n\r\n", 400},
      {"HTTP/1.10", "GET / HTTP/1.10\r\nHost: x\r\n\r\n", 400},
      {"HTTP/1", "GET / HTTP/1\r\nHost: x\r\n\r\n", 400},
      {"HTTP/1.x", "GET / HTTP/1.x\r\nHost: x\r\n\r\n", 400},
      {"http/1.1", "GET / http/1.1\r\nHost: x\r\n\r\n", 400},
      {"a negative version", "GET / HTTP/-1.1\r\nHost: x\r\n\r\n", 400},
      {"a target of 4,097 bytes", "GET /" + repeated("a", 4096) + " HTTP/1.1\r\nHost: x\r\n\r\n",
       414},
      {"20,000 slashes", "GET " + repeated("/", 20000) + " HTTP/1.1\r\nHost: x\r\n\r\n", 414},
      {"a target without end", "GET /" + repeated("a", 100000), 414},
      {"empty lines without end", repeated("\r\n", 100), 400},
      {"bare line feeds first", "\n\nGET / HTTP/1.1\r\nHost: x\r\n\r\n", 400},
      {"a bare carriage return first", "\rGET / HTTP/1.1\r\nHost: x\r\n\r\n", 400},
      {"a blank line of blanks first", "  \r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n", 400},
      // --- line ends ---
      {"only line feeds", "GET / HTTP/1.1\nHost: x\n\n", 400},
      {"a line feed after the request line", "GET / HTTP/1.1\nHost: x\r\n\r\n", 400},
      {"a line feed after a field", get + "A: b\n\r\n", 400},
      {"a line feed for the empty line", get + "A: b\r\n\n", 400},
      {"a carriage return in a value", get + "A: b\rc\r\n\r\n", 400},
      {"a carriage return in the request line", "GET /\r HTTP/1.1\r\nHost: x\r\n\r\n", 400},
      {"two carriage returns", get + "A: b\r\r\n\r\n", 400},
      {"a carriage return hiding a field", get + "A: b\rContent-Length: 5\r\n\r\n", 400},
      // --- fields ---
      {"a blank before the colon", get + "A : b\r\n\r\n", 400},
      {"a tab before the colon", get + "A\t: b\r\n\r\n", 400},
      {"a blank before the colon of Content-Length", post + "Content-Length : 5\r\n\r\nhello", 400},
      {"a blank before the colon of Transfer-Encoding",
       post + "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n", 400},
      {"a field without colon", get + "A\r\n\r\n", 400},
      {"a field without name", get + ": b\r\n\r\n", 400},
      {"a blank in a name", get + "A B: c\r\n\r\n", 400},
      {"brackets in a name", get + "A(B): c\r\n\r\n", 400},
      {"a non-ASCII name", get + "\xc3\xa4: c\r\n\r\n", 400},
      {"NUL in a name", get + "A\0B: c\r\n\r\n"s, 400},
      {"NUL in a value", get + "A: b\0c\r\n\r\n"s, 400},
      {"an escape character in a value", get + "A: b\x1b[0m\r\n\r\n", 400},
      {"DEL in a value", get + "A: b\x7f\r\n\r\n", 400},
      {"a folded field", get + "A: b\r\n c\r\n\r\n", 400},
      {"a field folded with a tab", get + "A: b\r\n\tc\r\n\r\n", 400},
      {"a folded Transfer-Encoding", post + "Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n", 400},
      {"an indented first field", "GET / HTTP/1.1\r\n Host: x\r\n\r\n", 400},
      {"101 fields", "GET / HTTP/1.1\r\nHost: x\r\n" + numbered_fields(100) + "\r\n", 431},
      {"10,000 fields", "GET / HTTP/1.1\r\nHost: x\r\n" + numbered_fields(10000) + "\r\n", 431},
      {"a field of 20 kB", get + "A: " + repeated("b", 20000) + "\r\n\r\n", 431},
      {"a field name of 20 kB", get + repeated("b", 20000) + ": a\r\n\r\n", 431},
      {"a field without end", get + "A: " + repeated("b", 100000), 431},
      {"fields in 17 kB", get + repeated("A: " + repeated("b", 300) + "\r\n", 56) + "\r\n", 431},
      {"Connection with a broken list", get + "Connection: close;;=,\r\n\r\n", 400},
      // --- Host ---
      {"no Host", "GET / HTTP/1.1\r\n\r\n", 400},
      {"two Hosts", get + "Host: y\r\n\r\n", 400},
      {"two equal Hosts", get + "host: x\r\n\r\n", 400},
      {"two Hosts in one", "GET / HTTP/1.1\r\nHost: x, y\r\n\r\n", 400},
      {"Host with a path", "GET / HTTP/1.1\r\nHost: x/y\r\n\r\n", 400},
      {"Host with user info", "GET / HTTP/1.1\r\nHost: u@x\r\n\r\n", 400},
      {"Host with a blank", "GET / HTTP/1.1\r\nHost: x y\r\n\r\n", 400},
      {"Host with a query", "GET / HTTP/1.1\r\nHost: x?y\r\n\r\n", 400},
      {"Host in non-ASCII", "GET / HTTP/1.1\r\nHost: \xc3\xa4\r\n\r\n", 400},
      {"no Host, absolute target", "GET http://h/ HTTP/1.1\r\n\r\n", 400},
      {"two Hosts in HTTP/1.0", "GET / HTTP/1.0\r\nHost: x\r\nHost: y\r\n\r\n", 400},
      // --- Content-Length ---
      {"Content-Length abc", post + "Content-Length: abc\r\n\r\n" + smuggled, 400},
      {"Content-Length 5x", post + "Content-Length: 5x\r\n\r\nhello", 400},
      {"Content-Length 0x5", post + "Content-Length: 0x5\r\n\r\nhello", 400},
      {"Content-Length +5", post + "Content-Length: +5\r\n\r\nhello", 400},
      {"Content-Length -5", post + "Content-Length: -5\r\n\r\nhello", 400},
      {"Content-Length 5.0", post + "Content-Length: 5.0\r\n\r\nhello", 400},
      {"Content-Length 5 5", post + "Content-Length: 5 5\r\n\r\nhello", 400},
      {"Content-Length in quotes", post + "Content-Length: \"5\"\r\n\r\nhello", 400},
      {"an empty Content-Length", post + "Content-Length:\r\n\r\n" + smuggled, 400},
      {"a list of equal Content-Lengths", post + "Content-Length: 5, 5\r\n\r\nhello", 400},
      {"a list of differing Content-Lengths", post + "Content-Length: 5, 6\r\n\r\nhello", 400},
      {"a list ending in a comma", post + "Content-Length: 5,\r\n\r\nhello", 400},
      {"two equal Content-Lengths", post + "Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello",
       400},
      {"two differing Content-Lengths",
       post + "Content-Length: 5\r\nContent-Length: 0\r\n\r\n" + smuggled, 400},
      {"Content-Length beyond 64 bits", post + "Content-Length: 18446744073709551617\r\n\r\n", 400},
      {"Content-Length of 200 digits", post + "Content-Length: " + repeated("9", 200) + "\r\n\r\n",
       400},
      {"Content-Length of 64 bits", post + "Content-Length: 18446744073709551615\r\n\r\n", 413},
      {"a body one byte too long", post + "Content-Length: 65537\r\n\r\n" + repeated("a", 65537),
       413},
      // --- Transfer-Encoding ---
      {"both lengths",
       post + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + smuggled, 400},
      {"both lengths, the other way",
       post + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n", 400},
      {"Transfer-Encoding gzip", post + "Transfer-Encoding: gzip\r\n\r\n" + smuggled, 501},
      {"Transfer-Encoding xchunked", post + "Transfer-Encoding: xchunked\r\n\r\n" + smuggled, 501},
      {"Transfer-Encoding identity", post + "Transfer-Encoding: identity\r\n\r\n" + smuggled, 501},
      {"Transfer-Encoding chunked, gzip",
       post + "Transfer-Encoding: chunked, gzip\r\n\r\n" + smuggled, 400},
      {"Transfer-Encoding gzip, chunked",
       post + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 501},
      {"Transfer-Encoding chunked, chunked",
       post + "Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n", 400},
      {"Transfer-Encoding with a parameter",
       post + "Transfer-Encoding: chunked;a=b\r\n\r\n0\r\n\r\n", 501},
      {"Transfer-Encoding in quotes", post + "Transfer-Encoding: \"chunked\"\r\n\r\n" + smuggled,
       501},
      {"an empty Transfer-Encoding", post + "Transfer-Encoding:\r\n\r\n" + smuggled, 501},
      {"Transfer-Encoding twice",
       post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
      {"Transfer-Encoding twice, one unknown",
       post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n\r\n0\r\n\r\n", 400},
      {"Transfer-Encoding twice, unknown first",
       post + "Transfer-Encoding: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 501},
      {"Transfer-Encoding with a vertical tab",
       post +
           "Transfer-Encoding: \x0b"
           "chunked\r\n\r\n" +
           smuggled,
       400},
      {"Transfer-Encoding in HTTP/1.0",
       "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
      // --- chunks ---
      {"a chunk size that is no number", chunked + "xyz\r\n\r\n", 400},
      {"no chunk size", chunked + "\r\nhello\r\n0\r\n\r\n", 400},
      {"a negative chunk size", chunked + "-5\r\nhello\r\n0\r\n\r\n", 400},
      {"a chunk size with a sign", chunked + "+5\r\nhello\r\n0\r\n\r\n", 400},
      {"a chunk size 0x5", chunked + "0x5\r\nhello\r\n0\r\n\r\n", 400},
      {"a blank before the chunk size", chunked + " 5\r\nhello\r\n0\r\n\r\n", 400},
      {"letters after the chunk size", chunked + "5g\r\nhello\r\n0\r\n\r\n", 400},
      {"a chunk size beyond 64 bits", chunked + "10000000000000005\r\nhello\r\n0\r\n\r\n", 400},
      {"a chunk size of 64 bits", chunked + "ffffffffffffffff\r\nhello\r\n0\r\n\r\n", 413},
      {"a chunk one byte too long", chunked + "10001\r\n" + repeated("a", 65537) + "\r\n0\r\n\r\n",
       413},
      {"chunks that add up to too much",
       chunked + repeated("8000\r\n" + repeated("a", 32768) + "\r\n", 3) + "0\r\n\r\n", 413},
      {"a chunk longer than its size", chunked + "3\r\nhello\r\n0\r\n\r\n", 400},
      {"a chunk shorter than its size", chunked + "7\r\nhello\r\n0\r\n\r\n", 400},
      {"a chunk that ends in a line feed", chunked + "5\r\nhello\n0\r\n\r\n", 400},
      {"a chunk size that ends in a line feed", chunked + "5\nhello\r\n0\r\n\r\n", 400},
      {"chunks with line feeds only", chunked + "5\nhello\n0\n\n", 400},
      {"a line feed after the last chunk", chunked + "5\r\nhello\r\n0\n", 400},
      {"a chunk size that ends in a carriage return", chunked + "5\rhello\r\n0\r\n\r\n", 400},
      {"NUL in a chunk size", chunked + "5\0\r\nhello\r\n0\r\n\r\n"s, 400},
      {"a chunk extension of 300 bytes",
       chunked + "5;a=" + repeated("b", 300) + "\r\nhello\r\n0\r\n\r\n", 431},
      {"a chunk extension without end", chunked + "5;a=" + repeated("b", 100000), 431},
      {"a line feed in a quoted extension", chunked + "5;a=\"b\nc\"\r\nhello\r\n0\r\n\r\n", 400},
      {"NUL in a quoted extension", chunked + "5;a=\"b\0c\"\r\nhello\r\n0\r\n\r\n"s, 400},
      {"a broken extension", chunked + "5;=\r\nhello\r\n0\r\n\r\n", 400},
      {"5,000 chunks with long extensions",
       chunked + repeated("1;a=" + repeated("b", 200) + "\r\nx\r\n", 5000) + "0\r\n\r\n", 413},
      // --- trailers ---
      {"a trailer without colon", chunked + "0\r\nabc\r\n\r\n", 400},
      {"a trailer with a blank before the colon", chunked + "0\r\nA : b\r\n\r\n", 400},
      {"a folded trailer", chunked + "0\r\nA: b\r\n c\r\n\r\n", 400},
      {"an indented trailer", chunked + "0\r\n A: b\r\n\r\n", 400},
      {"NUL in a trailer", chunked + "0\r\nA: b\0c\r\n\r\n"s, 400},
      {"a line feed in a trailer", chunked + "0\r\nA: b\nC: d\r\n\r\n", 400},
      {"Content-Length as a trailer", chunked + "0\r\nContent-Length: 5\r\n\r\n", 400},
      {"Transfer-Encoding as a trailer", chunked + "0\r\nTransfer-Encoding: chunked\r\n\r\n", 400},
      {"10 kB of trailers",
       chunked + "0\r\n" + repeated("A: " + repeated("b", 97) + "\r\n", 100) + "\r\n", 431},
      {"trailers without end",
       chunked + "0\r\n" + repeated("A: " + repeated("b", 97) + "\r\n", 1000), 431},
      // --- Expect ---
      {"Expect something else", post + "Expect: 200-ok\r\nContent-Length: 5\r\n\r\nhello", 417},
      {"Expect more than 100-continue",
       post + "Expect: 100-continue, x\r\nContent-Length: 5\r\n\r\nhello", 417},
  };
  return all;
}

} // namespace boxoffice::http::test
