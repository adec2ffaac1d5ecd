-- Replaces a claim of several expiries by a claim for each one that is not published yet, because a listener is slow.
-- KEYS    1 unacked
-- ARGV    1 this worker  2 claim of several  3... for each that is not published: its place in that claim, from 1, and ms
--         after which its own claim is due again
-- Answer  the new claims; none if the claim of several is gone: then nothing changed

local unacked = KEYS[1]
local claimer, claim, unpublished = ARGV[1], ARGV[2], {unpack(ARGV, 3)}

local now = server_time()
local claims = {}
if redis.call('ZREM', unacked, claim) == 1 then
  local resources_and_deadlines, lockers, fences = unpack(cjson.decode(claim), 1, 3)
  for i = 1, #unpublished, 2 do
    local place, retry = tonumber(unpublished[i]), now + tonumber(unpublished[i + 1])
    local resource, deadline = resources_and_deadlines[2 * place - 1], resources_and_deadlines[2 * place]
    local single = claim_text({resource, deadline}, {lockers[place]}, {fences[place]}, claimer)
    redis.call('ZADD', unacked, retry, single)
    claims[#claims + 1] = single
  end
end
return claims
