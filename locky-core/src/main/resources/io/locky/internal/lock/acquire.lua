-- Acquires one or several locks: all of them, or none if one of them is held.
-- KEYS    1 records  2 deadlines  3 unacked  4 fence  5 index of the npm package  6 event log  7 sendings of this attempt that
--         must not run  8 waiters  9... locks, then their lines where there are lines of people, then their histories where
--         these are kept, and last the index by locker where it is kept
-- ARGV    1 signals channel  2 '1' to keep the index of the npm package, '2' where there are lines, '3' for both  3 name of
--         this instance for the event log, '' for no log  4 length of the log  5 ms after which an unacknowledged claim is due
--         again
--         6 locker  7 ttl in ms, 0 for none  8 longest hold in ms, 0 for any  9 attempt id  10 '1' to replace a holder
--         11 fence that the replaced grant must have, or ''  12 '1' to let the same locker in again  13 note
--         14 '1' when the attempt is sent first, '2' when it is sent again, '3' to find out whether it was granted; from '2'
--         on, its first sending is not granted any more, and from '3' on none  15 worker of this instance, '' for none
--         16 waiter, '' if the attempt does not wait  17 place of that waiter, '' before its first refused attempt  18 '1' to
--         add it to the waiters if the attempt is refused, '' to remove it  19 ms between two looks of the workers
--         20 ms for which a replaced holder must have been idle, or ''  21... resources, and last the settings of histories
--         where these are kept
-- Answer  {1, for each: fence, since ms, remaining ms or -1, previous locker or '', the fence of the grant that this sending
--         replaced if any, or -1 if the same locker was let in, else 0, then the claims on expiries that were found on the
--         way, for the worker of this instance to publish and acknowledge}
--         {0, index, fence or 0, since ms or 0, remaining ms or -1, locker, note, since when it is idle in ms or 0}
--         denied, nothing changed. Also where the lock is kept for the first in its line: 0, 0, rest of the offer in ms, that
--         locker, '', 0
--         {0, index} denied because the grant to replace is gone, or the attempt was sent again since; nothing changed.
--         Also where the lock is kept for a waiter whose turn it is
--         For a waiter, all have a last element: 1 if Redis had lost that waiter, else 0; and those of denials
--         have before it the place of the waiter, '' if it waits no longer
--         {-1, index, -11 or -12} its key or its record cannot be read, nothing changed

local records, deadlines, unacked, last_fence, npm_index = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local operation, waiting, has_lines = KEYS[7], KEYS[8], ARGV[2] > '1'
local signals, interop, ack_timeout = ARGV[1], ARGV[2] == '1' or ARGV[2] == '3', tonumber(ARGV[5])
local locker, ttl, longest, attempt = ARGV[6], tonumber(ARGV[7]), tonumber(ARGV[8]), ARGV[9]
local force, expected, reentrant, note = ARGV[10] == '1', ARGV[11], ARGV[12] == '1', ARGV[13]
local sending, claimer = ARGV[14], ARGV[15]
local waiter, place, stays, look_interval = ARGV[16], ARGV[17], ARGV[18] == '1', tonumber(ARGV[19])
local idle_for, history = tonumber(ARGV[20]), history_settings(ARGV[#ARGV])
local count = #ARGV - (history and 21 or 20)
local resources, lock_keys = {unpack(ARGV, 21, 20 + count)}, {unpack(KEYS, 9, 8 + count)}
local line_keys = has_lines and {unpack(KEYS, 9 + count, 8 + 2 * count)} or {}
local history_keys = history and {unpack(KEYS, 9 + count + #line_keys, 8 + 2 * count + #line_keys)} or {}
local locker_index = KEYS[9 + count + #line_keys + #history_keys]
local log = {key = KEYS[6], signals = signals, origin = ARGV[3], length = ARGV[4], operation = attempt}

local now, micros = server_time()

-- A sending that was delayed on the way may arrive after the attempt was sent again, granted and released, or was given up.
-- For an hour, one of these texts in the key of the operation makes sure that the first sending, or any, is not granted then.
local KEPT = '3600000'
local barred, ended = '["' .. attempt .. '"]', '["' .. attempt .. '","ended"]'

local function is_late(text)
  return sending ~= '3' and (text == ended or (text == barred and sending == '1'))
end

-- Whether a holder may be replaced, where that depends on how long it has been idle.
local function is_idle_enough(record)
  return not idle_for or (record ~= nil and record[IDLE] ~= nil and now - record[IDLE] >= idle_for)
end

-- What to do with a lock: keep it for the same attempt, enter it again, grant it, or nil to deny it.
local function decide(resource, holder, record, line)
  -- The answer to an earlier sending got lost: the same attempt gets the same grant.
  if record and record[ATTEMPT] == attempt then
    return 'keep'
  end
  if sending == '3' then
    return nil
  end
  if record and (reentrant and holder == locker or is_of_client(record, locker, attempt)) then
    return 'enter'
  end
  if expected ~= '' then
    return record and record[FENCE] == expected and is_idle_enough(record) and 'grant' or nil
  end
  -- People come before waiters.
  if not holder and not force and line and line[2] then
    return line[2][PLACE_LOCKER] == locker and 'grant' or nil
  end
  -- Who waits does not overtake a waiter that has just been woken: neither by coming, nor by looking at the lock.
  if not holder and stays and is_turn_of_another(waiting, resource, waiter, now) then
    return nil
  end
  return (not holder or (force and is_idle_enough(record)) or (reentrant and holder == locker)) and 'grant' or nil
end

-- So long an entry can be of use, in ms: no request waits longer than a day.
local LONGEST_WAIT = 90000000

-- What crashed instances leave behind for locks that are not released ends with the set, or is found by and by.
local function remove_some_leftover()
  redis.call('PEXPIREAT', waiting, now + LONGEST_WAIT)
  -- A rank that the clock chooses, from 0 up to a power of two that it chooses, too: most sets are small.
  local rank = math.floor(micros / 8) % 2 ^ (math.floor(micros / 8192) % 12)
  local entry = redis.call('ZRANGE', waiting, rank, rank)[1]
  local since = entry and (string.match(entry, '%z(%d+)%d%d%d%z') or string.match(entry, '%z(%d+)$'))
  if since and now - since > LONGEST_WAIT then
    redis.call('ZREM', waiting, entry)
  end
end

-- Removes the waiter. Answers 0, or 1 if it should have been there and was not.
local function stop_waiting(resource)
  local had_turn = take_turn(waiting, resource, waiter)
  local had_place = not had_turn and redis.call('ZREM', waiting, waiter_entry(resource, place, waiter)) == 1
  return (place == '' or had_turn or had_place) and 0 or 1
end

-- Adds the waiter after its refused attempt, or removes it.
-- Answer: its place or '', and 1 if it should have been there and was not
local function go_on_waiting(resource)
  if not stays then
    return '', stop_waiting(resource)
  end
  local had_turn = place ~= '' and take_turn(waiting, resource, waiter)
  local new_place = place ~= '' and place or digits(micros)
  -- A full Redis refuses this: then the waiter has its timer only.
  local added = redis.pcall('ZADD', waiting, 0, waiter_entry(resource, new_place, waiter))
  if place == '' or micros % 8 == 0 then
    remove_some_leftover()
  end
  return new_place, (place ~= '' and not had_turn and added == 1) and 1 or 0
end

-- Who is offered the lock, or will be, stands for a holder.
local function describe_offer(answer, line)
  local first = line[2]
  local rest = first[OFFER_END] > 0 and first[OFFER_END] - now or line[1]
  for _, value in ipairs({0, 0, rest, first[PLACE_LOCKER], '', 0}) do
    answer[#answer + 1] = value
  end
end

local locks, denial, kept = {}, nil, false
local lines = has_lines and redis.call('MGET', unpack(line_keys)) or {}
for i, resource in ipairs(resources) do
  local key = lock_keys[i]
  local holder, record, leftover, unreadable = read_lock(key, resource, records, deadlines, now)
  if unreadable then
    return {-1, i - 1, -10 - unreadable}
  end
  local line = lines[i] and read_line(lines[i], holder, now)
  local decision = decide(resource, holder, record, line)
  if not decision and not denial then
    denial = {0, i - 1}
    if holder then
      describe(denial, key, holder, record)
    elseif line and line[2] then
      describe_offer(denial, line)
    end
  end
  kept = kept or decision == 'keep'
  locks[i] = {resource = resource, key = key, holder = holder, record = record, leftover = leftover, decision = decision,
    line = line}
end

if sending == '3' then
  redis.call('SET', operation, ended, 'PX', KEPT)
elseif sending == '2' and not kept and redis.call('GET', operation) ~= ended then
  redis.call('SET', operation, barred, 'PX', KEPT)
end

if denial then
  local is_kept_late = kept and is_late(redis.call('GET', operation))
  for i, lock in ipairs(locks) do
    -- The attempt was granted, its answer got lost, and one of its locks changed hands since: the others are released.
    if lock.decision == 'keep' and not is_kept_late then
      redis.call('DEL', lock.key)
      delete_record(records, deadlines, lock.resource, locker_index, locker)
      if interop then
        redis.call('SREM', npm_index, lock.key)
      end
      wake_waiter(waiting, signals, lock.resource, now)
      if history then
        add_hold(history, history_keys[i], ended_hold(lock.record, now, 'RELEASED', locker, ''), now)
      end
      log_event(log, now, 'released', lock.resource, locker, lock.record[FENCE], now, '')
    end
  end
  if waiter ~= '' then
    denial[#denial + 1], denial[#denial + 2] = go_on_waiting(resources[1])
  end
  return denial
end

local known_fence, known_operation = unpack(redis.call('MGET', last_fence, operation))
if is_late(known_operation) then
  return {0, 0}
end
local highest = tonumber(known_fence or 0)
local indexed = locker_index and is_marked(known_fence)

-- Announces an expiry that comes before the workers look for it: DeadlineHint.java reads this.
local function hint_deadline(after)
  hint(signals, 'deadline:' .. digits(after) .. ':' .. deadlines)
end

-- The key and its deadline in the index end at the same millisecond.
local function set_deadline(lock, deadline)
  if deadline then
    redis.call('SET', lock.key, locker, 'PXAT', deadline)
    redis.call('ZADD', deadlines, deadline, lock.resource)
    if deadline - now < look_interval then
      hint_deadline(deadline + 1 - now)
    end
  else
    redis.call('SET', lock.key, locker)
    redis.call('ZADD', deadlines, '+inf', lock.resource)
  end
end

-- The same locker again: the grant stays, its lease becomes the longer of both.
local function enter(lock)
  local record = lock.record
  record[TTL] = (ttl == 0 or record[TTL] == 0) and 0 or math.max(ttl, record[TTL])
  record[PREVIOUS], record[END] = record[PREVIOUS] or '', record[END] or 0
  record[NOTE] = note ~= '' and note or record[NOTE] or ''
  record[IDLE] = nil
  local deadline = lease_end(now, record[TTL], record[END])
  write_record(records, lock.resource, record)
  set_deadline(lock, deadline)
end

local found = {}
-- Not as a part of the operation: the worker publishes an expiry even if the answer to this attempt gets lost.
local expiry_log = {key = log.key, signals = signals, origin = log.origin, length = log.length}

-- Workers find an expiry by its record, which is replaced now. So it is claimed for the worker of this instance; without
-- one, it is due at once for any worker, which adds it to the event log then.
local function claim_expiry(resource, record, deadline)
  local claim = claim_text({resource, deadline}, {record[LOCKER]}, {record[FENCE]}, claimer)
  if claimer ~= '' then
    redis.call('ZADD', unacked, now + ack_timeout, claim)
    found[#found + 1] = claim
    log_event(expiry_log, now, 'expired', resource, record[LOCKER], record[FENCE], deadline, '')
  else
    redis.call('ZADD', unacked, 0, claim)
    hint_deadline(0)
  end
end

-- A lock without its key has expired, even if its deadline is still to come: the clock was set back, Redis evicted the key,
-- or another client deleted it. Only the npm package releases and replaces locks of which we keep the record: its release
-- removes the lock from its index, too.
local function end_grant(lock, was_in_index)
  local deadline = unpublished_deadline(deadlines, lock.resource, now)
  local ended_by_npm = interop and not deadline and (lock.holder or not was_in_index)
  if not ended_by_npm then
    claim_expiry(lock.resource, lock.leftover, deadline or digits(now))
  end
  delete_record(records, deadlines, lock.resource, locker_index, lock.leftover[LOCKER])
end

local function grant(lock, history_key)
  local was_in_index = interop and redis.call('SADD', npm_index, lock.key) == 0
  if lock.leftover then
    end_grant(lock, was_in_index)
  elseif lock.record and locker_index then
    unindex_lock(locker_index, lock.record[LOCKER], lock.resource)
  end
  indexed = indexed and index_lock(locker_index, locker, lock.resource)
  -- From the clock, so that a fence rises even after Redis lost its data.
  highest = math.max(highest + 1, micros)
  local fence = digits(highest)
  redis.call('SET', last_fence, indexed and '0' .. fence or fence)
  if lock.record then
    lock.replaced = tonumber(lock.record[FENCE])
    if history then
      add_hold(history, history_key, ended_hold(lock.record, now, 'TAKEN_OVER', locker, note), now)
    end
  end
  local hold_end = longest > 0 and now + longest or 0
  lock.record = {locker, fence, now, ttl, attempt, lock.holder or '', hold_end, note}
  write_record(records, lock.resource, lock.record)
  set_deadline(lock, lease_end(now, ttl, hold_end))
  log_event(log, now, 'acquired', lock.resource, locker, fence, now, lock.holder or '')
end

-- Who holds a lock now has no place in its line any more, and nobody else has an offer.
local function leave_line(i, line)
  local index = find_place(line, locker)
  if index then
    table.remove(line, index)
  end
  if line[2] then
    line[2][OFFER_END] = 0
  end
  write_line(line_keys[i], line)
end

local answer = {1}
for i, lock in ipairs(locks) do
  if lock.decision == 'grant' then
    grant(lock, history_keys[i])
    if lock.line then
      leave_line(i, lock.line)
    end
  elseif lock.decision == 'enter' then
    enter(lock)
  end
  answer[#answer + 1] = tonumber(lock.record[FENCE])
  answer[#answer + 1] = lock.record[SINCE]
  answer[#answer + 1] = redis.call('PTTL', lock.key)
  answer[#answer + 1] = lock.record[PREVIOUS] or ''
  answer[#answer + 1] = lock.decision == 'enter' and -1 or lock.replaced or 0
end
for _, claim in ipairs(found) do
  answer[#answer + 1] = claim
end
if waiter ~= '' then
  answer[#answer + 1] = place ~= '' and stop_waiting(resources[1]) or 0
end
return answer
