-- Acknowledges published expiries, and claims others to publish: those claimed before and not acknowledged in time, then
-- those past their deadline. Claims and records that it cannot read stay, for an instance that can.
-- KEYS    1 records  2 deadlines  3 unacked  4 event log  5 waiters  6... where histories are kept, one for each expiry
--         to acknowledge, in their order, and last the index by locker where it is kept
-- ARGV    1 signals channel  2 '1' where the npm package may extend or replace locks  3 name of this instance for the
--         event log, '' for no log  4 length of the log  5 ms after which an unacknowledged claim is due again
--         6 how many expiries at most, but whole claims  7 prefix of lock keys  8 this worker  9 '1' for all claims that it
--         has, because it may have lost an answer  10... claims to acknowledge, and last the settings of histories where
--         these are kept
-- Answer  {ms until there may be more, -1 for never, key and text of something due that cannot be read or '' and '', now in
--         ms, how many expiries another worker had and did not acknowledge in time, then the claims: each of one expiry, or
--         of several where many are due}

local records, deadlines, unacked, waiting = KEYS[1], KEYS[2], KEYS[3], KEYS[5]
local interop, ack_timeout, most, lock_prefix = ARGV[2] == '1', tonumber(ARGV[5]), tonumber(ARGV[6]), ARGV[7]
local claimer, recovers, published = ARGV[8], ARGV[9] == '1', {unpack(ARGV, 10)}
local log = {key = KEYS[4], signals = ARGV[1], origin = ARGV[3], length = ARGV[4]}
local history, last_keys = history_settings(ARGV[#ARGV]), {unpack(KEYS, 6)}

-- Where at least so many expiries are due, one claim takes as many.
local GROUP = 50

-- What cannot be read is looked at again after so many ms, and at most so many claims of that kind in one call: they must
-- neither keep the worker busy nor keep it from the others.
local LEFT_FOR, MOST_LEFT = 1000, 2000

-- So many values at once can be arguments of a Lua function.
local PORTION = 1000

local locker_index = last_keys[1]
if history then
  published[#published] = nil
  begin_write(unacked)
  locker_index = last_keys[add_expired_holds(history, published, last_keys)]
end

local now = server_time()
local answer = {-1, '', '', now, 0}

-- Names something that cannot be read.
local function report(key, text)
  if answer[2] == '' then
    answer[2], answer[3] = key, text
  end
end

-- Adds claims with the time at which they are due again.
local function add_claims(claims, retry)
  for first = 1, #claims, PORTION do
    local retries = {}
    for i = first, math.min(first + PORTION - 1, #claims) do
      retries[#retries + 1], retries[#retries + 2] = retry, claims[i]
    end
    redis.call('ZADD', unacked, unpack(retries))
  end
end

-- Reserves claims for the caller until the ack timeout.
local function reserve(claims)
  add_claims(claims, now + ack_timeout)
  for _, claim in ipairs(claims) do
    answer[#answer + 1] = claim
  end
end

local function is_whole(text)
  return type(text) == 'string' and string.match(text, '^%d+$') ~= nil
end

-- The fields of a claim and how many expiries it has, nil if it is not what claim_text writes: a later version puts its
-- number in front.
local function read_claim(claim)
  local decoded, fields = pcall(cjson.decode, claim)
  local due, lockers, fences = unpack(decoded and type(fields) == 'table' and fields or {}, 1, 3)
  if type(due) ~= 'table' or type(lockers) ~= 'table' or type(fences) ~= 'table' then
    return nil
  end
  for i, fence in ipairs(fences) do
    if not (is_whole(fence) and is_whole(due[2 * i]) and type(due[2 * i - 1]) == 'string' and type(lockers[i]) == 'string') then
      return nil
    end
  end
  if #fences == 0 or #due ~= 2 * #fences or #lockers ~= #fences then
    return nil
  end
  return fields, #fences
end

-- What happens to locks that have expired, besides the claim on them: once for each, by the first worker that has it.
local function expire(due, lockers, fences)
  if log.origin == '' then
    return
  end
  for i, fence in ipairs(fences) do
    log_event(log, now, 'expired', due[2 * i - 1], lockers[i], fence, due[2 * i], '')
  end
end

-- Takes over a claim.
-- Answer: the text of their claim from now on, which names this worker, unless a later version has added fields to it
local function take(claim, fields)
  local due, lockers, fences, before = unpack(fields, 1, 4)
  if before == '' then
    expire(due, lockers, fences)
  end
  if before == claimer or #fields > 4 then
    return claim
  end
  if before ~= '' then
    answer[5] = answer[5] + #fences
  end
  return claim_text(due, lockers, fences, claimer)
end

-- Claims again what this worker has claimed before, due or not: the answer may have got lost.
local function claim_own()
  local ending, claims = '],"' .. claimer .. '"]', {}
  for _, claim in ipairs(redis.call('ZRANGEBYSCORE', unacked, '(' .. now, '+inf')) do
    if string.sub(claim, -#ending) == ending then
      claims[#claims + 1] = claim
    end
  end
  reserve(claims)
end

-- Claims again what was not acknowledged in time.
-- Answer: how many more expiries may be claimed
local function claim_unacknowledged(room)
  local left, unreadable = 0, nil
  repeat
    local claims, before = {}, {}
    unreadable = {}
    for _, claim in ipairs(redis.call('ZRANGEBYSCORE', unacked, '-inf', now, 'LIMIT', 0, room)) do
      if room > 0 then
        local fields, count = read_claim(claim)
        if fields then
          claims[#claims + 1] = take(claim, fields)
          before[#before + 1] = claims[#claims] ~= claim and claim or nil
          room = room - count
        else
          unreadable[#unreadable + 1] = claim
          report(unacked, claim)
        end
      end
    end
    reserve(claims)
    if #before > 0 then
      redis.call('ZREM', unacked, unpack(before))
    end
    add_claims(unreadable, now + LEFT_FOR)
    left = left + #unreadable
  until room <= 0 or #unreadable == 0 or left >= MOST_LEFT
  return room
end

-- The locker and the fence in the text of a record; nil if it cannot be read. The whole record is decoded only where the
-- locker has characters that JSON escapes.
local function grant_of(text)
  local locker, fence = string.match(text, '^%["([^"\\]*)","(%d+)"')
  if locker then
    return locker, fence
  end
  local decoded, record = pcall(cjson.decode, text)
  if decoded and type(record) == 'table' and type(record[LOCKER]) == 'string' and is_whole(record[FENCE]) then
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

-- The first locks past their deadline, in its order.
-- Answer: their resources, and a list of these in which each is followed by its deadline
local function find_due(number)
  local resources = redis.call('ZRANGEBYSCORE', deadlines, '-inf', '(' .. now, 'LIMIT', 0, number)
  local count = #resources
  if count == 0 then
    return resources, {}
  end
  if count < GROUP then
    return resources, redis.call('ZRANGE', deadlines, 0, count - 1, 'WITHSCORES')
  end
  -- To format a score takes Redis as long as to find the lock. Where very many are due, most have the same deadline.
  local deadline = redis.call('ZSCORE', deadlines, resources[1])
  if redis.call('ZSCORE', deadlines, resources[count]) ~= deadline then
    return resources, redis.call('ZRANGE', deadlines, 0, count - 1, 'WITHSCORES')
  end
  local due = {}
  for i = 1, count do
    due[2 * i - 1], due[2 * i] = resources[i], deadline
  end
  return resources, due
end

-- The locks in due, a list of resources with their deadlines, that expired stay there.
-- Answer: their lockers and fences, and deadline and resource of each lock that lives on or cannot be read
local function keep_expired(due, resources, texts)
  local lockers, fences, others, kept = {}, {}, {}, 0
  for i = 1, #resources do
    local resource, text, deadline, locker, fence = resources[i], texts[i], due[2 * i], nil, nil
    if text then
      locker, fence = grant_of(text)
    end
    local later = interop and locker and later_deadline(resource, locker)
    if later then
      others[#others + 1], others[#others + 2] = later, resource
    elseif locker then
      kept = kept + 1
      lockers[kept], fences[kept] = locker, fence
      if kept < i then
        due[2 * kept - 1], due[2 * kept] = resource, deadline
      end
    elseif text then
      others[#others + 1], others[#others + 2] = now + LEFT_FOR, resource
      report(records, resource .. ' ' .. text)
    end
  end
  for i = #due, 2 * kept + 1, -1 do
    due[i] = nil
  end
  return lockers, fences, others
end

-- The resources in a list in which each is followed by its deadline.
local function resources_of(due)
  local resources = {}
  for i = 1, #due, 2 do
    resources[(i + 1) / 2] = due[i]
  end
  return resources
end

-- The claims on expiries: one for all of them, or one for each.
local function claims_on(expired, lockers, fences, together)
  if together then
    return #fences > 0 and {claim_text(expired, lockers, fences, claimer)} or {}
  end
  local claims = {}
  for i, fence in ipairs(fences) do
    claims[i] = claim_text({expired[2 * i - 1], expired[2 * i]}, {lockers[i]}, {fence}, claimer)
  end
  return claims
end

-- Claims locks past their deadline, many with one command, because a million of them may expire within seconds. They leave
-- the index after they were claimed: a failure in between loses none.
-- Answer: how many were due, and whether many are
local function claim_due(number, many)
  local resources, due = find_due(number)
  local count = #resources
  if count == 0 then
    return 0, many
  end
  many = many or count == GROUP
  local lockers, fences, others = keep_expired(due, resources, redis.call('HMGET', records, unpack(resources)))
  expire(due, lockers, fences)
  reserve(claims_on(due, lockers, fences, many))
  redis.call('ZREMRANGEBYRANK', deadlines, 0, count - 1)
  if #others > 0 then
    redis.call('ZADD', deadlines, unpack(others))
  end
  if #fences > 0 then
    local expired = #fences == count and resources or resources_of(due)
    redis.call('HDEL', records, unpack(expired))
    if locker_index then
      unindex_locks(locker_index, lockers, expired)
    end
    if redis.call('ZRANGE', waiting, 0, 0)[1] then
      for _, resource in ipairs(expired) do
        wake_waiter(waiting, log.signals, resource, now)
      end
    end
  end
  return count, many
end

if #published > 0 then
  redis.call('ZREM', unacked, unpack(published))
end
answer[1] = next_expiry(deadlines, unacked, now)
if answer[1] ~= 0 and not recovers then
  return answer
end
if #published == 0 then
  begin_write(unacked)
end
if recovers then
  claim_own()
end
local room, many = claim_unacknowledged(most), false
while room > 0 do
  local number, due = math.min(room, GROUP), nil
  due, many = claim_due(number, many)
  room = due == number and room - number or 0
end
answer[1] = next_expiry(deadlines, unacked, now)
return answer
