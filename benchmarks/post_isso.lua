-- Comments that differ, on threads that are there.
local n = 0
local mark = tostring(os.time()) .. "-" .. tostring(math.random(1, 1000000000))
request = function()
  n = n + 1
  local body = '{"text": "a comment that says something, number ' .. n .. "-" .. mark .. '", "author": "bench"}'
  local path = "/new?uri=%2Fthread-" .. math.random(1, 20) .. "%2F"
  return wrk.format("POST", path, { ["Content-Type"] = "application/json" }, body)
end
