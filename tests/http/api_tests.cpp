// The suites of the API: JSON, routing, the gateway and every call, without a socket or an actor.
#define BOOST_TEST_MODULE http_api
#include <boost/test/unit_test.hpp>
