-- Keeps the claims on expiries that wait for a slow listener.
-- KEYS    1 unacked
-- ARGV    1 ms after which a claim that is not acknowledged comes back  2... the names of the claims
-- Answer  how many were still there: another instance may have told the others meanwhile

local comeback = server_time() + tonumber(ARGV[1])
local comebacks = {}
for i = 2, #ARGV do
  comebacks[2 * i - 3] = comeback
  comebacks[2 * i - 2] = ARGV[i]
end
return redis.call('ZADD', KEYS[1], 'XX', 'CH', unpack(comebacks))
