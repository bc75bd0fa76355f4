-- Forgets orders that have ended.
-- KEYS: due times, versions, tries. ARGV: the orders.
for _, order in ipairs(ARGV) do
    redis.call('ZREM', KEYS[1], order)
    redis.call('HDEL', KEYS[2], order)
    redis.call('HDEL', KEYS[3], order)
end
