-- Acknowledges published expiries, and claims others to publish: those claimed before and not acknowledged in time, then
-- those past their deadline.
-- KEYS    1 records  2 deadlines  3 unacked  4 event log
-- ARGV    1 signals channel  2 '1' where the npm package may extend or replace locks  3 name of this instance for the
--         event log, '' for no log  4 length of the log  5 ms after which an unacknowledged claim is due again
--         6 how many expiries at most, but whole claims  7 prefix of lock keys  8... claims to acknowledge
-- Answer  {ms until there may be more, -1 for never, then the claims: each of one expiry, or of several where many are due}

local records, deadlines, unacked = KEYS[1], KEYS[2], KEYS[3]
local interop, ack_timeout, most, lock_prefix = ARGV[2] == '1', tonumber(ARGV[5]), tonumber(ARGV[6]), ARGV[7]
local published = {unpack(ARGV, 8)}
local log = {key = KEYS[4], signals = ARGV[1], origin = ARGV[3], length = ARGV[4]}

-- Where at least so many expiries are due, one claim takes as many.
local GROUP = 50

local now = server_time()
local answer = {-1}

-- Reserves claims for the caller until the ack timeout.
local function reserve(claims)
  local retries = {}
  for i, claim in ipairs(claims) do
    retries[2 * i - 1], retries[2 * i] = now + ack_timeout, claim
    answer[#answer + 1] = claim
  end
  if #claims > 0 then
    redis.call('ZADD', unacked, unpack(retries))
  end
end

-- Claims again what was not acknowledged in time.
-- Answer: how many more expiries may be claimed
local function claim_unacknowledged(room)
  local claims = {}
  for _, claim in ipairs(redis.call('ZRANGEBYSCORE', unacked, '-inf', now, 'LIMIT', 0, room)) do
    if room > 0 then
      claims[#claims + 1] = claim
      local readable, count = pcall(function() return #cjson.decode(claim)[3] end)
      room = room - (readable and count or 1)
    end
  end
  reserve(claims)
  return room
end

-- The locker and the fence in the text of a record; nil if it cannot be read. The whole record is decoded only where the
-- locker has characters that JSON escapes.
local function grant_of(text)
  local locker, fence = string.match(text, '^%["([^"\\]*)","(%d+)"')
  if locker then
    return locker, fence
  end
  local readable, record = pcall(cjson.decode, text)
  if readable and type(record) == 'table' then
    return record[LOCKER], record[FENCE]
  end
end

-- The deadline of a lock that another client extended or replaced, nil for one that is over. The key is not among KEYS,
-- because which locks are due is not known before. Only called where locks are shared with the npm package, which does not
-- support Redis Cluster.
local function later_deadline(resource, locker)
  local key = lock_prefix .. resource
  local remaining = redis.call('PTTL', key)
  if remaining == -2 or redis.call('GET', key) ~= locker then
    return nil
  end
  return remaining < 0 and '+inf' or now + remaining
end

-- Keeps in due, a list of resources with their deadlines, only those that expired.
-- Answer: their lockers and fences, and {resource, deadline, record} of each lock that lives on
local function keep_expired(due, resources, texts)
  local lockers, fences, living, kept = {}, {}, {}, 0
  for i, text in ipairs(texts) do
    local resource, deadline = resources[i], due[2 * i]
    local locker, fence
    if text then
      locker, fence = grant_of(text)
    end
    local later = locker and interop and later_deadline(resource, locker)
    if later then
      living[#living + 1] = {resource, later, text}
    elseif locker then
      kept = kept + 1
      due[2 * kept - 1], due[2 * kept], lockers[kept], fences[kept] = resource, deadline, locker, fence
      log_event(log, now, 'expired', resource, locker, fence, deadline, '')
    end
  end
  for i = #due, 2 * kept + 1, -1 do
    due[i] = nil
  end
  return lockers, fences, living
end

-- The claims on expiries: one for all of them, or one for each.
local function claims_on(expired, lockers, fences, together)
  if together then
    return #fences > 0 and {claim_text(expired, lockers, fences)} or {}
  end
  local claims = {}
  for i, fence in ipairs(fences) do
    claims[i] = claim_text({expired[2 * i - 1], expired[2 * i]}, {lockers[i]}, {fence})
  end
  return claims
end

-- Claims locks past their deadline, many with one command, because a million of them may expire within seconds. They leave
-- the index after they were claimed: a failure in between loses none.
-- Answer: how many were due, and whether many are
local function claim_due(number, many)
  local due = redis.call('ZRANGEBYSCORE', deadlines, '-inf', '(' .. now, 'WITHSCORES', 'LIMIT', 0, number)
  if #due == 0 then
    return 0, many
  end
  local resources = {}
  for i = 1, #due, 2 do
    resources[(i + 1) / 2] = due[i]
  end
  many = many or #resources == GROUP
  local lockers, fences, living = keep_expired(due, resources, redis.call('HMGET', records, unpack(resources)))
  reserve(claims_on(due, lockers, fences, many))
  redis.call('ZREMRANGEBYRANK', deadlines, 0, #resources - 1)
  redis.call('HDEL', records, unpack(resources))
  for _, lock in ipairs(living) do
    local resource, deadline, text = unpack(lock)
    redis.call('HSET', records, resource, text)
    redis.call('ZADD', deadlines, deadline, resource)
  end
  return #resources, many
end

if #published > 0 then
  redis.call('ZREM', unacked, unpack(published))
end
local room, many = claim_unacknowledged(most), false
while room > 0 do
  local number, due = math.min(room, GROUP), nil
  due, many = claim_due(number, many)
  room = due == number and room - number or 0
end
answer[1] = next_expiry(deadlines, unacked, now)
return answer
