-- wrk: each request books another seat for another user, from the file that prepare_store wrote.
-- usage: wrk ... -s bookings.lua URL -- bookings.txt THREADS
dofile(debug.getinfo(1, "S").source:match("^@(.*/)") .. "shared_lines.lua")

function request()
  local line = next_line()
  -- Nothing is left to book: the answer, 404, fails the measurement.
  if not line then return wrk.format("GET", "/out-of-bookings") end
  local user, token, seat = line:match("(%S+) (%S+) (%S+)")
  return wrk.format("POST", "/mock/booking",
    { ["Content-Type"] = "application/json", ["Queue-Token"] = token },
    '{"userId":"' .. user .. '","concertOptionId":1,"seats":"' .. seat .. '"}')
end
