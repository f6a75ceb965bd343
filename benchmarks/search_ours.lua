-- Searches that differ, so that none is answered from memory.
math.randomseed(os.time())
request = function()
  return wrk.format("GET", "/?q=word" .. math.random(1, 50000))
end
