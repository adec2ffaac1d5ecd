-- Reads a part of the records, never more than Redis likes to look at in one go.
-- KEYS    1 records
-- ARGV    1 cursor  2 how many to look at  3 pattern of resources  4 locker or ''
-- Answer  {next cursor, 0 at the end, resources...}

local part = redis.call('HSCAN', KEYS[1], ARGV[1], 'MATCH', ARGV[3], 'COUNT', ARGV[2])
local answer = {part[1]}
for i = 1, #part[2], 2 do
  if ARGV[4] == '' or cjson.decode(part[2][i + 1])[LOCKER] == ARGV[4] then
    answer[#answer + 1] = part[2][i]
  end
end
return answer
