-- Releases locks.
-- KEYS    1 records  2 deadlines  3 index of the npm package  4 event log  5... locks
-- ARGV    1 signals channel  2 '1' to keep the index of the npm package  3 name of this instance for the event log, '' for
--         no log  4 length of the log  5... for each: resource, locker or '', fence or ''
-- Answer  {now ms, for each: fence or 0, locker} where the fence is -1 if it is not held, or not by that locker or fence;
--         -11 if its key cannot be read, -12 if its record cannot

local records, deadlines, npm_index = KEYS[1], KEYS[2], KEYS[3]
local lock_keys = {unpack(KEYS, 5)}
local signals, interop, wanted = ARGV[1], ARGV[2] == '1', {unpack(ARGV, 5)}
local log = {key = KEYS[4], signals = signals, origin = ARGV[3], length = ARGV[4]}

local now = server_time()
local answer = {now}
for i, key in ipairs(lock_keys) do
  local resource, locker, fence = unpack(wanted, 3 * i - 2, 3 * i)
  local holder, record, leftover, unreadable = read_lock(key, resource, records, deadlines, now)
  if unreadable then
    answer[#answer + 1] = -10 - unreadable
    answer[#answer + 1] = ''
  elseif not owned(holder, record, locker, fence) then
    answer[#answer + 1] = -1
    answer[#answer + 1] = ''
  else
    redis.call('DEL', key)
    -- The record of a lock that expired before another client wrote its key stays: its expiry is still to be published.
    if record or (leftover and not unpublished_deadline(deadlines, resource, now)) then
      delete_record(records, deadlines, resource)
    end
    if interop then
      redis.call('SREM', npm_index, key)
    end
    hint(signals, 'released:' .. resource)
    local released = record and record[FENCE] or '0'
    log_event(log, now, 'released', resource, holder, released, now, '')
    answer[#answer + 1] = tonumber(released)
    answer[#answer + 1] = holder
  end
end
return answer
