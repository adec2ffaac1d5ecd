-- Enters a resource, leaves it, or only looks who is there. Drops the entries whose lease has ended.
-- KEYS    1 presence  2 event log, if one is kept
-- ARGV    1 resource  2 person, or '' to look  3 page  4 state, or '' to leave  5 lease in ms  6 most entries of a resource
--         7 most pages of a person  8 signals channel  9 name of this instance, or '' for no log  10 length of the log
-- Answer  {now ms, '1' if the page was there or '', how many changes; for each change: person, state or '', when in ms;
--         for each person who is there: person, state, since in ms, end of the lease in ms}
--
-- The hash has a field for each person and page, person \0 page. Its value is a JSON array:
--   ["editing",1718000000000,1718000030000]
--   state, since when the person is there in ms, end of the lease in ms

local key, resource, person, page, state = KEYS[1], ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local lease, most, most_pages = tonumber(ARGV[5]), tonumber(ARGV[6]), tonumber(ARGV[7])
local log = {key = KEYS[2], signals = ARGV[8], origin = ARGV[9], length = ARGV[10]}

-- The most active first.
local STATES = {'editing', 'waiting', 'viewing'}
local RANKS = {editing = 1, waiting = 2, viewing = 3}

local now = server_time()
local people, names, entries = {}, {}, 0

local function person_named(name)
  if not people[name] then
    people[name] = {pages = {}}
    names[#names + 1] = name
  end
  return people[name]
end

-- The most active state, the earliest arrival and the latest end of those pages of a person that are there.
local function shown(one)
  local rank, since, ends
  for _, entry in pairs(one.pages) do
    rank, since, ends = math.min(rank or 9, entry.rank), math.min(since or now, entry.since), math.max(ends or 0, entry.ends)
  end
  return rank, since, ends
end

local function remove(one, name, id)
  redis.call('HDEL', key, name .. '\0' .. id)
  one.pages[id] = nil
  entries = entries - 1
end

-- What cannot be read is of a later version; the key expires. A scan may return an entry twice.
local fields, cursor = {}, '0'
repeat
  local scanned
  cursor, scanned = unpack(redis.call('HSCAN', key, cursor, 'COUNT', 1000))
  for i = 1, #scanned, 2 do
    fields[scanned[i]] = scanned[i + 1]
  end
until cursor == '0'
for field, value in pairs(fields) do
  local name, id = string.match(field, '^(%Z*)%z(.*)$')
  local name_of_state, since, ends = string.match(value, '^%["(%l+)",(%d+),(%d+)%]$')
  local rank = RANKS[name_of_state or '']
  entries = entries + 1
  if name and rank then
    local one = person_named(name)
    one.seen = math.min(one.seen or 9, rank)
    one.pages[id] = {rank = rank, since = tonumber(since), ends = tonumber(ends)}
    -- A later end was written before the clock was set back.
    if tonumber(ends) <= now or tonumber(ends) > now + lease then
      one.lapsed = math.max(one.lapsed or 0, math.min(tonumber(ends), now))
      remove(one, name, id)
    end
  end
end
for _, one in pairs(people) do
  one.rank = shown(one)
end

-- A person with too many pages keeps those that were refreshed last.
local function make_room(one)
  local count, first = 0, nil
  for id, entry in pairs(one.pages) do
    count = count + 1
    first = (not first or entry.ends < one.pages[first].ends) and id or first
  end
  if count >= most_pages then
    remove(one, person, first)
  end
end

local was_there = false
if person ~= '' then
  local one = person_named(person)
  local entry, rank = one.pages[page], RANKS[state]
  local _, since = shown(one)
  was_there = entry ~= nil
  if not rank then
    if entry then
      remove(one, person, page)
    end
  elseif not entry or entry.rank ~= rank or entry.ends - now <= lease * 2 / 3 then
    if not entry then
      make_room(one)
    end
    if entry or entries < most then
      one.pages[page] = {rank = rank, since = since or now, ends = now + lease}
      redis.call('HSET', key, person .. '\0' .. page, '["' .. state .. '",' .. digits(since or now) .. ',' .. digits(now + lease) .. ']')
      redis.call('PEXPIREAT', key, digits(now + lease))
    end
  end
end

local changes, present = {}, {}
for _, name in ipairs(names) do
  local one = people[name]
  local rank, since, ends = shown(one)
  -- Pages have removed a person whose lease had ended, also if the same state follows.
  if rank ~= one.seen or rank ~= one.rank then
    local at = name == person and now or one.lapsed
    local change = {name, STATES[rank] or '', at}
    for _, value in ipairs(change) do
      changes[#changes + 1] = value
    end
    log_event(log, now, 'presence', resource, name, '0', at, STATES[rank] or '')
  end
  if rank then
    for _, value in ipairs({name, STATES[rank], since, ends}) do
      present[#present + 1] = value
    end
  end
end

local answer = {now, was_there and '1' or '', #changes / 3}
for _, list in ipairs({changes, present}) do
  for _, value in ipairs(list) do
    answer[#answer + 1] = value
  end
end
return answer
