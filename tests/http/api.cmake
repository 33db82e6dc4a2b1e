# --- the API, in one program: its suites are small and the framework is not ---
find_package(nlohmann_json REQUIRED)
find_package(OpenSSL REQUIRED)
add_executable(http_api_tests
  ${CMAKE_CURRENT_LIST_DIR}/access_test.cpp ${CMAKE_CURRENT_LIST_DIR}/front_test.cpp ${CMAKE_CURRENT_LIST_DIR}/limits_test.cpp ${CMAKE_CURRENT_LIST_DIR}/api_tests.cpp ${CMAKE_CURRENT_LIST_DIR}/json_test.cpp
  ${CMAKE_CURRENT_LIST_DIR}/router_test.cpp ${CMAKE_CURRENT_LIST_DIR}/gateway_test.cpp
  ${CMAKE_CURRENT_LIST_DIR}/mock_api_test.cpp ${CMAKE_CURRENT_LIST_DIR}/refusals_test.cpp
  ${CMAKE_CURRENT_LIST_DIR}/bad_input_test.cpp
  ${CMAKE_CURRENT_LIST_DIR}/documents_test.cpp ${CMAKE_CURRENT_LIST_DIR}/documentation_test.cpp
  ${CMAKE_CURRENT_LIST_DIR}/live_seats_test.cpp ${CMAKE_CURRENT_LIST_DIR}/live_tokens_test.cpp ${CMAKE_CURRENT_LIST_DIR}/v1_accounts_test.cpp
  ${CMAKE_CURRENT_LIST_DIR}/v1_catalogue_test.cpp ${CMAKE_CURRENT_LIST_DIR}/v1_queue_test.cpp
  ${CMAKE_CURRENT_LIST_DIR}/request_key_test.cpp)
boxoffice_house_rules(http_api_tests)
target_compile_definitions(http_api_tests PRIVATE BOOST_TEST_DYN_LINK)
target_link_libraries(http_api_tests PRIVATE boxoffice_http boxoffice_domain
                                             nlohmann_json::nlohmann_json OpenSSL::Crypto
                                             Boost::unit_test_framework)
if(NOT TARGET tests_http)
  add_custom_target(tests_http)
endif()
add_dependencies(tests_http http_api_tests)

foreach(suite access front json router gateway api live request_key)
  boxoffice_test(NAME http.${suite} COMMAND http_api_tests --run_test=${suite}_*)
endforeach()
