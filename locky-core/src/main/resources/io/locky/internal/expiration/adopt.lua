-- Keeps the records of locks that the npm package acquired, extended or shortened, so that their expiry can be published.
-- KEYS    1 records  2 deadlines  3 fence  4... locks, and last the index by locker where it is kept
-- ARGV    1... resources
-- Answer  ms until the first expiry of these locks is due, -1 for never

local records, deadlines, last_fence = KEYS[1], KEYS[2], KEYS[3]
local lock_keys, locker_index = {unpack(KEYS, 4)}, KEYS[4 + #ARGV]
local resources = ARGV

local now, micros = server_time()

local function write_new_record(resource, holder, remaining)
  local known_fence = redis.call('GET', last_fence)
  local fence = digits(math.max(tonumber(known_fence or 0) + 1, micros))
  local indexed = locker_index and is_marked(known_fence) and index_lock(locker_index, holder, resource)
  redis.call('SET', last_fence, indexed and '0' .. fence or fence)
  local ttl = remaining < 0 and 0 or math.max(remaining, 1)
  write_record(records, resource, {holder, fence, now, ttl, '', '', 0, ''})
end

-- Answer: the deadline
local function write_deadline(resource, remaining)
  local deadline = remaining < 0 and math.huge or now + remaining
  local before = tonumber(redis.call('ZSCORE', deadlines, resource) or 0)
  -- The remaining time is rounded to the millisecond.
  if deadline ~= before and not (math.abs(deadline - before) <= 1) then
    redis.call('ZADD', deadlines, remaining < 0 and '+inf' or deadline, resource)
  end
  return deadline
end

local first = math.huge
for i, resource in ipairs(resources) do
  local key = lock_keys[i]
  local holder, record, leftover = read_lock(key, resource, records, deadlines, now)
  local replaced = leftover and leftover[LOCKER] ~= holder
  -- A lock whose previous grant has an expiry to publish is adopted the next time.
  if holder and not (replaced and unpublished_deadline(deadlines, resource, now)) then
    local remaining = redis.call('PTTL', key)
    if replaced then
      delete_record(records, deadlines, resource, locker_index, leftover[LOCKER])
    end
    if replaced or not (record or leftover) then
      write_new_record(resource, holder, remaining)
    end
    first = math.min(first, write_deadline(resource, remaining))
  end
end
return first < math.huge and math.max(first + 1 - now, 0) or -1
