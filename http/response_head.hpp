// The first lines of an answer: what the transport says for itself around the handler's words.
#pragma once

#include "http/message.hpp"

#include <ctime>
#include <string>
#include <string_view>

namespace boxoffice::http {

std::string_view reason_phrase(int status); // "Unknown" where HTTP has no word

// Whether the answer can be sent as it is: a final status, and fields that cannot be taken for
// something else.
bool is_sendable(const response& answer);

// 204 and 304 end with their head.
bool may_have_body(int status);

enum class after_answer { keep_http_1_1, keep_http_1_0, close };

// The head including the empty line, with room reserved for extra_capacity bytes of body behind it.
std::string render_head(const response& answer, std::size_t body_bytes, after_answer then,
                        std::string_view date, std::size_t extra_capacity);

// The head of an answer whose length nobody knows: its body is chunked, or ends with the connection
// (the only way for HTTP/1.0).
std::string render_stream_head(const response& answer, bool chunked, after_answer then,
                               std::string_view date);

// The Date field's value, made anew once a second. Not for several threads.
class date_text {
public:
  std::string_view now();

private:
  std::time_t second_ = 0;
  std::string text_;
};

} // namespace boxoffice::http
