-- wrk: each request books another seat for another user, from the file that prepare_store wrote.
-- usage: wrk ... -s bookings.lua URL -- bookings.txt THREADS
local set_up = 0

function setup(thread)
  thread:set("number", set_up)
  set_up = set_up + 1
end

local lines = {}
local done = 0

-- Each thread takes the lines that are its own.
function init(args)
  local at = 0
  for line in io.lines(args[1]) do
    if at % tonumber(args[2]) == number then table.insert(lines, line) end
    at = at + 1
  end
end

function request()
  done = done + 1
  local line = lines[done]
  -- Nothing is left to book: the answer, 404, fails the measurement.
  if not line then return wrk.format("GET", "/out-of-bookings") end
  local user, token, seat = line:match("(%S+) (%S+) (%S+)")
  return wrk.format("POST", "/mock/booking",
    { ["Content-Type"] = "application/json", ["Queue-Token"] = token },
    '{"userId":"' .. user .. '","concertOptionId":1,"seats":"' .. seat .. '"}')
end
