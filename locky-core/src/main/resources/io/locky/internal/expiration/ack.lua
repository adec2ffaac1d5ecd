-- Acknowledges published expiries, and adds them to the histories of their locks where these are kept.
-- KEYS    1 unacked  2... a history for each expiry, in their order
-- ARGV    1... claims, and last the settings of histories where these are kept
-- Answer  how many claims were there

local unacked, history_keys = KEYS[1], {unpack(KEYS, 2)}
local history, claims = history_settings(ARGV[#ARGV]), ARGV

if history then
  claims = {unpack(claims, 1, #claims - 1)}
  begin_write(unacked)
  add_expired_holds(history, claims, history_keys)
end
return redis.call('ZREM', unacked, unpack(claims))
