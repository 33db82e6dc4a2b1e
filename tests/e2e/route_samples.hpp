// Every route of the service, with a right request of each.
#pragma once

namespace boxoffice::e2e {

// A body is written as names with a right value each: "name=value|name=value".
struct route_sample {
  const char *method, *address, *body;
};

inline constexpr route_sample route_samples[] = {
    {"POST", "/mock/queue", R"(userId="spring123"|requestedTime="2024-07-03T10:00:00"|priority=2)"},
    {"GET", "/mock/concerts", ""},
    {"GET", "/mock/available-seats?concertId={concert}&date={date}", ""},
    {"POST", "/mock/booking", R"(userId=1|concertOptionId=1|seats="A_10,A_11")"},
    {"POST", "/mock/balance", "userId=1|balance=100.5"},
    {"GET", "/mock/balance/{user}", ""},
    {"POST", "/mock/payment", R"(bookingId=1|concertId=1|userId=1|seats="A_10,A_11")"},
    {"PATCH", "/users/points/charge",
     R"(pointId=1|userId="user1"|paymentMethod="Credit Card"|amount=100|paymentTime="2024-07-03T10:00:00")"},
    {"PATCH", "/payments/payment",
     R"(userId="user1"|amount=100|concertOptionId=1|paymentMethod="CREDIT_CARD")"},
    {"POST", "/v1/users", R"(userId="new"|name="Name"|email="a@b.example")"},
    {"GET", "/v1/users/{user}", ""},
    {"PUT", "/v1/users/{user}", R"(name="Name"|email="a@b.example")"},
    {"DELETE", "/v1/users/{user}", ""},
    {"POST", "/v1/concerts", R"(name="A concert")"},
    {"GET", "/v1/concerts?limit={number}&cursor={text}", ""},
    {"GET", "/v1/concerts/{concert}", ""},
    {"POST", "/v1/concerts/{concert}/options",
     R"(startsAt="2096-11-28T19:00:00Z"|venue="Hall"|timeZone="UTC"|salesOpenAt="2026-01-01T00:00:00Z"|sections=[{"name":"A","seats":3,"price":100}])"},
    {"GET", "/v1/concerts/{concert}/dates", ""},
    {"GET", "/v1/options/{option}", ""},
    {"POST", "/v1/options/{last-option}/cancel", R"(reason="rain")"},
    {"GET", "/v1/options/{option}/seats?status={status}", ""},
    {"GET", "/v1/options/{option}/seats/events", ""},
    {"POST", "/v1/concerts/{concert}/queue/tokens", R"(userId="1"|priority=0)"},
    {"GET", "/v1/queue/tokens/{token}", ""},
    {"DELETE", "/v1/queue/tokens/{other-token}", ""},
    {"PATCH", "/v1/queue/tokens/{token}", "priority=5"},
    {"GET", "/v1/queue/tokens/{token}/events", ""},
    {"GET", "/v1/concerts/{concert}/queue", ""},
    {"PATCH", "/v1/concerts/{concert}/queue", "activeLimit=1000|admitPerSecond=1000|paused=false"},
    {"POST", "/v1/bookings", R"(userId="1"|concertOptionId=1|seats=["A_1","A_2"])"},
    {"POST", "/v1/bookings", R"(userId="1"|concertOptionId=2|count=2|section="A")"},
    {"GET", "/v1/bookings/{booking}", ""},
    {"DELETE", "/v1/bookings/{booking}", ""},
    {"POST", "/v1/bookings/{booking}/release", R"(reason="by mistake")"},
    {"GET", "/v1/users/{user}/bookings?limit={number}&cursor={text}", ""},
    {"GET", "/v1/options/{option}/bookings?limit={number}", ""},
    {"POST", "/v1/bookings/{booking}/payment", R"(userId="1")"},
    {"GET", "/v1/bookings/{booking}/payment", ""},
    {"GET", "/v1/users/{user}/wallet", ""},
    {"POST", "/v1/users/{user}/wallet/charges", "amount=10050"},
    {"GET", "/v1/users/{user}/wallet/entries?limit={number}&cursor={text}", ""},
    {"GET", "/v1/users/{user}/wallet/entries/{number}", ""},
    {"POST", "/v1/users/{user}/wallet/adjustments", R"(amount=-1|reason="a mistake")"},
    {"GET", "/v1/audit-log?limit={number}&cursor={text}", ""},
    {"GET", "/livez", ""},
    {"GET", "/readyz", ""},
    {"GET", "/metrics", ""},
    {"GET", "/openapi.json", ""},
    {"GET", "/swagger-ui/index.html", ""},
    {"OPTIONS", "*", ""},
    {"GET", "/{text}", ""},
};

} // namespace boxoffice::e2e
