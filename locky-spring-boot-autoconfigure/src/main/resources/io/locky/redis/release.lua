-- Gives locks back.
-- KEYS    1 records  2 deadlines  3 unacked  4 index of the npm package  5... locks
-- ARGV    1 signals channel  2 '1' to keep the index of the npm package  3... for each: resource, locker or '', fence or ''
-- Answer  {now ms, for each: fence or 0, locker} where the fence is -1 if it is not held, or not by that locker or fence

local now = server_time()
local answer = {now}
for i = 5, #KEYS do
  local at = 3 + (i - 5) * 3
  local resource = ARGV[at]
  local holder, record, known = read_lock(KEYS[i], KEYS[1], KEYS[2], resource, now)
  if not owned(holder, record, ARGV[at + 1], ARGV[at + 2]) then
    answer[#answer + 1] = -1
    answer[#answer + 1] = ''
  else
    redis.call('DEL', KEYS[i])
    if record then
      redis.call('HDEL', KEYS[1], resource)
      redis.call('ZREM', KEYS[2], resource)
    elseif known then
      forget(KEYS[1], KEYS[2], KEYS[3], ARGV[1], resource, known, now)
    end
    if ARGV[2] == '1' then
      redis.call('SREM', KEYS[4], KEYS[i])
    end
    hint(ARGV[1], 'released:' .. resource)
    answer[#answer + 1] = record and tonumber(record[FENCE]) or 0
    answer[#answer + 1] = holder
  end
end
return answer
