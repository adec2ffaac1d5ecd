-- Reads the line of people who wait for a lock.
-- KEYS    1 lock  2 line
-- Answer  {now in ms, for each place: locker, since in microseconds, end of its lease in ms, end of its offer in ms or 0}; {-1} if
--         the line cannot be read

local lock_key, line_key = KEYS[1], KEYS[2]

local now = server_time()
local text = redis.call('GET', line_key)
local line = read_line(text, redis.call('PTTL', lock_key) ~= -2, now)
if text and not line then
  return {-1}
end
local answer = {now}
for i = 2, line and #line or 1 do
  local place = line[i]
  answer[#answer + 1], answer[#answer + 2] = place[PLACE_LOCKER], place[PLACE_SINCE]
  answer[#answer + 1], answer[#answer + 2] = place[PLACE_END], place[OFFER_END]
end
return answer
