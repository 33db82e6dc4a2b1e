#include "http/seat_text.hpp"

#include <algorithm>

namespace boxoffice::http {

namespace {

// Walks the sections beside the seats.
class seat_names {
public:
  explicit seat_names(const domain::concert_option& option) : option_(option) {
    name_.section = option.sections.front().name;
  }

  // The seat with this index; no seat before one that was asked for.
  const domain::seat_name& at(std::size_t index) {
    while (index >= end_of_section()) {
      begin_ = end_of_section();
      name_.section = option_.sections[++section_].name;
    }
    name_.number = static_cast<int>(index - begin_) + 1;
    return name_;
  }
  domain::money price() const { return option_.sections[section_].price; }

private:
  std::size_t end_of_section() const {
    return begin_ + static_cast<std::size_t>(option_.sections[section_].seats);
  }

  const domain::concert_option& option_;
  std::size_t section_ = 0, begin_ = 0;
  domain::seat_name name_;
};

} // namespace

std::shared_ptr<const std::string> seat_text::update(const domain::concert_option& option,
                                                     const domain::seat_map& map,
                                                     std::string_view before,
                                                     std::string_view behind) {
  constexpr auto seats_a_leaf = domain::seat_map::fan_out;
  const auto seats = static_cast<std::size_t>(map.size());
  const auto leaves = (seats + seats_a_leaf - 1) / seats_a_leaf;
  pieces_.resize(leaves);
  std::string body;
  if (body_) body.reserve(body_->size() + seats_a_leaf);
  body += before;
  seat_names names(option);
  std::string fresh;
  bool first = true;
  for (std::size_t i = 0; i < leaves; ++i) {
    auto leaf = map.leaf_at(i);
    auto& known = pieces_[i];
    std::string_view text;
    if (body_ && known.of == leaf) {
      text = std::string_view(*body_).substr(known.from, known.length);
    } else {
      fresh.clear();
      json_writer out(fresh);
      for (auto s = i * seats_a_leaf; s < std::min(seats, (i + 1) * seats_a_leaf); ++s) {
        const auto& name = names.at(s);
        write_(out, option, {map.first_seat().value + static_cast<std::int64_t>(s)}, name,
               names.price(), (*leaf)[s % seats_a_leaf]);
      }
      text = fresh;
    }
    if (!text.empty() && !first) body += ',';
    first = first && text.empty();
    known = {std::move(leaf), body.size(), text.size()};
    body += text;
  }
  body += behind;
  body_ = std::make_shared<const std::string>(std::move(body));
  return body_;
}

} // namespace boxoffice::http
