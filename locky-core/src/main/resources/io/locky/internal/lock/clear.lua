-- Deletes a part of the index by locker, which is switched off. From the first step on, it is not complete.
-- KEYS    1 index by locker
-- ARGV    1 cursor, 0 for the first step  2 about how many lists to delete
-- Answer  next cursor; 0 at the end, or if an instance that has the index switched on builds it again

local index = KEYS[1]
local cursor, count = ARGV[1], ARGV[2]

if cursor == '0' then
  redis.call('HDEL', index, INDEX_STATE)
elseif redis.call('HGET', index, INDEX_STATE) then
  return {'0'}
end
local part = redis.call('HSCAN', index, cursor, 'COUNT', count)
local found = part[2]
for i = 1, #found, 2 do
  redis.call('HDEL', index, found[i])
end
return {part[1]}
