-- A replica of the site is there. KEYS: when one last was (at) and all silences together (silence), both in ms. ARGV: now (ms since
-- 1970); after how many ms without a word it was a silence. Answers all silences together.
local now = tonumber(ARGV[1])
local at = tonumber(redis.call('HGET', KEYS[1], 'at')) or now
if now - at > tonumber(ARGV[2]) then redis.call('HINCRBY', KEYS[1], 'silence', now - at) end
if now >= at then redis.call('HSET', KEYS[1], 'at', ARGV[1]) end
return tonumber(redis.call('HGET', KEYS[1], 'silence')) or 0
