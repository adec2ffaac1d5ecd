-- Asks the holder of a lock to hand it over.
-- KEYS    1 lock  2 records  3 deadlines  4 requests to the holder of this lock  5 event log
-- ARGV    1 signals channel  2 not used  3 name of this instance for the event log, '' for no log  4 length of the log
--         5 resource  6 locker that asks  7 note  8 ms of silence after which it may be claimed, 0 for never
--         9 id of the request, and of this change  10 the most requests
-- Answer  {1, now ms, holder, fence of the holder, 1 if the request is new or has another note else 0, the request}
--         {0} there is nobody to ask  {2} there are too many requests  {-11 or -12} its key or its record cannot be read
--         Only the first answer changes anything

local key, records, deadlines, handovers = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local resource, asker, note, silence, id, most = ARGV[5], ARGV[6], ARGV[7], tonumber(ARGV[8]), ARGV[9], tonumber(ARGV[10])
local log = {key = KEYS[5], signals = ARGV[1], origin = ARGV[3], length = ARGV[4]}

local now = server_time()
local holder, record, _, unreadable = read_lock(key, resource, records, deadlines, now)
if unreadable then
  return {-10 - unreadable}
end
local requests, count = read_requests(handovers, record)
-- Another client wrote a lock without a record: it has no fence, and nobody can take over just that grant.
if not record or holder == asker or tonumber(record[FENCE]) <= 0 then
  return {0}
end

local request = requests[asker]
if not request and count >= most then
  return {2}
end
if not request or request[WISH] ~= note then
  request = request or {id, note, record[FENCE], now, silence, '', 0, 0, '', 0, id}
  request[WISH], request[CHANGE] = note, id
  write_request(handovers, asker, request, now)
  log_request(log, now, 'asked', resource, record, asker, request)
end
return describe_request({1, now, holder, record[FENCE], request[CHANGE] == id and 1 or 0}, asker, request, record)
