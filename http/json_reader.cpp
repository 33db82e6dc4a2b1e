#include "http/json_reader.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

namespace boxoffice::http {

namespace {

using nlohmann::json;

constexpr std::size_t max_echoed_key = 64; // longer ones are not repeated to the client

json_value scalar(json_kind kind, std::string text = {}, std::int64_t integer = 0) {
  return {kind, integer, std::move(text), {}, 0, {}};
}

// Hears nlohmann's parser. Returning false ends the parse; `fault` then says why.
class collector {
public:
  json_object object;
  std::optional<domain::rejection> fault;

  bool null() { return put(scalar(json_kind::null)); }
  bool boolean(bool value) { return put(scalar(json_kind::boolean, std::string(), value ? 1 : 0)); }
  bool number_integer(std::int64_t value) {
    return put(scalar(json_kind::integer, std::to_string(value), value));
  }
  bool number_unsigned(std::uint64_t value) {
    constexpr auto largest = std::uint64_t{std::numeric_limits<std::int64_t>::max()};
    if (value > largest) return put(scalar(json_kind::number, std::to_string(value)));
    return number_integer(static_cast<std::int64_t>(value));
  }
  // The double is ignored: `text` is the number as it was written.
  bool number_float(double, const std::string& text) {
    return put(scalar(json_kind::number, text));
  }
  bool string(std::string& text) { return put(scalar(json_kind::string, std::move(text))); }
  bool binary(json::binary_t&) { return refuse({}, "Binary values are not JSON."); }

  bool start_object(std::size_t) {
    if (depth_ > 0 && !put(scalar(json_kind::object))) return false;
    if (in_array() && object.last().items.size() == object.last().length)
      item_ = &object.last().items.back();
    first_key_.push_back(keys_.size());
    return descend();
  }
  bool key(std::string& name) {
    const auto first = keys_.begin() + static_cast<std::ptrdiff_t>(first_key_.back());
    if (std::find(first, keys_.end(), name) != keys_.end())
      return refuse(json_pointer(top() ? name : object.last_name()), "A member is named twice.");
    if (static_cast<std::size_t>(keys_.end() - first) == max_json_members)
      return refuse({}, "An object has at most " + std::to_string(max_json_members) + " members.");
    keys_.push_back(name);
    if (top()) {
      object.add(std::move(name));
    } else if (in_item()) {
      item_->names.push_back(std::move(name));
      item_->items.emplace_back();
    }
    return true;
  }
  bool end_object() {
    keys_.resize(first_key_.back());
    first_key_.pop_back();
    if (in_item()) item_ = nullptr;
    --depth_;
    return true;
  }
  bool start_array(std::size_t) { return put(scalar(json_kind::array)) && descend(); }
  bool end_array() {
    --depth_;
    return true;
  }
  template <class Exception>
  bool parse_error(std::size_t position, const std::string&, const Exception& error) {
    constexpr int number_overflow = 406;
    if (error.id == number_overflow) return refuse({}, "A number is out of range.");
    return refuse({}, "This is not JSON in UTF-8, from byte " + std::to_string(position) + " on.");
  }

private:
  // Whether we are in the body's object itself.
  bool top() const { return depth_ == 1; }
  // Whether we are in an array that is a member of the body's object, or in an object of such.
  bool in_array() const { return depth_ == 2 && object.last().kind == json_kind::array; }
  bool in_item() const { return depth_ == 3 && item_ != nullptr; }

  bool descend() {
    if (++depth_ > max_json_depth)
      return refuse({}, "Nested deeper than " + std::to_string(max_json_depth) + " levels.");
    return true;
  }

  bool put(json_value value) {
    if (depth_ == 0) return refuse({}, "The body is not a JSON object.");
    if (top()) {
      object.last() = std::move(value);
    } else if (in_array()) {
      auto& array = object.last();
      if (array.length++ < kept_json_items) array.items.push_back(std::move(value));
    } else if (in_item()) {
      item_->items.back() = std::move(value);
    }
    return true;
  }

  bool refuse(std::string pointer, std::string detail) {
    fault = domain::reject_body(std::move(pointer), std::move(detail));
    return false;
  }

  std::size_t depth_ = 0;
  json_value* item_ = nullptr;         // the object of an array that we are in, when it is kept
  std::vector<std::string> keys_;      // of all open objects, the outermost first
  std::vector<std::size_t> first_key_; // where each open object's keys begin
};

} // namespace

std::string json_pointer(std::string_view name) {
  if (name.size() > max_echoed_key) return {};
  std::string pointer = "/";
  for (const char c : name) {
    if (c == '~')
      pointer += "~0";
    else if (c == '/')
      pointer += "~1";
    else
      pointer += c;
  }
  return pointer;
}

const json_value* json_value::find(std::string_view name) const {
  for (std::size_t i = 0; i < names.size(); ++i)
    if (names[i] == name) return &items[i];
  return nullptr;
}

const json_value* json_object::find(std::string_view name) const {
  for (const auto& m : members_)
    if (m.name == name) return &m.value;
  return nullptr;
}

domain::result<json_object> read_json_object(std::string_view text) {
  if (text.empty()) return domain::reject_body("", "The body is empty; a JSON object is expected.");
  // The parser takes a NUL for the end of its input and would pass over what comes behind.
  if (text.find('\0') != text.npos) return domain::reject_body("", "A NUL is not JSON.");
  collector heard;
  const bool whole = json::sax_parse(text.begin(), text.end(), &heard);
  if (heard.fault) return *std::move(heard.fault);
  if (!whole) return domain::reject_body("", "This is not JSON.");
  return std::move(heard.object);
}

} // namespace boxoffice::http
