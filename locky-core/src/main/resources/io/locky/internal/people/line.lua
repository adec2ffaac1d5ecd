-- Changes the lines of people who wait for locks, and offers locks that are free to the first in their lines.
-- KEYS    1 waiters  2 event log  3... for each: lock, line
-- ARGV    1 signals channel  2 name of this instance for the event log, '' for no log  3 length of the log  4 'join',
--         'refresh' or 'leave' for a locker and one resource; 'advance' for several, where nobody comes or goes
--         5 locker or ''  6 ms for which a place is kept  7 ms of an offer  8 how many places a line has  9 waiter of a fair
--         request, which leaves only a place of its own, or ''  10... resources
-- Answer  now in ms, and for each resource a list:
--         {places, locker that is offered the lock from now on or '', end of that offer in ms or 0, position of the locker: 0
--         for none, -1 if there is no room for it, -2 if the line cannot be read, since in microseconds, end of its lease in
--         ms, end of its offer in ms or 0, 1 if it has come or gone, then the lockers of places that have ended}

local waiting, keys = KEYS[1], {unpack(KEYS, 3)}
local signals, wish, locker, kept, offer, most = ARGV[1], ARGV[4], ARGV[5], tonumber(ARGV[6]), tonumber(ARGV[7]), tonumber(ARGV[8])
local waiter, resources = ARGV[9], {unpack(ARGV, 10)}
local log = {key = KEYS[2], signals = signals, origin = ARGV[2], length = ARGV[3]}

local now, micros = server_time()
local UNREADABLE, FULL, NONE = -2, -1, 0

-- Lets the locker come, stay or go.
-- Answer: its position, and whether it has come or gone
local function follow_wish(line)
  local index = find_place(line, locker)
  if wish == 'leave' then
    local leaves = index ~= nil and (waiter == '' or line[index][PLACE_WAITER] == waiter)
    if leaves then
      table.remove(line, index)
    end
    return NONE, leaves
  end
  local has_come = wish == 'join' and not index
  if has_come then
    if #line > most then
      return FULL, false
    end
    index = #line + 1
    line[index] = {locker, digits(micros), 0, 0}
  end
  if not index then
    return NONE, false
  end
  line[1] = offer
  line[index][PLACE_END] = now + kept
  if waiter ~= '' then
    line[index][PLACE_WAITER] = waiter
  end
  return index - 1, has_come
end

local function log_change(kind, resource, who, detail)
  log_event(log, now, kind, resource, who, '0', now, detail)
end

local function change(resource, lock_key, line_key)
  local text = redis.call('GET', line_key)
  local is_held = redis.call('PTTL', lock_key) ~= -2
  local line, gone = read_line(text, is_held, now)
  if text and not line then
    return {0, '', 0, UNREADABLE, '', 0, 0, 0}
  end
  line, gone = line or {offer}, gone or {}
  local position, has_changed = NONE, false
  if wish ~= 'advance' then
    position, has_changed = follow_wish(line)
  end
  local offered = not is_held and offer_lock(line, now)
  if text or #line > 1 then
    -- A full Redis refuses new places only.
    if not has_changed or wish == 'leave' then
      begin_write(waiting)
    end
    write_line(line_key, line)
  end
  local length = digits(#line - 1)
  for _, who in ipairs(gone) do
    log_change('left', resource, who, length)
  end
  if has_changed then
    log_change(wish == 'join' and 'joined' or 'left', resource, locker, length)
  end
  if offered then
    wake_place(signals, resource, offered)
    log_change('offered', resource, offered[PLACE_LOCKER], digits(offered[OFFER_END]))
  elseif #line == 1 and text and not is_held then
    wake_waiter(waiting, signals, resource, now)
  end
  local place = position > 0 and line[position + 1] or {}
  local answer = {#line - 1, offered and offered[PLACE_LOCKER] or '', offered and offered[OFFER_END] or 0, position,
    place[PLACE_SINCE] or '', place[PLACE_END] or 0, place[OFFER_END] or 0, has_changed and 1 or 0}
  for _, who in ipairs(gone) do
    answer[#answer + 1] = who
  end
  return answer
end

local answer = {now}
for i, resource in ipairs(resources) do
  answer[i + 1] = change(resource, keys[2 * i - 1], keys[2 * i])
end
return answer
