-- Makes single claims of those of a claim of many that were not told yet, because a listener is slow.
-- KEYS    1 unacked
-- ARGV    1 the name of the claim of many  2... for each that is left: its name, ms after which it comes back
-- Answer  1, or 0 if the claim is not there any more: then nothing changed

local now = server_time()
if redis.call('ZREM', KEYS[1], ARGV[1]) == 0 then
  return 0
end
for i = 2, #ARGV, 2 do
  redis.call('ZADD', KEYS[1], now + tonumber(ARGV[i + 1]), ARGV[i])
end
return 1
