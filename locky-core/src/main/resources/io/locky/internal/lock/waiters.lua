-- Finds who waits for a lock: first those whose turn it is, then the others in their order.
-- KEYS    1 waiters
-- ARGV    1 resource  2 how many at most
-- Answer  for each: waiter, and since when it waits or has its turn, in ms

local waiting, resource, most = KEYS[1], ARGV[1], tonumber(ARGV[2])

local answer = {}
for _, entry in ipairs(waiting_entries(waiting, resource .. '\0', most)) do
  local rest = string.sub(entry, #resource + 2)
  local waiter, since = string.match(rest, '^!(.*)%z(%d+)$')
  if not waiter then
    since, waiter = string.match(rest, '^(%d+)%d%d%d%z(.*)$')
  end
  if waiter then
    answer[#answer + 1] = waiter
    answer[#answer + 1] = since
  end
end
return answer
