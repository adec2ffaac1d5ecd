-- Gives a request the right to take the lock, if the holder has agreed to that by now or stayed silent for too long. From then
-- on no answer of the holder is accepted. It does not hand the lock over yet.
-- KEYS    1 lock  2 records  3 deadlines  4 requests to the holder of this lock
-- ARGV    1 resource  2 locker that asked  3 id of the request  4 id of this change
-- Answer  {1, fence of the grant that was asked for}
--         {0, then, if the lock is held, its fence or 0, since ms or 0, remaining ms or -1, locker, note} too early, refused, or
--         the request has ended; nothing changed
--         {-11 or -12} its key or its record cannot be read

local key, records, deadlines, handovers = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local resource, asker, id, change = ARGV[1], ARGV[2], ARGV[3], ARGV[4]

local now = server_time()
local holder, record, _, unreadable = read_lock(key, resource, records, deadlines, now)
if unreadable then
  return {-10 - unreadable}
end
local request = read_requests(handovers, record)[asker]
if request and request[REQUEST] == id then
  local from = claimable_at(request)
  -- An attempt that is repeated after it was granted gets the same grant from acquire.
  if request[HANDED] == 1 or (from > 0 and from <= now) then
    if request[HANDED] == 0 then
      request[HANDED], request[CHANGE] = 1, change
      request[CLAIMABLE] = from
      write_request(handovers, asker, request, now)
    end
    return {1, request[ASKED_GRANT]}
  end
end
local denied = {0}
if holder then
  describe(denied, key, holder, record)
end
return denied
