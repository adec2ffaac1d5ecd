-- Finds the holders of locks, and deletes the records of locks that another client deleted or Redis evicted.
-- KEYS    1 records  2 deadlines  3... locks
-- ARGV    1... resources
-- Answer  for each: fence or 0 or -1 if it is free, since ms or 0, remaining ms or -1, locker, note

local records, deadlines = KEYS[1], KEYS[2]
local lock_keys, resources = {unpack(KEYS, 3)}, ARGV

local now = server_time()
local answer = {}
for i, resource in ipairs(resources) do
  local key = lock_keys[i]
  local holder, record, leftover = read_lock(key, resource, records, deadlines, now)
  if holder then
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
