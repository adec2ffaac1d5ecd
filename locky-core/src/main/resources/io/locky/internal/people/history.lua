-- Reads a page of the history of a lock.
-- KEYS    1 history
-- ARGV    1 the fence below which it begins, with '(' in front, or '+inf'  2 how many holds
-- Answer  the holds, the highest fence first, each as add_hold wrote it and followed by its fence

return redis.call('ZRANGE', KEYS[1], ARGV[1], '-inf', 'BYSCORE', 'REV', 'LIMIT', 0, ARGV[2], 'WITHSCORES')
