-- Reads the entries of an event log that follow a given one.
-- KEYS    1 event log
-- ARGV    1 id of the entry before them, or '' to read none  2 how many at most
-- Answer  {id of the last entry in the log, then for each: id, id of the entry before it, event}

local event_log = KEYS[1]
local position, most = ARGV[1], ARGV[2]

local last = redis.call('XREVRANGE', event_log, '+', '-', 'COUNT', 1)
local answer = {last[1] and last[1][1] or '0-0'}
if position ~= '' then
  for _, entry in ipairs(redis.call('XRANGE', event_log, '(' .. position, '+', 'COUNT', most)) do
    local id, fields = entry[1], entry[2]
    answer[#answer + 1] = id
    answer[#answer + 1] = fields[2] or ''
    answer[#answer + 1] = fields[4] or ''
  end
end
return answer
