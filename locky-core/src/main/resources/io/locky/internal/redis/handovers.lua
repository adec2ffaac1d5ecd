-- The requests to the holder of a lock to hand it over, for the scripts of io.locky.internal.people. They are a hash: for each
-- locker that asks, a JSON array:
--   ["kX9vT2","a note","1718000000000000",1718000000000,60000,"later",1718000300000,300000,"",0,"kX9vT3"]
--   id, note or "", fence of the grant that is asked for, time in ms, ms of silence after which it may be claimed or 0, answer
--   now, later, no or "", from when it may be claimed by that answer in ms or 0, ms after the answer, reason or "", 1 once the
--   lock is being handed over, id of the last change
-- The lock itself is handed over by acquire, with the id of the request as that of the client: so the record of the lock says
-- which request it was granted to, and a hand-over that was begun and not finished can be repeated by anyone.
local REQUEST, WISH, ASKED_GRANT, ASKED_AT, SILENCE, ANSWER = 1, 2, 3, 4, 5, 6
local CLAIMABLE, AFTER, REASON, HANDED, CHANGE = 7, 8, 9, 10, 11

-- Decodes a request; nil if it is damaged, or of a newer version.
local function decode_request(text)
  if string.byte(text) ~= 91 then
    return nil
  end
  local decoded, request = pcall(cjson.decode, text)
  return decoded and type(request[CHANGE]) == 'string' and request or nil
end

-- An answer of a day can be claimed for an hour.
local KEPT_REQUESTS = 90000000

local function write_request(handovers, asker, request, now)
  redis.call('HSET', handovers, asker, cjson.encode(request))
  redis.call('PEXPIREAT', handovers, digits(now + KEPT_REQUESTS))
end

-- Whether a lock was handed over to this request.
local function is_granted_to(record, asker, request)
  return record ~= nil and record[LOCKER] == asker and string.match(record[ATTEMPT], '%.(.*)') == request[REQUEST]
end

-- Reads the requests to the present grant of a lock, and removes those to earlier ones.
-- Answer: by asker, and how many there are
local function read_requests(handovers, record)
  local requests, count, cursor = {}, 0, '0'
  repeat
    local entries
    cursor, entries = unpack(redis.call('HSCAN', handovers, cursor, 'COUNT', 1000))
    for i = 1, #entries, 2 do
      local asker, request = entries[i], decode_request(entries[i + 1])
      if request and record and (request[ASKED_GRANT] == record[FENCE] or is_granted_to(record, asker, request)) then
        count = count + (requests[asker] and 0 or 1)
        requests[asker] = request
      elseif request then
        redis.call('HDEL', handovers, asker)
      end
    end
  until cursor == '0'
  return requests, count
end

local function find_request(requests, id)
  for asker, request in pairs(requests) do
    if request[REQUEST] == id then
      return asker, request
    end
  end
end

-- Since when, in ms, a request may be claimed, or from when on; 0 if it may not be.
local function claimable_at(request)
  if request[CLAIMABLE] > 0 then
    return request[CLAIMABLE]
  end
  return request[ANSWER] == '' and request[SILENCE] > 0 and request[ASKED_AT] + request[SILENCE] or 0
end

-- Adds a request to an answer: 10 values, of which HandoverCommands.java makes an object.
local function describe_request(answer, asker, request, record)
  for _, value in ipairs({asker, request[REQUEST], request[WISH], request[ASKED_GRANT], request[ASKED_AT], request[ANSWER],
    request[AFTER], claimable_at(request), request[REASON], is_granted_to(record, asker, request) and record[FENCE] or ''}) do
    answer[#answer + 1] = value
  end
  return answer
end

-- Logs what happened to a request. The detail has all of it but the holder: LoggedHandover.java reads it.
local function log_request(log, now, kind, resource, record, asker, request)
  log_event(log, now, kind, resource, record[LOCKER], record[FENCE], now, cjson.encode({request[REQUEST], asker, request[WISH],
    digits(request[ASKED_AT]), digits(claimable_at(request)), request[ANSWER], request[REASON]}))
end
