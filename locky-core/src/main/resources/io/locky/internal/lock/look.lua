-- Finds those of several locks that a waiter may get by an attempt now.
-- KEYS    1 waiters  2... locks
-- Answer  indexes, from 0, of the locks that are free or cannot be read; of all of them if Redis has no waiters, because it has
--         lost them

local has_waiters = redis.call('ZRANGE', KEYS[1], 0, 0)[1]
local answer = {}
for i, holder in ipairs(redis.call('MGET', unpack(KEYS, 2))) do
  if not holder or not has_waiters then
    answer[#answer + 1] = i - 1
  end
end
return answer
