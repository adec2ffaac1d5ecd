-- Makes single claims of those of a claim of many that were not told yet, because a listener is slow.
-- KEYS    1 unacked
-- ARGV    1 the name of the claim of many  2... for each that is left: its place there, from 1, and ms after which it comes
--         back
-- Answer  the names of the single claims; none if the claim of many is not there any more: then nothing changed

local now = server_time()
local names = {}
if redis.call('ZREM', KEYS[1], ARGV[1]) == 1 then
  local due, lockers, fences = unpack(cjson.decode(ARGV[1]))
  for i = 2, #ARGV, 2 do
    local place = tonumber(ARGV[i])
    local name = claim_name({due[2 * place - 1], due[2 * place]}, {lockers[place]}, {fences[place]})
    redis.call('ZADD', KEYS[1], now + tonumber(ARGV[i + 1]), name)
    names[#names + 1] = name
  end
end
return names
