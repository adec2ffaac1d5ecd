-- Tells who holds locks, and drops the records of those that another client deleted or Redis evicted.
-- KEYS    1 records  2 deadlines  3... locks
-- ARGV    1... resources
-- Answer  for each: fence or 0 or -1 if it is free, since ms or 0, remaining ms or -1, locker, note

local now = server_time()
local answer = {}
for i = 3, #KEYS do
  local resource = ARGV[i - 2]
  local holder, record, known = read_lock(KEYS[i], KEYS[1], KEYS[2], resource, now)
  if holder then
    describe(answer, KEYS[i], holder, record)
  else
    -- One at its deadline is not stale: its expiry is still to be told.
    if known and not untold(KEYS[2], resource, now) then
      forget(KEYS[1], KEYS[2], resource)
    end
    for _, nothing in ipairs({-1, 0, -1, '', ''}) do
      answer[#answer + 1] = nothing
    end
  end
end
return answer
