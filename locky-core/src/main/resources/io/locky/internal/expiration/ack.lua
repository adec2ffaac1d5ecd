-- Acknowledges published expiries, and adds them to the histories of their locks where these are kept.
-- KEYS    1 unacked  2... a history for each expiry, in their order
-- ARGV    1... claims, and last the settings of histories where these are kept
-- Answer  how many claims were there

local unacked = KEYS[1]
local history, claims = history_settings(ARGV[#ARGV]), ARGV

if history then
  claims = {unpack(ARGV, 1, #ARGV - 1)}
  begin_write(unacked)
  add_expired_holds(history, claims, KEYS, 2)
end
return redis.call('ZREM', unacked, unpack(claims))
