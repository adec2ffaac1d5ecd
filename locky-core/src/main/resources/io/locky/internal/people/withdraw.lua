-- Withdraws a request, unless the lock is being handed over to it.
-- KEYS    1 lock  2 records  3 deadlines  4 requests to the holder of this lock  5 event log
-- ARGV    1 signals channel  2 not used  3 name of this instance for the event log, '' for no log  4 length of the log
--         5 resource  6 locker that asked  7 id of the request
-- Answer  {1, now ms, holder, fence of the holder, the request}  {0} there is no such request, or it is too late; nothing changed
--         {-11 or -12} its key or its record cannot be read

local key, records, deadlines, handovers = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local resource, asker, id = ARGV[5], ARGV[6], ARGV[7]
local log = {key = KEYS[5], signals = ARGV[1], origin = ARGV[3], length = ARGV[4]}

local now = server_time()
local holder, record, _, unreadable = read_lock(key, resource, records, deadlines, now)
if unreadable then
  return {-10 - unreadable}
end
local request = read_requests(handovers, record)[asker]
if not request or request[REQUEST] ~= id or request[HANDED] == 1 then
  return {0}
end

redis.call('HDEL', handovers, asker)
log_request(log, now, 'withdrawn', resource, record, asker, request)
return describe_request({1, now, holder, record[FENCE]}, asker, request, record)
