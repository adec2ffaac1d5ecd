-- Tells when there is an expiry to tell, and changes nothing: an answer that gets lost does no harm.
-- KEYS    1 deadlines  2 unacked
-- Answer  ms until then, 0 for now, -1 for never

local now = server_time()
return next_expiry(KEYS[1], KEYS[2], now)
