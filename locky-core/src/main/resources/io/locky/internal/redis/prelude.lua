-- Shared by all scripts: this text is put in front of each of them when it is loaded.

-- A record describes a grant. It is a JSON array, which keeps a million of them small; fields from PREVIOUS on may be missing:
--   ["21","1718000000000000",1718000000000,30000,"kX9vT2","20",1718000600000,"a note"]
--   locker, fence, since in ms, ttl in ms or 0, id of the attempt, previous locker or "", end of the longest hold in ms or
--   0, note or ""
local LOCKER, FENCE, SINCE, TTL, ATTEMPT, PREVIOUS, END, NOTE = 1, 2, 3, 4, 5, 6, 7, 8

-- The clock of this server, in milliseconds and in microseconds.
local function server_time()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000), time[1] * 1000000 + time[2]
end

-- A large number as text: Lua's own text form of a number keeps only 14 digits.
local function digits(number)
  return string.format('%.0f', number)
end

-- Publishes a hint to the instances. No instance depends on hints, so a user without permission to publish can lock too.
local function hint(signals, text)
  redis.pcall('PUBLISH', signals, text)
end

-- Whether the fields from PREVIOUS on are missing or of their types.
local function has_readable_rest(record)
  local previous, hold_end, note = record[PREVIOUS], record[END], record[NOTE]
  return (previous == nil or type(previous) == 'string') and (hold_end == nil or type(hold_end) == 'number')
    and (note == nil or type(note) == 'string')
end

-- Decodes a record; nil if it is damaged, or of a newer version, which puts its number in front of the array.
local function decode_record(text)
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

-- Whether a lock is held by this locker and fence; an empty locker or fence matches any.
local function owned(holder, record, locker, fence)
  if not holder or (locker ~= '' and locker ~= holder) then
    return false
  end
  return fence == '' or (record ~= nil and record[FENCE] == fence)
end

-- Adds fence, since, remaining ms (-1 for endless), locker and note of a held lock to an answer; 0 and '' where
-- another client wrote it.
local function describe(answer, key, holder, record)
  answer[#answer + 1] = record and tonumber(record[FENCE]) or 0
  answer[#answer + 1] = record and record[SINCE] or 0
  answer[#answer + 1] = redis.call('PTTL', key)
  answer[#answer + 1] = holder
  answer[#answer + 1] = record and record[NOTE] or ''
end

-- Writes a record without the empty fields at its end.
local function write_record(records, resource, record)
  if record[NOTE] == '' then
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

-- The index by locker: a hash of lists. It has an entry for each record that was written since it is marked. A list is the
-- text of resources, each between two \0. A list that gets long is split by the hashes of its entries.
--   ann          \0article:12\0article:13\0
--   import       #                             the lists of this locker are in fields such as the next one
--   import\0a3f  \0article:14\0
--   \0\0         locks whose locker is no name or cannot be read, in one list
--   \0           state of the index, see index.lua
-- The mark is a 0 in front of the last fence. It says that every grant since the mark was set has its entry. Whatever writes
-- grants without entries, such as an earlier version, writes the fence without the 0.
local UNNAMED, INDEX_STATE, SPLIT, LONGEST_LIST = '\0\0', '\0', '#', 2000

local function is_marked(fence)
  return fence and string.byte(fence) == 48
end

local function index_field(locker)
  return string.find(locker, '%z') and UNNAMED or locker
end

-- A resource between two \0, of which its own text must have none.
local function index_entry(resource)
  if resource == '' or string.find(resource, '[%z\1]') then
    resource = '\1' .. string.gsub(resource, '[%z\1]', {['\0'] = '\1\2', ['\1'] = '\1\1'})
  end
  return '\0' .. resource .. '\0'
end

local function index_part(field, entry)
  return field .. '\0' .. string.sub(redis.sha1hex(entry), 1, 3)
end

local function split_list(index, field, list)
  local parts, words = {}, {'HSET', index, field, SPLIT}
  for text in string.gmatch(list, '[^%z]+') do
    local part = index_part(field, '\0' .. text .. '\0')
    parts[part] = (parts[part] or '\0') .. text .. '\0'
  end
  for part, entries in pairs(parts) do
    words[#words + 1], words[#words + 2] = part, entries
  end
  redis.call(unpack(words))
end

-- Adds a lock to the index.
-- Answer: false if that is not possible; then the fence must be written without the mark
local function index_lock(index, locker, resource)
  local base, entry = index_field(locker), index_entry(resource)
  local added = redis.pcall('HSETNX', index, base, entry)
  if added ~= 0 then
    return added == 1
  end
  local field, list = base, redis.call('HGET', index, base)
  if list == SPLIT then
    field = index_part(base, entry)
    list = redis.call('HGET', index, field) or '\0'
  end
  if string.find(list, entry, 1, true) then
    return true
  end
  list = list .. string.sub(entry, 2)
  if #list <= LONGEST_LIST or field ~= base then
    redis.call('HSET', index, field, list)
  elseif base ~= UNNAMED then
    split_list(index, base, list)
  else
    return false
  end
  return true
end

-- A list without an entry, nil if it does not have it.
local function without_entry(list, entry)
  local first, last = string.find(list or '', entry, 1, true)
  return first and string.sub(list, 1, first) .. string.sub(list, last + 1)
end

-- Removes a lock from the index.
local function unindex_lock(index, locker, resource)
  local field, entry = index_field(locker), index_entry(resource)
  local list = redis.pcall('HGET', index, field)
  if list == entry then
    redis.call('HDEL', index, field)
    return
  elseif list == SPLIT then
    field = index_part(field, entry)
    list = redis.call('HGET', index, field)
  end
  local rest = type(list) == 'string' and without_entry(list, entry)
  if rest == '\0' then
    redis.call('HDEL', index, field)
  elseif rest then
    redis.call('HSET', index, field, rest)
  end
end

-- Removes many locks from the index, with few commands. The arguments are two lists.
local function unindex_locks(index, lockers, resources)
  local fields, lists, changed, parts = {}, {}, {}, {}
  local function read(names)
    local texts = #names > 0 and redis.pcall('HMGET', index, unpack(names)) or {}
    for i, name in ipairs(names) do
      lists[name] = texts[i]
    end
  end
  for i, locker in ipairs(lockers) do
    fields[i] = index_field(locker)
  end
  read(fields)
  for i, resource in ipairs(resources) do
    if lists[fields[i]] == SPLIT then
      fields[i] = index_part(fields[i], index_entry(resource))
      parts[#parts + 1] = fields[i]
    end
  end
  read(parts)
  for i, resource in ipairs(resources) do
    local rest = without_entry(lists[fields[i]], index_entry(resource))
    if rest then
      lists[fields[i]], changed[fields[i]] = rest, true
    end
  end
  local empty, shorter = {'HDEL', index}, {'HSET', index}
  for field in pairs(changed) do
    if lists[field] == '\0' then
      empty[#empty + 1] = field
    else
      shorter[#shorter + 1], shorter[#shorter + 2] = field, lists[field]
    end
  end
  for _, command in ipairs({empty, shorter}) do
    if #command > 2 then
      redis.call(unpack(command))
    end
  end
end

-- Whether the index has an entry for each record, if it is marked, too.
local function is_complete(state)
  return state and string.sub(state, 1, 9) == 'complete:'
end

-- The resources in a list of the index.
local function listed_resources(list)
  local resources = {}
  for text in string.gmatch(list or '', '[^%z]+') do
    if string.byte(text) == 1 then
      text = string.gsub(string.sub(text, 2), '\1(.)', {['\1'] = '\1', ['\2'] = '\0'})
    end
    resources[#resources + 1] = text
  end
  return resources
end

-- Removes the entries of the index whose locks have no record any more, or one of another locker. A record that cannot be
-- read may be of any locker.
-- Answer: the resources of the others
local function keep_right_entries(index, records, lockers, resources)
  local right, old_lockers, old_resources = {}, {}, {}
  for first = 1, #resources, 1000 do
    local last = math.min(first + 999, #resources)
    for i, text in ipairs(redis.call('HMGET', records, unpack(resources, first, last))) do
      local locker, resource = lockers[first + i - 1], resources[first + i - 1]
      local record = text and decode_record(text)
      local named = record and index_field(record[LOCKER])
      if record and locker == UNNAMED and named ~= UNNAMED and not index_lock(index, record[LOCKER], resource) then
        named = UNNAMED
      end
      if text and (not record or named == locker) then
        right[#right + 1] = resource
      else
        old_lockers[#old_lockers + 1], old_resources[#old_resources + 1] = locker, resource
      end
    end
  end
  for first = 1, #old_lockers, 1000 do
    local last = math.min(first + 999, #old_lockers)
    unindex_locks(index, {unpack(old_lockers, first, last)}, {unpack(old_resources, first, last)})
  end
  return right
end

-- Deletes the record and the deadline of a lock that is no longer held, and its entry in the index.
local function delete_record(records, deadlines, resource, index, locker)
  redis.call('HDEL', records, resource)
  redis.call('ZREM', deadlines, resource)
  if index then
    unindex_lock(index, locker, resource)
  end
end

-- When a lease that starts now ends, by its ttl and by the end of the longest hold; nil for never.
local function lease_end(now, ttl, hold_end)
  local deadline = ttl > 0 and now + ttl or nil
  if hold_end > 0 and (not deadline or deadline > hold_end) then
    return hold_end
  end
  return deadline
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
--           kind, resource, locker, fence, time in ms, previous locker or "", instance, operation of that instance if any
-- The hint has the key of the log and both ids too; LogHint.java reads it.
--   event:["locky:events","1718000000000-0","1718000000001-0",["acquired","article:12", and so on]]
-- log: {key, signals channel, name of this instance or '' for no log, length of the log, operation or nil}
local function log_event(log, now, kind, resource, locker, fence, at, previous)
  if log.origin == '' then
    return
  end
  local last = redis.pcall('XREVRANGE', log.key, '+', '-', 'COUNT', 1)
  local before = last[1] and last[1][1] or '0-0'
  local event = {kind, resource, locker, fence, digits(at), previous, log.origin, log.operation}
  local id = redis.pcall('XADD', log.key, 'MAXLEN', '~', log.length, '*', 'before', before, 'event', cjson.encode(event))
  if type(id) == 'string' then
    redis.pcall('XTRIM', log.key, 'MINID', '~', digits(now - LOG_AGE))
    hint(log.signals, 'event:' .. cjson.encode({log.key, before, id, event}))
  end
end
