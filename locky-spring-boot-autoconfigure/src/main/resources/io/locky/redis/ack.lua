-- Acknowledges expiries that were told, and keeps the claim on those that still wait for a slow listener.
-- KEYS    1 unacked
-- ARGV    1 ms after which a claim that is not acknowledged comes back  2 how many were told
--         3... the names of the told ones, then of those to keep
-- Answer  how many were acknowledged

local patience, told = tonumber(ARGV[1]), tonumber(ARGV[2])
local now = server_time()
local acknowledged = told > 0 and redis.call('ZREM', KEYS[1], unpack(ARGV, 3, 2 + told)) or 0
for i = 3 + told, #ARGV do
  -- Only those still there: another instance may have told them meanwhile.
  redis.call('ZADD', KEYS[1], 'XX', now + patience, ARGV[i])
end
return acknowledged
