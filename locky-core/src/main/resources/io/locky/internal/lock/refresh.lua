-- Resets the ttl of held locks: to the ttl that each was acquired with, up to the end of its longest hold.
-- KEYS    1 records  2 deadlines  3... locks
-- ARGV    1 ttl in ms for a lock that another client wrote, 0 for none  2... for each: resource, locker or '', fence or ''
-- Answer  {now ms, for each: remaining ms, -1 for endless, -2 if it is not held, or not by that locker or fence: unchanged;
--         -11 if its key cannot be read, -12 if its record cannot}

local records, deadlines = KEYS[1], KEYS[2]
local lock_keys = {unpack(KEYS, 3)}
local foreign_ttl, wanted = tonumber(ARGV[1]), {unpack(ARGV, 2)}

local now = server_time()
local answer = {now}
for i, key in ipairs(lock_keys) do
  local resource, locker, fence = unpack(wanted, 3 * i - 2, 3 * i)
  local holder, record, _, unreadable = read_lock(key, resource, records, deadlines, now)
  if unreadable then
    answer[i + 1] = -10 - unreadable
  elseif not owned(holder, record, locker, fence) then
    answer[i + 1] = -2
  else
    answer[i + 1] = extend_lease(key, resource, record, deadlines, now, foreign_ttl)
  end
end
return answer
