-- Reads a part of the records, as many as Redis scans in one go.
-- KEYS    1 records
-- ARGV    1 cursor  2 about how many records to look at  3 pattern of resources  4 locker, '' for any
-- Answer  {next cursor, 0 at the end, resources...}, also those whose record cannot be read: the next step names them

local records = KEYS[1]
local cursor, count, pattern, locker = ARGV[1], ARGV[2], ARGV[3], ARGV[4]

local part = redis.call('HSCAN', records, cursor, 'MATCH', pattern, 'COUNT', count)
local next_cursor, found = part[1], part[2]
local answer = {next_cursor}
for i = 1, #found, 2 do
  local resource, text = found[i], found[i + 1]
  local record = locker ~= '' and decode_record(text)
  if not record or record[LOCKER] == locker then
    answer[#answer + 1] = resource
  end
end
return answer
