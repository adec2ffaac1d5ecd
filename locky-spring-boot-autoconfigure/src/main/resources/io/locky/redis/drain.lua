-- Claims expiries to tell: those claimed before and not acknowledged in time, then those past their deadline.
-- KEYS    1 records  2 deadlines  3 unacked  4 event log
-- ARGV    1 how many at most  2 ms after which a claim that is not acknowledged comes back
--         3 what the names of lock keys start with where other clients may prolong locks, else ''
--         4 signals channel  5 name of this instance for the event log, '' for none  6 length of the log
-- Answer  {ms until there may be more, -1 for never, then for each: its name in unacked, resource, locker, fence,
--         deadline ms}

local most, patience = tonumber(ARGV[1]), tonumber(ARGV[2])
local log = {key = KEYS[4], signals = ARGV[4], origin = ARGV[5], length = ARGV[6]}
local now = server_time()
local claimed = redis.call('ZRANGEBYSCORE', KEYS[3], '-inf', now, 'LIMIT', 0, most)

-- A lock that another client prolonged or replaced is not over. Its key is not among KEYS, for nobody knows it before:
-- only done where locks are shared with the npm package, which knows no Redis Cluster.
local function lives_on(resource, record)
  local key = ARGV[3] .. resource
  local remaining = redis.call('PTTL', key)
  if remaining == -2 or redis.call('GET', key) ~= record[LOCKER] then
    return false
  end
  redis.call('ZADD', KEYS[2], remaining < 0 and '+inf' or now + remaining, resource)
  return true
end

-- One command for many locks: a million of them may expire within seconds.
local due = redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', '(' .. now, 'WITHSCORES', 'LIMIT', 0, most - #claimed)
local resources = {}
for i = 1, #due, 2 do
  resources[#resources + 1] = due[i]
end
local records = #resources > 0 and redis.call('HMGET', KEYS[1], unpack(resources)) or {}
local answer, over, comebacks = {-1}, {}, {}
for _, name in ipairs(claimed) do
  claim(answer, comebacks, now + patience, name, cjson.decode(name))
end
for i, resource in ipairs(resources) do
  local record = records[i] and cjson.decode(records[i])
  if not record or ARGV[3] == '' or not lives_on(resource, record) then
    over[#over + 1] = resource
  end
  if record and over[#over] == resource then
    local event = expiry(resource, record, due[2 * i])
    claim(answer, comebacks, now + patience, cjson.encode(event), event)
    log_event(log, now, 'expired', resource, record[LOCKER], record[FENCE], due[2 * i], '')
  end
end
if #over > 0 then
  redis.call('HDEL', KEYS[1], unpack(over))
  redis.call('ZREM', KEYS[2], unpack(over))
end
if #comebacks > 0 then
  redis.call('ZADD', KEYS[3], unpack(comebacks))
end

answer[1] = next_expiry(KEYS[2], KEYS[3], now)
return answer
