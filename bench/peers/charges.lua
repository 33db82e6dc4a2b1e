-- wrk: each request charges the wallet of another user of the file that prepare_store wrote.
-- usage: wrk ... -s charges.lua URL -- bookings.txt THREADS
local set_up = 0

function setup(thread)
  thread:set("number", set_up)
  set_up = set_up + 1
end

local users = {}
local done = 0

-- Each thread takes the users that are its own.
function init(args)
  local at = 0
  for line in io.lines(args[1]) do
    if at % tonumber(args[2]) == number then table.insert(users, line:match("%S+")) end
    at = at + 1
  end
end

function request()
  done = done + 1
  local user = users[done]
  -- Nobody is left: the answer, 404, fails the measurement.
  if not user then return wrk.format("GET", "/out-of-users") end
  return wrk.format("POST", "/mock/balance", { ["Content-Type"] = "application/json" },
    '{"userId":"' .. user .. '","balance":100.50}')
end
