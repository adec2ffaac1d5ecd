-- Resets the ttl of one grant, and notes since when its holder is idle. Repeated, it changes nothing more.
-- KEYS    1 lock  2 records  3 deadlines  4 event log
-- ARGV    1 signals channel  2 '1' to keep the index of the npm package: not used  3 name of this instance for the event log,
--         '' for no log  4 length of the log  5 resource  6 locker  7 fence  8 for how many ms the holder has been idle, 0 if
--         it is active
-- Answer  {now ms, remaining ms or -1 for endless, since when it is idle in ms or 0, 1 if that has changed else 0}
--         {now ms, -2} if the lock is not held by that locker and fence: unchanged; -11 instead if its key cannot be read, -12
--         if its record cannot

local key, records, deadlines = KEYS[1], KEYS[2], KEYS[3]
local log = {key = KEYS[4], signals = ARGV[1], origin = ARGV[3], length = ARGV[4]}
local resource, locker, fence, idle_for = ARGV[5], ARGV[6], ARGV[7], tonumber(ARGV[8])

-- The way of a request takes more or less time: such a difference changes nothing.
local TOLERANCE = 1000

local now = server_time()
local holder, record, _, unreadable = read_lock(key, resource, records, deadlines, now)
if unreadable then
  return {now, -10 - unreadable}
elseif not owned(holder, record, locker, fence) then
  return {now, -2}
end

local remaining = extend_lease(key, resource, record, deadlines, now, 0)
local before = record[IDLE] or 0
local since = idle_for > 0 and math.max(now - idle_for, record[SINCE]) or 0
if math.abs(since - before) <= TOLERANCE then
  return {now, remaining, before, 0}
end
record[IDLE] = since > 0 and since or nil
begin_write(deadlines)
write_record(records, resource, record)
log_event(log, now, since > 0 and 'idle' or 'active', resource, locker, fence, now, since > 0 and digits(since) or '')
return {now, remaining, since, 1}
