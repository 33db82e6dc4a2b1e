#include "http/event_stream.hpp"

#include <cassert>
#include <charconv>

namespace boxoffice::http {

event_piece::event_piece(std::string_view text) {
  assert(!text.empty()); // an empty chunk would end the body
  constexpr int hexadecimal = 16;
  char size[16];
  const auto size_end = std::to_chars(size, size + sizeof size, text.size(), hexadecimal).ptr;
  std::string chunk;
  chunk.reserve(sizeof size + text.size() + 4);
  chunk.append(size, size_end).append("\r\n");
  text_begin_ = chunk.size();
  chunk += text;
  text_end_ = chunk.size();
  chunk += "\r\n";
  chunk_ = std::make_shared<const std::string>(std::move(chunk));
}

std::string_view event_piece::text() const {
  if (!chunk_) return {};
  return std::string_view(*chunk_).substr(text_begin_, text_end_ - text_begin_);
}

} // namespace boxoffice::http
