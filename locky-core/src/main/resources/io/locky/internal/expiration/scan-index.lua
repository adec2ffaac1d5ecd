-- Reads a part of the index of the npm package: the names of the lock keys that it took.
-- KEYS    1 index of the npm package
-- ARGV    1 cursor  2 how many to look at
-- Answer  {next cursor, 0 at the end, names of lock keys...}

local part = redis.call('SSCAN', KEYS[1], ARGV[1], 'COUNT', ARGV[2])
local answer = {part[1]}
for _, key in ipairs(part[2]) do
  answer[#answer + 1] = key
end
return answer
