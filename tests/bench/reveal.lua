-- Reveals the messages of the file LIST ("name proof" a line), each READERS times in a row by whatever connection is next, so
-- that they race. THREADS threads take turns at the lines. When a thread has all its answers it prints "said {...}".
-- With COUNT_VIEWS every body is counted against its message: `over` are views beyond VIEWS.
local ffi = require("ffi")
ffi.cdef [[ struct timespec_ { long s; long ns; }; int clock_gettime(int clock, struct timespec_* t); ]]

local readers = tonumber(os.getenv("READERS") or "1")
local views = tonumber(os.getenv("VIEWS") or "1")
local count_views = os.getenv("COUNT_VIEWS")
local prefix = os.getenv("PREFIX") or ""
local started = 0

local function seconds()
  local t = ffi.new("struct timespec_")
  ffi.C.clock_gettime(1, t)
  return tonumber(t.s) + tonumber(t.ns) / 1e9
end

function setup(thread)
  thread:set("number", started)
  started = started + 1
end

function init()
  got, over, none, other, asked, at, left = 0, 0, 0, 0, 0, 0, 0
  mine, seen = {}, {}
  local of, n = tonumber(os.getenv("THREADS") or "1"), 0
  for line in io.lines(os.getenv("LIST")) do
    if n % of == number then mine[#mine + 1] = line end
    n = n + 1
  end
end

function request()
  if number == 0 and not tried then  -- wrk asks its first thread once to see a request, and does not send it
    tried = true
    return wrk.format("GET", prefix .. "/api/v1/branding")
  end
  began = began or seconds()
  if left == 0 then at, left = at + 1, readers end
  left = left - 1
  local line = mine[at]
  if not line then return wrk.format("GET", prefix .. "/api/v1/branding") end
  asked = asked + 1
  local name, proof = line:match("^(%S+) (%S+)$")
  return wrk.format("POST", prefix .. "/api/v1/messages/" .. name .. "/reveal", {["Content-Type"] = "application/json"},
                    '{"link_proof":"' .. proof .. '"}')
end

function response(status, _, body)
  if status == 404 or status == 429 then -- gone, or too many at this message at once: no view either way
    none = none + 1
  elseif status ~= 200 then
    other = other + 1
  elseif #body > 1500 then
    got = got + 1
    if count_views then
      local key = body:sub(1, 16)
      seen[key] = (seen[key] or 0) + 1
      if seen[key] > views then over = over + 1 end
    end
  end
  if not told and at > #mine and got + none + other >= asked then
    told = true
    io.write(string.format('said {"got": %d, "over": %d, "other": %d, "asked": %d, "began": %f, "ended": %f}\n',
                           got, over, other, asked, began, seconds()))
    io.flush()
    wrk.thread:stop()
  end
end
