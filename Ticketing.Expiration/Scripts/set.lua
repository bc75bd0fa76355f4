-- Sets the clocks of orders, each unless it was set by this version of its order or a newer one.
-- KEYS: due times, versions, tries. ARGV, three for each order: order, version, due time in ms since 1970.
for i = 1, #ARGV, 3 do
    local order, version, due = ARGV[i], ARGV[i + 1], ARGV[i + 2]
    local known = redis.call('HGET', KEYS[2], order)
    if not known or tonumber(known) < tonumber(version) then
        redis.call('ZADD', KEYS[1], due, order)
        redis.call('HSET', KEYS[2], order, version)
        redis.call('HDEL', KEYS[3], order)
    end
end
