// The API's own description, and the Swagger UI that shows it and tries it out.
#include "http/embedded_files.hpp"
#include "http/routes.hpp"
#include "http/uri.hpp"

#include <cstdint>
#include <cstdio>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace boxoffice::http {

namespace {

// One file, ready to be sent to any number of clients without being copied.
struct document {
  std::string media_type;
  std::string tag; // the ETag of this very content
  std::shared_ptr<const std::string> body;
};

// FNV-1a: names a content among the versions of one file, and need not resist anybody.
std::string tag_of(std::string_view content) {
  std::uint64_t hash = 14695981039346656037U;
  for (const char c : content) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211U;
  char text[20];
  std::snprintf(text, sizeof text, "\"%016llx\"", static_cast<unsigned long long>(hash));
  return text;
}

const std::map<std::string_view, document>& documents() {
  static const auto all = [] {
    std::map<std::string_view, document> made;
    for (const auto& file : embedded_files())
      made.emplace(file.path, document{std::string(file.media_type), tag_of(file.content),
                                       std::make_shared<const std::string>(file.content)});
    return made;
  }();
  return all;
}

void set_header(response& r, std::string_view name, std::string value) {
  for (auto& [present, kept] : r.headers)
    if (equal_ignoring_case(present, name)) {
      kept = std::move(value);
      return;
    }
  r.headers.emplace_back(std::string(name), std::move(value));
}

// Our tags hold no comma, so a list of tags is searched as a text.
bool has_already(const request& asked, const std::string& tag) {
  const auto* known = asked.header("If-None-Match");
  return known && (*known == "*" || known->find(tag) != known->npos);
}

void send_document(const handler_context&, const call& c) {
  const auto& found = documents().at(plain_path(c.asked.path()));
  auto r = bare_answer(c.context, has_already(c.asked, found.tag) ? 304 : 200);
  set_header(r, "Cache-Control", "no-cache"); // kept, but asked for again: a new version may serve
  set_header(r, "ETag", found.tag);
  // The page runs what we serve, and speaks to us alone. The UI sets styles on its elements. A 304
  // says it too: its fields replace those that the browser has kept.
  set_header(r, "Content-Security-Policy",
             "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
             "frame-ancestors 'none'; base-uri 'none'; form-action 'none'");
  if (r.status == 200) {
    set_header(r, "Content-Type", found.media_type);
    r.shared_body = found.body;
  }
  c.answer(std::move(r));
}

void show_documentation(const handler_context&, const call& c) {
  auto r = bare_answer(c.context, 302);
  set_header(r, "Location", "/swagger-ui/index.html");
  c.answer(std::move(r));
}

} // namespace

void add_documentation_routes(route_table& table) {
  for (const auto& [path, content] : documents())
    table.add("GET", std::string(path), send_document, audience::everybody);
  for (const auto* entrance : {"/swagger-ui", "/swagger-ui/"})
    table.add("GET", entrance, show_documentation, audience::everybody);
}

} // namespace boxoffice::http
