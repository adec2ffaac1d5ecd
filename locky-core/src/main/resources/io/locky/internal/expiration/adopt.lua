-- Keeps record of locks that the npm package took, prolonged or shortened, so that their expiry can be told.
-- KEYS    1 records  2 deadlines  3 fence  4... locks
-- ARGV    1 signals channel  2... resources
-- Answer  how many were adopted

local now, micros = server_time()
local adopted = 0

local function adopt(resource, holder, remaining)
  local fence = math.max(tonumber(redis.call('GET', KEYS[3]) or 0) + 1, micros)
  redis.call('SET', KEYS[3], digits(fence))
  write_record(KEYS[1], resource, {holder, digits(fence), now, remaining < 0 and 0 or math.max(remaining, 1), '', '', 0, ''})
  adopted = adopted + 1
end

for i = 4, #KEYS do
  local resource = ARGV[i - 2]
  local holder, _, known = read_lock(KEYS[i], KEYS[1], KEYS[2], resource, now)
  local replaced = known and known[LOCKER] ~= holder
  -- One whose expiry is still a worker's to tell is adopted the next time.
  if holder and not (replaced and untold(KEYS[2], resource, now)) then
    local remaining = redis.call('PTTL', KEYS[i])
    if replaced then
      forget(KEYS[1], KEYS[2], resource)
      known = nil
    end
    if not known then
      adopt(resource, holder, remaining)
    end
    local deadline = remaining < 0 and math.huge or now + remaining
    local before = tonumber(redis.call('ZSCORE', KEYS[2], resource) or 0)
    -- What is left is rounded to the millisecond.
    if deadline ~= before and not (math.abs(deadline - before) <= 1) then
      redis.call('ZADD', KEYS[2], remaining < 0 and '+inf' or deadline, resource)
      hint(ARGV[1], 'deadline')
    end
  end
end
return adopted
