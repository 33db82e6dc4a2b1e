-- wrk: each request books another seat for another user, from the file that prepare_store wrote.
-- usage: wrk ... -s bookings.lua URL -- bookings.txt
local threads = {}

function setup(thread)
  table.insert(threads, thread)
  thread:set("number", #threads)
end

-- Each thread reads the whole file and takes the lines that are its own: of every 8 the one with its
-- number, so that no thread needs to know how many there are.
local most_threads = 8
local lines = {}
local done = 0

function init(args)
  local at = 0
  for line in io.lines(args[1]) do
    if at % most_threads == number - 1 then table.insert(lines, line) end
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
