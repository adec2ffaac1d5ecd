-- Answers a request to the present holder of a lock. It does not hand the lock over yet: from the answer 'now' on, this request
-- has the right to take it, and no later answer is accepted.
-- KEYS    1 lock  2 records  3 deadlines  4 requests to the holder of this lock  5 event log
-- ARGV    1 signals channel  2 not used  3 name of this instance for the event log, '' for no log  4 length of the log
--         5 resource  6 holder  7 fence of its grant  8 id of the request  9 answer: now, later or no
--         10 ms after which it may be claimed, 0 for never  11 reason or ''  12 id of this change
-- Answer  {1, now ms, 1 if it was changed else 0, ttl of the lock in ms or 0, length of its longest hold in ms or 0, the request}
--         {0} there is no such request to that grant, or it was claimed already; nothing changed
--         {-11 or -12} its key or its record cannot be read

local key, records, deadlines, handovers = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local resource, locker, fence, id, kind, after = ARGV[5], ARGV[6], ARGV[7], ARGV[8], ARGV[9], tonumber(ARGV[10])
local reason, change = ARGV[11], ARGV[12]
local log = {key = KEYS[5], signals = ARGV[1], origin = ARGV[3], length = ARGV[4]}

local now = server_time()
local holder, record, _, unreadable = read_lock(key, resource, records, deadlines, now)
if unreadable then
  return {-10 - unreadable}
end
local requests = read_requests(handovers, record)
local asker, request = find_request(requests, id)
if not request or request[ASKED_GRANT] ~= fence then
  return {0}
end

local function result()
  local longest = (record[END] or 0) > 0 and record[END] - record[SINCE] or 0
  return describe_request({1, now, request[CHANGE] == change and 1 or 0, record[TTL], longest}, asker, request, record)
end

-- The same answer again: the one to an earlier sending got lost, or the lock was not handed over after it.
local is_same = request[ANSWER] == 'now' and kind == 'now' or request[CHANGE] == change
if is_same and (owned(holder, record, locker, fence) or is_granted_to(record, asker, request)) then
  return result()
end
if request[HANDED] == 1 or not owned(holder, record, locker, fence) then
  return {0}
end

request[ANSWER], request[REASON], request[CHANGE] = kind, reason, change
request[CLAIMABLE], request[AFTER] = kind == 'no' and 0 or now + after, after
request[HANDED] = kind == 'now' and 1 or 0
write_request(handovers, asker, request, now)
log_request(log, now, 'answered', resource, record, asker, request)
return result()
