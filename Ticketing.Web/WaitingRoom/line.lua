-- One waiting room. Everything that happens in it is one call of this, so that replicas need no lock.
-- KEYS: line (users by number of arrival), seen (who waits, by when they last were heard of), admitted (by the end of
-- their admission), bucket (tokens, the time of its last filling, the number of the next to arrive), passed (the
-- idempotency key with which this user last passed).
-- ARGV: what happens; now (ms, of RoomClock); buyers a minute; after how many ms without a sign of life one is gone; how
-- many ms an admission lasts; how many may wait; then what it needs.
-- Answers {0} not here, {1, position, ms to wait}, {2, end of the admission}, {3} full, or {4} passed before.
local line, seen, admitted, bucket, passed = unpack(KEYS)
local what, now, rate = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local absence, admission, most = tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
local user, key = ARGV[7], ARGV[8]
local whole = 0.999999 -- a token, but for what adding fractions loses

-- The replicas' clocks differ a little: the room's own time never goes back. A clock that was wrong by more is not followed.
local state = redis.call('HMGET', bucket, 'tokens', 'at')
local at = tonumber(state[2]) or now
if at > now and at - now <= 5000 then now = at end
local burst = math.max(1, rate / 30)
local tokens = math.min(burst, (tonumber(state[1]) or burst) + math.max(0, now - at) * rate / 60000)

local function is_present(last) return last and tonumber(last) > now - absence end

-- Who left without a word is gone, so that positions are those of people; and who came too late is admitted no longer.
for _, gone in ipairs(redis.call('ZRANGEBYSCORE', seen, '-inf', now - absence, 'LIMIT', 0, 1000)) do
    redis.call('ZREM', line, gone)
    redis.call('ZREM', seen, gone)
end
redis.call('ZREMRANGEBYSCORE', admitted, '-inf', now)

-- First come, first served, and nobody pays for somebody who is not there.
for _ = 1, 4000 do
    local head = tokens >= whole and redis.call('ZRANGE', line, 0, 0)[1]
    if not head then break end
    if is_present(redis.call('ZSCORE', seen, head)) then
        tokens = tokens - 1
        redis.call('ZADD', admitted, now + admission, head)
    end
    redis.call('ZREM', line, head)
    redis.call('ZREM', seen, head)
end

local function place(who)
    local ends = redis.call('ZSCORE', admitted, who)
    if ends then return {2, tonumber(ends)} end
    local rank = redis.call('ZRANK', line, who)
    if not rank then return {0} end
    redis.call('ZADD', seen, now, who)
    return {1, rank + 1, math.max(1, math.ceil((rank + 1 - tokens) * 60000 / rate))}
end

local function pass(ends)
    if key ~= '' then redis.call('SET', passed, key, 'EX', 600) end
    return {2, ends}
end

local function enter()
    if key ~= '' and redis.call('GET', passed) == key then return {4} end
    local ends = redis.call('ZSCORE', admitted, user)
    if ends then
        redis.call('ZREM', admitted, user)
        return pass(tonumber(ends))
    end
    local waiting = redis.call('ZCARD', line)
    if waiting == 0 and tokens >= whole then
        tokens = tokens - 1
        return pass(now + admission)
    end
    if not redis.call('ZSCORE', line, user) then
        if waiting >= most then return {3} end
        redis.call('ZADD', line, redis.call('HINCRBY', bucket, 'next', 1), user)
    end
    return place(user)
end

local answer
if what == 'enter' then
    answer = enter()
elseif what == 'look' then
    answer = {}
    for i = 7, #ARGV do answer[#answer + 1] = place(ARGV[i]) end
else
    -- 'refused': what was passed for is decided. 'failed': it is not, and the admission, until its end, is given back.
    -- 'leave': place and admission are given up.
    if what ~= 'leave' and redis.call('GET', passed) == key then redis.call('DEL', passed) end
    if what ~= 'refused' then
        redis.call('ZREM', line, user)
        redis.call('ZREM', seen, user)
        redis.call('ZREM', admitted, user)
    end
    if what == 'failed' then redis.call('ZADD', admitted, tonumber(ARGV[9]), user) end
    answer = {0}
end

-- Longer than it takes to fill the bucket and to be gone: then a room that nobody enters is as if it had never been. And longer
-- than any outage after which people still wait.
redis.call('HMSET', bucket, 'tokens', tokens, 'at', now)
for i = 1, 4 do redis.call('PEXPIRE', KEYS[i], 3600000) end
return answer
