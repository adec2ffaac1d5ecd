-- Removes old entries from a part of the index by locker: instances that do not keep the index have left them there.
-- KEYS    1 records  2 index by locker
-- ARGV    1 cursor  2 about how many lists to look at
-- Answer  {next cursor, 0 at the end, how many entries were looked at}

local records, index = KEYS[1], KEYS[2]
local cursor, count = ARGV[1], ARGV[2]

local PARTS = 4096

local part = redis.call('HSCAN', index, cursor, 'COUNT', count)
local next_cursor, found = part[1], part[2]
local lockers, resources, looked = {}, {}, 0

local function forget_split(field)
  for first = 0, PARTS - 1, 512 do
    local names = {}
    for i = first, first + 511 do
      names[#names + 1] = field .. '\0' .. string.format('%03x', i)
    end
    for _, list in ipairs(redis.call('HMGET', index, unpack(names))) do
      if list then
        return
      end
    end
  end
  redis.call('HDEL', index, field)
end

for i = 1, #found, 2 do
  local field, list = found[i], found[i + 1]
  if list == SPLIT then
    forget_split(field)
    looked = looked + 512
  elseif field ~= INDEX_STATE then
    -- A part belongs to the locker in front of the \0.
    local locker = field == UNNAMED and field or string.match(field, '^[^%z]*')
    for _, resource in ipairs(listed_resources(list)) do
      resources[#resources + 1], lockers[#lockers + 1] = resource, locker
    end
  end
end
keep_right_entries(index, records, lockers, resources)
return {next_cursor, looked + #resources}
