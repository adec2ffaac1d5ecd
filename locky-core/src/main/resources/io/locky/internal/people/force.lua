-- Records who has released a lock by force.
-- KEYS    1 history
-- ARGV    1 fence of the grant that was released  2 who released it
-- Answer  1, or 0 if the history does not have that hold

local history = KEYS[1]
local fence, operator = ARGV[1], ARGV[2]

local member = redis.call('ZRANGE', history, fence, fence, 'BYSCORE')[1]
if not member or string.byte(member) ~= 91 then
  return 0
end
local hold = cjson.decode(member)
hold[5], hold[6] = 'FORCE_RELEASED', operator
begin_write(history)
-- In this order, so that the set is never empty and keeps its expiry.
redis.call('ZADD', history, fence, cjson.encode(hold))
if cjson.encode(hold) ~= member then
  redis.call('ZREM', history, member)
end
return 1
