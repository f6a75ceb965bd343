-- Reports that differ, about articles that are there.
local n = 0
local mark = tostring(os.time()) .. "-" .. tostring(math.random(1, 1000000000))
math.randomseed(os.time())
request = function()
  n = n + 1
  local article = math.random(1, 1000)
  local body = "token=" .. os.getenv("TOKEN")
    .. "&article=The+harbour+story+number+" .. article
    .. "&original_text=sentence+" .. math.random(1, 40) .. "+of+the+harbour"
    .. "&corrected_text=line+" .. n .. "-" .. mark
    .. "&notes=seen+" .. n .. "-" .. mark
  return wrk.format("POST", nil, { ["Content-Type"] = "application/x-www-form-urlencoded" }, body)
end
