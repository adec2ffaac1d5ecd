-- Reads a part of the index of the npm package: the names of the lock keys that it wrote.
-- KEYS    1 index of the npm package
-- ARGV    1 cursor  2 about how many names to look at
-- Answer  {next cursor, 0 at the end, names of lock keys...}

local npm_index = KEYS[1]
local cursor, count = ARGV[1], ARGV[2]

local part = redis.call('SSCAN', npm_index, cursor, 'COUNT', count)
local next_cursor, names = part[1], part[2]
return {next_cursor, unpack(names)}
