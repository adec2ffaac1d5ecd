-- What every script knows: put in front of each of them when it is loaded.

-- The fields of a record: a JSON array, to keep a million of them small. Those from PREVIOUS on may be missing.
local LOCKER, FENCE, SINCE, TTL, ATTEMPT, PREVIOUS, END, NOTE = 1, 2, 3, 4, 5, 6, 7, 8

-- The clock of this server, in milliseconds and in microseconds.
local function server_time()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000), time[1] * 1000000 + time[2]
end

-- A fence as text: Lua's own text form of a number keeps only 14 digits.
local function digits(number)
  return string.format('%.0f', number)
end

-- A hint to those who listen. They manage without: a user who may not publish can lock all the same.
local function hint(signals, text)
  redis.pcall('PUBLISH', signals, text)
end

-- The holder by the lock key; the record of that very grant, nil where another client wrote the key;
-- and whatever record there is, also one that outlived its key.
local function read_lock(lock_key, records_key, deadlines_key, resource, now)
  local holder = redis.call('GET', lock_key)
  local text = redis.call('HGET', records_key, resource)
  local known = text and cjson.decode(text) or nil
  if not holder or not known or known[LOCKER] ~= holder then
    return holder, nil, known
  end
  if tonumber(redis.call('ZSCORE', deadlines_key, resource) or 0) >= now then
    return holder, known, known
  end
  -- Past its deadline, and yet the key is there. Redis looks at the time when a script begins: within its last
  -- millisecond it is our own, and over. Otherwise another client wrote it for the same locker.
  local remaining = redis.call('PTTL', lock_key)
  if remaining == 0 or remaining == 1 then
    redis.call('DEL', lock_key)
    return false, nil, known
  end
  return holder, nil, known
end

-- Whether the caller may touch the lock: an empty locker or fence asks for none in particular.
local function owned(holder, record, locker, fence)
  if not holder or (locker ~= '' and locker ~= holder) then
    return false
  end
  return fence == '' or (record ~= nil and record[FENCE] == fence)
end

-- Adds fence, since, remaining ms (-1 for endless), locker and note of a held lock to an answer; 0 and '' where
-- another client wrote it.
local function describe(answer, lock_key, holder, record)
  answer[#answer + 1] = record and tonumber(record[FENCE]) or 0
  answer[#answer + 1] = record and record[SINCE] or 0
  answer[#answer + 1] = redis.call('PTTL', lock_key)
  answer[#answer + 1] = holder
  answer[#answer + 1] = record and record[NOTE] or ''
end

-- Writes a record without the fields that say nothing.
local function write_record(records_key, resource, record)
  if record[NOTE] == '' then
    record[NOTE] = nil
    if record[END] == 0 then
      record[END] = nil
      if record[PREVIOUS] == '' then
        record[PREVIOUS] = nil
      end
    end
  end
  redis.call('HSET', records_key, resource, cjson.encode(record))
end

-- When a lease that starts now ends, by its ttl and by the end of the longest hold; nil for never.
local function lease_end(now, ttl, hold_end)
  local deadline = ttl > 0 and now + ttl or nil
  if hold_end > 0 and (not deadline or deadline > hold_end) then
    return hold_end
  end
  return deadline
end

-- A name as a part of a text whose parts are divided by line feeds.
local function escaped(name)
  if not string.find(name, '%', 1, true) and not string.find(name, '\n', 1, true) then
    return name
  end
  return (string.gsub(name, '[%%\n]', {['%'] = '%25', ['\n'] = '%0A'}))
end

-- What a claim on expiries is called while it waits to be acknowledged: who held what until when, as JSON. The fences make
-- it unique. It is written in one go, for a million locks may expire within seconds.
-- due: {resource, deadline, and so on}; lockers and fences: one for each
local function claim_name(due, lockers, fences)
  return cjson.encode({due, lockers, fences})
end

-- The ms until there is an expiry to tell, -1 if no lock has a deadline. A deadline is due from the millisecond after
-- it, a claim that was not acknowledged from its own.
local function next_expiry(deadlines_key, unacked_key, now)
  local deadline = tonumber(redis.call('ZRANGE', deadlines_key, 0, 0, 'WITHSCORES')[2] or 'inf') + 1
  local comeback = tonumber(redis.call('ZRANGE', unacked_key, 0, 0, 'WITHSCORES')[2] or 'inf')
  local next_time = math.min(deadline, comeback)
  return next_time < math.huge and math.max(next_time - now, 0) or -1
end

-- The deadline of a lock that is over and not yet told, nil if there is none. A key lives through the millisecond of its
-- deadline, unless that has come by the time it is written: then it is over at once.
local function untold(deadlines_key, resource, now)
  local deadline = redis.call('ZSCORE', deadlines_key, resource)
  return deadline and tonumber(deadline) <= now and deadline or nil
end

-- Takes the record of a lock that is no more out of the index.
local function forget(records_key, deadlines_key, resource)
  redis.call('HDEL', records_key, resource)
  redis.call('ZREM', deadlines_key, resource)
end

local LOG_AGE = 3600000

-- Adds an event to the log, and says so together with the id of the event before it, by which followers see what they
-- missed. A user who may not write the log can lock all the same.
-- log: {key, signals channel, name of the instance or '' for no log, length of the log}
local function log_event(log, now, kind, resource, locker, fence, at, previous)
  if log.origin == '' then
    return
  end
  local last = redis.pcall('XREVRANGE', log.key, '+', '-', 'COUNT', 1)
  local before = last[1] and last[1][1] or '0-0'
  local text = table.concat({kind, escaped(resource), escaped(locker), fence, string.format('%.0f', at),
    escaped(previous), escaped(log.origin)}, '\n')
  local id = redis.pcall('XADD', log.key, 'MAXLEN', '~', log.length, '*', 'before', before, 'event', text)
  if type(id) == 'string' then
    redis.pcall('XTRIM', log.key, 'MINID', '~', string.format('%.0f', now - LOG_AGE))
    hint(log.signals, 'event:' .. log.key .. '\n' .. before .. '\n' .. id .. '\n' .. text)
  end
end
