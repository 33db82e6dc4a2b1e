#include "http/embedded_files.hpp"

// The assembler takes a file as it is, which costs the compiler nothing, however large it is. Where
// the files are comes from CMake.
#define EMBED(name, path)                                                                          \
  extern "C" const char boxoffice_##name##_begin[];                                                \
  extern "C" const char boxoffice_##name##_end[];                                                  \
  __asm__(".pushsection .rodata\n"                                                                 \
          ".global boxoffice_" #name "_begin\n"                                                    \
          ".global boxoffice_" #name "_end\n"                                                      \
          "boxoffice_" #name "_begin:\n"                                                           \
          ".incbin \"" path "\"\n"                                                                 \
          "boxoffice_" #name "_end:\n"                                                             \
          ".popsection\n")

EMBED(openapi, BOXOFFICE_OPENAPI);
EMBED(initializer, BOXOFFICE_WEB "/swagger-initializer.js");
EMBED(index, BOXOFFICE_SWAGGER_UI "/index.html");
EMBED(index_style, BOXOFFICE_SWAGGER_UI "/index.css");
EMBED(style, BOXOFFICE_SWAGGER_UI "/swagger-ui.css");
EMBED(bundle, BOXOFFICE_SWAGGER_UI "/swagger-ui-bundle.js");
EMBED(preset, BOXOFFICE_SWAGGER_UI "/swagger-ui-standalone-preset.js");
EMBED(small_icon, BOXOFFICE_SWAGGER_UI "/favicon-16x16.png");
EMBED(icon, BOXOFFICE_SWAGGER_UI "/favicon-32x32.png");

#define CONTENT(name)                                                                              \
  std::string_view(boxoffice_##name##_begin,                                                       \
                   static_cast<std::size_t>(boxoffice_##name##_end - boxoffice_##name##_begin))

namespace boxoffice::http {

std::vector<embedded_file> embedded_files() {
  constexpr std::string_view script = "text/javascript; charset=utf-8";
  constexpr std::string_view style = "text/css; charset=utf-8";
  return {
      {"/openapi.json", "application/json", CONTENT(openapi)},
      {"/swagger-ui/index.html", "text/html; charset=utf-8", CONTENT(index)},
      {"/swagger-ui/index.css", style, CONTENT(index_style)},
      {"/swagger-ui/swagger-ui.css", style, CONTENT(style)},
      {"/swagger-ui/swagger-ui-bundle.js", script, CONTENT(bundle)},
      {"/swagger-ui/swagger-ui-standalone-preset.js", script, CONTENT(preset)},
      {"/swagger-ui/swagger-initializer.js", script, CONTENT(initializer)},
      {"/swagger-ui/favicon-16x16.png", "image/png", CONTENT(small_icon)},
      {"/swagger-ui/favicon-32x32.png", "image/png", CONTENT(icon)},
  };
}

} // namespace boxoffice::http
