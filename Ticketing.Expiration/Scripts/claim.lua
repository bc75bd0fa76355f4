-- Hands out orders whose time is up, the longest due first, and moves them on: other replicas leave them alone, and
-- they come again if whoever has them now dies.
-- KEYS: due times. ARGV: now, the time to move them to (both in ms since 1970), how many at most.
local orders = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[1], 'LIMIT', 0, ARGV[3])
for _, order in ipairs(orders) do
    redis.call('ZADD', KEYS[1], ARGV[2], order)
end
return orders
