-- The lines of a file for wrk's scripts: each thread has those that are its own, once.
-- usage of a script that takes this in: wrk ... -s SCRIPT URL -- FILE THREADS
local set_up = 0

function setup(thread)
  thread:set("number", set_up)
  set_up = set_up + 1
end

local lines = {}
local done = 0

function init(args)
  local at = 0
  for line in io.lines(args[1]) do
    if at % tonumber(args[2]) == number then table.insert(lines, line) end
    at = at + 1
  end
end

-- nil: none is left.
function next_line()
  done = done + 1
  return lines[done]
end
