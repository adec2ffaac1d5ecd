-- Finds the holders of locks, and deletes the records of locks that another client deleted or Redis evicted.
-- KEYS    1 records  2 deadlines  3... locks
-- ARGV    1... resources
-- Answer  for each: fence or 0, since ms or 0, remaining ms or -1, locker, note; the fence is -1 if the lock is free, -11 if
--         its key cannot be read, -12 if its record cannot

local records, deadlines = KEYS[1], KEYS[2]
local lock_keys, resources = {unpack(KEYS, 3)}, ARGV

local now = server_time()
local answer = {}
for i, resource in ipairs(resources) do
  local key = lock_keys[i]
  local holder, record, leftover, unreadable = read_lock(key, resource, records, deadlines, now)
  if unreadable then
    for _, value in ipairs({-10 - unreadable, 0, 0, '', ''}) do
      answer[#answer + 1] = value
    end
  elseif holder then
    describe(answer, key, holder, record)
  else
    -- A record at its deadline stays: its expiry is still to be published.
    if leftover and not unpublished_deadline(deadlines, resource, now) then
      delete_record(records, deadlines, resource)
    end
    for _, nothing in ipairs({-1, 0, -1, '', ''}) do
      answer[#answer + 1] = nothing
    end
  end
end
return answer
