// The files that the service shows of itself. They are part of the program, so that it needs none
// beside it and none can be exchanged under it.
#pragma once

#include <string_view>
#include <vector>

namespace boxoffice::http {

struct embedded_file {
  std::string_view path; // where it is served: "/openapi.json"
  std::string_view media_type;
  std::string_view content; // lives as long as the program
};

// The description of the API and the Swagger UI that shows it.
std::vector<embedded_file> embedded_files();

} // namespace boxoffice::http
