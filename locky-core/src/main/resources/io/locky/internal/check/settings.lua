-- Records the settings of this instance and reads those of the others. Deletes those of instances that are gone: the settings
-- of each, and all of them where no instance is left, go when they were not recorded again for long.
-- KEYS    1 settings
-- ARGV    1 name of this instance  2 ms after which settings are out of date  3... settings
-- Answer  for each other instance: its name, its settings

local settings = KEYS[1]
local own_name, lifetime, own_settings = ARGV[1], tonumber(ARGV[2]), {unpack(ARGV, 3)}

local now = server_time()

local answer, outdated = {}, {}
local cursor = '0'
repeat
  local part = redis.call('HSCAN', settings, cursor, 'COUNT', 100)
  local found = part[2]
  cursor = part[1]
  for i = 1, #found, 2 do
    local name, text = found[i], found[i + 1]
    local recorded = string.match(text, '^%["(%d+)"')
    if recorded and math.abs(now - tonumber(recorded)) > lifetime then
      outdated[#outdated + 1] = name
    elseif name ~= own_name then
      answer[#answer + 1] = name
      answer[#answer + 1] = text
    end
  end
until cursor == '0'
for _, name in ipairs(outdated) do
  redis.call('HDEL', settings, name)
end

-- InstanceSettings.java reads them. The first element is the time at which they were recorded.
--   ["1718000000000","host-1","0.1.0","1","64","true","false","true"]
redis.call('HSET', settings, own_name, cjson.encode({digits(now), unpack(own_settings)}))
redis.call('PEXPIREAT', settings, now + lifetime)
return answer
