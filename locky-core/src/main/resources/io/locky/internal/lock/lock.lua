-- Acquires one lock in the common case: it is free, or another grant holds it. In all other cases acquire.lua does.
-- KEYS    1 lock  2 records  3 deadlines  4 fence  5 sendings of this attempt that must not run, and then those that there
--         are: line of people, index by locker, event log, waiters
-- ARGV    1 resource  2 locker, without characters that JSON escapes  3 ttl in ms  4 attempt id  5 signals channel  6 '1' if
--         the index by locker is kept, '2' where there are lines, '3' for both  7... if an event log is kept or the attempt
--         waits: name of this instance for the log, '' for no log; length of the log  9... if the attempt waits: waiter; its
--         place, '' before its first refused attempt
-- Answer  {1, fence, since ms} granted
--         {0, fence or 0, since ms or 0, remaining ms or -1, locker, note, since when it is idle in ms or 0} denied,
--         nothing changed; for a waiter, with its place
--         {2} to be sent with acquire.lua, nothing changed

local call = redis.call
local key, records, deadlines, last_fence, operation = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local resource, locker, ttl, attempt = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local signals, origin, log_length, waiter, place = ARGV[5], ARGV[7], ARGV[8], ARGV[9], ARGV[10]
local line, next_key = ARGV[6] > '1' and KEYS[6], ARGV[6] > '1' and 7 or 6
local locker_index, waiting = (ARGV[6] == '1' or ARGV[6] == '3') and KEYS[next_key], waiter and KEYS[#KEYS]
local log_key = origin and origin ~= '' and KEYS[locker_index and next_key + 1 or next_key]

-- Times and fences stay texts, because numbers cost a tenth of the script. Of 13 and 16 digits, they compare like numbers.
local time = call('TIME')
local micros = string.sub('00000' .. time[2], -6)
local now, fence = time[1] .. string.sub(micros, 1, 3), time[1] .. micros
local deadline = string.format('%.0f', now + ttl)

-- A waiter takes up its turn. One that comes does not overtake another that was given a turn.
local turn = waiter and call('ZRANGEBYLEX', waiting, '[' .. resource .. '\0!', '(' .. resource .. '\0"', 'LIMIT', '0', '1')[1]
local is_its_turn = turn and string.sub(turn, #resource + 3, -15) == waiter
if waiter and not is_its_turn and (turn or place ~= '') then
  return {2}
end

local granted = call('SET', key, locker, 'NX', 'PXAT', deadline)
local is_indexed, mark = true, ''
if granted then
  local barred = '["' .. attempt .. '"'
  local known_fence, known_operation, people = unpack(line and call('MGET', last_fence, operation, line)
    or call('MGET', last_fence, operation))
  -- With the mark of the index, the last fence begins with a 0.
  local is_marked = known_fence and string.byte(known_fence) == 48
  if known_fence and (is_marked and string.sub(known_fence, 2) or known_fence) >= fence then
    fence = string.format('%.0f', known_fence + 1)
  end
  local record = '["' .. locker .. '","' .. fence .. '",' .. now .. ',' .. ttl .. ',"' .. attempt .. '"]'
  -- There is a record already if an expiry is still to be published.
  if people or (known_operation and string.sub(known_operation, 1, #barred) == barred)
    or call('HSETNX', records, resource, record) == 0 then
    call('DEL', key)
    return {2}
  end
  call('ZADD', deadlines, deadline, resource)
  if is_its_turn then
    call('ZREM', waiting, turn)
  end
  if locker_index and is_marked then
    mark, is_indexed = '0', redis.pcall('HSETNX', locker_index, locker, '\0' .. resource .. '\0') == 1
  end
  call('SET', last_fence, mark .. fence)
  if is_indexed and not log_key then
    return {1, fence, now}
  end
end

-- <prelude>

-- Some of those who come to wait go on to acquire.lua, which also removes what crashes left among the waiters.
local goes_on = is_its_turn or (waiter and fence % 8 == 0)

-- Refused in the common case: another grant has a record of the shortest form.
if not granted and not goes_on then
  local holder = redis.pcall('GET', key)
  local held_by, held_fence, since, held_attempt = string.match(call('HGET', records, resource) or '',
    '^%["([^"\\%c]*)","(%d+)",(%d+),%d+,"([%w_-]*)"%]$')
  if held_by and held_by == holder and held_attempt ~= attempt and (call('ZSCORE', deadlines, resource) or '') >= now then
    local answer = {0, tonumber(held_fence), tonumber(since), call('PTTL', key), holder, '', 0}
    if waiter then
      -- A full Redis refuses this: then the waiter has its timer only.
      redis.pcall('ZADD', waiting, '0', waiter_entry(resource, fence, waiter))
      answer[#answer + 1] = fence
    end
    return answer
  end
end

-- <prelude>

local log = {key = log_key, signals = signals, origin = origin or '', length = log_length, operation = attempt}
if granted and is_indexed then
  log_event(log, tonumber(now), 'acquired', resource, locker, fence, now, '')
  return {1, fence, now}
end

-- <prelude>

if granted then
  -- This locker holds other locks, too.
  if not index_lock(locker_index, locker, resource) then
    call('SET', last_fence, fence)
  end
  log_event(log, tonumber(now), 'acquired', resource, locker, fence, now, '')
  return {1, fence, now}
end

local holder, record, leftover = read_lock(key, resource, records, deadlines, tonumber(now))
if not holder or leftover or (record and (record[ATTEMPT] == attempt or is_of_client(record, locker, attempt))) or goes_on then
  return {2}
end
local answer = {0}
describe(answer, key, holder, record)
if waiter then
  redis.pcall('ZADD', waiting, '0', waiter_entry(resource, fence, waiter))
  answer[#answer + 1] = fence
end
return answer
