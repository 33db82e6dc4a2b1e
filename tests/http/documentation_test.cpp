// The description of the API and the Swagger UI, served from memory.
#include "tests/http/fake_service.hpp"

#include <string>

namespace boxoffice::http::test {

BOOST_AUTO_TEST_SUITE(api_documentation)

BOOST_AUTO_TEST_CASE(the_description_is_one_json_document) {
  paper_service s;
  const auto answer = s.call("GET", "/openapi.json");
  BOOST_TEST(answer.status == 200);
  BOOST_TEST(*field_of(answer, "Content-Type") == "application/json");
  BOOST_TEST(json_of(answer).at("openapi") == "3.1.0");
}

BOOST_AUTO_TEST_CASE(a_client_that_has_it_is_not_sent_it_again) {
  paper_service s;
  const auto tag = *field_of(s.call("GET", "/openapi.json"), "ETag");
  for (const auto& known : {tag, "\"another\", " + tag, std::string("*")}) {
    const auto answer = s.call("GET", "/openapi.json", {{"If-None-Match", known}});
    BOOST_TEST(answer.status == 304);
    BOOST_TEST(*field_of(answer, "ETag") == tag);
  }
  BOOST_TEST(s.call("GET", "/openapi.json", {{"If-None-Match", "\"another\""}}).status == 200);
}

BOOST_AUTO_TEST_CASE(every_file_that_the_page_names_is_there) {
  paper_service s;
  const auto page = text_of(s.call("GET", "/swagger-ui/index.html"));
  std::size_t named = 0;
  for (const std::string mark : {"href=\"", "src=\""})
    for (auto at = page.find(mark); at != page.npos; at = page.find(mark, at + 1)) {
      auto name =
          page.substr(at + mark.size(), page.find('"', at + mark.size()) - at - mark.size());
      if (name.substr(0, 2) == "./") name.erase(0, 2);
      BOOST_TEST_CONTEXT(name) {
        const auto answer = s.call("GET", "/swagger-ui/" + name);
        BOOST_TEST(answer.status == 200);
        BOOST_TEST(!text_of(answer).empty());
        BOOST_TEST(field_of(answer, "Content-Security-Policy"));
      }
      ++named;
    }
  BOOST_TEST(named == 7);
}

BOOST_AUTO_TEST_CASE(the_folder_leads_to_the_page_however_it_is_written) {
  paper_service s;
  for (const char* path : {"/swagger-ui", "/swagger-ui/", "/swagger%2Dui/"}) {
    const auto answer = s.call("GET", path);
    BOOST_TEST(answer.status == 302);
    BOOST_TEST(*field_of(answer, "Location") == "/swagger-ui/index.html");
  }
  BOOST_TEST(s.call("GET", "/swagger%2Dui/index.html").status == 200);
  for (const char* path : {"/swagger-ui//", "/swagger-ui/index.html/", "/swagger-ui/package.json"})
    BOOST_TEST(s.call("GET", path).status == 404);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace boxoffice::http::test
