-- Releases one lock in the common case: a grant with a record of the shortest form holds it. In all other cases release.lua does.
-- KEYS    1 lock  2 records  3 deadlines  4 answer of this operation  5 waiters, and then those that there are: line of
--         people, index by locker, event log
-- ARGV    1 resource  2 locker or ''  3 fence or ''  4 id of the operation  5 signals channel  6 '1' if the index by locker is
--         kept, '2' where there are lines, '3' for both  7... if an event log is kept: name of this instance, length of the log
-- Answer  {now ms, fence, locker} released; with the waiter that has the turn now, if it is one of this instance, which gets
--         no message then; {0} to be sent with release.lua, nothing changed

local call = redis.call
local key, records, deadlines, operation, waiting = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local resource, locker, fence, id, signals = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]
local origin, log_length = ARGV[7], ARGV[8]
local line, log_key = ARGV[6] > '1' and KEYS[6], origin and KEYS[#KEYS]
local locker_index = (ARGV[6] == '1' or ARGV[6] == '3') and KEYS[line and 7 or 6]

local KEPT = '3600000'

-- Times stay texts, as in lock.lua.
local time = call('TIME')
local now = time[1] .. string.sub('00000' .. time[2], -6, -4)

local record = call('HGET', records, resource) or ''
local present, people
if line then
  present, people = unpack(call('MGET', key, line))
else
  present = redis.pcall('GET', key)
end
local holder, held_fence = string.match(record, '^%["([^"\\%c]*)","(%d+)",%d+,%d+,"[%w_-]*"%]$')
if not holder or (locker ~= '' and locker ~= holder) or (fence ~= '' and fence ~= held_fence)
  or present ~= holder or people or (call('ZSCORE', deadlines, resource) or '') < now then
  return {0}
end

-- If this operation has run before, release.lua finds its answer. If Redis is full, release.lua releases the lock.
local start = '["' .. id .. '"'
local before = redis.pcall('SET', operation, start .. ',' .. now .. ',"' .. held_fence .. '","' .. holder .. '"]', 'PX', KEPT, 'GET')
if type(before) == 'table' then
  return {0}
end
if before and string.sub(before, 1, #start) == start then
  call('SET', operation, before, 'PX', KEPT)
  return {0}
end

call('DEL', key)
call('HDEL', records, resource)
call('ZREM', deadlines, resource)
local is_indexed = locker_index and redis.pcall('HGET', locker_index, holder)
if is_indexed == '\0' .. resource .. '\0' then
  call('HDEL', locker_index, holder)
  is_indexed = false
end
local awaited = call('ZRANGE', waiting, '0', '0')[1]
if not is_indexed and not awaited and not log_key then
  return {now, held_fence, holder}
end

-- <prelude>

-- Operations are named after their instance.
local instance, turn = string.match(operation, '([^:]*)%-%d+$')
-- If only this lock is waited for, and all turns were taken up, the first of all entries is its first waiter.
if awaited and string.sub(awaited, 1, #resource + 1) == resource .. '\0' and string.byte(awaited, #resource + 2) ~= 33 then
  turn, awaited = give_turn(waiting, signals, resource, awaited, now, instance), nil
end
if not is_indexed and not awaited and not log_key then
  return {now, held_fence, holder, turn}
end

-- <prelude>

local log = {key = log_key, signals = signals, origin = origin or '', length = log_length, operation = id}
local detail = locker == '' and fence == '' and 'forced' or ''
if not is_indexed and not awaited then
  log_event(log, tonumber(now), 'released', resource, holder, held_fence, now, detail)
  return {now, held_fence, holder, turn}
end

-- <prelude>

if is_indexed then
  unindex_lock(locker_index, holder, resource)
end
if awaited then
  turn = wake_waiter(waiting, signals, resource, tonumber(now), instance)
end
log_event(log, tonumber(now), 'released', resource, holder, held_fence, now, detail)
return {now, held_fence, holder, turn}
