-- Forgets an order that has ended.
-- KEYS: due times, versions, tries. ARGV: order.
redis.call('HDEL', KEYS[2], ARGV[1])
redis.call('HDEL', KEYS[3], ARGV[1])
return redis.call('ZREM', KEYS[1], ARGV[1])
