-- wrk: every request is an order of one ticket, by one of the users, of one of the listings.
local function lines(path)
  local all = {}
  for line in io.lines(path) do all[#all + 1] = line end
  return all
end

local threads = 0
function setup(thread)
  thread:set("number", threads)
  threads = threads + 1
end

local tokens, bodies
function init(args)
  math.randomseed(os.time() * 1000 + number)
  tokens = lines(args[1])
  bodies = {}
  for i, id in ipairs(lines(args[2])) do bodies[i] = '{"ticketId":"' .. id .. '","quantity":1}' end
end

function request()
  return wrk.format("POST", nil, {
    ["Authorization"] = "Bearer " .. tokens[math.random(#tokens)],
    ["Content-Type"] = "application/json",
  }, bodies[math.random(#bodies)])
end

function done(summary, latency)
  io.write(string.format("RESULT %d %d %d %d %d %d %d\n", summary.requests, summary.duration, summary.errors.status,
    summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout,
    latency:percentile(50), latency:percentile(99), latency.max))
end
