-- Releases locks. However often an operation is sent, it runs once: its answer is kept for an hour.
-- KEYS    1 records  2 deadlines  3 index of the npm package  4 event log  5 answer of this operation  6 waiters  7... locks,
--         then their lines where there are lines of people, then their histories where these are kept, and last the index by
--         locker where it is kept
-- ARGV    1 signals channel  2 '1' to keep the index of the npm package, '2' where there are lines, '3' for both  3 name of
--         this instance for the event log, '' for no log  4 length of the log  5 id of the operation  6 '1' when it is sent
--         first, '2' when it is sent again, '3' to find out whether it has run; if it has not, it never will  7... for each:
--         resource, locker or '', fence or '', and last the settings of histories where these are kept
-- Answer  {now ms, for each: fence or 0, locker} where the fence is -1 if it is not held, or not by that locker or fence;
--         -11 if its key cannot be read, -12 if its record cannot. Then for each that is offered to the first in its line: its
--         index, locker, end of the offer in ms
--         {0} if it has not run, and never will

local records, deadlines, npm_index, operation, waiting = KEYS[1], KEYS[2], KEYS[3], KEYS[5], KEYS[6]
local signals, interop, has_lines = ARGV[1], ARGV[2] == '1' or ARGV[2] == '3', ARGV[2] > '1'
local history, wanted = history_settings(ARGV[#ARGV]), {unpack(ARGV, 7)}
local count = math.floor(#wanted / 3)
local lock_keys, line_keys = {unpack(KEYS, 7, 6 + count)}, has_lines and {unpack(KEYS, 7 + count, 6 + 2 * count)} or {}
local history_keys = history and {unpack(KEYS, 7 + count + #line_keys, 6 + 2 * count + #line_keys)} or {}
local locker_index = KEYS[7 + count + #line_keys + #history_keys]
local id, sending = ARGV[5], ARGV[6]
local log = {key = KEYS[4], signals = signals, origin = ARGV[3], length = ARGV[4], operation = id}

local KEPT = '3600000'

-- An answer is kept as a JSON array: the id of the operation, now, for each lock its fence, as a text, and its locker, and
-- the offers; only the id for {0}. Operations that follow each other share a key. Returns nil for the answer of another one.
--   ["kX9vT2abcde",1718000000000,"1718000000000000","20",0,"21",1718000010000]
local function read_answer(text)
  local start = '["' .. id .. '"'
  if not text or string.sub(text, 1, #start) ~= start then
    return nil
  end
  local texts = cjson.decode(text)
  local answer = {tonumber(texts[2] or 0)}
  for i = 3, #texts do
    answer[i - 1] = i % 2 == 1 and i < 3 + 2 * count and tonumber(texts[i]) or texts[i]
  end
  return answer
end

if sending ~= '1' then
  local answer = read_answer(redis.call('GET', operation))
  if not answer and sending == '3' then
    redis.call('SET', operation, cjson.encode({id}), 'PX', KEPT)
    answer = {0}
  end
  if answer then
    return answer
  end
end

local now = server_time()
local answer, texts, held = {now}, {id, now}, {}
local last = 1
for i, key in ipairs(lock_keys) do
  local resource, locker, fence = wanted[3 * i - 2], wanted[3 * i - 1], wanted[3 * i]
  local holder, record, leftover, unreadable = read_lock(key, resource, records, deadlines, now)
  local released, releaser = '-1', ''
  if unreadable then
    released = tostring(-10 - unreadable)
  elseif owned(holder, record, locker, fence) then
    released, releaser = record and record[FENCE] or '0', holder
    -- The record of a lock that expired before another client wrote its key stays: its expiry is still to be published.
    -- The npm package replaces locks, too.
    local deletes_record = record or (leftover and interop and not unpublished_deadline(deadlines, resource, now))
    local forced = locker == '' and fence == ''
    held[i] = {deletes_record and (record or leftover)[LOCKER], forced}
    if history and record then
      held[i][3] = ended_hold(record, now, forced and 'FORCE_RELEASED' or 'RELEASED', forced and '' or holder, '')
    end
  end
  answer[last + 1], answer[last + 2] = tonumber(released), releaser
  texts[last + 2], texts[last + 3] = released, releaser
  last = last + 2
end

-- The first in its line is offered the lock in the same step, so that nobody comes between.
local lines = has_lines and redis.call('MGET', unpack(line_keys)) or {}
for i in pairs(line_keys) do
  local line = held[i] and read_line(lines[i], true, now)
  local place = line and offer_lock(line, now)
  if place then
    for _, value in ipairs({i - 1, place[PLACE_LOCKER], place[OFFER_END]}) do
      answer[#answer + 1], texts[#texts + 1] = value, value
    end
  end
  if line then
    held[i].line, held[i].place = line, place
  end
end

-- A sending that comes late, or that the driver repeats, changes nothing.
local keeping = {'SET', operation, cjson.encode(texts), 'PX', KEPT, 'GET'}
local before = redis.pcall(unpack(keeping))
if type(before) == 'table' and before.err then
  -- Redis is full, perhaps: a release must be possible then, too.
  begin_write(deadlines)
  before = redis.call(unpack(keeping))
end
local known = read_answer(before)
if known then
  redis.call('SET', operation, before, 'PX', KEPT)
  return known
end

for i, key in ipairs(lock_keys) do
  if held[i] then
    local resource = wanted[3 * i - 2]
    redis.call('DEL', key)
    if held[i][1] then
      delete_record(records, deadlines, resource, locker_index, held[i][1])
    end
    if interop then
      redis.call('SREM', npm_index, key)
    end
    local line, place = held[i].line, held[i].place
    if line then
      write_line(line_keys[i], line)
    end
    if not place then
      wake_waiter(waiting, signals, resource, now)
    end
    if held[i][3] then
      add_hold(history, history_keys[i], held[i][3], now)
    end
    log_event(log, now, 'released', resource, answer[2 * i + 1], texts[2 * i + 1], now, held[i][2] and 'forced' or '')
    if place then
      wake_place(signals, resource, place)
      log_event(log, now, 'offered', resource, place[PLACE_LOCKER], '0', now, digits(place[OFFER_END]))
    end
  end
end
return answer
