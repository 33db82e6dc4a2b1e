# boxoffice_test(NAME room.suite
#                SOURCES a_test.cpp … LINKS lib … | COMMAND program argument …
#                [TIMEOUT seconds] [LABELS label …])
#
# One suite: a Boost.Test program (one of its sources defines BOOST_TEST_MODULE), or any command that
# exits 0 when all is well. ctest knows it by its name and, as a label, by its room; the target
# `tests_ROOM` builds all programs of a room.
find_package(Boost REQUIRED COMPONENTS unit_test_framework)

function(boxoffice_test)
  cmake_parse_arguments(TEST "" "NAME;TIMEOUT" "SOURCES;LINKS;COMMAND;LABELS" ${ARGN})
  string(REGEX REPLACE "\\..*" "" room "${TEST_NAME}")
  if(NOT TEST_TIMEOUT)
    set(TEST_TIMEOUT 120)
  endif()
  if(TEST_SOURCES)
    add_executable(${TEST_NAME} ${TEST_SOURCES})
    boxoffice_house_rules(${TEST_NAME})
    target_compile_definitions(${TEST_NAME} PRIVATE BOOST_TEST_DYN_LINK)
    target_link_libraries(${TEST_NAME} PRIVATE ${TEST_LINKS} Boost::unit_test_framework)
    if(NOT TARGET tests_${room})
      add_custom_target(tests_${room})
    endif()
    add_dependencies(tests_${room} ${TEST_NAME})
    set(TEST_COMMAND ${TEST_NAME})
  endif()
  add_test(NAME ${TEST_NAME} COMMAND ${TEST_COMMAND})
  set_tests_properties(${TEST_NAME} PROPERTIES
    TIMEOUT ${TEST_TIMEOUT}
    LABELS "${room};${TEST_LABELS}"
    ENVIRONMENT "UBSAN_OPTIONS=print_stacktrace=1;TSAN_OPTIONS=halt_on_error=1")
endfunction()
