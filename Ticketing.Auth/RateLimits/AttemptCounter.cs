using Microsoft.Extensions.Options;
using StackExchange.Redis;
using Ticketing.ServiceDefaults;

namespace Ticketing.Auth.RateLimits;

/// <summary>
/// Counts attempts in Redis, so that all replicas share one count. With Redis away nobody is kept from signing in: wrong
/// passwords are also counted in the database, by the lockout.
/// </summary>
internal sealed partial class AttemptCounter(
    IConnectionMultiplexer redis, IOptions<RateLimitOptions> options, ILogger<AttemptCounter> logger)
{
    // The first attempt starts the window; refused ones do not prolong it.
    private const string Script =
        """
        local count = redis.call('INCR', KEYS[1])
        local left = redis.call('PTTL', KEYS[1])
        if left < 0 then
            left = tonumber(ARGV[1])
            redis.call('PEXPIRE', KEYS[1], left)
        end
        if count > tonumber(ARGV[2]) then return left end
        return -1
        """;

    private int away;

    /// <summary>Counts an attempt, and says how long to wait if it was one too many.</summary>
    /// <param name="what">What is counted and whose it is, such as <c>signin:address:192.0.2.1</c>.</param>
    /// <param name="limit">How many attempts are allowed in a window.</param>
    public async Task<TimeSpan?> CountAsync(string what, int limit)
    {
        try
        {
            var left = (long)await redis.GetDatabase().ScriptEvaluateAsync(
                Script, [$"auth:attempts:{what}"], [(long)options.Value.Window.TotalMilliseconds, limit],
                CommandFlags.NoScriptCache).WaitAsync(TimeLimits.Redis);
            if (Interlocked.Exchange(ref away, 0) == 1) LogBack();
            return left < 0 ? null : TimeSpan.FromMilliseconds(left);
        }
        catch (Exception failure) when (failure is RedisException or TimeoutException)
        {
            if (Interlocked.Exchange(ref away, 1) == 0) LogAway(failure);
            return null;
        }
    }

    [LoggerMessage(LogLevel.Warning, "Redis does not answer: attempts to sign in and up are not limited until it does.")]
    private partial void LogAway(Exception failure);

    [LoggerMessage(LogLevel.Warning, "Redis answers again: attempts to sign in and up are limited.")]
    private partial void LogBack();
}
