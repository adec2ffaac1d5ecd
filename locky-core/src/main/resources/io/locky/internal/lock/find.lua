-- Finds the holders of locks. An endless lock without its key, which another client deleted or Redis evicted, expires now.
-- KEYS    1 records  2 deadlines  3... locks, and last, where the npm package may release locks, its index and the index by
--         locker where it is kept
-- ARGV    1 '1' where the npm package may release locks  2... resources
-- Answer  for each: fence or 0, since ms or 0, remaining ms or -1, locker, note, since when it is idle in ms or 0; the fence is
--         -1 if the lock is free, -11 if its key cannot be read, -12 if its record cannot

local records, deadlines = KEYS[1], KEYS[2]
local lock_keys = {unpack(KEYS, 3)}
local interop, resources = ARGV[1] == '1', {unpack(ARGV, 2)}
local npm_index, locker_index = unpack(KEYS, 3 + #resources)

local now = server_time()

-- A record without its key stays until a worker publishes the expiry at the deadline. The index of the npm package has the
-- key of a lock that expired, but not of one that the package released.
local function end_grant(resource, key, locker)
  if unpublished_deadline(deadlines, resource, now) then
    return
  end
  if interop and redis.pcall('SISMEMBER', npm_index, key) == 0 then
    delete_record(records, deadlines, resource, locker_index, locker)
  elseif redis.call('ZSCORE', deadlines, resource) == 'inf' then
    begin_write(deadlines)
    redis.call('ZADD', deadlines, now, resource)
  end
end

local answer = {}
for i, resource in ipairs(resources) do
  local key = lock_keys[i]
  local holder, record, leftover, unreadable = read_lock(key, resource, records, deadlines, now)
  if unreadable then
    for _, value in ipairs({-10 - unreadable, 0, 0, '', '', 0}) do
      answer[#answer + 1] = value
    end
  elseif holder then
    describe(answer, key, holder, record)
  else
    if leftover then
      end_grant(resource, key, leftover[LOCKER])
    end
    for _, nothing in ipairs({-1, 0, -1, '', '', 0}) do
      answer[#answer + 1] = nothing
    end
  end
end
return answer
