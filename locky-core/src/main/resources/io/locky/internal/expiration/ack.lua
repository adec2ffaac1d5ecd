-- Acknowledges published expiries.
-- KEYS    1 unacked
-- ARGV    1... claims
-- Answer  how many claims were there

local unacked = KEYS[1]
local claims = ARGV

return redis.call('ZREM', unacked, unpack(claims))
