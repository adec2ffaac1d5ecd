-- Acknowledges expiries that were told.
-- KEYS    1 unacked
-- ARGV    1... the names of the claims
-- Answer  how many claims were there

return redis.call('ZREM', KEYS[1], unpack(ARGV))
