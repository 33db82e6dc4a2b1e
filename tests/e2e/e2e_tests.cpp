// All end-to-end suites are one program; ctest runs each by its name.
#define BOOST_TEST_MODULE e2e
#include <boost/test/unit_test.hpp>
