-- Answers when there is an expiry to publish. Changes nothing, so that an answer may get lost.
-- KEYS    1 deadlines  2 unacked
-- Answer  ms until then, 0 for now, -1 for never

local deadlines, unacked = KEYS[1], KEYS[2]

return next_expiry(deadlines, unacked, server_time())
