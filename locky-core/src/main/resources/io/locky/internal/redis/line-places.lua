-- What scripts need of the lines of people who wait for locks.

-- The line of a resource: a JSON array that ends with its last lease. It is made of the length of an offer in ms and the
-- places, in their order:
--   [10000,["ann","1718000000000000",1718000030000,1718000010000],["ben","1718000000000001",1718000030001,0,"kX9v-7"]]
--   locker, since in microseconds, end of the lease in ms, end of the offer in ms or 0, and the waiter of a fair request, which
--   gets a message when it is its turn
-- While the lock is free, only the first in the line may acquire it. An offer is over when the lock is held.
local PLACE_LOCKER, PLACE_SINCE, PLACE_END, OFFER_END, PLACE_WAITER = 1, 2, 3, 4, 5

-- Reads a line, without the places whose lease has ended, and without those that did not take their offer in time.
-- Answer: the line, and the lockers of those places; nil if there is no line, or if it is of a newer version
local function read_line(text, is_held, now)
  local decoded, all = pcall(cjson.decode, text or '')
  if not decoded or string.byte(text) ~= 91 then
    return nil
  end
  local line, gone = {all[1]}, {}
  for i = 2, #all do
    local place = all[i]
    if is_held then
      place[OFFER_END] = 0
    end
    if place[PLACE_END] <= now or (place[OFFER_END] > 0 and place[OFFER_END] <= now) then
      gone[#gone + 1] = place[PLACE_LOCKER]
    else
      line[#line + 1] = place
    end
  end
  return line, gone
end

-- Where a locker stands in a line, as an index of it; nil if it is not there.
local function find_place(line, locker)
  for i = 2, #line do
    if line[i][PLACE_LOCKER] == locker then
      return i
    end
  end
end

-- Offers a lock that is free to the first in its line, if any, unless that was done before.
-- Answer: the place that has the new offer, or nil
local function offer_lock(line, now)
  local first = line[2]
  if first and first[OFFER_END] == 0 then
    first[OFFER_END] = now + line[1]
    return first
  end
end

-- Wakes the request that has a new offer. A page has the live stream.
local function wake_place(signals, resource, place)
  if place[PLACE_WAITER] then
    hint(signals, 'turn:' .. place[PLACE_WAITER] .. ':' .. resource)
  end
end

local function write_line(key, line)
  local last = 0
  for i = 2, #line do
    last = math.max(last, line[i][PLACE_END])
  end
  if last > 0 then
    redis.call('SET', key, cjson.encode(line), 'PXAT', last)
  else
    redis.call('DEL', key)
  end
end
