-- wrk: asks for the balance of one user after the other, as an actor round trip that changes nothing.
-- usage: wrk ... -s balances.lua URL -- USERS
local users, last

function init(args)
  users = tonumber(args[1])
  last = 0
end

function request()
  last = last % users + 1
  return wrk.format("GET", "/mock/balance/buyer" .. last)
end
