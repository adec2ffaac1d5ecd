-- Extends the claims on expiries that wait for a slow listener.
-- KEYS    1 unacked
-- ARGV    1 ms after which an unacknowledged claim is due again  2... claims
-- Answer  how many were still there: another instance may have published the others meanwhile

local unacked = KEYS[1]
local ack_timeout, claims = tonumber(ARGV[1]), {unpack(ARGV, 2)}

begin_write(unacked)
local retry = server_time() + ack_timeout
local retries = {}
for i, claim in ipairs(claims) do
  retries[2 * i - 1], retries[2 * i] = retry, claim
end
return redis.call('ZADD', unacked, 'XX', 'CH', unpack(retries))
