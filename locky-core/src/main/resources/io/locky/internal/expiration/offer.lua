-- Makes claims due at once, so that a worker of any instance publishes the expiries.
-- KEYS    1 unacked
-- ARGV    1 signals channel  2 hint that they are due  3... claims
-- Answer  how many were still there

local unacked = KEYS[1]
local signals, due_now, claims = ARGV[1], ARGV[2], {unpack(ARGV, 3)}

begin_write(unacked)
local retries = {}
for i, claim in ipairs(claims) do
  retries[2 * i - 1], retries[2 * i] = 0, claim
end
local offered = redis.call('ZADD', unacked, 'XX', 'CH', unpack(retries))
if offered > 0 then
  hint(signals, due_now)
end
return offered
