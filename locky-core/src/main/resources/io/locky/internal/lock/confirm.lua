-- Tells whether grants still hold, and writes one of them anew as it is: a replica that has this write has the grants.
-- KEYS    1 records
-- ARGV    1... for each: resource, fence
-- Answer  1 if all of them hold, else 0, nothing changed

local text
for i = 1, #ARGV, 2 do
  text = redis.call('HGET', KEYS[1], ARGV[i])
  if not text or cjson.decode(text)[FENCE] ~= ARGV[i + 1] then
    return 0
  end
end
redis.call('HSET', KEYS[1], ARGV[#ARGV - 1], text)
return 1
