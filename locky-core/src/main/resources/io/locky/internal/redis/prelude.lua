-- Shared by all scripts. Of this text, each script gets the paragraphs whose names it uses: Prelude.java.

-- A record describes a grant. It is a JSON array, which keeps a million of them small; fields from PREVIOUS on may be missing:
--   ["21","1718000000000000",1718000000000,30000,"kX9vT2","20",1718000600000,"a note",1718000060000]
--   locker, fence, since in ms, ttl in ms or 0, id of the attempt, previous locker or "", end of the longest hold in ms or
--   0, note or "", since when the holder is idle in ms. If a client made the attempt, its id is at the end of that of the
--   attempt, as in kX9vT2.page-1
local LOCKER, FENCE, SINCE, TTL, ATTEMPT, PREVIOUS, END, NOTE, IDLE = 1, 2, 3, 4, 5, 6, 7, 8, 9

-- The clock of this server, in milliseconds and in microseconds.
local function server_time()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000), time[1] * 1000000 + time[2]
end

-- A text in JSON.
local function json_text(text)
  return string.find(text, '["\\%c]') and cjson.encode(text) or '"' .. text .. '"'
end

-- A large number as text: Lua's own text form of a number keeps only 14 digits.
local function digits(number)
  return string.format('%.0f', number)
end

-- Publishes a hint to the instances. No instance depends on hints, so a user without permission to publish can lock too.
local function hint(signals, text)
  redis.pcall('PUBLISH', signals, text)
end

-- Whether the fields from PREVIOUS on are missing or of their types. An instance that does not know IDLE leaves null for
-- those in front of it that are missing.
local function has_readable_rest(record)
  for field = PREVIOUS, IDLE do
    if record[field] == cjson.null then
      record[field] = nil
    end
  end
  local previous, hold_end, note, idle = record[PREVIOUS], record[END], record[NOTE], record[IDLE]
  return (previous == nil or type(previous) == 'string') and (hold_end == nil or type(hold_end) == 'number')
    and (note == nil or type(note) == 'string') and (idle == nil or type(idle) == 'number')
end

-- Decodes a record; nil if it is damaged, or of a newer version, which puts its number in front of the array. A pattern
-- reads the shortest form, because it takes a fifth of the time.
local function decode_record(text)
  local locker, fence, since, ttl, attempt = string.match(text, '^%["([^"\\%c]*)","(%d+)",(%d+),(%d+),"([%w_.-]*)"%]$')
  if locker then
    return {locker, fence, tonumber(since), tonumber(ttl), attempt}
  end
  if string.byte(text) ~= 91 then
    return nil
  end
  local decoded, record = pcall(cjson.decode, text)
  if decoded and type(record[LOCKER]) == 'string' and type(record[FENCE]) == 'string' and tonumber(record[FENCE])
    and type(record[SINCE]) == 'number' and type(record[TTL]) == 'number' and type(record[ATTEMPT]) == 'string'
    and has_readable_rest(record) then
    return record
  end
  return nil
end

-- Reads a lock. Answers four values:
--   holder      the locker in the lock key, false if there is no such key
--   record      the record of the holder's grant, nil if another client wrote the key
--   leftover    a record that does not describe the holder's grant: its own grant expired, or another client deleted or
--               replaced its key. There is a record or a leftover or neither, never both.
--   unreadable  1 if the key has another type, 2 if the record cannot be decoded, else nil. Such a lock must be left as it
--               is, and must not fail the other locks of the script; the other values are false and nil.
local function read_lock(key, resource, records, deadlines, now)
  local holder = redis.pcall('GET', key)
  if type(holder) == 'table' then
    if not string.find(holder.err, 'WRONGTYPE', 1, true) then
      redis.call('GET', key) -- fails in the same way, and ends the script
    end
    return false, nil, nil, 1
  end
  local text = redis.call('HGET', records, resource)
  if not text then
    return holder, nil, nil
  end
  local record = decode_record(text)
  if not record then
    return false, nil, nil, 2
  end
  if record[LOCKER] ~= holder then
    return holder, nil, record
  end
  if tonumber(redis.call('ZSCORE', deadlines, resource) or 0) >= now then
    return holder, record, nil
  end
  -- The grant is past its deadline, yet the key exists. Redis compares a TTL with the time at which the script began:
  -- within its last millisecond the key is our own, and the lease is over. Otherwise another client wrote the key for the
  -- same locker.
  local remaining = redis.call('PTTL', key)
  if remaining == 0 or remaining == 1 then
    redis.call('DEL', key)
    return false, nil, record
  end
  return holder, nil, record
end

-- Whether a grant was acquired by the client that makes an attempt.
local function is_of_client(record, locker, attempt)
  local client = string.match(attempt, '%..*')
  return client ~= nil and record[LOCKER] == locker and string.match(record[ATTEMPT], '%..*') == client
end

-- Whether a lock is held by this locker and fence; an empty locker or fence matches any.
local function owned(holder, record, locker, fence)
  if not holder or (locker ~= '' and locker ~= holder) then
    return false
  end
  return fence == '' or (record ~= nil and record[FENCE] == fence)
end

-- Adds fence, since, remaining ms (-1 for endless), locker, note and since when the holder is idle (0 for not) of a held
-- lock to an answer; 0 and '' where another client wrote it.
local function describe(answer, key, holder, record)
  answer[#answer + 1] = record and tonumber(record[FENCE]) or 0
  answer[#answer + 1] = record and record[SINCE] or 0
  answer[#answer + 1] = redis.call('PTTL', key)
  answer[#answer + 1] = holder
  answer[#answer + 1] = record and record[NOTE] or ''
  answer[#answer + 1] = record and record[IDLE] or 0
end

-- Writes a record without the empty fields at its end.
local function write_record(records, resource, record)
  if record[IDLE] then
    record[PREVIOUS], record[END], record[NOTE] = record[PREVIOUS] or '', record[END] or 0, record[NOTE] or ''
  elseif record[NOTE] == '' then
    record[NOTE] = nil
    if record[END] == 0 then
      record[END] = nil
      if record[PREVIOUS] == '' then
        record[PREVIOUS] = nil
      end
    end
  end
  redis.call('HSET', records, resource, cjson.encode(record))
end

-- When a lease that starts now ends, by its ttl and by the end of the longest hold; nil for never.
local function lease_end(now, ttl, hold_end)
  local deadline = ttl > 0 and now + ttl or nil
  if hold_end > 0 and (not deadline or deadline > hold_end) then
    return hold_end
  end
  return deadline
end

-- Resets the ttl of a held lock: to that of its record, or to the given one if another client wrote it with a ttl. Answers
-- the remaining ms, -1 for endless.
local function extend_lease(key, resource, record, deadlines, now, foreign_ttl)
  local deadline
  if record then
    deadline = lease_end(now, record[TTL], record[END] or 0)
  elseif redis.call('PTTL', key) >= 0 then
    deadline = lease_end(now, foreign_ttl, 0)
  end
  if deadline then
    redis.call('PEXPIREAT', key, deadline)
    if record then
      redis.call('ZADD', deadlines, deadline, resource)
    end
  end
  return redis.call('PTTL', key)
end

-- The deadline of a lock whose expiry is still to be published, nil if there is none. A key lives through the millisecond
-- of its deadline, unless that millisecond has come when the key is written: then the lease is over at once.
local function unpublished_deadline(deadlines, resource, now)
  local deadline = redis.call('ZSCORE', deadlines, resource)
  return deadline and tonumber(deadline) <= now and deadline or nil
end

-- The ms until there is an expiry to publish, -1 if no lock has a deadline. A deadline is due from the millisecond after
-- it, an unacknowledged claim from its own.
local function next_expiry(deadlines, unacked, now)
  local deadline = tonumber(redis.call('ZRANGE', deadlines, 0, 0, 'WITHSCORES')[2] or 'inf') + 1
  local retry = tonumber(redis.call('ZRANGE', unacked, 0, 0, 'WITHSCORES')[2] or 'inf')
  local next_time = math.min(deadline, retry)
  return next_time < math.huge and math.max(next_time - now, 0) or -1
end

-- A claim on expiries, as it stands in unacked until it is acknowledged: a JSON array of texts that ExpiryClaim.java reads.
--   [["article:12","1718000030000","article:13","1718000030001"],["20","21"],["1718000000000000","1718000000000001"],"kX9v"]
--   resources, each with its deadline in ms; their lockers; their fences, which make the claim unique; the worker that has
--   the claim, or "" if none has had it: then the expiries are not in the event log yet
-- It is encoded in one go, because a million locks may expire within seconds.
local function claim_text(resources_and_deadlines, lockers, fences, claimer)
  return cjson.encode({resources_and_deadlines, lockers, fences, claimer})
end

-- Makes a full Redis accept the commands that follow: it refuses those that need memory only until the first write of a
-- script. This one needs none. No claim and no resource is empty.
local function begin_write(sorted_set)
  redis.call('ZREM', sorted_set, '')
end

local LOG_AGE = 3600000

-- Adds an event to the log, and publishes it as a hint. A user without permission to write the log can lock too.
-- An entry of the log has the id of the entry before it, by which followers notice a gap, and the event: a JSON array of
-- texts that LogEntry.java reads.
--   before  1718000000000-0
--   event   ["acquired","article:12","21","1718000000000000","1718000000000","20","instance-1","kX9vT2"]
--           kind, resource, locker, fence, time in ms, previous locker or "forced" or "", instance, operation of that
--           instance if any; "forced" is a release that names neither the locker nor the fence
-- The hint has the key of the log and both ids too; LogHint.java reads it.
--   event:["locky:events","1718000000000-0","1718000000001-0",["acquired","article:12", and so on]]
-- log: {key, signals channel, name of this instance or '' for no log, length of the log, operation or nil}
local function log_event(log, now, kind, resource, locker, fence, at, detail)
  if log.origin == '' then
    return
  end
  local last = redis.pcall('XREVRANGE', log.key, '+', '-', 'COUNT', 1)
  local before = last[1] and last[1][1] or '0-0'
  local event = cjson.encode({kind, resource, locker, fence, digits(at), detail, log.origin, log.operation})
  local id = redis.pcall('XADD', log.key, 'MAXLEN', '~', log.length, '*', 'before', before, 'event', event)
  if type(id) == 'string' then
    -- Once a second is enough.
    if string.sub(before, 1, 10) ~= string.sub(id, 1, 10) then
      redis.pcall('XTRIM', log.key, 'MINID', '~', digits(now - LOG_AGE))
    end
    hint(log.signals, 'event:[' .. json_text(log.key) .. ',"' .. before .. '","' .. id .. '",' .. event .. ']')
  end
end

-- The sorted set of those who wait. For each resource it has first the turns that were given and not taken up yet, and then
-- the waiters in the order of their arrival; names have no control characters, and all scores are 0:
--   resource \0 ! waiter \0 time     since when it is the turn of this waiter, 13 digits, ms
--   resource \0 place \0 waiter      the time of its first refused attempt, 16 digits, microseconds
-- A waiter is the id of its instance, '-' and a number.

-- So many ms after it was given, a turn keeps later waiters from the lock. If it is not taken up within them, the message got
-- lost or the instance has died.
local TURN = 500

-- The entries of the set that begin with a text.
local function waiting_entries(waiting, start, most)
  return redis.call('ZRANGEBYLEX', waiting, '[' .. start, '(' .. start .. '\255', 'LIMIT', 0, most)
end

local function waiter_entry(resource, place, waiter)
  return resource .. '\0' .. place .. '\0' .. waiter
end

-- Takes up the turn of a waiter. Answers whether it had one.
local function take_turn(waiting, resource, waiter)
  local turn = resource .. '\0!' .. waiter
  return redis.call('ZREMRANGEBYLEX', waiting, '[' .. turn .. '\0', '(' .. turn .. '\1') > 0
end

-- Whether a lock that is free is kept for a waiter that is about to acquire it, and that is not the given one.
local function is_turn_of_another(waiting, resource, waiter, now)
  local is_kept = false
  for _, turn in ipairs(waiting_entries(waiting, resource .. '\0!', -1)) do
    if string.sub(turn, #resource + 3, -15) == waiter then
      return false
    end
    is_kept = is_kept or now - string.sub(turn, -13) < TURN
  end
  return is_kept
end

-- Removes turns that were not taken up, with all waiters of their instances: a crash may leave many of them, and only one
-- shall hold up the others. An instance that is alive adds its waiters again.
local function remove_lost_turns(waiting, resource, now)
  local lost, any = {}, false
  for _, turn in ipairs(waiting_entries(waiting, resource .. '\0!', -1)) do
    if now - string.sub(turn, -13) >= TURN then
      lost[string.match(turn, '^(.*)%-', #resource + 3)] = true
      any = true
      redis.call('ZREM', waiting, turn)
    end
  end
  for _, entry in ipairs(any and waiting_entries(waiting, resource .. '\0', -1) or {}) do
    if lost[string.match(entry, '^(.*)%-', #resource + 19)] then
      redis.call('ZREM', waiting, entry)
    end
  end
end

-- Gives the turn to a waiter with this entry, with a message to its instance. If that is the given one, there is no message,
-- and the answer is the waiter.
local function give_turn(waiting, signals, resource, entry, now, instance)
  local waiter = string.sub(entry, #resource + 19)
  redis.call('ZREM', waiting, entry)
  redis.call('ZADD', waiting, 0, resource .. '\0!' .. waiter .. '\0' .. now)
  if instance and string.match(waiter, '^(.*)%-') == instance then
    return waiter
  end
  hint(signals, 'turn:' .. waiter .. ':' .. resource)
end

-- Gives the turn to the first waiter of a lock that was made free, if any: see give_turn.
local function wake_waiter(waiting, signals, resource, now, instance)
  local first = waiting_entries(waiting, resource .. '\0', 1)[1]
  if first and string.byte(first, #resource + 2) == 33 then
    remove_lost_turns(waiting, resource, now)
    first = redis.call('ZRANGEBYLEX', waiting, '[' .. resource .. '\0"', '(' .. resource .. '\1', 'LIMIT', 0, 1)[1]
  end
  if first then
    return give_turn(waiting, signals, resource, first, digits(now), instance)
  end
end

-- How the history of locks is kept: length and retention in ms. Where one is kept, it is the last argument of a script,
-- after a \0, which no other argument begins with. nil where none is kept.
--   \0100 2592000000
local function history_settings(last)
  local length, retention = string.match(last or '', '^%z(%d+) (%d+)$')
  return length and {length = tonumber(length), retention = tonumber(retention)}
end

-- Adds a hold that has ended to the history of its lock: a sorted set by fence. Added again, it changes nothing. A hold is a
-- JSON array of texts that RedisLockHistory.java reads; by and note may be missing:
--   ["20","1718000000000000","1718000000000","1718000030000","TAKEN_OVER","21","a note"]
--   locker, fence, since in ms, until in ms, outcome, who ended it, note
-- A lock must end whatever is wrong with its history.
local function add_hold(history, key, hold, now)
  redis.pcall('ZADD', key, hold[2], cjson.encode(hold))
  redis.pcall('ZREMRANGEBYRANK', key, 0, -1 - history.length)
  redis.pcall('PEXPIREAT', key, digits(now + history.retention))
end

-- The hold of a grant that ends now.
local function ended_hold(record, now, outcome, by, note)
  local hold = {record[LOCKER], record[FENCE], digits(record[SINCE]), digits(now), outcome}
  if by ~= '' then
    hold[6], hold[7] = by, note ~= '' and note or nil
  end
  return hold
end

-- Adds the expiries of claims to the histories of their locks, whose keys follow each other in the same order. A fence is the
-- time of the grant, in microseconds.
-- Answer: the place after the last of these keys
local function add_expired_holds(history, claims, keys)
  local index, now = 1, server_time()
  for _, claim in ipairs(claims) do
    local due, lockers, fences = unpack(cjson.decode(claim), 1, 3)
    for i, fence in ipairs(fences) do
      add_hold(history, keys[index], {lockers[i], fence, string.sub(fence, 1, -4), due[2 * i], 'EXPIRED'}, now)
      index = index + 1
    end
  end
  return index
end
