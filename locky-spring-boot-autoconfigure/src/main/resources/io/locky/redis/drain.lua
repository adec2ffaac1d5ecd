-- Acknowledges expiries that were told, and claims others to tell: those claimed before and not acknowledged in time, then
-- those past their deadline.
-- KEYS    1 records  2 deadlines  3 unacked  4 event log
-- ARGV    1 signals channel  2 '1' where the npm package may prolong or replace locks  3 name of this instance for the
--         event log, '' for none  4 length of the log  5 ms after which a claim that is not acknowledged comes back
--         6 how many at most  7 what the names of lock keys start with  8... the names of the told ones
-- Answer  {ms until there may be more, -1 for never, then the names of the claims in unacked, each of one expiry or, where
--         there are many, of several}

local interop, patience, most = ARGV[2] == '1', tonumber(ARGV[5]), tonumber(ARGV[6])
local FIRST_TOLD, GROUP = 8, 50
local log = {key = KEYS[4], signals = ARGV[1], origin = ARGV[3], length = ARGV[4]}
local now = server_time()

-- Takes locks past their deadline out of the index, with one command for many: a million of them may expire within seconds.
-- Answer: {resource, deadline, and so on}, and the records, false for a missing one
local function take_due(number)
  local due = redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', '(' .. now, 'WITHSCORES', 'LIMIT', 0, number)
  if #due == 0 then
    return due, {}
  end
  local resources = {}
  for i = 1, #due, 2 do
    resources[(i + 1) / 2] = due[i]
  end
  local records = redis.call('HMGET', KEYS[1], unpack(resources))
  redis.call('HDEL', KEYS[1], unpack(resources))
  redis.call('ZREMRANGEBYRANK', KEYS[2], 0, #resources - 1)
  return due, records
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

-- A lock that another client prolonged or replaced is not over: it goes back into the index. Its key is not among KEYS, for
-- nobody knows it before: only done where locks are shared with the npm package, which knows no Redis Cluster.
local function lives_on(resource, locker, text)
  local key = ARGV[7] .. resource
  local remaining = redis.call('PTTL', key)
  if remaining == -2 or redis.call('GET', key) ~= locker then
    return false
  end
  redis.call('HSET', KEYS[1], resource, text)
  redis.call('ZADD', KEYS[2], remaining < 0 and '+inf' or now + remaining, resource)
  return true
end

-- Leaves in what was due only the expiries.
-- Answer: the lockers and fences of those
local function keep_expiries(due, records)
  local lockers, fences, kept = {}, {}, 0
  for i, text in ipairs(records) do
    local resource, deadline = due[2 * i - 1], due[2 * i]
    local locker, fence
    if text then
      locker, fence = grant_of(text)
    end
    if locker and not (interop and lives_on(resource, locker, text)) then
      kept = kept + 1
      due[2 * kept - 1], due[2 * kept], lockers[kept], fences[kept] = resource, deadline, locker, fence
      log_event(log, now, 'expired', resource, locker, fence, deadline, '')
    end
  end
  for i = #due, 2 * kept + 1, -1 do
    due[i] = nil
  end
  return lockers, fences
end

if #ARGV >= FIRST_TOLD then
  redis.call('ZREM', KEYS[3], unpack(ARGV, FIRST_TOLD))
end
local claimed = redis.call('ZRANGEBYSCORE', KEYS[3], '-inf', now, 'LIMIT', 0, most)

local room, many = most - #claimed, false
while room > 0 do
  local number = math.min(room, GROUP)
  local due, records = take_due(number)
  local lockers, fences = keep_expiries(due, records)
  many = many or #records == GROUP
  if many and #fences > 0 then
    claimed[#claimed + 1] = claim_name(due, lockers, fences)
  else
    for i, fence in ipairs(fences) do
      claimed[#claimed + 1] = claim_name({due[2 * i - 1], due[2 * i]}, {lockers[i]}, {fence})
    end
  end
  room = #records == number and room - number or 0
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
