-- wrk: each request charges the wallet of another user of the file that prepare_store wrote.
-- usage: wrk ... -s charges.lua URL -- bookings.txt THREADS
dofile(debug.getinfo(1, "S").source:match("^@(.*/)") .. "../http/shared_lines.lua")

function request()
  local line = next_line()
  -- Nobody is left: the answer, 404, fails the measurement.
  if not line then return wrk.format("GET", "/out-of-users") end
  return wrk.format("POST", "/mock/balance", { ["Content-Type"] = "application/json" },
    '{"userId":"' .. line:match("%S+") .. '","balance":100.50}')
end
