-- Counts that the end of these orders was told, and forgets those that were told often enough.
-- KEYS: due times, versions, tries. ARGV: how often at most, then the orders.
local forgotten = 0
for i = 2, #ARGV do
    local order = ARGV[i]
    -- Stopped meanwhile? Then there is nothing to count.
    if redis.call('ZSCORE', KEYS[1], order) and redis.call('HINCRBY', KEYS[3], order, 1) >= tonumber(ARGV[1]) then
        redis.call('ZREM', KEYS[1], order)
        redis.call('HDEL', KEYS[2], order)
        redis.call('HDEL', KEYS[3], order)
        forgotten = forgotten + 1
    end
end
return forgotten
