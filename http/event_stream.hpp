// Streaming answers: what a client is told piece by piece, as server-sent events, for as long as it
// listens.
//
// Nobody pushes to a client. Whoever has news announces the topic, and each worker asks the
// listeners of its own clients what comes next, whenever a client has taken all it was given. So
// nothing piles up for a slow client: what it missed is its listener's to know, and a listener is
// its place in what the topic has told, no more.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace boxoffice::http {

// Events as text, framed once for everybody who is sent them. Immutable; copies share the bytes.
class event_piece {
public:
  event_piece() = default;                     // nothing
  explicit event_piece(std::string_view text); // not empty

  explicit operator bool() const { return chunk_ != nullptr; }
  // The text as a chunk of the chunked transfer coding; never nullptr in a piece that is something.
  const std::shared_ptr<const std::string>& chunk() const { return chunk_; }
  // Where in the chunk the text itself is.
  std::size_t text_begin() const { return text_begin_; }
  std::size_t text_end() const { return text_end_; }
  std::string_view text() const; // empty when nothing; valid as long as a copy of the piece lives

private:
  std::shared_ptr<const std::string> chunk_;
  std::size_t text_begin_ = 0, text_end_ = 0;
};

// What is announced together. The owner chooses the number; it is not 0.
using topic_id = std::uint64_t;

// One client's place in what its topic tells. Called on the worker of the client's connection, one
// call at a time. Destroyed as soon as the client has gone or has been told all.
class listener {
public:
  virtual ~listener() = default;

  struct told {
    event_piece piece; // nothing: there is no news at the moment
    bool last = false; // the stream ends behind the piece
  };
  // What the client has to be told next. Must not block. A throw cuts the client off.
  virtual told next() = 0;
};

} // namespace boxoffice::http
