-- Takes one or several locks, all of them or none, or tells who holds the first that is in the way.
-- KEYS    1 records  2 deadlines  3 unacked  4 fence  5 index of the npm package  6 event log  7... locks
-- ARGV    1 signals channel  2 '1' to keep the index of the npm package  3 name of this instance for the event log, '' for
--         none  4 length of the log  5 ms after which a claim that is not acknowledged comes back
--         6 locker  7 ttl in ms, 0 for none  8 longest hold in ms, 0 for any  9 attempt id  10 '1' to replace a holder
--         11 fence that the replaced grant must have, or ''  12 '1' to let the same locker in again  13 note
--         14... resources
-- Answer  {1, for each: fence, since ms, remaining ms or -1, previous locker or '', 1 if it was held already else 0,
--         then the names in unacked of the expiries that were found on the way, claimed for the caller to tell}
--         {0, index, fence or 0, since ms or 0, remaining ms or -1, locker, note} denied, nothing changed
--         {0, index} denied because the grant to replace is gone, nothing changed

local signals, interop, patience = ARGV[1], ARGV[2], tonumber(ARGV[5])
local locker, ttl, longest, attempt = ARGV[6], tonumber(ARGV[7]), tonumber(ARGV[8]), ARGV[9]
local force, expected, reentrant, note = ARGV[10] == '1', ARGV[11], ARGV[12] == '1', ARGV[13]
local FIRST_LOCK, FIRST_RESOURCE = 7, 14
local log = {key = KEYS[6], signals = signals, origin = ARGV[3], length = ARGV[4]}
local now, micros = server_time()

-- What to do with a lock: keep it for the same attempt, enter it again, grant it, or nothing.
local function decide(holder, record)
  -- The driver sends a command again after a reconnect: the same attempt gets the same grant.
  if record and record[ATTEMPT] == attempt then
    return 'keep'
  end
  if record and reentrant and holder == locker then
    return 'enter'
  end
  if expected ~= '' then
    return record and record[FENCE] == expected and 'grant' or nil
  end
  return (not holder or force or (reentrant and holder == locker)) and 'grant' or nil
end

local locks, denial = {}, nil
for i = FIRST_RESOURCE, #ARGV do
  local resource, key = ARGV[i], KEYS[FIRST_LOCK + i - FIRST_RESOURCE]
  local holder, record, known = read_lock(key, KEYS[1], KEYS[2], resource, now)
  local decision = decide(holder, record)
  if not decision and not denial then
    denial = {0, i - FIRST_RESOURCE}
    if holder then
      describe(denial, key, holder, record)
    end
  end
  locks[#locks + 1] = {resource = resource, key = key, holder = holder, record = record, known = known,
    decision = decision}
end

-- The attempt was granted, its answer got lost, and one of its locks changed hands since: the others go back.
local function give_back(lock)
  redis.call('DEL', lock.key)
  forget(KEYS[1], KEYS[2], lock.resource)
  if interop == '1' then
    redis.call('SREM', KEYS[5], lock.key)
  end
  hint(signals, 'released:' .. lock.resource)
  log_event(log, now, 'released', lock.resource, locker, lock.record[FENCE], now, '')
end

if denial then
  for _, lock in ipairs(locks) do
    if lock.decision == 'keep' then
      give_back(lock)
    end
  end
  return denial
end

-- The key and the index end at the same millisecond.
local function set_deadline(lock, deadline)
  if deadline then
    redis.call('SET', lock.key, locker, 'PXAT', deadline)
    redis.call('ZADD', KEYS[2], deadline, lock.resource)
    if redis.call('ZRANGE', KEYS[2], 0, 0)[1] == lock.resource then
      hint(signals, 'deadline')
    end
  else
    redis.call('SET', lock.key, locker)
    redis.call('ZADD', KEYS[2], '+inf', lock.resource)
  end
end

-- The same locker again: the grant stays, its lease becomes the longer of both.
local function enter(lock)
  local record = lock.record
  record[TTL] = (ttl == 0 or record[TTL] == 0) and 0 or math.max(ttl, record[TTL])
  record[PREVIOUS], record[END] = record[PREVIOUS] or '', record[END] or 0
  record[NOTE] = note ~= '' and note or record[NOTE] or ''
  local deadline = lease_end(now, record[TTL], record[END])
  write_record(KEYS[1], lock.resource, record)
  set_deadline(lock, deadline)
end

local found = {}

-- An expiry that nobody has told yet is the caller's to tell: a worker finds it only by its record, which is replaced
-- now.
local function find_expiry(lock)
  local deadline = untold(KEYS[2], lock.resource, now)
  if deadline then
    found[#found + 1] = claim_name({lock.resource, deadline}, {lock.known[LOCKER]}, {lock.known[FENCE]})
    redis.call('ZADD', KEYS[3], now + patience, found[#found])
    log_event(log, now, 'expired', lock.resource, lock.known[LOCKER], lock.known[FENCE], deadline, '')
  end
  forget(KEYS[1], KEYS[2], lock.resource)
end

local function grant(lock)
  if lock.known and not lock.record then
    find_expiry(lock)
  end
  -- From the clock, so that a fence rises even after Redis lost its data.
  local fence = math.max(tonumber(redis.call('GET', KEYS[4]) or 0) + 1, micros)
  redis.call('SET', KEYS[4], digits(fence))
  local hold_end = longest > 0 and now + longest or 0
  lock.record = {locker, digits(fence), now, ttl, attempt, lock.holder or '', hold_end, note}
  write_record(KEYS[1], lock.resource, lock.record)
  set_deadline(lock, lease_end(now, ttl, hold_end))
  if interop == '1' then
    redis.call('SADD', KEYS[5], lock.key)
  end
  log_event(log, now, 'acquired', lock.resource, locker, lock.record[FENCE], now, lock.holder or '')
end

local answer = {1}
for _, lock in ipairs(locks) do
  if lock.decision == 'grant' then
    grant(lock)
  elseif lock.decision == 'enter' then
    enter(lock)
  end
  answer[#answer + 1] = tonumber(lock.record[FENCE])
  answer[#answer + 1] = lock.record[SINCE]
  answer[#answer + 1] = redis.call('PTTL', lock.key)
  answer[#answer + 1] = lock.record[PREVIOUS] or ''
  answer[#answer + 1] = lock.decision == 'enter' and 1 or 0
end
for _, name in ipairs(found) do
  answer[#answer + 1] = name
end
return answer
