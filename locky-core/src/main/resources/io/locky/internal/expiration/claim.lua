-- Acknowledges expiries that were told, and claims others to tell: those claimed before and not acknowledged in time, then
-- those past their deadline.
-- KEYS    1 records  2 deadlines  3 unacked  4 event log
-- ARGV    1 signals channel  2 '1' where the npm package may prolong or replace locks  3 name of this instance for the
--         event log, '' for none  4 length of the log  5 ms after which a claim that is not acknowledged comes back
--         6 how many expiries at most, but whole claims  7 what the names of lock keys start with  8... the names of the told ones
-- Answer  {ms until there may be more, -1 for never, then the names of the claims in unacked, each of one expiry or, where
--         there are many, of several}

local interop, patience, most = ARGV[2] == '1', tonumber(ARGV[5]), tonumber(ARGV[6])
local FIRST_TOLD, GROUP = 8, 50
local log = {key = KEYS[4], signals = ARGV[1], origin = ARGV[3], length = ARGV[4]}
local now = server_time()

local answer = {-1}

-- Keeps claims from others for a while, and tells them to the caller.
local function claim(names)
  local comebacks = {}
  for i, name in ipairs(names) do
    comebacks[2 * i - 1] = now + patience
    comebacks[2 * i] = name
    answer[#answer + 1] = name
  end
  if #names > 0 then
    redis.call('ZADD', KEYS[3], unpack(comebacks))
  end
end

-- Claims what was claimed before and not acknowledged in time.
-- Answer: how many more may be claimed
local function claim_overdue(room)
  local names = {}
  for _, name in ipairs(redis.call('ZRANGEBYSCORE', KEYS[3], '-inf', now, 'LIMIT', 0, room)) do
    if room > 0 then
      names[#names + 1] = name
      local readable, count = pcall(function() return #cjson.decode(name)[3] end)
      room = room - (readable and count or 1)
    end
  end
  claim(names)
  return room
end

-- Who held a lock, and its fence; nothing for a record that cannot be read. The whole record is read only where the locker
-- has characters that JSON escapes.
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

-- The deadline of a lock that another client prolonged or replaced, nil for one that is over. Its key is not among KEYS, for
-- nobody knows it before: only asked where locks are shared with the npm package, which knows no Redis Cluster.
local function later_deadline(resource, locker)
  local key = ARGV[7] .. resource
  local remaining = redis.call('PTTL', key)
  if remaining == -2 or redis.call('GET', key) ~= locker then
    return nil
  end
  return remaining < 0 and '+inf' or now + remaining
end

-- Leaves in what was due only the expiries.
-- Answer: their lockers and fences, and {resource, deadline, record} of each lock that lives on
local function keep_expiries(due, resources, records)
  local lockers, fences, living, kept = {}, {}, {}, 0
  for i, text in ipairs(records) do
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

local function names_of(due, lockers, fences, many)
  if many then
    return #fences > 0 and {claim_name(due, lockers, fences)} or {}
  end
  local names = {}
  for i, fence in ipairs(fences) do
    names[i] = claim_name({due[2 * i - 1], due[2 * i]}, {lockers[i]}, {fence})
  end
  return names
end

-- Claims locks past their deadline, with one command for many: a million of them may expire within seconds. They leave the
-- index after they were claimed, so that whatever goes wrong between loses none.
-- Answer: how many were due, and whether they are many
local function claim_due(number, many)
  local due = redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', '(' .. now, 'WITHSCORES', 'LIMIT', 0, number)
  if #due == 0 then
    return 0, many
  end
  local resources = {}
  for i = 1, #due, 2 do
    resources[(i + 1) / 2] = due[i]
  end
  many = many or #resources == GROUP
  local lockers, fences, living = keep_expiries(due, resources, redis.call('HMGET', KEYS[1], unpack(resources)))
  claim(names_of(due, lockers, fences, many))
  redis.call('ZREMRANGEBYRANK', KEYS[2], 0, #resources - 1)
  redis.call('HDEL', KEYS[1], unpack(resources))
  for _, lock in ipairs(living) do
    redis.call('HSET', KEYS[1], lock[1], lock[3])
    redis.call('ZADD', KEYS[2], lock[2], lock[1])
  end
  return #resources, many
end

if #ARGV >= FIRST_TOLD then
  redis.call('ZREM', KEYS[3], unpack(ARGV, FIRST_TOLD))
end
local room, many = claim_overdue(most), false
while room > 0 do
  local number, due = math.min(room, GROUP), nil
  due, many = claim_due(number, many)
  room = due == number and room - number or 0
end
answer[1] = next_expiry(KEYS[2], KEYS[3], now)
return answer
