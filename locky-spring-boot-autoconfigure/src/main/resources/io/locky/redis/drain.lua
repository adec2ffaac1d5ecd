-- Claims expiries to tell: those claimed before and not acknowledged in time, then those past their deadline.
-- KEYS    1 records  2 deadlines  3 unacked  4 event log
-- ARGV    1 how many at most  2 ms after which a claim that is not acknowledged comes back
--         3 what the names of lock keys start with where other clients may prolong locks, else ''
--         4 signals channel  5 name of this instance for the event log, '' for none  6 length of the log
-- Answer  {ms until there may be more, -1 for never, then the names of the claims in unacked, each of one expiry or, where
--         there are many, of several}

local most, patience = tonumber(ARGV[1]), tonumber(ARGV[2])
local log = {key = KEYS[4], signals = ARGV[4], origin = ARGV[5], length = ARGV[6]}
local now = server_time()
local claimed = redis.call('ZRANGEBYSCORE', KEYS[3], '-inf', now, 'LIMIT', 0, most)

-- A lock that another client prolonged or replaced is not over. Its key is not among KEYS, for nobody knows it before:
-- only done where locks are shared with the npm package, which knows no Redis Cluster.
local function lives_on(resource, locker)
  local key = ARGV[3] .. resource
  local remaining = redis.call('PTTL', key)
  if remaining == -2 or redis.call('GET', key) ~= locker then
    return false
  end
  redis.call('ZADD', KEYS[2], remaining < 0 and '+inf' or now + remaining, resource)
  return true
end

-- Who held a lock, and its fence: the whole record is read only where the locker has characters that JSON escapes.
local function grant_of(text)
  local locker, fence = string.match(text, '^%["([^"\\]*)","(%d+)"')
  if locker then
    return locker, fence
  end
  local record = cjson.decode(text)
  return record[LOCKER], record[FENCE]
end

-- One command for many locks: a million of them may expire within seconds.
local due = redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', '(' .. now, 'WITHSCORES', 'LIMIT', 0, most - #claimed)
local resources, over, names = {}, {}, {}
for i = 1, #due, 2 do
  resources[#resources + 1] = due[i]
end
local records = #resources > 0 and redis.call('HMGET', KEYS[1], unpack(resources)) or {}
for i, resource in ipairs(resources) do
  local locker, fence
  if records[i] then
    locker, fence = grant_of(records[i])
  end
  if not locker then
    over[#over + 1] = resource
  elseif ARGV[3] == '' or not lives_on(resource, locker) then
    over[#over + 1] = resource
    names[#names + 1] = expiry(resource, locker, fence, due[2 * i])
    log_event(log, now, 'expired', resource, locker, fence, due[2 * i], '')
  end
end
if #over > 0 then
  redis.call('HDEL', KEYS[1], unpack(over))
  redis.call('ZREM', KEYS[2], unpack(over))
end

local GROUP = 50
for i = 1, #names, GROUP do
  if #names > GROUP then
    claimed[#claimed + 1] = table.concat(names, '\n', i, math.min(i + GROUP - 1, #names))
  else
    for _, name in ipairs(names) do
      claimed[#claimed + 1] = name
    end
  end
end

local answer, comebacks = {-1}, {}
for i, name in ipairs(claimed) do
  comebacks[2 * i - 1] = now + patience
  comebacks[2 * i] = name
  answer[i + 1] = name
end
if #claimed > 0 then
  redis.call('ZADD', KEYS[3], unpack(comebacks))
end
answer[1] = next_expiry(KEYS[2], KEYS[3], now)
return answer
