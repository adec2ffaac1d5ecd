-- Many entries of the index by locker at once.

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
