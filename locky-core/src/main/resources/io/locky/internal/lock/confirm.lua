-- Checks whether grants still hold, and writes one of them again as it is: a replica that has this write has all the grants.
-- KEYS    1 records
-- ARGV    1... for each: resource, fence
-- Answer  1 if all of them hold, else 0, nothing changed

local records = KEYS[1]
local grants = ARGV

local text, record
for i = 1, #grants, 2 do
  text = redis.call('HGET', records, grants[i])
  record = text and decode_record(text)
  if not record or record[FENCE] ~= grants[i + 1] then
    return 0
  end
end
redis.call('HSET', records, grants[#grants - 1], text)
return 1
