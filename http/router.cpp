#include "http/router.hpp"

#include "http/uri.hpp"

#include <pistache/router.h>

#include <algorithm>
#include <cassert>
#include <cstring>
#include <functional>
#include <map>
#include <tuple>
#include <unordered_map>

namespace boxoffice::http {

namespace rest = Pistache::Rest;

// The tree finds a Pistache route, whose address leads to our resource.
class router::tree {
public:
  void add(const resource& r) {
    if (r.pattern.back() == '/') {
      exact_.emplace(r.pattern, &r);
      return;
    }
    const auto key = std::string_view(r.pattern).substr(1);
    // The tree keeps views into the key and, with each of them, this reference to its text.
    std::shared_ptr<char> text(new char[key.size()], std::default_delete<char[]>());
    std::memcpy(text.get(), key.data(), key.size());
    const std::string_view kept(text.get(), key.size());
    const auto never_called = [](const rest::Request&, Pistache::Http::ResponseWriter) {
      return rest::Route::Result::Failure;
    };
    root_.addRoute(kept, never_called, text);
    // A pattern matches itself: fixed segments are equal, and a parameter takes any segment.
    const auto entry = std::get<0>(root_.findRoute(key));
    assert(entry && resources_.count(entry.get()) == 0);
    resources_.emplace(entry.get(), &r);
  }

  match find(std::string_view path) const {
    if (!path.empty() && path.back() == '/') {
      const auto place = exact_.find(path);
      return place == exact_.end() ? match{} : match{place->second, {}};
    }
    // What the tree requires of its callers: no slash at either end, no empty segment.
    if (path.size() < 2 || path.front() != '/' || path.back() == '/') return {};
    if (path.find("//") != path.npos) return {};
    const auto [entry, parameters, splats] = root_.findRoute(path.substr(1));
    if (!entry) return {};
    match m;
    m.found = resources_.at(entry.get());
    for (const auto& p : parameters) m.parameters.push_back(p.as<std::string>());
    return m;
  }

private:
  rest::SegmentTreeNode root_;
  std::map<std::string, const resource*, std::less<>> exact_; // patterns with a slash at the end
  std::unordered_map<const rest::Route*, const resource*> resources_;
};

const route_handler* resource::find(std::string_view method) const {
  if (method == "HEAD") method = "GET";
  for (const auto& [name, handle] : methods)
    if (name == method) return &handle;
  return nullptr;
}

namespace {

// Adds a method and what comes with it to a list for the Allow field.
void add_allowed(std::string& allow, const std::string& method) {
  const auto add = [&allow](const std::string& name) {
    if (allow.find(name) == allow.npos)
      allow.insert(allow.size() - std::strlen("OPTIONS"), name + ", ");
  };
  if (allow.empty()) allow = "OPTIONS";
  add(method);
  if (method == "GET") add("HEAD");
}

} // namespace

router::router(const std::vector<route>& routes) : tree_(std::make_unique<tree>()) {
  for (const auto& r : routes) {
    auto place = std::find_if(resources_.begin(), resources_.end(),
                              [&r](const auto& known) { return known->pattern == r.pattern; });
    if (place == resources_.end()) {
      resources_.push_back(std::make_unique<resource>(resource{r.pattern, {}, {}}));
      place = std::prev(resources_.end());
      tree_->add(**place);
    }
    (*place)->methods.emplace_back(r.method, r.handle);
    add_allowed((*place)->allow, r.method);
    add_allowed(allow_anywhere_, r.method);
  }
}

router::~router() = default;

router::match router::find(std::string_view path) const {
  if (path.find('%') == path.npos) return tree_->find(path);
  return tree_->find(plain_path(path));
}

} // namespace boxoffice::http
