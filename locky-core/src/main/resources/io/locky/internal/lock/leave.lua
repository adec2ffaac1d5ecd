-- Removes waiters that wait no longer. If one of them has a turn that it does not take up, the next waiter gets it.
-- KEYS    1 waiters
-- ARGV    1 signals channel  2... for each: resource, waiter, place or '' if it is not known
-- Answer  how many turns were passed on

local waiting, signals, left = KEYS[1], ARGV[1], {unpack(ARGV, 2)}

local now = server_time()
local passed_on = 0
for i = 1, #left, 3 do
  local resource, waiter, place = left[i], left[i + 1], left[i + 2]
  redis.call('ZREM', waiting, waiter_entry(resource, place, waiter))
  if take_turn(waiting, resource, waiter) then
    passed_on = passed_on + 1
    wake_waiter(waiting, signals, resource, now)
  end
end
return passed_on
