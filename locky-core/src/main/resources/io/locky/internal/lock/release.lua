-- Gives locks back.
-- KEYS    1 records  2 deadlines  3 index of the npm package  4 event log  5... locks
-- ARGV    1 signals channel  2 '1' to keep the index of the npm package  3 name of this instance for the event log, '' for
--         none  4 length of the log  5... for each: resource, locker or '', fence or ''
-- Answer  {now ms, for each: fence or 0, locker} where the fence is -1 if it is not held, or not by that locker or fence

local log = {key = KEYS[4], signals = ARGV[1], origin = ARGV[3], length = ARGV[4]}
local now = server_time()
local answer = {now}

for i = 5, #KEYS do
  local at = 5 + (i - 5) * 3
  local resource = ARGV[at]
  local holder, record, known = read_lock(KEYS[i], KEYS[1], KEYS[2], resource, now)
  if not owned(holder, record, ARGV[at + 1], ARGV[at + 2]) then
    answer[#answer + 1] = -1
    answer[#answer + 1] = ''
  else
    redis.call('DEL', KEYS[i])
    -- A lock that expired before another client wrote its key is still a worker's to tell.
    if record or (known and not untold(KEYS[2], resource, now)) then
      forget(KEYS[1], KEYS[2], resource)
    end
    if ARGV[2] == '1' then
      redis.call('SREM', KEYS[3], KEYS[i])
    end
    hint(ARGV[1], 'released:' .. resource)
    local fence = record and record[FENCE] or '0'
    log_event(log, now, 'released', resource, holder, fence, now, '')
    answer[#answer + 1] = tonumber(fence)
    answer[#answer + 1] = holder
  end
end
return answer
