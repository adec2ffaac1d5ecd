-- Finds the locks of one locker by the index, and removes entries that are out of date.
-- KEYS    1 records  2 fence  3 index by locker
-- ARGV    1 locker  2 position: 0 first, then the one of the last answer  3 how many locks to look at, about  4 start of the
--         resources
-- Answer  {-1} if the index is not complete, else {position to continue at or 0 at the end, resources...}, also those whose
--         record cannot be read: the next step names them

local records, last_fence, index = KEYS[1], KEYS[2], KEYS[3]
local locker, position, most, start = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), ARGV[4]

local PARTS, LONGEST_PORTION = 4096, 256

local state, unnamed, list = unpack(redis.pcall('HMGET', index, INDEX_STATE, UNNAMED, locker))
if not (is_marked(redis.call('GET', last_fence)) and is_complete(state)) then
  return {-1}
end

local resources, lockers = {}, {}

local function add(field, text)
  for _, resource in ipairs(listed_resources(text)) do
    resources[#resources + 1], lockers[#lockers + 1] = resource, field
  end
end

if position == 0 then
  add(UNNAMED, unnamed)
end
if list == SPLIT then
  local portion = 8
  while position < PARTS and #resources < most do
    local names = {}
    for part = position, math.min(position + portion, PARTS) - 1 do
      names[#names + 1] = locker .. '\0' .. string.format('%03x', part)
    end
    for _, text in ipairs(redis.call('HMGET', index, unpack(names))) do
      if #resources < most then
        add(locker, text)
        position = position + 1
      end
    end
    portion = math.min(2 * portion, LONGEST_PORTION)
  end
else
  add(locker, list)
  position = PARTS
end

local answer = {position < PARTS and position or 0}
for i, resource in ipairs(keep_right_entries(index, records, lockers, resources)) do
  if string.sub(resource, 1, #start) == start then
    answer[#answer + 1] = resource
  end
end
return answer
