-- Reads the events of a partition that came after a place in its log.
-- KEYS    1 event log
-- ARGV    1 id of the event before them, or '' for none of them  2 how many at most
-- Answer  {id of the last event in the log, then for each: id, id of the event before it, event}

local last = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)
local answer = {last[1] and last[1][1] or '0-0'}
if ARGV[1] ~= '' then
  for _, entry in ipairs(redis.call('XRANGE', KEYS[1], '(' .. ARGV[1], '+', 'COUNT', ARGV[2])) do
    answer[#answer + 1] = entry[1]
    answer[#answer + 1] = entry[2][2]
    answer[#answer + 1] = entry[2][4]
  end
end
return answer
