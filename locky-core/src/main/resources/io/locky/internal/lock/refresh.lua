-- Starts the ttl of held locks anew: the ttl that each was taken with, up to the end of its longest hold.
-- KEYS    1 records  2 deadlines  3... locks
-- ARGV    1 ttl in ms for a lock that another client wrote, 0 for none  2... for each: resource, locker or '', fence or ''
-- Answer  for each: remaining ms, -1 for endless, -2 if it is not held, or not by that locker or fence: unchanged

local now = server_time()
local answer = {}
for i = 3, #KEYS do
  local at = 2 + (i - 3) * 3
  local resource = ARGV[at]
  local holder, record = read_lock(KEYS[i], KEYS[1], KEYS[2], resource, now)
  if not owned(holder, record, ARGV[at + 1], ARGV[at + 2]) then
    answer[#answer + 1] = -2
  else
    local deadline
    if record then
      deadline = lease_end(now, record[TTL], record[END] or 0)
    elseif redis.call('PTTL', KEYS[i]) >= 0 then
      deadline = lease_end(now, tonumber(ARGV[1]), 0)
    end
    if deadline then
      redis.call('PEXPIREAT', KEYS[i], deadline)
      if record then
        redis.call('ZADD', KEYS[2], deadline, resource)
      end
    end
    answer[#answer + 1] = redis.call('PTTL', KEYS[i])
  end
end
return answer
