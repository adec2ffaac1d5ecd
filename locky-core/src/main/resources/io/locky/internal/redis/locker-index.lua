-- What grants and releases need of the index by locker.

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

-- Deletes the record and the deadline of a lock that is no longer held, and its entry in the index.
local function delete_record(records, deadlines, resource, index, locker)
  redis.call('HDEL', records, resource)
  redis.call('ZREM', deadlines, resource)
  if index then
    unindex_lock(index, locker, resource)
  end
end
