-- Keeps the records of locks that the npm package acquired, extended or shortened, so that their expiry can be published.
-- With    locker-index
-- KEYS    1 records  2 deadlines  3 fence  4... locks, and last the index by locker where it is kept
-- ARGV    1 signals channel  2... resources
-- Answer  how many were adopted

local records, deadlines, last_fence = KEYS[1], KEYS[2], KEYS[3]
local lock_keys = {unpack(KEYS, 4)}
local signals, resources = ARGV[1], {unpack(ARGV, 2)}
local locker_index = KEYS[4 + #resources]

local now, micros = server_time()

local function write_new_record(resource, holder, remaining)
  local known_fence = redis.call('GET', last_fence)
  local fence = digits(math.max(tonumber(known_fence or 0) + 1, micros))
  local indexed = locker_index and is_marked(known_fence) and index_lock(locker_index, holder, resource)
  redis.call('SET', last_fence, indexed and '0' .. fence or fence)
  local ttl = remaining < 0 and 0 or math.max(remaining, 1)
  write_record(records, resource, {holder, fence, now, ttl, '', '', 0, ''})
end

local function write_deadline(resource, remaining)
  local deadline = remaining < 0 and math.huge or now + remaining
  local before = tonumber(redis.call('ZSCORE', deadlines, resource) or 0)
  -- The remaining time is rounded to the millisecond.
  if deadline ~= before and not (math.abs(deadline - before) <= 1) then
    redis.call('ZADD', deadlines, remaining < 0 and '+inf' or deadline, resource)
    hint(signals, 'deadline')
  end
end

local adopted = 0
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
      adopted = adopted + 1
    end
    write_deadline(resource, remaining)
  end
end
return adopted
