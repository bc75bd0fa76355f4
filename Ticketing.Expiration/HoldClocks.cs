using StackExchange.Redis;
using Ticketing.ServiceDefaults;

namespace Ticketing.Expiration;

/// <summary>
/// When each open order's hold ends: a sorted set of due times in Redis, the version of the order that set each, and
/// how often its end was told. Every change is one script, so replicas share the work without a lock.
/// </summary>
/// <remarks>
/// An ended order is forgotten at once. If an older event of it arrives after that, its clock runs again, its end is
/// told at most <see cref="MaxTold"/> times to Orders, which knows better and does nothing, and it is forgotten again:
/// cheaper than to remember every order that ever ended. What one message tells goes to Redis together.
/// </remarks>
internal sealed class HoldClocks(IConnectionMultiplexer redis, TimeProvider clock)
{
    /// <summary>How many orders are handed out at once; also the most that one message names.</summary>
    public const int BatchSize = 500;

    /// <summary>How often an order's end is told before it is left to Orders' own sweep.</summary>
    public const int MaxTold = 20;

    /// <summary>How long an order that was handed out waits until it is handed out again.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(5);

    // The braces put all keys into one slot of a Redis Cluster, as a script over several keys needs it.
    private static readonly RedisKey[] Keys = ["{expiration}:due", "{expiration}:versions", "{expiration}:tries"];

    private static readonly string SetScript = Read("set.lua");
    private static readonly string StopScript = Read("stop.lua");
    private static readonly string ClaimScript = Read("claim.lua");
    private static readonly string ToldScript = Read("told.lua");

    /// <summary>Sets the clocks of orders, each unless this version of the order, or a newer one, has set it already.</summary>
    public Task SetAsync(IEnumerable<HoldClock> set) => RunAsync(
        SetScript,
        [.. set.SelectMany(hold => (RedisValue[])[hold.OrderId.ToString(), hold.Version, MillisecondsUp(hold.Due)])]);

    /// <summary>Forgets orders that have ended.</summary>
    public Task StopAsync(IEnumerable<Guid> orderIds) =>
        RunAsync(StopScript, [.. orderIds.Select(id => (RedisValue)id.ToString())]);

    /// <summary>
    /// Up to <see cref="BatchSize"/> orders whose time is up, the longest due first. Nobody else gets them for the time
    /// of the <see cref="Lease"/>.
    /// </summary>
    public async Task<IReadOnlyList<Guid>> ClaimAsync()
    {
        var now = clock.GetUtcNow();
        var orders = (string[])(await RunAsync(
            ClaimScript, [now.ToUnixTimeMilliseconds(), MillisecondsUp(now + Lease), BatchSize]))!;
        return [.. orders.Select(Guid.Parse)];
    }

    /// <summary>
    /// Counts that the end of these orders was told. Not counted when it is claimed: while the broker is away, nobody
    /// hears of it.
    /// </summary>
    /// <returns>How many were told often enough and are forgotten now.</returns>
    public async Task<int> CountToldAsync(IEnumerable<Guid> orderIds) =>
        (int)await RunAsync(ToldScript, [MaxTold, .. orderIds.Select(id => (RedisValue)id.ToString())]);

    // The whole script each time: they are short, and a restarted Redis knows no script by its hash any more.
    private Task<RedisResult> RunAsync(string script, RedisValue[] arguments) =>
        redis.GetDatabase().ScriptEvaluateAsync(script, Keys, arguments, CommandFlags.NoScriptCache).WaitAsync(TimeLimits.RedisScript);

    // Never early: what Orders judges early has to wait for another turn.
    private static long MillisecondsUp(DateTimeOffset time) => time.AddTicks(TimeSpan.TicksPerMillisecond - 1).ToUnixTimeMilliseconds();

    private static string Read(string name) => EmbeddedText.Read(typeof(HoldClocks).Assembly, name);
}

/// <summary>When an order's hold ends, as a version of the order says.</summary>
internal readonly record struct HoldClock(Guid OrderId, int Version, DateTimeOffset Due);
