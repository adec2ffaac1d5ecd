-- Builds the index by locker from the records, in many small steps: the first is a look, then the others follow until one
-- answers something else than 'building'. The state of the index is a text with the time in microseconds:
--   building:1718000000000000:kX9vT2   a build, by its id, and when its last step was
--   complete:1718000000000000          since the end of the build, or since the last look for old entries
--   broken:1718000000000000            since a build noticed a grant without an entry
-- KEYS    1 records  2 fence  3 index by locker
-- ARGV    1 id of the build  2 '' to look, or the server that the build began on  3 where to continue in the records
--         4 about how many records to look at  5 ms after which another build may begin when the last one is broken  6 ms
--         after which a build without a step has ended  7 ms after which old entries are looked for
-- Answer  {state: 'complete', 'sweep' if it is time to look for old entries, 'building', 'waiting' for others or to begin,
--         or 'lost' if this build cannot go on, then where to continue or '0', server}

local records, last_fence, index = KEYS[1], KEYS[2], KEYS[3]
local id, server, cursor, count = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local broken_pause, build_timeout, sweep_period = tonumber(ARGV[5]), tonumber(ARGV[6]), tonumber(ARGV[7])

local _, now = server_time()
local fence, state = redis.call('GET', last_fence), redis.call('HGET', index, INDEX_STATE) or ''
local kind, since, builder = string.match(state, '^(%l+):(%d+):?(.*)$')
local age = kind and math.abs(now - tonumber(since)) / 1000

local function set_state(new_kind, suffix)
  redis.call('HSET', index, INDEX_STATE, new_kind .. ':' .. digits(now) .. (suffix or ''))
end

-- The cursor of a scan is of use only on the server that returned it: another one has another order.
local function this_server()
  return string.match(redis.call('INFO', 'server'), 'run_id:(%w+)')
end

local function look()
  if is_marked(fence) and kind == 'complete' then
    if age < sweep_period then
      return {'complete', '0', ''}
    end
    set_state('complete')
    return {'sweep', '0', ''}
  end
  if (kind == 'building' and age < build_timeout) or ((kind == 'complete' or kind == 'broken') and age < broken_pause) then
    return {'waiting', '0', ''}
  end
  local here = this_server()
  -- Only with the permission that grants need for their entries.
  redis.call('HSETNX', index, INDEX_STATE, '')
  set_state('building', ':' .. id)
  redis.call('SET', last_fence, is_marked(fence) and fence or '0' .. (fence or ''))
  return {'building', '0', here}
end

-- The records that this server finds from a place on.
local function add_records()
  local part = redis.call('HSCAN', records, cursor, 'COUNT', count)
  local found = part[2]
  for i = 1, #found, 2 do
    local record = decode_record(found[i + 1])
    if not index_lock(index, record and record[LOCKER] or UNNAMED, found[i]) then
      return nil
    end
  end
  return part[1]
end

local function step()
  if kind ~= 'building' or builder ~= id or this_server() ~= server then
    return {'lost', '0', ''}
  end
  local next_cursor = is_marked(fence) and add_records()
  if not next_cursor then
    set_state('broken')
    return {'lost', '0', ''}
  end
  if next_cursor == '0' then
    set_state('complete')
    return {'sweep', '0', ''}
  end
  set_state('building', ':' .. id)
  return {'building', next_cursor, server}
end

return server == '' and look() or step()
