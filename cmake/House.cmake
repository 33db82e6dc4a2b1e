# What every target of ours shares: the language, the warnings, the sanitizers.
option(BOXOFFICE_TESTS "build the tests" ON)
option(BOXOFFICE_BENCH "build the benchmarks" ON)
set(BOXOFFICE_SANITIZE "" CACHE STRING "passed to -fsanitize=, empty for none")

find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER "${CCACHE}")
endif()

find_package(Threads REQUIRED)

# The warnings, language level and sanitizers of our own code.
function(boxoffice_house_rules target)
  target_compile_features(${target} PUBLIC cxx_std_17)
  set_target_properties(${target} PROPERTIES CXX_EXTENSIONS OFF)
  target_include_directories(${target} PUBLIC "${PROJECT_SOURCE_DIR}")
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror)
  if(BOXOFFICE_SANITIZE)
    target_compile_options(${target} PRIVATE -fsanitize=${BOXOFFICE_SANITIZE}
                                             -fno-omit-frame-pointer -fno-sanitize-recover=all)
    target_link_options(${target} PUBLIC -fsanitize=${BOXOFFICE_SANITIZE})
  endif()
endfunction()

# boxoffice_room(NAME SOURCES a.cpp ... LINKS lib ... PRIVATE_LINKS lib ...): the library of one room.
function(boxoffice_room name)
  cmake_parse_arguments(ROOM "" "" "SOURCES;LINKS;PRIVATE_LINKS" ${ARGN})
  add_library(boxoffice_${name} STATIC ${ROOM_SOURCES})
  boxoffice_house_rules(boxoffice_${name})
  target_link_libraries(boxoffice_${name} PUBLIC ${ROOM_LINKS} PRIVATE ${ROOM_PRIVATE_LINKS})
endfunction()
