-- Finds the requests to the present holder of a lock, and removes those to earlier ones.
-- KEYS    1 lock  2 records  3 deadlines  4 requests to the holder of this lock
-- ARGV    1 resource
-- Answer  {0, the requests, in any order}  {-11 or -12} its key or its record cannot be read

local key, records, deadlines, handovers = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local resource = ARGV[1]

local now = server_time()
local _, record, _, unreadable = read_lock(key, resource, records, deadlines, now)
if unreadable then
  return {-10 - unreadable}
end
local answer = {0}
for asker, request in pairs((read_requests(handovers, record))) do
  describe_request(answer, asker, request, record)
end
return answer
